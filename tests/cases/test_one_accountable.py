"""首问不落地: through any sequence of acts, legal and illegal, one person answers for a case, and only accepting changes who."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.actions import Plan
from huiyin.cases.models import Case, Event
from huiyin.cases.rules.triage import Triage
from huiyin.cases.states import BY_NAME, Waiting
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty
from huiyin.duties.queries import OPEN
from huiyin.journal.actions import seal
from huiyin.journal.models import Entry
from huiyin.journal.queries import verify
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor
from tests.acts import fresh, take

STEPS = 60
DAYS = (date(2027, 1, 1), date(2020, 1, 1))
PEOPLE = ("chen", "lin", "wang", "liu", "zhou", "shen", "fang", "qian", "he")
# Acts of one kind alone are walked in their own tests.
ACTS = (
    *sorted(name for name, act in BY_NAME.items() if not act.kinds or "complaint" in act.kinds),
    "object_to",
    "take_measure",
)


def words_for(act: str, cast: Cast, dice: random.Random, other: Case) -> dict[str, Any]:
    """What an act is told; now and then something it must refuse."""
    text = dice.choice(["已处理", "已处理", "已处理", "", "\u200b"])
    told: dict[str, dict[str, Any]] = {
        "accept": {},
        "decline": {"why": text},
        "hand_off": {"to": cast.users[dice.choice(PEOPLE)]},
        "solve": {"plan": text},
        "answer": {"text": text},
        "finish": {"words": text},
        "second_look": {"verdict": dice.choice(["upheld", "changed"]), "words": text},
        "scope": {"in_scope": dice.choice([True, False]), "why": text, "instead": "街道办"},
        "countersign": {"agreed": dice.choice([True, False]), "why": text},
        "spare": {"why": text},
        "agree_spare": {"agreed": dice.choice([True, False]), "why": text},
        "flag": {"why": text},
        "unflag": {"why": text},
        "note": {"text": text},
        "merge": {"into": fresh(other)},
        "group": {"cases": [fresh(other)], "matter": text},
        "separate": {"why": text},
        "categorize": {"category": dice.choice(["leak", "repair", "nothing"])},
        "write": {"text": text},
        "triage": {"found": dice.choice([Triage(), Triage(severity=3), Triage(severity=9), Triage(is_safety=True)])},
        "take_measure": {"text": text, "plan": Plan(cast.users[dice.choice(PEOPLE)], dice.choice(DAYS))},
        "object_to": {"words": text},
        "reopen": {"why": text},
        "refer": {"to": text, "why": "超出权限"},
        "chase": {"words": text, "expected_on": date(2027, 1, 1)},
        "hear_back": {"words": text, "answered_by": "李科长"},
        "acknowledge": {"way": dice.choice(["phone", "slip", "smoke"]), "words": text},
        "update": {"text": text},
        "pause": {"reason": dice.choice([*Waiting, "mood"]), "told": text, "until": date(2026, 12, 30)},
        "resume": {},
        "ask_extension": {"until": date(2027, 1, 20), "why": text},
        "decide_extension": {"agreed": dice.random() < 0.5, "words": text},
        "close": {"outcome": dice.choice(["accepted", "exhausted"]), "words": text},
        "follow_up": {
            "result": dice.choice(["satisfied", "dissatisfied", "unreached"]),
            "channel": "phone",
            "waiver": dice.choice(["", "只有一人值班"]),
        },
    }
    return told[act]


def kept(case: Case) -> tuple[Any, ...]:
    """Everything an act could have changed."""
    row = Case.objects.filter(pk=case.pk).values().get()
    return row, Event.objects.count(), Entry.objects.count(), list(Duty.objects.order_by("id").values())


def attempt(case: Case, act: str, by: Actor, now: datetime, words: dict[str, Any]) -> bool:
    """Whether the act was done; a refusal leaves everything as it was."""
    before = kept(case)
    try:
        getattr(cases, act)(case, by=by, now=now, **words)
    except Refusal:
        assert kept(case) == before, act
        return False
    return True


@pytest.mark.clause("S3.2.3.a")
@pytest.mark.parametrize("seed", range(6))
def test_one_person_answers_for_it_whatever_happens(seed: int, cast: Cast, now: datetime) -> None:
    dice = random.Random(seed)
    case, other = take(cast, now), take(cast, now)
    stale, accountable, done = fresh(case), case.accountable_id, set()
    for step in range(1, STEPS + 1):
        act, who = dice.choice(ACTS), dice.choice(PEOPLE)
        by = NOBODY if act == "object_to" else cast.actor(who)
        used = stale if dice.random() < 0.1 else fresh(case)
        if dice.random() < 0.1:
            stale = fresh(case)
        if attempt(used, act, by, now + timedelta(hours=step), words_for(act, cast, dice, other)):
            done.add(act)
            accountable = (by.user_id or 0) if act == "accept" else accountable
        after = fresh(case)
        assert after.accountable_id == accountable, (step, act, who)
        owed = Duty.objects.filter(OPEN, reference=case.reference, kind="solution")
        assert {duty.owner_id for duty in owed} <= {accountable}, (step, act, who)
        assert (after.state == "closed") == (after.closed_at is not None), (step, act, who)
    assert len(done) >= 4
    seal(now=now, at_most=10_000)
    assert [verify().whole, verify().unlinked] == [True, 0]


def test_the_walks_reach_every_act(cast: Cast, now: datetime) -> None:
    """The random walk above is worth something only if each act succeeds in some walk; here one walk does them all."""
    case, lead, other = take(cast, now), take(cast, now), take(cast, now)
    cases.group(lead, [fresh(case)], matter="x", by=cast.clerk, now=now)
    plan: tuple[tuple[str, Actor, dict[str, Any]], ...] = (
        ("separate", cast.clerk, {"why": "x"}),
        ("group", cast.clerk, {"cases": [fresh(other)], "matter": "x"}),
        ("categorize", cast.clerk, {"category": "leak"}),
        ("decline", cast.engineer, {"why": "忙"}),
        ("hand_off", cast.clerk, {"to": cast.users["wang"]}),
        ("accept", cast.engineer, {}),
        ("note", cast.engineer, {"text": "x"}),
        ("write", cast.engineer, {"text": "x"}),
        ("triage", cast.engineer, {"found": Triage(severity=3)}),
        ("scope", cast.engineer, {"in_scope": False, "why": "x", "instead": "x"}),
        ("countersign", cast.manager, {"agreed": False, "why": "x"}),
        ("spare", cast.engineer, {"why": "x"}),
        ("agree_spare", cast.manager, {"agreed": False, "why": "x"}),
        ("flag", cast.engineer, {"why": "x"}),
        ("unflag", cast.engineer, {"why": "x"}),
        ("acknowledge", cast.engineer, {"way": "phone"}),
        ("update", cast.engineer, {"text": "x"}),
        ("pause", cast.engineer, {"reason": "parts", "told": "x", "until": date(2026, 12, 1)}),
        ("resume", cast.engineer, {}),
        ("ask_extension", cast.engineer, {"until": date(2026, 12, 20), "why": "x"}),
        ("decide_extension", cast.manager, {"agreed": True, "words": "x"}),
        ("solve", cast.engineer, {"plan": "x"}),
        ("take_measure", cast.engineer, {"text": "x", "plan": Plan(cast.users["wang"], date(2027, 1, 1))}),
        ("refer", cast.clerk, {"to": "x", "why": "x"}),
        ("chase", cast.clerk, {"words": "x", "expected_on": date(2027, 1, 1)}),
        ("hear_back", cast.clerk, {"words": "x", "answered_by": "x"}),
        ("answer", cast.engineer, {"text": "x"}),
        ("finish", cast.engineer, {"words": "x"}),
        ("follow_up", cast.colleague, {"result": "satisfied", "channel": "phone"}),
        ("close", cast.clerk, {"outcome": "accepted"}),
        ("object_to", NOBODY, {"words": "x"}),
        ("second_look", cast.manager, {"verdict": "changed", "words": "x"}),
        ("answer", cast.engineer, {"text": "x"}),
        ("reopen", cast.manager, {"why": "x"}),
    )
    done = [act for act, by, words in plan if attempt(fresh(case), act, by, now, words)]
    assert done == [act for act, _by, _words in plan]
    assert attempt(take(cast, now), "merge", cast.clerk, now, {"into": fresh(lead)})
    assert set(ACTS) == {*done, "merge"}
