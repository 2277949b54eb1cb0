"""复核: an objection is looked at by a superior who had no part in it, and nothing ends before."""

from datetime import datetime, timedelta

import pytest

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries import timeline
from huiyin.cases.rules import NothingWritten, StillReferred
from huiyin.cases.rules.second_look import NothingToLookAt, NotLookedAt, SameEyes
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery
from huiyin.organization.actions import appoint
from huiyin.organization.models import Post
from huiyin.organization.rules import SYSTEM, NotAllowed
from tests.acts import answer, close, fresh, take

DAY = timedelta(days=1)


def objected(cast: Cast, now: datetime) -> Case:
    """Answered by the engineer two days on, objected to on the third."""
    case = answer(take(cast, now), cast, now)
    return cases.object_to(fresh(case), words="又坏了", by=NOBODY, now=now + 3 * DAY)


def owes(case: Case) -> list[tuple[str, str, bool]]:
    """Who owes a second look until when, and whether it was done."""
    found = Duty.objects.filter(reference=case.reference, kind="second_look").order_by("id")
    return [(one.owner.name if one.owner else "", f"{one.due_at:%m-%d}", one.done_at is not None) for one in found]


def told(case: Case, who: str, cast: Cast) -> list[str]:
    sent = Delivery.objects.filter(reference=case.reference, to_user=cast.users[who]).order_by("id")
    return [one.template.rsplit("/", 1)[1] for one in sent]


@pytest.mark.clause("S3.2.3.a")
def test_an_objection_is_owed_a_second_look_by_a_superior(cast: Cast, now: datetime) -> None:
    case = objected(cast, now)
    assert [owes(case), fresh(case).state] == [[("周建国", "11-29", False)], "in_progress"]
    assert [one for one in told(case, "zhou", cast) if one == "look_again"] == ["look_again"]


def test_dissatisfaction_is_an_objection(cast: Cast, now: datetime) -> None:
    case = answer(take(cast, now), cast, now)
    cases.follow_up(fresh(case), result="dissatisfied", channel="phone", by=cast.colleague, now=now + 3 * DAY)
    assert owes(case) == [("周建国", "11-29", False)]


def test_what_the_house_takes_up_by_itself_is_owed_none(cast: Cast, now: datetime) -> None:
    case = close(take(cast, now), cast, now)
    cases.reopen(fresh(case), why="漏了一处", by=cast.manager, now=now + 4 * DAY)
    assert owes(case) == []


def test_two_objections_are_one_second_look(cast: Cast, now: datetime) -> None:
    case = objected(cast, now)
    cases.answer(fresh(case), text="又修了", by=cast.engineer, now=now + 4 * DAY)
    cases.object_to(fresh(case), words="还是坏", by=NOBODY, now=now + 5 * DAY)
    assert owes(case) == [("周建国", "11-29", False)]


def test_nothing_ends_before_it(cast: Cast, now: datetime) -> None:
    case = objected(cast, now)
    cases.answer(fresh(case), text="又修了", by=cast.engineer, now=now + 4 * DAY)
    cases.follow_up(fresh(case), result="satisfied", channel="phone", by=cast.colleague, now=now + 5 * DAY)
    for outcome, by in (("accepted", cast.clerk), ("exhausted", cast.manager)):
        with pytest.raises(NotLookedAt) as refused:
            cases.close(fresh(case), outcome=outcome, words="x", by=by, now=now + 5 * DAY)
        assert [refused.value.field, str(refused.value)] == [
            "outcome",
            "顾客有异议，还没有复核：先由周建国复核，再办结。",
        ]
    with pytest.raises(NotLookedAt):
        cases.merge(objected(cast, now), into=take(cast, now), by=cast.clerk, now=now + 5 * DAY)
    cases.second_look(fresh(case), verdict="changed", words="换整台门机", by=cast.manager, now=now + 5 * DAY)
    assert cases.close(fresh(case), outcome="accepted", by=cast.clerk, now=now + 5 * DAY).state == "closed"


def test_changed_leaves_it_to_be_done_anew(cast: Cast, now: datetime) -> None:
    case = objected(cast, now)
    cases.second_look(fresh(case), verdict="changed", words="要换整台门机。", by=cast.manager, now=now + 4 * DAY)
    event = timeline(case, public_only=True)[-1]
    assert [event.kind, event.text, event.values] == ["second_look", "要换整台门机。", {"verdict": "changed"}]
    assert [fresh(case).state, owes(case)] == ["in_progress", [("周建国", "11-29", True)]]
    assert told(case, "wang", cast)[-1] == "looked_at"
    to_them = Delivery.objects.filter(to_customer=case.customer).order_by("id").last()
    assert to_them is not None
    assert to_them.template == "cases/messages/second_look"


