"""Lists narrowed to what stands behind a number: whose, from where, how old; and the words that say so."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.access import doors
from huiyin.cases.queries import Narrow
from huiyin.kit.periods import Period
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.queries import Picture, names_of, picture_of

AGES = {
    "today": N_("今天收到"),
    "days": N_("收到 1 至 3 天"),
    "week": N_("收到 4 至 7 天"),
    "older": N_("收到一周以上"),
}
NAMES = ("person", "department", "cluster", "age", "period")


@dataclass(frozen=True)
class Word:
    """One condition in words, and the address of the list without it."""

    word: str
    without: str


@dataclass(frozen=True)
class Narrowing:
    asked: Narrow
    words: list[Word]

    @classmethod
    def read(cls, request: HttpRequest, site: Site) -> "Narrowing":
        """What the address asks for; words that make no sense narrow nothing."""
        given = {name: request.GET.get(name, "")[:20] for name in NAMES}
        if not any(given.values()):
            return cls(Narrow(), [])
        keys = {name: _key(given[name]) for name in ("person", "department", "cluster")}
        age = given["age"] if given["age"] in AGES else ""
        period = _period(given["period"])
        narrow = Narrow(keys["person"], keys["department"], keys["cluster"], age, period)
        said = _said(narrow, doors.picture(request, site))
        rest = {name: str(value) for name, value in request.GET.items() if name not in {"page", "site"}}
        return cls(narrow, [Word(word, _without(rest, name)) for name, word in said.items()])


def _without(rest: dict[str, str], name: str) -> str:
    return "?" + urlencode({key: value for key, value in rest.items() if key != name})


def _key(text: str) -> int | None:
    return int(text) % 2**31 if text.isascii() and text.isdecimal() else None


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except Refusal:
        return None


def _said(narrow: Narrow, picture: Picture) -> dict[str, str]:
    words = {}
    if narrow.person is not None:
        words["person"] = names_of([narrow.person]).get(narrow.person, "–")
    if narrow.department is not None:
        words["department"] = next((one.name for one in picture.departments if one.pk == narrow.department), "–")
    if narrow.cluster is not None:
        words["cluster"] = next((one.name for one in picture.clusters if one.pk == narrow.cluster), "–")
    if narrow.age:
        words["age"] = _(AGES[narrow.age])
    if narrow.period:
        words["period"] = _("%(period)s收到") % {"period": narrow.period.label()}
    return words


def choice(
    name: str, label: str, options: Iterable[tuple[str, str]], asked: dict[str, str], kept: dict[str, str]
) -> dict[str, Any]:
    """A word of the sentence above a list with its alternatives as (code, word); `kept` is what the address holds besides."""
    rest = urlencode({other: value for other, value in kept.items() if other != name})
    address = f"?{rest}&{name}=" if rest else f"?{name}="
    rows = [
        {"label": word, "url": address + quote_plus(code), "current": code == asked[name], "count": None}
        for code, word in options
    ]
    value = next((row["label"] for row in rows if row["current"]), rows[0]["label"])
    return {"label": label, "value": value, "options": rows}


def people_of_unit(site: Site, who: str) -> list[int]:
    """The people of a department, from `unit:3`; nobody where there is none."""
    picture, key = picture_of(site), _key(who.removeprefix("unit:"))
    unit = next((one for one in picture.departments if one.pk == key), None)
    return [person.pk for person in picture.crew.people_of(unit)] if unit else []
