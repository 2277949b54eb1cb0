"""分管矩阵: exactly one answer a field, in force from a day, kept by version; intake asks it."""

from datetime import date, datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.handbook.actions import put_remits_in_force
from huiyin.handbook.queries import rulebook
from huiyin.kit.refusal import Refusal
from huiyin.organization.actions import draft_remits, map_section
from huiyin.organization.models import Cluster, Department, RemitMatrix, Site
from huiyin.organization.queries import picture_of
from huiyin.organization.rules import Holding, NotAllowed, NotMapped, RemitGap, RemitOverlap, WrongRemit, gaps, overlaps
from tests.acts import fresh, take


def whole(site: Site, holder: str, **others: str) -> list[Holding]:
    """Every field held by one, but for `category__cluster=holder`."""
    clusters = [*Cluster.objects.filter(site=site).values_list("code", flat=True), ""]
    fields = [
        (code, cluster) for code, _name in rulebook(site, date(2026, 11, 23)).categories() for cluster in clusters
    ]
    return [Holding(code, cluster, others.get(f"{code}__{cluster}", holder)) for code, cluster in fields]


def unit(site: Site, code: str) -> Department:
    return Department.objects.get(site=site, code=code)


def in_force(cast: Cast, now: datetime, **others: str) -> RemitMatrix:
    """The student housing: repairs in the east by the supervisor, everything else by the maintenance."""
    site = cast.sites["xueyuan"]
    held = whole(site, f"unit:{unit(site, 'maintenance').pk}", **others)
    matrix = draft_remits(site, held, by=cast.actor("gao"), now=now)
    return put_remits_in_force(matrix, on=now.date(), by=cast.actor("gao"), now=now)


@pytest.mark.clause("S1.6.b")
def test_gaps_and_overlaps_are_found_field_by_field() -> None:
    held = [Holding("repair", "east", "unit:1"), Holding("repair", "east", "person:2"), Holding("leak", "", "unit:1")]
    assert overlaps(held) == [("repair", "east")]
    assert gaps(held, ["repair", "leak"], ["east", ""]) == [("repair", ""), ("leak", "east")]
    assert overlaps(held[1:]) == []


@pytest.mark.clause("S1.6.b")
def test_a_field_held_twice_is_refused_and_one_held_by_nobody_stays_a_draft(cast: Cast, now: datetime) -> None:
    site, manager = cast.sites["xueyuan"], cast.actor("gao")
    held = whole(site, f"unit:{unit(site, 'maintenance').pk}")
    double = Holding("repair", "east", f"person:{cast.users['luo'].pk}")
    with pytest.raises(RemitOverlap) as refused:
        draft_remits(site, [*held, double], by=manager, now=now)
    assert "repair × east" in str(refused.value)
    draft = draft_remits(site, held[1:], by=manager, now=now)
    with pytest.raises(RemitGap) as gap:
        put_remits_in_force(draft, on=now.date(), by=manager, now=now)
    assert "公寓事务 × 东区组团" in str(gap.value)
    assert picture_of(site).remits == ()


@pytest.mark.clause("S1.6.b")
def test_what_comes_in_goes_to_whoever_holds_the_field_from_its_first_day_on(cast: Cast, now: datetime) -> None:
    site, luo = cast.sites["xueyuan"], cast.users["luo"]
    in_force(cast, now, repair__east=f"person:{luo.pk}")
    given = {"site": site, "category": "repair"}
    east = take(cast, now, "repair_request", place="1-101", **given)
    west = take(cast, now, "repair_request", place="3-101", phone="13800002222", **given)
    before = take(cast, now, "repair_request", place="1-101", occurred_at=now - timedelta(days=1), **given)
    assert [case.handed_to.name for case in (east, west, before)] == ["罗佳", "徐大勇", "徐大勇"]
    assert [case.department.code if case.department else "" for case in (east, west)] == ["", "maintenance"]
    cases.accept(fresh(east), by=cast.actor("luo"), now=now)
    assert fresh(east).accountable == luo


@pytest.mark.clause("S1.6.b")
def test_versions_are_kept_and_the_newest_day_counts(cast: Cast, now: datetime) -> None:
    site = cast.sites["xueyuan"]
    first = in_force(cast, now)
    later = draft_remits(site, whole(site, f"person:{cast.users['song'].pk}"), by=cast.actor("gao"), now=now)
    put_remits_in_force(later, on=now.date() + timedelta(days=7), by=cast.actor("gao"), now=now)
    held = picture_of(site).held_by
    days = [now.date() - timedelta(days=1), now.date(), now.date() + timedelta(days=7)]
    assert [held("repair", None, day)[1][0].name for day in days] == ["徐大勇", "徐大勇", "宋平"]
    assert [(one.version, one.effective_on) for one in RemitMatrix.objects.order_by("version")] == [
        (1, first.effective_on),
        (2, later.effective_on),
    ]
    with pytest.raises(WrongRemit):
        put_remits_in_force(first, on=now.date(), by=cast.actor("gao"), now=now)


def test_without_a_matrix_the_departments_own_lists_count(cast: Cast, now: datetime) -> None:
    department, people = picture_of(cast.site).held_by("elevator", None, now.date())
    assert [department and department.code, [one.name for one in people]] == ["engineering", ["王志强"]]


def test_whoever_has_left_holds_nothing(cast: Cast, now: datetime) -> None:
    site = cast.sites["xueyuan"]
    in_force(cast, now, repair__east=f"person:{cast.users['luo'].pk}")
    cast.users["luo"].posts.update(ended_on=now.date())
    east = Cluster.objects.get(site=site, code="east").pk
    assert [one.name for one in picture_of(site).held_by("repair", east, now.date())[1]] == ["徐大勇"]


def test_only_whoever_may_write_there_writes_it_and_only_of_the_site(cast: Cast, now: datetime) -> None:
    site = cast.sites["xueyuan"]
    for who in ("yang", "zhou", "fang"):
        with pytest.raises(NotAllowed):
            draft_remits(site, [], by=cast.actor(who), now=now)
    for holder in ("unit:1000000", f"person:{cast.users['wang'].pk}", f"unit:{unit(cast.site, 'order').pk}", "x"):
        with pytest.raises(Refusal):
            draft_remits(site, [Holding("repair", "", holder)], by=cast.actor("gao"), now=now)


@pytest.mark.clause("S4.4.2.1.6.b")
def test_a_section_that_the_procedure_never_defines_has_to_be_a_unit_of_the_site(cast: Cast, now: datetime) -> None:
    """X17: 管业部 acts and stands in no list of responsibilities; once mapped, its people follow up."""
    site, order = cast.site, unit(cast.site, "order")
    draft = draft_remits(site, whole(site, f"unit:{order.pk}"), by=cast.manager, now=now)
    with pytest.raises(NotMapped) as refused:
        put_remits_in_force(draft, on=now.date(), by=cast.manager, now=now)
    assert "管业部" in str(refused.value)
    map_section(site, role="property_operations_section", department=order, by=cast.manager, now=now)
    assert put_remits_in_force(draft, on=now.date(), by=cast.manager, now=now).effective_on == now.date()
    case = take(cast, now)
    cases.accept(case, by=cast.manager, now=now)
    cases.answer(case, text="已修好。", by=cast.manager, now=now)
    owner = Duty.objects.get(reference=case.reference, kind="follow_up").owner
    assert owner == cast.users["liu"]
