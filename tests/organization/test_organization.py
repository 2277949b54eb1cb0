"""Who may do what where, who answers when nobody is named, and the years of the calendar."""

from datetime import date, datetime, timedelta

import pytest

from huiyin.demo.cast import Cast
from huiyin.journal.models import Entry
from huiyin.kit.workdays import Calendar, published_calendar
from huiyin.organization.actions import NobodyAccountable, appoint, issue_token, load_calendar, open_site
from huiyin.organization.models import ApiToken, CalendarYear, Site, User
from huiyin.organization.queries import (
    actor_of,
    actor_of_token,
    crew_of,
    department_for,
    room_called,
    sites_of,
    staff_at,
    working_calendar,
)
from huiyin.organization.rules import SYSTEM, NotAllowed


def test_rights_hold_at_the_own_site_alone(cast: Cast) -> None:
    clerk, there = cast.clerk, cast.sites["hengtai"]
    assert [clerk.may("cases.close", cast.site), clerk.may("cases.close", there)] == [True, False]
    assert [clerk.may("cases.reopen", cast.site), cast.director.may("cases.reopen", there)] == [False, True]
    with pytest.raises(NotAllowed):
        clerk.check("cases.close", there)


def test_somebody_deactivated_may_do_nothing(cast: Cast) -> None:
    user = cast.users["zhou"]
    user.is_active = False
    assert [actor_of(user).scopes, actor_of(user).may("cases.read")] == [(), False]


def test_sites_of_an_actor(cast: Cast) -> None:
    codes = [[site.code for site in sites_of(actor)] for actor in (cast.clerk, cast.stranger, cast.director)]
    assert codes == [["yulan"], ["hengtai"], ["binjiang", "hengtai", "xueyuan", "yulan"]]


def test_the_ladder_of_fallbacks(cast: Cast, now: datetime) -> None:
    """On duty, any assistant, the manager, the director; nobody never."""
    names = []
    for leaver in ("chen", "lin", "zhou", "shen"):
        answers = crew_of(cast.site).accountable()
        names.append(answers.name if answers else "")
        cast.users[leaver].posts.update(ended_on=now.date())
    assert [*names, crew_of(cast.site).accountable()] == ["陈晓雯", "林小梅", "周建国", "沈国梁", None]


def test_a_deactivated_person_answers_for_nothing(cast: Cast) -> None:
    User.objects.filter(username="chen").update(is_active=False)
    assert str(crew_of(cast.site).accountable()) == "林小梅"


def test_a_site_without_anybody_cannot_open(cast: Cast, now: datetime) -> None:
    site = Site.objects.create(company=cast.company, code="empty", kind="residential", name="空楼")
    cast.users["shen"].posts.update(ended_on=now.date())
    with pytest.raises(NobodyAccountable):
        open_site(site, by=SYSTEM, now=now)
    site.refresh_from_db()
    assert not site.is_open


def test_staff_of_a_site_each_once(cast: Cast, now: datetime) -> None:
    appoint(cast.users["chen"], role="duty_officer", by=SYSTEM, now=now, company=cast.company.pk, site=cast.site)
    names = [user.username for user in staff_at(cast.site)]
    assert names == ["chen", "lin", "wang", "liu", "zhou", "fang", "shen", "qian", "tang", "jiang", "cao", "yan"]


def test_appointing_again_changes_nothing(cast: Cast, now: datetime) -> None:
    before = Entry.objects.count()
    for _twice in range(2):
        appoint(cast.users["lin"], role="duty_officer", by=SYSTEM, now=now, company=cast.company.pk, site=cast.site)
    assert [cast.users["lin"].posts.count(), Entry.objects.count() - before] == [2, 1]


def test_only_a_manager_appoints(cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        appoint(cast.users["lin"], role="director", by=cast.clerk, now=now, company=cast.company.pk)


def test_the_department_that_answers_for_a_subject(cast: Cast) -> None:
    found = [department_for(cast.site, category) for category in ("elevator", "parking", "fees")]
    assert [unit.code if unit else "" for unit in found] == ["engineering", "order", "engineering"]


@pytest.mark.parametrize(
    "text", ["3-1-101", "3号楼1单元101室", "3栋1单元101", "３－１－１０１", "03-01-101", " 3 1 101 "]
)
def test_a_room_from_what_people_write(text: str, cast: Cast) -> None:
    assert str(room_called(cast.site, text)) == "3-1-101"


@pytest.mark.parametrize("text", ["", "大堂", "101", "9-1-101", "3-1-999", "3号楼"])
def test_no_room_where_none_or_several_fit(text: str, cast: Cast) -> None:
    assert room_called(cast.site, text) is None


def test_a_key_opens_until_it_ends_or_is_revoked(cast: Cast, now: datetime) -> None:
    key = issue_token(cast.users["shen"], label="test", by=SYSTEM, now=now, lasts=timedelta(days=1))
    assert actor_of_token(key, now=now) == cast.director
    assert actor_of_token(key, now=now + timedelta(days=1)) is None
    assert [actor_of_token(guess, now=now) for guess in ("", key[:-1], key.upper(), "hy_" + "a" * 43)] == [None] * 4
    ApiToken.objects.update(revoked_at=now)
    assert actor_of_token(key, now=now) is None


def test_the_key_itself_is_not_kept(cast: Cast, now: datetime) -> None:
    key = issue_token(cast.users["shen"], label="test", by=SYSTEM, now=now)
    assert key not in repr([*ApiToken.objects.values(), *Entry.objects.values()])


def test_a_year_is_kept_once_and_a_change_is_another_version(cast: Cast, now: datetime) -> None:
    known = published_calendar(2026, 2026)
    assert load_calendar(known, source="again", by=SYSTEM, now=now) == []
    changed = Calendar(known.days_off | {date(2026, 3, 2)}, known.make_up, frozenset({2026}), "2")
    assert [str(row) for row in load_calendar(changed, source="notice", by=SYSTEM, now=now)] == ["2026 v2"]
    assert CalendarYear.objects.filter(year=2026).count() == 2
    assert [working_calendar().is_working(date(2026, 3, day)) for day in (2, 3)] == [False, True]
