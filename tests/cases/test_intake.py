"""The one front door: what comes of a contact."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries import behind, by_number, look_alikes, timeline
from huiyin.cases.rules import NobodyThere
from huiyin.customers.models import Customer
from huiyin.demo.cast import Cast, settle
from huiyin.duties.models import Duty
from huiyin.handbook.actions import adopt
from huiyin.interactions.models import Delivery, Interaction
from huiyin.journal.models import Entry
from huiyin.kit.counting import Reason, explain
from huiyin.organization.models import Building, Post
from huiyin.organization.rules import SYSTEM
from huiyin.references.models import Reference
from huiyin.references.queries import search
from tests.acts import WORDS, contact, take

ZONE = ZoneInfo("Asia/Shanghai")


def told(case: Case) -> list[tuple[str, str]]:
    """(template, who) of every message to staff about a case."""
    messages = Delivery.objects.filter(reference=case.reference).exclude(to_user=None).order_by("id")
    return [(one.template.rsplit("/", 1)[1], str(one.to_user)) for one in messages.select_related("to_user")]


def test_a_contact_becomes_one_numbered_owned_dated_findable_case(cast: Cast, now: datetime) -> None:
    taken = cases.take(contact(cast, remedy_sought="尽快修好"), by=NOBODY, now=now)
    case = by_number(taken.case.reference.number, cast.clerk) if taken.case else None
    assert case is not None
    assert [case.state, case.version, case.accountable.name, case.first_contact_owner.name, str(case.handed_to)] == [
        "received",
        1,
        "陈晓雯",
        "陈晓雯",
        "王志强",
    ]
    assert [case.reference.title, case.summary, str(case.room)] == ["投诉 · 3号楼 · 电梯", WORDS, "3-1-101"]
    assert [taken.contact.kind, case.reference.kind, taken.contact.title] == ["JL", "SX", case.reference.title]
    assert [behind(taken.contact), behind(case.reference)] == [case, case]
    for query in ("上不", "尽快", "张三丰", "3-1-101"):
        assert list(search(query, cast.clerk)) == [case.reference]
    assert [event.kind for event in timeline(case, public_only=True)] == ["taken", "informed"]


def test_the_title_holds_no_words_and_no_name(cast: Cast, now: datetime) -> None:
    take(cast, now)
    titles = "".join(Reference.objects.values_list("title", flat=True))
    assert [word in titles for word in ("老人", "张三丰", "101")] == [False, False, False]
    facts = repr(list(Entry.objects.filter(verb="cases.taken").values()))
    assert [word in facts for word in ("老人", "张三丰", "13800001111")] == [False, False, False]


@pytest.mark.clause("S1.4.2.a")
@pytest.mark.parametrize(
    ("received", "due", "why"),
    [
        ((2026, 10, 1), "2026-10-08", "2026-10-01 收到，当天不计；数 7 天，到 2026-10-08"),
        (
            (2025, 10, 1),
            "2025-10-09",
            "2025-10-01 收到，当天不计；数 7 天，到 2025-10-08；2025-10-08 是放假日，顺延到 2025-10-09",
        ),
        ((2026, 11, 20), "2026-11-27", "2026-11-20 收到，当天不计；数 7 天，到 2026-11-27"),
        ((2026, 11, 21), "2026-11-28", "2026-11-21 收到，当天不计；数 7 天，到 2026-11-28"),
    ],
)
def test_a_solution_is_owed_within_seven_days(
    received: tuple[int, int, int], due: str, why: str, db: None, monkeypatch: Any
) -> None:
    """A plain Saturday does not move it; a day named in the State Council's notice does."""
    at = datetime(*received, 23, 40, tzinfo=ZONE)
    monkeypatch.setattr("huiyin.demo.cast.SINCE", at.date().replace(month=1, day=1))
    cast = settle(now=at - timedelta(days=200), households=4)
    case = take(cast, at, "opinion", site=cast.sites["xueyuan"], category="water_power", place="")
    duty = Duty.objects.get(reference=case.reference, kind="solution")
    assert [duty.clause, duty.handbook, duty.owner] == ["S1.4.2.a", "student-housing", case.accountable]
    assert duty.due_at.astimezone(ZONE).isoformat() == f"{due}T23:59:59+08:00"
    assert [case.solution_due_at, duty.opens_at] == [duty.due_at, at]
    assert explain(Reason.from_json(reason) for reason in duty.why) == why


