"""The facts of the cases that a window touches, as one statement: what the dictionary's figures are counted from.

One row a case, made of its own dates, its events, its follow-ups and its duties. The conditions of measures.py are
evaluated on these rows, for the sums as for the lists, so that a number and the list behind it can not differ.
"""

# ruff: noqa: S608 - put together of our own text alone; every value is a parameter

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from huiyin.cases.models import Case
from huiyin.cases.queries.promises import Promise, Promises, promises
from huiyin.cases.rules.clocks import PEOPLE
from huiyin.cases.states import DISPATCHED, FACE_TO_FACE, FIGURED, WORDS, Outcome
from huiyin.organization.models import Site

COLUMNS = (
    "id",
    "reference_id",
    "site_id",
    "kind",
    "category",
    "building_id",
    "room_id",
    "department_id",
    "first_contact_owner_id",
    "received_at",
    "first_due_at",
    "first_solved_at",
    "answered_at",
    "closed_at",
)
AGAIN = {"again_30": 30, "again_90": 90}  # days after closing in which the same place and category is a repeat


@dataclass(frozen=True)
class Asked:
    """Which cases and which window: `first` belongs to it, `end` does not. `cases` are those the person may see of one site."""

    cases: QuerySet[Case]
    site: Site
    first: datetime
    end: datetime
    now: datetime

    def within(self, first: datetime, end: datetime) -> "Asked":
        return replace(self, first=first, end=end)


@dataclass(frozen=True)
class Statement:
    """A piece of SQL with its values by name."""

    text: str
    values: Mapping[str, Any]

    def positional(self) -> tuple[str, list[Any]]:
        """With a %s for each value, as Django hands it to either database."""
        names: list[str] = []

        def place(match: re.Match[str]) -> str:
            names.append(match[1])
            return "%s"

        text = re.sub(r"%\((\w+)\)s", place, self.text)
        return text, [self.values[name] for name in names]

    def rows(self) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(*self.positional())
            return list(cursor.fetchall())


def on_sqlite() -> bool:
    return connection.vendor == "sqlite"


def instant(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def seconds(later: str, earlier: str) -> str:
    """Whole seconds and parts from one instant to another."""
    if on_sqlite():
        return f"ROUND((julianday({later}) - julianday({earlier})) * 86400, 3)"
    return f"EXTRACT(EPOCH FROM ({later} - {earlier}))"


def tenths_of_hours(later: str, earlier: str) -> str:
    """Tenths of hours from one instant to another, rounded down."""
    floor = "CAST({} AS INTEGER)" if on_sqlite() else "FLOOR({})::integer"
    return floor.format(f"({seconds(later, earlier)}) / 360")


def _later(at: str, by: str) -> str:
    """An instant so many seconds after another."""
    if on_sqlite():
        return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {at}, {by} || ' seconds')"
    return f"({at} + make_interval(secs => {by}))"


def _local_day(at: str, values: Mapping[str, Any]) -> str:
    if not on_sqlite():
        return f"({at} AT TIME ZONE %(zone)s)::date"
    return f"date({at}, %(offset)s)" if values["offset"] else f"django_datetime_cast_date({at}, %(zone)s, 'UTC')"


def offset_of(first: date, last: date) -> str:
    """How far local time is from UTC, as SQLite adds it; empty where that changes between two days."""
    days = ((first + timedelta(days=n)) for n in range(-1, (last - first).days + 2))
    found = {_morning(day).utcoffset() or timedelta(0) for day in days}
    return f"{int(found.pop().total_seconds())} seconds" if len(found) == 1 else ""


def _json(name: str) -> str:
    """One value of an event's facts, as text or null."""
    return f"""json_extract(e."values", '$.{name}')""" if on_sqlite() else f"""(e."values" ->> '{name}')"""


LIMITS = ("acknowledgement", "inform")


def limits_of(asked: Asked) -> Promises:
    """What the handbooks allow in the window, for cases without a duty that says so."""
    return promises(asked.site, LIMITS, asked.first, asked.end)


def bounds(asked: Asked) -> dict[str, Any]:
    """The instants of a window that conditions name, and those so many days before it."""
    values = {"first": instant(asked.first), "end": instant(asked.end)}
    for days in AGAIN.values():
        whole = timedelta(days=days)
        values |= {f"first_{days}": instant(asked.first - whole)}
        values |= {f"end_{days}": instant(min(asked.end, asked.now) - whole)}
    return values


