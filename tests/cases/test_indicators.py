"""The dictionary's figures: two independent computations agree on random histories, and the lists are what the numbers count."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.queries.facts import Asked, offset_of
from huiyin.cases.queries.indicators import Reckoning, behind, reckon, reckon_each
from huiyin.cases.queries.measures import MEASURES, SPREADS
from huiyin.cases.rules import ScoreSaysOtherwise
from huiyin.cases.rules.indicators import indicators
from huiyin.demo.cast import Cast
from huiyin.handbook.actions import adopt_text
from huiyin.handbook.rules import shipped_text
from huiyin.organization.rules import SYSTEM
from tests import acts
from tests.cases.by_hand import ByHand
from tests.cases.histories import Histories

DAY = timedelta(days=1)


def asked(cast: Cast, now: datetime, first: datetime, end: datetime) -> Asked:
    return Asked(Case.objects.filter(site=cast.site), cast.site, first, end, now)


def test_every_line_of_the_dictionary_is_counted_and_nothing_else() -> None:
    lines = [line for one in indicators().values() for line in one.lines]
    assert sorted(line.name for line in lines) == sorted([*MEASURES, *SPREADS])
    assert list(indicators()) == [f"K{number:02d}" for number in range(1, 24)]
    assert {line.name for line in lines if line.flow} == {name for name, one in MEASURES.items() if one.flow}


@pytest.mark.parametrize("seed", range(6))
def test_two_computations_agree_on_random_histories(seed: int, cast: Cast, now: datetime) -> None:
    """240 histories in all; a month that is over, the month that runs, and a stretch of days across months."""
    Histories(cast, Random(seed), now).make(40)
    month = now.replace(day=1, hour=0, minute=0)
    last = (month - DAY).replace(day=1)
    for first, end in ((last, month), (month, (month + 31 * DAY).replace(day=1))):
        wanted = asked(cast, now, first, end)
        by_hand, counted = ByHand(cast.site, first, end, now), reckon(wanted)
        assert {name: [one.part, one.whole] for name, one in counted.shares.items()} == by_hand.shares
        assert {name: dict(one.counts) for name, one in counted.spreads.items()} == by_hand.spreads
        if seed < 2:
            for (line, whole), ids in by_hand.lists.items():
                listed = behind(wanted, line, whole=whole).values_list("pk", flat=True)
                assert (line, whole, set(listed)) == (line, whole, ids)
    across = (last + 10 * DAY, month + 10 * DAY)
    by_hand = ByHand(cast.site, *across, now)
    assert {
        name: [one.part, one.whole] for name, one in reckon(asked(cast, now, *across)).shares.items()
    } == by_hand.shares


def counted(cast: Cast, now: datetime) -> dict[str, list[int]]:
    """The shares of the three months around `now`."""
    shares = reckon(asked(cast, now, now - 60 * DAY, now + 30 * DAY)).shares
    return {name: [share.part, share.whole] for name, share in shares.items()}


def close_at_once(case: Case, cast: Cast, at: datetime) -> None:
    cases.answer(case, text="已修好。", by=cast.engineer, now=at + timedelta(hours=1))
    cases.follow_up(case, result="satisfied", channel="phone", by=cast.colleague, now=at + timedelta(hours=2))
    cases.close(case, outcome="accepted", by=cast.colleague, now=at + timedelta(hours=3))


@pytest.mark.parametrize("line", ["responded", "on_time", "closed", "handled"])
def test_leaving_a_case_open_improves_no_rate(line: str, cast: Cast, now: datetime) -> None:
    """K01, K06, K07, K15: against a case that was done, and against none at all, the open one is worse or the same."""
    for days in (20, 25):
        close_at_once(acts.take(cast, now - days * DAY), cast, now - days * DAY)
    assert counted(cast, now)[line] == [2, 2]
    left = acts.take(cast, now - 20 * DAY)
    assert counted(cast, now)[line] == [2, 3]
    assert counted(cast, now + 5 * DAY)[line] == [2, 3]
    close_at_once(left, cast, now)
    late = {"responded": [2, 3], "on_time": [2, 3], "closed": [3, 3], "handled": [3, 3]}
    assert counted(cast, now + 5 * DAY)[line] == late[line]


def test_what_is_not_due_yet_is_in_no_base(cast: Cast, now: datetime) -> None:
    acts.take(cast, now)
    lines = counted(cast, now)
    assert [lines[name] for name in ("responded", "on_time", "handled")] == [[0, 0]] * 3


def test_a_receipt_is_no_word_and_a_silent_case_waits_on(cast: Cast, now: datetime) -> None:
    """K01, K02: the automatic receipt counts for K03 alone; the wait of a case without a word grows."""
    acts.take(cast, now - 2 * DAY)
    lines = counted(cast, now)
    assert [lines["responded"], lines["acknowledged"]] == [[0, 1], [1, 1]]
    for later, tenths in ((now, 480), (now + DAY, 720)):
        assert reckon(asked(cast, later, now - 60 * DAY, now + 30 * DAY)).spreads["first_word"].counts == {tenths: 1}


def test_a_score_is_counted_and_never_says_the_opposite(cast: Cast, now: datetime) -> None:
    case = acts.answer(acts.take(cast, now - 9 * DAY), cast, now - 9 * DAY)
    for result, score in (("satisfied", 2), ("dissatisfied", 4), ("unreached", 3), ("satisfied", 6)):
        with pytest.raises(ScoreSaysOtherwise):
            cases.follow_up(case, result=result, score=score, channel="phone", by=cast.colleague, now=now)
    cases.follow_up(case, result="satisfied", score=3, channel="phone", by=cast.colleague, now=now)
    lines = counted(cast, now + DAY)
    assert [lines["scored"], lines["satisfied"], lines["dissatisfied"]] == [[3, 1], [0, 1], [0, 1]]


def test_a_hand_off_counts_when_it_is_accepted(cast: Cast, now: datetime) -> None:
    """K23: the engineer takes what the clerk offered; his own acceptance again changes nothing."""
    case = acts.take(cast, now - DAY)
    window = asked(cast, now, now - 60 * DAY, now + 30 * DAY)
    assert reckon(window).spreads["hand_offs"].counts == {0: 1}
    cases.accept(case, by=cast.engineer, now=now)
    cases.accept(case, by=cast.engineer, now=now)
    assert reckon(window).spreads["hand_offs"].counts == {1: 1}


def month_beginnings(first: datetime, end: datetime) -> list[datetime]:
    month = first.replace(day=1, hour=0, minute=0)
    months = [(month + 31 * n * DAY).replace(day=1) for n in range(1, 12)]
    return [one for one in months if first < one < end]


def test_months_add_up_to_their_year(cast: Cast, now: datetime) -> None:
    Histories(cast, Random(7), now).make(30)
    first, end = now - 130 * DAY, now + DAY
    whole = reckon(asked(cast, now, first, end))
    added = Reckoning()
    cuts = [first, *month_beginnings(first, end), end]
    for piece in pairwise(cuts):
        added += reckon(asked(cast, now, *piece))
    assert added == whole
    assert {name: [one.part, one.whole] for name, one in whole.shares.items()} == ByHand(
        cast.site, first, end, now
    ).shares


@pytest.mark.parametrize("seed", range(4))
def test_months_counted_together_are_the_months_counted_one_by_one(seed: int, cast: Cast, now: datetime) -> None:
    """Of random histories, with what runs on, is objected to and corrected in later months; of every figure of the dictionary."""
    Histories(cast, Random(100 + seed), now).make(25)
    first, end = (now - 160 * DAY).replace(day=1, hour=0, minute=0), now + DAY
    windows = list(pairwise([first, *month_beginnings(first, end), end]))
    alone = [reckon(asked(cast, now, *window)) for window in windows]
    for one in indicators().values():
        lines = [line.name for line in one.lines]
        together = reckon_each(asked(cast, now, first, end), windows, lines)
        for month, whole in zip(together, alone, strict=True):
            assert month.shares == {name: share for name, share in whole.shares.items() if name in lines}
            assert month.spreads == {name: spread for name, spread in whole.spreads.items() if name in lines}


def test_twelve_months_of_a_figure_take_one_statement(
    cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    acts.close(acts.take(cast, now - 15 * DAY), cast, now - 15 * DAY)
    first = (now - 350 * DAY).replace(day=1, hour=0, minute=0)
    windows = list(pairwise([first, *month_beginnings(first, now), now]))
    assert len(windows) > 11
    with django_assert_num_queries(3):
        reckon_each(asked(cast, now, first, now), windows, ["on_time", "on_time_extended", "hand_offs"])


@pytest.mark.parametrize("count", [1, 3])
def test_a_month_takes_as_many_queries_for_three_as_for_one(
    count: int, cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    for _one in range(count):
        acts.close(acts.take(cast, now - 15 * DAY), cast, now - 15 * DAY)
    month = now.replace(day=1, hour=0)
    with django_assert_num_queries(3):
        reckon(asked(cast, now, month, month + 30 * DAY))


def test_a_month_in_which_the_handbook_changed_asks_no_more(
    cast: Cast, now: datetime, django_assert_num_queries: Any
) -> None:
    acts.close(acts.take(cast, now - 15 * DAY), cast, now - 15 * DAY)
    month = now.replace(day=1, hour=0)
    for days in (5, 10):
        text = shipped_text("management-office").replace('"2026-11"', f'"own-{days}"')
        adopt_text(text, site=cast.site, by=SYSTEM, now=now, effective_on=(month + days * DAY).date())
    wanted = asked(cast, now, month, month + 30 * DAY)
    reckon(wanted)  # each edition is read once
    with django_assert_num_queries(3):
        reckon(wanted)


@pytest.mark.parametrize(
    ("zone", "first", "last", "offset"),
    [
        ("Asia/Shanghai", date(2026, 1, 1), date(2026, 12, 31), "28800 seconds"),
        ("Europe/Berlin", date(2026, 6, 1), date(2026, 6, 30), "7200 seconds"),
        ("Europe/Berlin", date(2026, 3, 1), date(2026, 4, 30), ""),
    ],
)
def test_local_days_are_added_up_where_the_clocks_do_not_change(
    zone: str, first: date, last: date, offset: str, settings: Any
) -> None:
    settings.TIME_ZONE = zone
    assert offset_of(first, last) == offset