def test_where_no_clause_names_a_time_the_date_says_that_it_is_ours(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    duty = Duty.objects.get(reference=case.reference, kind="solution")
    assert [duty.clause, duty.why[-1]] == ["", ["ours", {}]]


def test_the_clock_starts_when_it_reached_us_not_when_it_was_typed(cast: Cast, now: datetime) -> None:
    friday = now - timedelta(days=3)
    case = take(cast, now, by=cast.clerk, channel="duty_room", occurred_at=friday)
    assert case.solution_due_at == datetime(2026, 11, 27, 23, 59, 59, tzinfo=ZONE)
    assert [case.received_at, Interaction.objects.get().recorded_at] == [friday, now]


@pytest.mark.clause("S4.4.2.1.2.b")
def test_the_responsible_department_is_told_and_owes_its_acceptance_within_two_hours(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    assert ("informed", "王志强") in told(case)
    assert str(case.department) == "工程维修部"
    informed = case.events.get(kind="informed")
    assert [informed.at, informed.values] == [now, {"department": "工程维修部", "to": "王志强"}]
    duty = Duty.objects.get(reference=case.reference, kind="acceptance")
    assert [duty.clause, duty.owner, duty.due_at] == [
        "S4.4.2.1.2.b",
        cast.users["wang"],
        now + timedelta(hours=2),
    ]


@pytest.mark.clause("S3.2.1.c", "S4.4.2.1.1.b")
@pytest.mark.parametrize("kind", ["opinion", "complaint", "assistance_request"])
def test_opinions_and_difficulties_go_to_the_superior_at_once(kind: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now, kind)
    assert told(case) == [("informed", "王志强"), ("superior", "周建国")]
    assert Delivery.objects.get(to_user=cast.users["zhou"]).sent_at == now


@pytest.mark.parametrize("kind", ["enquiry", "suggestion", "compliment", "repair_request"])
def test_the_rest_does_not_bother_the_superior(kind: str, cast: Cast, now: datetime) -> None:
    assert told(take(cast, now, kind)) == [("informed", "王志强")]


def test_the_director_is_told_where_a_site_has_no_manager(cast: Cast, now: datetime) -> None:
    Post.objects.filter(user=cast.users["zhou"]).update(ended_on=now.date())
    assert told(take(cast, now))[-1] == ("superior", "沈国梁")


def test_whoever_takes_it_at_the_desk_is_the_first_to_answer_for_it(cast: Cast, now: datetime) -> None:
    """首问负责: the colleague who picked up, not the one on duty."""
    case = take(cast, now, by=cast.colleague, channel="phone")
    assert [case.accountable.name, case.first_contact_owner.name] == ["林小梅", "林小梅"]


def test_at_a_site_where_nobody_is_accountable_nothing_is_taken(cast: Cast, now: datetime) -> None:
    Post.objects.exclude(role="auditor").update(ended_on=now.date())
    with pytest.raises(NobodyThere):
        take(cast, now)
    assert [Case.objects.count(), Interaction.objects.count(), Reference.objects.count()] == [0, 0, 0]
    assert Customer.objects.filter(is_verified=False).count() == 0


def test_what_was_answered_at_once_is_a_contact_and_no_case(cast: Cast, now: datetime) -> None:
    said = contact(cast, "enquiry", "装修要办什么手续？", answered_at_once="带身份证和图纸到前台登记。")
    taken = cases.take(said, by=cast.clerk, now=now)
    kept = Interaction.objects.get()
    assert [taken.case, kept.subject, kept.answered_at_once] == [None, None, "带身份证和图纸到前台登记。"]
    assert [Case.objects.count(), Duty.objects.count(), Delivery.objects.count()] == [0, 0, 0]
    assert list(search("身份证", cast.clerk)) == [taken.contact]


def test_a_difficulty_is_seen_only_by_whom_it_concerns(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "assistance_request", words="独居，需要帮助")
    number = case.reference.number
    seers = [cast.clerk, cast.engineer, cast.manager, cast.director, cast.actor("fang")]
    others = [cast.colleague, cast.actor("liu"), cast.stranger, cast.actor("zheng")]
    assert [by_number(number, actor) for actor in seers] == [case] * 5
    assert [by_number(number, actor) for actor in others] == [None] * 4
    assert [list(search("独居", cast.colleague)), list(search("独居", cast.manager))] == [[], [case.reference]]
    assert Reference.objects.get(kind="JL").sensitivity == 2


def test_another_voice_joins_and_is_told_once(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    later = now + timedelta(hours=1)
    joining = contact(cast, words="我家也受影响，门禁失灵", phone="13800002222", name="李四", place="3-1-102")
    taken = cases.take(joining, by=NOBODY, now=later, joins=case)
    assert [taken.case, Case.objects.count(), case.reference.contacts.count()] == [case, 1, 2]
    assert told(case)[2:] == [("joined", "陈晓雯")]
    assert [list(search("门禁", cast.clerk)), behind(taken.contact)] == [[case.reference], case]
    assert Duty.objects.filter(kind="solution").count() == 1
    assert [event.kind for event in timeline(case)] == ["taken", "informed", "joined"]


def test_two_voices_have_two_links_and_two_customers(cast: Cast, now: datetime) -> None:
    first = cases.take(contact(cast), by=NOBODY, now=now)
    second = cases.take(contact(cast, phone="13800002222", name="李四"), by=NOBODY, now=now, joins=first.case)
    assert first.token != second.token
    assert sorted(Interaction.objects.values_list("customer__name", flat=True)) == ["张三丰", "李四"]


def test_look_alikes_are_open_recent_and_of_the_same_place(cast: Cast, now: datetime) -> None:
    building = Building.objects.get(site=cast.site, code="3")
    old = now - timedelta(days=40)
    take(cast, old)
    near = take(cast, now - timedelta(days=2))
    take(cast, now, place="1-1-101")
    take(cast, now, category="leak")
    seen = look_alikes(cast.site, cast.clerk, now=now, category="elevator", building=building)
    assert [seen, look_alikes(cast.site, cast.clerk, now=now)] == [[near], []]
    assert look_alikes(cast.site, cast.stranger, now=now, category="elevator", building=building) == []


def test_an_unknown_category_is_kept_as_it_came(cast: Cast, now: datetime) -> None:
    case = take(cast, now, category="spaceship")
    assert [case.category, case.reference.title] == ["spaceship", "投诉 · 3号楼 · spaceship"]


def test_a_bare_voice_is_enough(cast: Cast, now: datetime) -> None:
    """No name, no phone, no place, no category: it still gets a number, a person and a date."""
    case = take(cast, now, name="", phone="", place="", category="")
    assert [case.customer, case.room, case.accountable.name] == [None, None, "陈晓雯"]
    assert Delivery.objects.filter(to_user=None).count() == 0


STATEMENTS = 17


@pytest.mark.parametrize("voices", [1, 3])
def test_the_statements_of_an_intake_are_counted(voices: int, cast: Cast, now: datetime) -> None:
    """A new statement per intake is a decision: change the number with a reason."""
    take(cast, now)  # the handbook and the calendar are put together once per process
    for count in range(voices):
        with CaptureQueriesContext(connection) as seen:
            take(cast, now, phone=f"1370000000{count}", name="赵六")
        statements = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
        assert len(statements) == STATEMENTS


def test_an_edition_adopted_today_judges_what_comes_today(cast: Cast, now: datetime) -> None:
    hengtai = cast.sites["hengtai"]
    adopt(hengtai, "property-company", by=SYSTEM, now=now, effective_on=now.date())
    before = take(cast, now, site=hengtai, occurred_at=now - timedelta(days=1), place="")
    after = take(cast, now, site=hengtai, place="")
    clauses = [Duty.objects.get(reference=case.reference, kind="acceptance").clause for case in (before, after)]
    assert clauses == ["", "S4.4.2.1.2.b"]