def facts(asked: Asked, limits: Promises) -> Statement:
    """`WITH facts AS (…)` over every case that the window touches, and all values that the conditions name."""
    inner, given = _scope(asked)
    values = {f"o{number}": value for number, value in enumerate(given)}
    values |= {"site": asked.site.pk, "zone": str(timezone.get_default_timezone())}
    values |= bounds(asked) | {"now": instant(asked.now)}
    values["yes"] = 1 if on_sqlite() else "true"  # how an event's true reads in SQL
    words, told_by = (limits.around(name, asked.first, asked.end) for name in LIMITS)
    reach = min((row.day for row in words), default=timezone.localdate(asked.first))
    values["reach"], values["offset"] = instant(_morning(reach)), offset_of(reach, timezone.localdate(asked.end))
    response, told = _limits("response", words, values)
    inform, sent = _limits("dispatch", told_by, values)
    parts = [
        f"near AS MATERIALIZED ({NEAR})",
        f"scope ({', '.join(COLUMNS)}) AS MATERIALIZED ({inner})",
        f"words AS MATERIALIZED ({_words()})",
        f"calls AS MATERIALIZED ({CALLS})",
        f"owed AS MATERIALIZED ({OWED})",
        *told,
        *sent,
        f"facts AS MATERIALIZED ({_facts(response, inform)})",
    ]
    return Statement("WITH " + ", ".join(parts), values)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _scope(asked: Asked) -> tuple[str, Sequence[Any]]:
    """The rows of the cases, asked for by their keys: left to itself, SQLite goes through the whole site."""
    cases = asked.cases.filter(is_history=False).exclude(outcome=Outcome.MERGED).order_by()
    wanted = cases.extra(where=["cases_case.id = near.id"])
    text, given = wanted.values_list(*COLUMNS).query.sql_with_params()
    text = text.replace('FROM "cases_case"', 'FROM near CROSS JOIN "cases_case"', 1)
    for number in range(len(given)):
        text = text.replace("%s", f"%(o{number})s", 1)
    return text, given


def _limits(name: str, rows: list[Promise], values: dict[str, Any]) -> tuple[str, list[str]]:
    """The expression of a limit by the handbook, and what it is read from: nothing where all share one number of seconds."""
    same = {row.seconds for row in rows}
    if len(same) == 1 and None not in same:
        return _later("c.received_at", str(same.pop())), []
    values[f"{name}_rows"] = json.dumps([_row(row) for row in rows])
    due = f"COALESCE(p.due, {_later('s.received_at', 'p.seconds')})"
    # Only for cases without a duty that says so itself: the day of an instant is dear to ask for on SQLite, and asked once.
    wanted = "WHERE s.reference_id NOT IN (SELECT reference_id FROM owed WHERE response_due IS NOT NULL)"
    days = (
        f"SELECT s.id, s.kind, s.received_at, {_local_day('s.received_at', values)} AS day FROM scope s "
        f"{wanted if name == 'response' else ''}"
    )
    told = (
        f"SELECT s.id, {due} AS due FROM {name}_days s JOIN {name}_rows p ON p.day = s.day AND p.kind IN ('', s.kind)"
    )
    return f"{name}.due", [
        f"{name}_rows AS MATERIALIZED ({_table(f'%({name}_rows)s')})",
        f"{name}_days AS MATERIALIZED ({days})",
        f"{name} AS MATERIALIZED ({told})",
    ]


def _row(row: Promise) -> list[Any]:
    due = row.due_at and (str(instant(row.due_at)) if on_sqlite() else row.due_at.isoformat())
    return [row.kind, row.day.isoformat(), due, row.seconds]


def _table(rows: str) -> str:
    """Rows that are handed over as one value: a year of days has more than a statement may have parameters or parts."""
    if on_sqlite():
        kind, day, due, seconds_ = (f"json_extract(value, '$[{place}]')" for place in range(4))
        return f"SELECT {kind} AS kind, {day} AS day, {due} AS due, {seconds_} AS seconds FROM json_each({rows})"
    return (
        "SELECT value ->> 0 AS kind, (value ->> 1)::date AS day, (value ->> 2)::timestamptz AS due, "
        f"(value ->> 3)::double precision AS seconds FROM jsonb_array_elements({rows}::jsonb)"
    )


