"""Review chains: by the right post, in order, never on one's own work, with a reason for a return."""

from datetime import datetime

import pytest

from huiyin.approvals.actions import ask, decide
from huiyin.approvals.models import Step
from huiyin.approvals.queries import next_step, steps_of, waiting_for
from huiyin.approvals.rules import Asked, NobodyElse, NoReasonGiven, NothingToDecide, NotYourStep, OwnWork
from huiyin.approvals.states import Verdict
from huiyin.demo.cast import Cast
from huiyin.organization.actions import appoint
from huiyin.organization.rules import SYSTEM
from huiyin.organization.states import Role
from huiyin.references.actions import Wanted, issue
from huiyin.references.models import Reference
from huiyin.references.states import Kind

CHAIN = (Asked("review", "site_manager"), Asked("ratify", "director"))


@pytest.fixture
def paper(cast: Cast, now: datetime) -> Reference:
    made = issue(cast.site, Wanted(Kind.REPORT, "小结"), now=now)[0]
    ask(made, CHAIN, version=1, by=cast.clerk, now=now)
    return made


def test_the_chain_is_walked_in_order(paper: Reference, cast: Cast, now: datetime) -> None:
    assert [one.reference for one in waiting_for(cast.manager)] == [paper]
    verdicts = [decide(paper, Verdict.AGREED, by=who, now=now) for who in (cast.manager, cast.director)]
    assert [verdicts, next_step(paper)] == [[Verdict.OPEN, Verdict.AGREED], None]
    assert [(str(one.by), one.at, one.verdict) for one in steps_of(paper)] == [
        ("周建国", now, "agreed"),
        ("沈国梁", now, "agreed"),
    ]
    assert list(waiting_for(cast.manager)) == []


@pytest.mark.parametrize("who", ["shen", "chen", "zheng", "qian"])
def test_only_the_post_whose_turn_it_is_decides(who: str, paper: Reference, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotYourStep):
        decide(paper, Verdict.AGREED, by=cast.actor(who), now=now)
    assert set(Step.objects.values_list("verdict", flat=True)) == {"open"}


def test_nobody_agrees_to_their_own_work(paper: Reference, cast: Cast, now: datetime) -> None:
    with pytest.raises(OwnWork):
        decide(paper, Verdict.AGREED, by=cast.manager, now=now, author=cast.users["zhou"].pk)


@pytest.mark.parametrize("blank", ["", "  ", "\u200b"])
def test_a_return_needs_a_reason(blank: str, paper: Reference, cast: Cast, now: datetime) -> None:
    with pytest.raises(NoReasonGiven) as refused:
        decide(paper, Verdict.RETURNED, by=cast.manager, now=now, comment=blank)
    assert refused.value.field == "comment"


def test_a_returned_paper_comes_back_as_the_next_version(paper: Reference, cast: Cast, now: datetime) -> None:
    assert decide(paper, Verdict.RETURNED, by=cast.manager, now=now, comment="补数字") == Verdict.RETURNED
    ask(paper, CHAIN, version=2, by=cast.clerk, now=now)
    step = next_step(paper)
    assert step is not None
    assert [step.version, step.order] == [2, 1]
    assert [decide(paper, Verdict.AGREED, by=who, now=now) for who in (cast.manager, cast.director)][-1] == "agreed"


def test_what_was_returned_waits_for_nobody_further_up(paper: Reference, cast: Cast, now: datetime) -> None:
    decide(paper, Verdict.RETURNED, by=cast.manager, now=now, comment="补数字")
    assert list(waiting_for(cast.director)) == []
    with pytest.raises(NothingToDecide):
        decide(paper, Verdict.AGREED, by=cast.director, now=now)


def test_deciding_after_the_end_is_refused(paper: Reference, cast: Cast, now: datetime) -> None:
    for who in (cast.manager, cast.director):
        decide(paper, Verdict.AGREED, by=who, now=now)
    with pytest.raises(NothingToDecide):
        decide(paper, Verdict.AGREED, by=cast.director, now=now)


def test_asking_twice_makes_one_chain(paper: Reference, cast: Cast, now: datetime) -> None:
    ask(paper, CHAIN, version=1, by=cast.clerk, now=now)
    assert Step.objects.count() == 2


def test_a_step_waits_only_for_whose_turn_it_is(paper: Reference, cast: Cast) -> None:
    """The director's list does not show what the manager has not seen yet."""
    assert [one.act for one in waiting_for(cast.director)] == []


def test_where_only_the_author_holds_the_post_the_director_is_asked(cast: Cast, now: datetime) -> None:
    zhou, shen = cast.users["zhou"].pk, cast.users["shen"].pk
    alone = issue(cast.site, Wanted(Kind.REPORT, "小结"), now=now)[0]
    asked = ask(alone, CHAIN, version=1, by=cast.manager, now=now, author=zhou)
    assert [one.role for one in asked] == [one.role for one in steps_of(alone)] == ["director", "director"]
    with pytest.raises(OwnWork):
        decide(alone, Verdict.AGREED, by=cast.manager, now=now, author=zhou)
    assert decide(alone, Verdict.AGREED, by=cast.director, now=now, author=zhou) == Verdict.OPEN
    with pytest.raises(NobodyElse):
        ask(alone, CHAIN, version=2, by=cast.director, now=now, author=shen)
    appoint(cast.users["lin"], role=Role.SITE_MANAGER, by=SYSTEM, now=now, company=cast.company.pk, site=cast.site)
    assert ask(alone, CHAIN[:1], version=2, by=cast.manager, now=now, author=zhou) == [CHAIN[0]]
