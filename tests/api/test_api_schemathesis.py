"""The API tried from its own description, as every post and as nobody (H1).

A few examples of each address in the suite; `HUIYIN_SCHEMATHESIS=500 pytest tests/api/test_api_schemathesis.py` tries five hundred.
"""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from huiyin.demo.cast import Cast
from huiyin.organization.actions import issue_token
from huiyin.organization.rules import SYSTEM
from tests import acts
from tests.api.conftest import NOW
from tests.house.access_world import ACTORS

EXAMPLES = int(os.environ.get("HUIYIN_SCHEMATHESIS", "2"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
OFTEN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As Django's own test client does: the connection that holds the test's transaction is kept after an answer."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("actor", [*ACTORS, "nobody"])
def test_no_error_of_its_own_for(actor: str, cast: Cast, settings) -> None:
    settings.API_PER_MINUTE = 0
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    site = cast.sites[ACTORS.get(actor) or "yulan"]
    number = acts.take(cast, NOW - timedelta(days=1), site=site).reference.number
    key = issue_token(cast.users[actor], label="x", by=SYSTEM, now=NOW) if actor in ACTORS else ""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    asked = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @seed(operation.path.__len__())
        @OFTEN
        @given(
            case=st.one_of(
                operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE),
                operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
            ),
            real=st.booleans(),
        )
        def tried(case: schemathesis.Case, real: bool) -> None:
            if real and "reference" in (case.path_parameters or {}):
                case.path_parameters["reference"] = number
            case.headers = {**(case.headers or {}), **headers}
            case.call_and_validate(checks=CHECKS)

        tried()
        asked.add(operation.label)
    assert len(asked) == len(list(schema.get_all_operations()))
