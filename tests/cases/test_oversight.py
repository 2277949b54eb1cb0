"""What the quality department may do to a complaint of any site: take over, send back, comment (S4.3.a)."""

from datetime import datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.queries import site_loads, timeline
from huiyin.cases.rules import IllegalMove, NothingWritten
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.interactions.queries import of_oversight
from huiyin.organization.rules import NotAllowed
from tests.acts import close, fresh, take


def told(event: str) -> list[str]:
    sent = Delivery.objects.filter(template=f"cases/messages/{event}").order_by("id")
    return [name for name in sent.values_list("to_user__name", flat=True) if name]


@pytest.mark.clause("S4.3.a")
@pytest.mark.parametrize("site", ["yulan", "hengtai"])
def test_it_takes_over_whatever_the_site(site: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now, site=cast.sites[site], place="")
    before = case.accountable.name
    cases.take_over(case, why="业主第三次来信", by=cast.actor("fang"), now=now)
    kept = fresh(case)
    assert [kept.accountable.name, kept.state, kept.handed_to] == ["方静", "in_progress", None]
    assert told("taken_over") == [before, {"yulan": "周建国", "hengtai": "郑国华"}[site]]
    solution = Duty.objects.get(reference=case.reference, kind="solution")
    assert solution.owner == cast.users["fang"]
    cases.answer(kept, text="已换新控制板。", by=cast.actor("fang"), now=now + timedelta(days=1))
    assert fresh(case).state == "answered"


@pytest.mark.clause("S4.3.a")
def test_sent_back_what_was_closed_is_open_again_with_the_reason(cast: Cast, now: datetime) -> None:
    case = close(take(cast, now), cast, now)
    cases.send_back(case, why="没有说明电梯多久检一次", by=cast.actor("fang"), now=now + timedelta(days=5))
    kept = fresh(case)
    assert [kept.state, kept.closed_at, kept.outcome, kept.accountable.name] == ["in_progress", None, "", "王志强"]
    kinds = [event.kind for event in timeline(kept)][-2:]
    assert kinds == ["sent_back", "reopened"]
    assert told("sent_back") == ["王志强", "周建国"]


def test_sent_back_while_it_is_worked_on_it_stays_open(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.send_back(case, why="先打电话", by=cast.actor("fang"), now=now)
    assert fresh(case).state == "received"


@pytest.mark.clause("S4.3.a")
def test_a_comment_is_for_the_accountable_person_alone(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.comment(case, text="请附维保合同", by=cast.actor("fang"), now=now)
    assert [(event.kind, event.text) for event in timeline(case)][-1] == ("commented", "请附维保合同")
    assert [event.kind for event in timeline(case, public_only=True)] == ["taken", "informed"]
    assert [one.values["words"] for one in of_oversight(cast.clerk)] == ["请附维保合同"]
    assert list(of_oversight(cast.manager)) == []


@pytest.mark.parametrize("who", ["chen", "zhou", "shen", "tang", "qian", "gao"])
def test_nobody_else_does(who: str, cast: Cast, now: datetime) -> None:
    case, by = take(cast, now), cast.actor(who)
    for act in (
        lambda: cases.take_over(case, why="x", by=by, now=now),
        lambda: cases.send_back(case, why="x", by=by, now=now),
        lambda: cases.comment(case, text="x", by=by, now=now),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert fresh(case).version == case.version


def test_it_says_why_and_leaves_what_is_closed_alone(cast: Cast, now: datetime) -> None:
    fang, case = cast.actor("fang"), close(take(cast, now), cast, now)
    with pytest.raises(NothingWritten):
        cases.send_back(case, why=" ", by=fang, now=now)
    with pytest.raises(IllegalMove):
        cases.take_over(case, why="x", by=fang, now=now)
    with pytest.raises(IllegalMove):
        cases.comment(case, text="x", by=fang, now=now)


@pytest.mark.clause("S4.3.a")
def test_sites_are_told_apart_and_restricted_cases_stay_as_they_were(cast: Cast, now: datetime) -> None:
    take(cast, now - timedelta(days=9))
    take(cast, now, "opinion")
    take(cast, now, site=cast.sites["hengtai"], place="")
    loads = site_loads(cast.actor("fang"), now=now)
    assert {key: (one.open, one.overdue, one.week, one.month) for key, one in loads.items()} == {
        cast.site.pk: (2, 1, 0, 1),
        cast.sites["hengtai"].pk: (1, 0, 1, 1),
    }
