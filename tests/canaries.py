"""While any test runs: no answer and no message may hold a number or a person of a site that its reader has no part in (S2).

Numbers of business objects are canaries that every site has by itself, and so are names marked 暗鸽. What was answered is noted
while the test runs, which costs a regular expression an answer; what it means is looked up once, when the test's body is through.
"""

import re
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client

from tests import outgoing

NUMBERS = re.compile(r"\b[A-Z]{2}\d{2}-\d{6}\b")
CANARY = re.compile(r"暗鸽([a-z]+)")
READABLE = ("text/", "application/json", "application/problem+json")


class Watch:
    """Who was shown what."""

    def __init__(self) -> None:
        self.seen: dict[tuple[Any, str], set[str]] = defaultdict(set)
        self.names: dict[tuple[Any, str], set[str]] = defaultdict(set)

    def note(self, request: HttpRequest, response: HttpResponse) -> None:
        """An answer to somebody logged in or to a key. Links and the public pages answer for themselves elsewhere."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith(READABLE):
            return
        user = getattr(request, "_cached_user", None)  # a view that never asked who it is shows nothing of theirs
        reader = (
            ("key", request.headers["Authorization"])
            if request.headers.get("Authorization")
            else ("user", user.pk if user else None)
        )
        if reader[1] is None or request.path.startswith(("/t/", "/s/", "/feeds/")):
            return
        body = response.content.decode(errors="replace")
        asked = request.get_full_path() + getattr(request, "_body", b"").decode(errors="replace") + _typed(request)
        self.seen[(reader, request.path)] |= {one for one in NUMBERS.findall(body) if one not in asked}
        self.names[(reader, request.path)] |= set(CANARY.findall(body))


def _typed(request: HttpRequest) -> str:
    """What was sent in a form's fields: a reader's own words that a refusal gives back."""
    fields = getattr(request, "_post", None) or {}
    return " ".join(str(value) for name in fields for value in fields.getlist(name))


watch = Watch()


def install(monkeypatch: Any) -> None:
    """Look over the shoulder of Django's test client."""
    usual = Client.request

    def watched(self: Client, **request: Any) -> Any:
        response = usual(self, **request)
        if hasattr(response, "wsgi_request"):
            watch.note(response.wsgi_request, response)
        return response

    monkeypatch.setattr(Client, "request", watched)
    outgoing.install(monkeypatch)


def leaks() -> list[str]:
    """What somebody saw that is not theirs, and messages that tell one site's numbers to another's people."""
    from huiyin.organization.models import Site, User
    from huiyin.organization.queries import actor_of, actor_of_token
    from huiyin.references.models import Reference
    from huiyin.references.states import Kind

    site_of = dict(Reference.objects.exclude(kind=Kind.NOTICE).values_list("number", "site__code"))
    codes = dict(Site.objects.values_list("pk", "code"))
    now = datetime.fromisoformat("2026-01-01T00:00:00+08:00")

    def sites_of(reader: tuple[str, Any]) -> set[str] | None:
        if reader[0] == "key":
            actor = actor_of_token(reader[1].partition(" ")[2], now=now)
        else:
            user = User.objects.filter(pk=reader[1]).first()
            actor = actor_of(user) if user else None
        if actor is None or actor.is_company_wide or not actor.scopes:
            return None
        return {codes[scope.site] for scope in actor.scopes if scope.site in codes}

    found = []
    for (reader, path), numbers in watch.seen.items():
        theirs = sites_of(reader)
        if theirs is not None:
            found += [
                f"{path} shows {number} to {reader}"
                for number in numbers
                if site_of.get(number, next(iter(theirs))) not in theirs
            ]
            found += [
                f"{path} shows 暗鸽{code} to {reader}" for code in watch.names[(reader, path)] if code not in theirs
            ]
    return found + outgoing.leaks(lambda user: sites_of(("user", user)))