def _union(*selects: str) -> str:
    return " UNION ".join(selects)


def _in(column: str) -> str:
    return f"{column} >= %(first)s AND {column} < %(end)s"


# Every case that may be in the base of anything: each line is answered by an index.
NEAR = _union(
    *(
        f"SELECT id FROM cases_case WHERE site_id = %(site)s AND {_in(column)}"
        for column in ("received_at", "first_due_at", "answered_at", "closed_at")
    ),
    *(
        "SELECT id FROM cases_case WHERE site_id = %(site)s "
        f"AND closed_at >= %(first_{days})s AND closed_at < %(end_{days})s"
        for days in AGAIN.values()
    ),
    f"SELECT e.case_id FROM cases_event e WHERE e.kind = 'closed' AND {_in('e.at')}",
    f"SELECT f.case_id FROM cases_followup f WHERE {_in('f.at')}",
    "SELECT c.id FROM duties_duty d JOIN cases_case c ON c.reference_id = d.reference_id WHERE d.site_id = %(site)s "
    f"AND d.kind IN ('acknowledgement', 'arrival', 'follow_up') AND {_in('d.due_at')}",
    # A case without such a duty may have come some days before its limit by the handbook ends in the window.
    "SELECT id FROM cases_case WHERE site_id = %(site)s AND received_at >= %(reach)s AND received_at < %(first)s",
)
_REACHED = "f.result IN ('satisfied', 'dissatisfied')"
_PLEASED = f"{_REACHED} AND (f.score >= 4 OR (f.score IS NULL AND f.result = 'satisfied'))"
_DISPLEASED = f"{_REACHED} AND (f.score <= 2 OR (f.score IS NULL AND f.result = 'dissatisfied'))"


def _sum(condition: str, amount: str = "1") -> str:
    return f"SUM(CASE WHEN {condition} THEN {amount} ELSE 0 END)"


def _newest(condition: str, at: str) -> str:
    return f"MAX(CASE WHEN {condition} THEN {at} END)"


def _earliest(condition: str, at: str) -> str:
    return f"MIN(CASE WHEN {condition} THEN {at} END)"


CALLS = f"""
    SELECT f.case_id, MAX(f.at) AS tried_at, {_newest(_REACHED, "f.at")} AS reached_at,
        {_newest(f"{_REACHED} AND f.result = 'dissatisfied'", "f.at")} AS unhappy_at,
        {_sum(_in("f.at"))} AS calls, {_sum(f"{_in('f.at')} AND {_REACHED}")} AS answers,
        {_sum(f"{_in('f.at')} AND {_PLEASED}")} AS pleased, {_sum(f"{_in('f.at')} AND {_DISPLEASED}")} AS displeased,
        {_sum(f"{_in('f.at')} AND {_REACHED} AND f.score IS NOT NULL")} AS scored,
        {_sum(f"{_in('f.at')} AND {_REACHED}", "COALESCE(f.score, 0)")} AS score
    FROM cases_followup f WHERE f.case_id IN (SELECT id FROM scope) GROUP BY f.case_id"""
_STANDS = "d.kind = 'follow_up' AND d.not_applicable = ''"
OWED = f"""
    SELECT d.reference_id, {_earliest("d.kind = 'acknowledgement'", "d.due_at")} AS response_due,
        {_earliest("d.kind = 'arrival'", "d.due_at")} AS arrival_due,
        {_newest("d.kind = 'solution' AND d.period = ''", "d.moved_to")} AS moved_to,
        {_sum("d.kind = 'follow_up'")} AS asked_after,
        {_sum(f"{_STANDS} AND {_in('d.due_at')} AND (d.due_at < %(now)s OR d.done_at IS NOT NULL)")} AS calls_due,
        {_sum(f"{_STANDS} AND {_in('d.due_at')} AND d.done_at <= d.due_at")} AS calls_kept
    FROM duties_duty d WHERE d.reference_id IN (SELECT reference_id FROM scope)
        AND d.kind IN ('acknowledgement', 'arrival', 'follow_up', 'solution') GROUP BY d.reference_id"""


