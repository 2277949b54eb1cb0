"""The town with four households a site, a service account over the company, and a client that speaks JSON."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client

from huiyin.demo.cast import Cast
from huiyin.organization.actions import appoint, issue_token
from huiyin.organization.models import User
from huiyin.organization.rules import SYSTEM
from huiyin.organization.states import Role
from tests.town import settled

NOW = datetime(2026, 10, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
COMPLAINT = {
    "site": "yulan",
    "channel": "phone",
    "kind": "complaint",
    "situation": "三号楼电梯又坏了，老人上不去楼。",
    "category": "elevator",
    "customer": {"name": "张三丰", "phone": "13800001111"},
}


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(autouse=True)
def _here(settings: Any, media: Path, plain_static_files: None, still_clock: None) -> None:
    """The clock stands still; files go to a folder of the test's own."""
    settings.BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def cast(db: None, now: datetime) -> Cast:
    return settled(now=now, households=4)


@dataclass
class Api:
    """A client of the API with one token."""

    client: Client
    token: str = ""

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | headers

    def get(self, address: str, **headers: str) -> HttpResponse:
        return self.client.get(f"/api/v1/{address}", headers=self._headers(headers))  # type: ignore[return-value]

    def post(self, address: str, body: Any = None, *, key: str = "", **headers: str) -> HttpResponse:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = self._headers(({"Idempotency-Key": key} if key else {}) | headers)
        return self.client.post(  # type: ignore[return-value]
            f"/api/v1/{address}", b"" if body is None else raw, content_type="application/json", headers=sent
        )

    def send(self, body: Any, content_type: str) -> HttpResponse:
        return self.client.post(  # type: ignore[return-value]
            "/api/v1/contacts", body, content_type=content_type, headers=self._headers({})
        )


@pytest.fixture
def account(cast: Cast, now: datetime) -> User:
    """The service account over the whole company."""
    user = User.objects.create(username="system", name="接口", kind="service")
    appoint(user, role=Role.SYSTEM_SERVICE, by=SYSTEM, now=now, company=cast.company.pk)
    return user


@pytest.fixture
def api(account: User, client: Client, now: datetime) -> Api:
    return Api(client, issue_token(account, label="test", by=SYSTEM, now=now))


@pytest.fixture
def api_of(cast: Cast, client: Client, now: datetime) -> Callable[[str], Api]:
    """The API with the token of somebody of the cast."""
    return lambda name: Api(client, issue_token(cast.users[name], label="test", by=SYSTEM, now=now))


@pytest.fixture
def nobody(client: Client) -> Api:
    return Api(client)


@pytest.fixture
def case(api: Api) -> str:
    """The number of a complaint that was just taken."""
    answer = api.post("contacts", COMPLAINT)
    assert answer.status_code == 201, answer.content.decode()
    return str(answer.json()["case"]["reference"])


def fields_of(answer: HttpResponse) -> list[str]:
    """The fields a problem names; checks on the way that it is one."""
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert all(fault["message"] for fault in body["errors"])
    return [fault["field"] for fault in body["errors"]]