def test_upheld_answers_it_again(cast: Cast, now: datetime) -> None:
    case = objected(cast, now)
    at = now + 4 * DAY
    cases.second_look(fresh(case), verdict="upheld", words="门机已达标，数据附后。", by=cast.manager, now=at)
    found = fresh(case)
    assert [found.state, found.answered_at, found.solved_at, str(found.handler)] == ["answered", at, at, "王志强"]
    done = Duty.objects.filter(reference=case.reference, kind="solution").order_by("id").last()
    asked = Duty.objects.filter(reference=case.reference, kind="follow_up", done_at=None, not_applicable="")
    assert [done is not None and done.done_at, asked.count()] == [at, 1]
    told = {"outcome": "exhausted", "words": "外部途径已告知"}
    assert cases.close(fresh(case), by=cast.manager, now=at + DAY, **told).outcome == "exhausted"


def test_upheld_after_a_new_answer_changes_no_state(cast: Cast, now: datetime) -> None:
    case = objected(cast, now)
    cases.answer(fresh(case), text="又修了", by=cast.engineer, now=now + 4 * DAY)
    cases.second_look(fresh(case), verdict="upheld", words="修得对。", by=cast.manager, now=now + 5 * DAY)
    assert [fresh(case).state, fresh(case).answered_at] == ["answered", now + 4 * DAY]


def test_while_somebody_above_is_asked_it_is_not_upheld(cast: Cast, now: datetime) -> None:
    case = objected(cast, now)
    cases.refer(fresh(case), to="区房管局", why="产权", by=cast.clerk, now=now + 4 * DAY)
    with pytest.raises(StillReferred):
        cases.second_look(fresh(case), verdict="upheld", words="x", by=cast.manager, now=now + 5 * DAY)
    cases.second_look(fresh(case), verdict="changed", words="x", by=cast.manager, now=now + 5 * DAY)
    assert fresh(case).state == "referred"


def test_whoever_handles_it_does_not_look(cast: Cast, now: datetime) -> None:
    """The manager takes it over: the look goes to the next superior, and the manager's own is refused."""
    case = objected(cast, now)
    cases.accept(fresh(case), by=cast.manager, now=now + 4 * DAY)
    assert [name for name, _due, _done in owes(case)] != ["周建国"]
    with pytest.raises(SameEyes):
        cases.second_look(fresh(case), verdict="upheld", words="x", by=cast.manager, now=now + 4 * DAY)
    cases.second_look(fresh(case), verdict="changed", words="x", by=cast.actor("fang"), now=now + 4 * DAY)
    assert owes(case)[0][2] is True


def test_whoever_answered_does_not_look(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    cases.answer(case, text="已修好", by=cast.manager, now=now)
    cases.object_to(fresh(case), words="没有", by=NOBODY, now=now + DAY)
    assert "周建国" not in [name for name, _due, _done in owes(case)]
    with pytest.raises(SameEyes):
        cases.second_look(fresh(case), verdict="upheld", words="x", by=cast.manager, now=now + DAY)


def test_where_there_is_one_superior_alone_nobody_is_locked_in(cast: Cast, now: datetime) -> None:
    Post.objects.filter(role__in=["director", "quality_officer"]).delete()
    appoint(cast.users["lin"], role="service_assistant", by=SYSTEM, now=now, company=cast.company.pk)  # a new stamp
    case = take(cast, now)
    cases.answer(case, text="已修好", by=cast.manager, now=now)
    cases.object_to(fresh(case), words="没有", by=NOBODY, now=now + DAY)
    assert owes(case) == [("周建国", "11-27", False)]
    cases.second_look(fresh(case), verdict="changed", words="x", by=cast.manager, now=now + DAY)
    assert owes(case) == [("周建国", "11-27", True)]


def test_what_is_refused(cast: Cast, now: datetime) -> None:
    calm, case = answer(take(cast, now), cast, now), objected(cast, now)
    with pytest.raises(NothingToLookAt):
        cases.second_look(fresh(calm), verdict="upheld", words="x", by=cast.manager, now=now)
    with pytest.raises(NothingWritten):
        cases.second_look(fresh(case), verdict="upheld", words="\u200b", by=cast.manager, now=now)
    with pytest.raises(NotAllowed):
        cases.second_look(fresh(case), verdict="upheld", words="x", by=cast.clerk, now=now)


def test_a_suggestion_whose_refusal_was_objected_to_waits_for_the_look(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "suggestion", site=cast.sites["xueyuan"], place="", category="services")
    by = cast.actor("gao")
    cases.weigh(case, analysis=cases.Analysis("x", "x", "yes", "x"), by=by, now=now)
    cases.turn_down(fresh(case), words="放不下", by=by, now=now)
    assert fresh(case).state == "closed"
    cases.object_to(fresh(case), words="量过了", by=NOBODY, now=now + DAY)
    cases.turn_down(fresh(case), words="还是放不下", by=by, now=now + 2 * DAY)
    assert [fresh(case).state, len(owes(case))] == ["answered", 1]
