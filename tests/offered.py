"""What a page's forms offer, filled in as a person would; everything they do not offer; and the database before and after (S4).

Nothing here names a form, a field or a table of ours: a new one is covered by being there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from django import forms
from django.apps import apps
from django.db import connection, models
from django.test import Client
from django.urls import resolve, reverse

ATTACKS = (
    "id", "pk", "uuid", "is_staff", "is_superuser", "is_admin", "admin", "role", "rights", "permissions", "groups", "owner",
    "author", "by", "actor", "now", "at", "created_at", "updated_at", "tenant", "company", "approved", "is_approved",
    "verified", "_method", "__class__", "user", "username", "user_id", "site_id", "customer_id", "case_id", "case", "token",
    "secret",
)  # fmt: skip
WORD = "不该有的话"
OF_THE_FRAME = frozenset(
    {"django_session", "access_tally", "axes_accessattempt", "axes_accesslog"}
)  # visits and counts of visits
PIECE = re.compile(
    r'<(?:input|button|select)[^>]*\bname="(\w+)"[^>]*\bform="(\w+)"'
)  # a field in a fragment that belongs to a form elsewhere
PAGES = Path(__file__).resolve().parents[1] / "src" / "huiyin"
PASSED = {"tel": "13911223344", "email": "someone@example.com", "date": "2026-11-24", "datetime-local": "2026-11-23T09:30", "number": "1",
          "month": "2026-10", "time": "09:30", "url": "http://127.0.0.1/", "search": "1-1-101"}  # fmt: skip


def _pieces() -> dict[str, set[str]]:
    """Form -> fields that fragments add to it."""
    found: dict[str, set[str]] = {}
    for page in PAGES.rglob("*.html"):
        for name, form in PIECE.findall(page.read_text(encoding="utf-8")):
            found.setdefault(form, set()).add(name)
    return found


PIECES = _pieces()


@dataclass
class Filled:
    """One way to send a form: its address, its fields with what a person would put in, and what it offers at all."""

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    offers: set[str] = field(default_factory=set)
    has_file: bool = False

    @property
    def kind(self) -> tuple[str, str, frozenset[str]]:
        """The same form for another thing is the same kind."""
        found = resolve(self.path.partition("?")[0])
        return found.url_name or "", str(found.kwargs.get("act", "")), frozenset(self.offers)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.forms: dict[str, Filled] = {}
        self.buttons: list[tuple[str, str, str, str]] = []  # form, name, value, another address
        self.open, self.select, self.area = "", "", ""

    def _form(self, given: dict[str, str]) -> Filled | None:
        return self.forms.get(given.get("form") or self.open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(given)
        form, name = self._form(given), given.get("name", "")
        if form is None or "disabled" in given:
            return
        if tag in {"input", "select", "textarea", "button"} and name:
            form.offers.add(name)
        if tag == "button" and given.get("type", "submit") == "submit":
            self.buttons.append(
                (given.get("form") or self.open, name, given.get("value", ""), given.get("formaction", ""))
            )
        elif tag == "input" and name:
            self._input(form, name, given)
        elif tag in {"select", "textarea"}:
            self.select, self.area = (name, "") if tag == "select" else ("", name if self.open in self.forms else "")
            form.data.setdefault(name, "")
        elif tag == "option" and self.select:
            value = given.get("value", "")
            if value and ("selected" in given or not form.data.get(self.select)):
                form.data[self.select] = value

    def _begin(self, given: dict[str, str]) -> None:
        self.open = given.get("id") or f"form{len(self.forms)}"
        if given.get("method", "").lower() == "post":
            address = urljoin(self.page, given.get("action") or self.page)
            self.forms[self.open] = Filled(address, offers=set(PIECES.get(self.open, ())))

    def _input(self, form: Filled, name: str, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind == "file":
            form.has_file = True
        elif kind == "checkbox":
            form.data[name] = [*form.data.get(name, []), value or "on"][:2]
        elif kind == "radio":
            if "checked" in given or name not in form.data:
                form.data[name] = value
        elif kind not in {"submit", "button", "image"}:
            usual = "" if kind == "hidden" else PASSED.get(kind, "改过的字")
            form.data[name] = value or given.get("min", "") or usual

    def handle_data(self, data: str) -> None:
        if self.area and self.area in self.forms[self.open].data:
            self.forms[self.open].data[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            form = self.forms.get(self.open)
            if form is not None and self.area and not form.data.get(self.area, "x").strip():
                form.data[self.area] = "写在这里的话，够长也够清楚。"
            self.area = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.open = ""


def forms_of(page: str, html: str) -> Iterator[Filled]:
    """Every way to send every form of a page: once a button."""
    parser = _Forms(page)
    parser.feed(html)
    for key, form in parser.forms.items():
        mine = [one for one in parser.buttons if one[0] == key] or [(key, "", "", "")]
        for _form, name, value, address in mine:
            data = form.data | ({name: value} if name else {})
            yield Filled(urljoin(page, address) if address else form.path, data, form.offers, form.has_file)


def every_name(others: dict[str, str]) -> dict[str, list[Any]]:
    """Every field of every table and of every form there is, and what attackers try: name -> values worth setting.

    `others`: table -> key of a row that belongs to somebody else.
    """
    found: dict[str, list[Any]] = {name: [WORD, "1"] for name in ATTACKS}
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            value = _of_column(one, others)
            for name in {one.name, one.attname}:
                found.setdefault(name, []).append(value)
    for form in _subclasses(forms.BaseForm):
        for name, one in getattr(form, "base_fields", {}).items():
            found.setdefault(name, []).append(_of_field(one))
    return found


def _of_column(one: Any, others: dict[str, str]) -> str:
    if one.is_relation and one.related_model:
        return others.get(one.related_model._meta.db_table, "1")  # type: ignore[union-attr]
    if one.choices:
        return str(list(one.flatchoices)[-1][0])
    if isinstance(one, models.BooleanField):
        return "on"
    if isinstance(one, models.DateField):
        return "2020-01-01T00:00" if isinstance(one, models.DateTimeField) else "2020-01-01"
    return "99" if isinstance(one, models.IntegerField) else WORD


def _of_field(one: forms.Field) -> str:
    choices = [str(value) for value, _label in getattr(one, "choices", []) if value]
    if choices:
        return choices[-1]
    if isinstance(one, forms.DateField | forms.DateTimeField):
        return "2020-01-01"
    return {forms.IntegerField: "1", forms.BooleanField: "on", forms.EmailField: "other@example.com"}.get(
        type(one), WORD
    )


def _subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)


def beside(form: Filled, names: dict[str, list[Any]], turn: int) -> dict[str, Any]:
    """What the form does not offer, with the values of one turn."""
    left = {name: values for name, values in names.items() if name not in form.offers}
    return {name: values[turn % len(values)] for name, values in left.items()}


def description(client: Client) -> dict[str, Any]:
    """The API's addresses as it describes itself."""
    paths: dict[str, Any] = client.get("/api/v1/openapi.json").json()["paths"]
    return paths