def _said_by(*kinds: str) -> str:
    return "(" + " OR ".join(f"SUBSTR(e.signature, 1, {len(kind) + 1}) = '{kind}:'" for kind in kinds) + ")"


def _heard() -> str:
    """A person's word to the customer, as rules.clocks.is_heard says of one event: at the counter and by telephone the taking is one."""
    face = f"e.kind = 'taken' AND {_said_by('staff')} AND {_json('channel')} IN ({_quoted(sorted(FACE_TO_FACE))})"
    human = f"e.kind IN ({_quoted(sorted(WORDS))}) AND {_said_by(*sorted(PEOPLE))}"
    return f"({face}) OR ({human})"


def _words() -> str:
    """What the events of each case tell. Kinds that no figure reads are left out."""
    sent = _quoted(DISPATCHED)
    by_time = f"e.kind = 'escalated' AND {_json('rung')} IS NOT NULL"
    by_weight = f"e.kind = 'escalated' AND {_json('rung')} IS NULL"
    return f"""
    SELECT s.id AS case_id, {_earliest(_heard(), "e.at")} AS first_word,
        {_earliest(f"e.kind IN ({sent})", "e.at")} AS sent_at, {_earliest("e.kind = 'arrived'", "e.at")} AS arrived_at,
        {_sum("e.kind = 'arrived'")} AS arrivals, {_earliest("e.kind = 'closed'", "e.at")} AS first_closed,
        {_newest("e.kind = 'reopened'", "e.at")} AS reopened_at,
        {_sum(by_time)} AS by_time, {_sum(by_weight)} AS by_weight
    FROM scope s LEFT JOIN cases_event e ON e.case_id = s.id AND e.kind IN ({_quoted(FIGURED)}) GROUP BY s.id"""


def _again(days: str, kind: str = "") -> str:
    """Whether the same place and category came again: the room where one is known, else the building.

    The plus sign keeps SQLite on the index of places: by site it would look at every case of the month.
    """
    until = _later("c.closed_at", str(AGAIN[days] * 86_400))
    return f"""c.closed_at >= %(first_{AGAIN[days]})s AND c.closed_at < %(end_{AGAIN[days]})s AND EXISTS (
        SELECT 1 FROM cases_case n WHERE n.building_id = c.building_id AND n.category = c.category
        AND n.received_at > c.closed_at AND n.received_at <= {until} AND +n.site_id = c.site_id AND n.id <> c.id
        AND (c.room_id IS NULL OR n.room_id = c.room_id) AND n.outcome <> 'merged' AND NOT n.is_history {kind})"""


def _facts(response: str, dispatch: str) -> str:
    scoped = f"""CASE WHEN c.kind = 'complaint' THEN (SELECT {_json("in_scope")} FROM cases_event e
        WHERE e.case_id = c.id AND e.kind = 'scoped' AND {_json("in_scope")} IS NOT NULL
        ORDER BY e.at DESC, e.id DESC LIMIT 1) END"""
    joins = [
        f"LEFT JOIN {name} ON {name}.id = c.id"
        for name in ("response", "dispatch")
        if f"{name}.due" in (response, dispatch)
    ]
    repairs = "AND n.kind = 'repair_request'"
    return f"""
    SELECT c.*, w.first_word, w.sent_at, w.arrived_at, w.arrivals, w.first_closed, w.reopened_at, w.by_time, w.by_weight,
        l.tried_at, l.reached_at, l.unhappy_at, l.calls, l.answers, l.pleased, l.displeased, l.scored, l.score,
        d.arrival_due, d.moved_to, d.asked_after, d.calls_due, d.calls_kept, r.created_at AS receipt_at,
        COALESCE(d.response_due, {response}) AS response_due, {dispatch} AS dispatch_due, {scoped} AS in_scope,
        {_again("again_30")} AS again_30, {_again("again_90")} AS again_90,
        c.kind = 'repair_request' AND {_again("again_30", repairs)} AS reworked
    FROM scope c JOIN words w ON w.case_id = c.id LEFT JOIN calls l ON l.case_id = c.id
        LEFT JOIN owed d ON d.reference_id = c.reference_id
        LEFT JOIN interactions_receipt r ON r.reference_id = c.reference_id {" ".join(joins)}"""


def _quoted(kinds: Sequence[str]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