def route_of(described: str) -> str:
    return resolve(re.sub(r"{\w+}", "SX26-000001", described)).url_name or ""


def filled_path(route: str, number: str) -> str:
    """An address of the API for one case."""
    return reverse(route, args=[] if route == "api_contacts" else [number])


def properties(path: str, client: Client) -> set[str]:
    """What the API says it takes at an address."""
    route = resolve(path).url_name
    whole = client.get("/api/v1/openapi.json").json()
    body = next(
        ways["post"].get("requestBody", {}) for known, ways in whole["paths"].items() if route_of(known) == route
    )
    asked = body.get("content", {}).get("application/json", {}).get("schema", {})
    named = whole["components"]["schemas"].get(asked.get("$ref", "").rpartition("/")[2], asked)
    return set(named.get("properties", {}))


Rows = dict[str, dict[Any, tuple[Any, ...]]]


def whole_database() -> Rows:
    """Every row of every table by its key."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            meta = model._meta
            if meta.db_table in OF_THE_FRAME or meta.proxy or not meta.managed or meta.pk is None:
                continue
            columns = [meta.pk.column, *(one.column for one in meta.concrete_fields if not one.primary_key)]
            cursor.execute(f'SELECT {", ".join(map(connection.ops.quote_name, columns))} FROM "{meta.db_table}"')
            found[meta.db_table] = {row[0]: row[1:] for row in cursor.fetchall()}
    return found


def differences(one: Rows, other: Rows) -> set[tuple[str, Any, int]]:
    """Where two databases differ: table, key and place of the column (-1: a row that only one of them has)."""
    found: set[tuple[str, Any, int]] = set()
    for table, rows in one.items():
        if rows == other[table]:
            continue
        found |= {(table, key, -1) for key in rows.keys() ^ other[table].keys()}
        for key in rows.keys() & other[table].keys():
            pairs = zip(rows[key], other[table][key], strict=True)
            found |= {(table, key, place) for place, (mine, theirs) in enumerate(pairs) if mine != theirs}
    return found
