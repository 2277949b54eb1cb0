"""公开反馈: every closed case has an answer that somebody can read or a public one, and nobody can be told from it (S1.4.3.a)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.approvals.queries import count_waiting_for, steps_of
from huiyin.approvals.rules import NoReasonGiven, NotYourStep, OwnWork
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.demo.cast import Cast
from huiyin.duties.models import Duty, Evidence
from huiyin.duties.queries import standing_of
from huiyin.journal.models import Entry
from huiyin.kit.refusal import Refusal
from huiyin.kit.seen import ChangedMeanwhile, expect
from huiyin.notices.models import Notice
from huiyin.notices.queries import disclosed
from huiyin.organization.rules import Actor, NotAllowed
from huiyin.references.models import Reference
from huiyin.references.queries import search
from huiyin.references.states import Sensitivity
from huiyin.reports import public_answers as answers
from huiyin.reports.models import PublicAnswer
from huiyin.reports.rules import (
    IllegalStep,
    NeverPublic,
    NothingClosed,
    NothingSaid,
    OpenAgain,
    StillTelling,
)
from tests.acts import fresh, take

WORDS = {
    "title": "热水供应时间",
    "raised": "有同学在意见簿里反映晚上热水停得太早。",
    "done": "与锅炉房商定，热水延长到晚上十一点。\n十二月起实行。",
}
DAY = timedelta(days=1)


def closed(cast: Cast, now: datetime, *, channel: str = "comment_book", kind: str = "opinion", **who: Any) -> Case:
    """A case of the student house that was answered and closed; nameless from the book in the building, if nothing else is said."""
    by, site = cast.actor("yang"), cast.sites["xueyuan"]
    said = {"name": "", "phone": "", "place": "", "category": "water_power"} | who
    words = "洗澡洗到一半热水就没有了，这种事一个月好几次。"
    case = take(cast, now, kind, words, by=by, site=site, channel=channel, **said)
    cases.answer(fresh(case), text="热水延长到十一点。", by=by, now=now + DAY)
    return fresh(
        cases.close(fresh(case), outcome="exhausted", by=cast.actor("gao"), now=now + 2 * DAY, words="无从回访")
    )


def owed(case: Case) -> list[str]:
    """How each duty to give feedback on a case stands two days after it closed."""
    at = case.closed_at or case.received_at
    found = Duty.objects.filter(reference=case.reference, kind="case_feedback").order_by("id")
    return [standing_of(duty, at + DAY).value for duty in found]


@pytest.fixture
def nameless(cast: Cast, now: datetime) -> Case:
    return closed(cast, now)


@pytest.fixture
def prepare(cast: Cast, nameless: Case, now: datetime) -> Callable[..., PublicAnswer]:
    """Prepared by the clerk and handed to the manager."""

    def made(*others: Case, **changed: str) -> PublicAnswer:
        by, at = cast.actor("yang"), now + 3 * DAY
        answer = answers.prepare(nameless.site, [nameless, *others], **WORDS | changed, by=by, now=at)
        return answers.submit(answer, by=by, now=at)

    return made


def publish(answer: PublicAnswer, cast: Cast, now: datetime, who: str = "gao", **how: str) -> PublicAnswer:
    return answers.publish(answer, by=cast.actor(who), now=now + 4 * DAY, **how)


# ---- a reply, or everybody reads it


@pytest.mark.clause("S1.4.3.a")
def test_a_closed_case_has_a_reply_or_owes_a_public_answer(cast: Cast, nameless: Case, now: datetime) -> None:
    known = closed(cast, now, channel="desk", name="欧阳静怡", phone="13800002222")
    by_page = closed(cast, now, channel="web")
    assert [owed(nameless), owed(known), owed(by_page)] == [["running"], ["kept"], ["kept"]]
    duty = Duty.objects.get(reference=nameless.reference, kind="case_feedback")
    assert [duty.clause, duty.handbook, duty.owner] == ["S1.4.3.a", "student-housing", nameless.accountable]
    assert [one.reference for one in answers.unanswered(nameless.site, cast.actor("yang"))] == [nameless.reference]
    assert list(answers.unanswered(nameless.site, cast.clerk)) == []


@pytest.mark.clause("S1.4.3.a")
def test_publication_is_the_answer_of_all_its_cases(
    cast: Cast, nameless: Case, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    second = closed(cast, now)
    answer = publish(prepare(second), cast, now)
    assert [owed(nameless), owed(second)] == [["kept"], ["kept"]]
    assert answer.notice is not None
    notes = Evidence.objects.filter(kinds=["case_feedback"]).values_list("note", flat=True)
    assert list(notes) == [answer.notice.reference.number] * 2
    assert list(disclosed(nameless.site, on=now.date() + 5 * DAY)) == [answer.notice]
    texts = [block["text"] for block in answer.notice.body]
    assert texts == [
        "反映了什么",
        WORDS["raised"],
        "怎样处理的",
        "与锅炉房商定，热水延长到晚上十一点。",
        "十二月起实行。",
        "欢迎继续关注和监督：对结果有不同意见，随时告诉我们。",
    ]


def test_a_case_taken_up_again_is_owed_feedback_by_its_next_end(cast: Cast, nameless: Case, now: datetime) -> None:
    cases.reopen(nameless, why="锅炉又坏了", by=cast.actor("gao"), now=now + 3 * DAY)
    assert owed(nameless) == ["not_applicable"]


def test_a_handbook_that_does_not_ask_opens_nothing(cast: Cast, now: datetime) -> None:
    case = take(cast, now, "enquiry", by=cast.clerk, channel="comment_book", name="", phone="")
    cases.answer(case, text="八点开门。", by=cast.clerk, now=now)
    cases.close(fresh(case), outcome="exhausted", by=cast.manager, now=now, words="无从回访")
    assert owed(fresh(case)) == []


# ---- nobody can be told from it


@pytest.mark.clause("S1.4.3.a")
@pytest.mark.parametrize("field", ["title", "raised", "done"])
def test_what_could_give_somebody_away_is_cleared_or_let_stand_by_the_second_person(
    field: str, cast: Cast, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    answer = prepare(**{field: "11月23日停水，502室"})
    assert [(one.kind, one.text) for one in answers.findings_of(answer)] == [("day", "11月23日"), ("room", "502室")]
    for despite in ("", " 　"):
        with pytest.raises(StillTelling, match="11月23日、502室"):
            publish(answer, cast, now, despite=despite)
    assert [Notice.objects.count(), count_waiting_for(cast.actor("gao"))] == [0, 1]
    why = "502室是值班室；那天全楼停水，人人知道。"
    answer = publish(answer, cast, now, despite=why)
    assert answer.notice is not None
    assert [(one["text"], one["despite"]) for one in answer.notice.gate] == [("502室", why)]
    assert [(step.comment, step.by) for step in steps_of(answer.reference)] == [(why, cast.users["gao"])]
    entry = Entry.objects.get(verb="reports.answer_published")
    assert entry.facts == {"notice": answer.notice.reference.number, "found": ["day", "room"]}


@pytest.mark.parametrize(
    "told", ["欧阳静怡说热水没了", "证件 110101199003078515", "ID110101199003078515", "欧阳静怡ouyang@x.com"]
)
def test_no_reason_lets_a_customer_s_name_or_identity_number_pass(
    told: str, cast: Cast, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    known = closed(cast, now, channel="desk", name="欧阳静怡", phone="13800002222")
    with pytest.raises(NeverPublic):
        publish(prepare(known, raised=told), cast, now, despite="本人同意")


def test_own_words_are_noticed(prepare: Callable[..., PublicAnswer]) -> None:
    found = answers.findings_of(prepare(raised="有人写：洗澡洗到一半热水就没有了。"))
    assert [(one.kind, one.text) for one in found] == [("own_words", "洗澡洗到一半热水就没有了")]


def test_whom_a_duplicate_was_from_and_what_was_said_later_is_kept_out(
    cast: Cast, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    """Their names, rooms and words are known under numbers of their own, or stand in the timeline alone."""
    site, by = cast.sites["xueyuan"], cast.actor("gao")
    heard = {"by": by, "site": site, "channel": "desk", "place": "", "category": "water_power"}
    lead = take(cast, now, "opinion", "热水停得太早。", name="欧阳静怡", phone="13800002222", **heard)
    twin = take(cast, now, "opinion", "每天夜里只剩冷水，实在洗不成澡。", name="司马清风", phone="13800003333", **heard)
    cases.merge(twin, into=lead, by=by, now=now)
    cases.object_to(fresh(lead), words="上回说延长，结果一天也没有延长。", by=by, now=now)
    cases.answer(fresh(lead), text="热水延长到十一点。", by=cast.actor("yang"), now=now + DAY)
    call = {"result": "satisfied", "channel": "phone", "words": "谢谢你们替我想到这一层。"}
    cases.follow_up(fresh(lead), **call, by=by, now=now + 2 * DAY)
    cases.close(fresh(lead), outcome="accepted", by=by, now=now + 2 * DAY)
    told = "司马清风反映每天夜里只剩冷水，实在洗不成澡。又说结果一天也没有延长。谢谢你们替我想到这一层。"
    found = answers.findings_of(prepare(fresh(lead), raised=told))
    assert [(one.kind, one.text) for one in found] == [
        ("customer", "司马清风"),
        ("own_words", "每天夜里只剩冷水，实在洗不成澡。"),
        ("own_words", "结果一天也没有延长。"),
        ("own_words", "谢谢你们替我想到这一层。"),
    ]


def test_the_number_tells_nothing_that_was_typed(cast: Cast, prepare: Callable[..., PublicAnswer]) -> None:
    assert prepare().reference.title == "公开反馈 · 水电"
    assert list(search("锅炉房", cast.actor("yang"))) == []


# ---- two people


def test_whoever_prepared_it_never_decides(cast: Cast, nameless: Case, now: datetime) -> None:
    by, at = cast.actor("gao"), now + 3 * DAY
    answer = answers.submit(answers.prepare(nameless.site, [nameless], **WORDS, by=by, now=at), by=by, now=at)
    with pytest.raises(OwnWork):
        publish(answer, cast, now)
    with pytest.raises(OwnWork):
        answers.send_back(answer, comment="改", by=by, now=at)
    assert publish(answer, cast, now, who="shen").state == "published"


@pytest.mark.parametrize("who", ["yang", "luo", "jin", "xu", "zhou", "shen"])
def test_nobody_else_decides(who: str, cast: Cast, prepare: Callable[..., PublicAnswer], now: datetime) -> None:
    with pytest.raises((NotAllowed, NotYourStep)):
        publish(prepare(), cast, now, who=who)
    assert Notice.objects.count() == 0


def test_it_comes_back_with_the_reason_and_goes_again(
    cast: Cast, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    answer, by = prepare(), cast.actor("yang")
    with pytest.raises(NoReasonGiven):
        answers.send_back(answer, comment=" ", by=cast.actor("gao"), now=now)
    answer = answers.send_back(answer, comment="写得太细", by=cast.actor("gao"), now=now + 4 * DAY)
    answers.reword(answer, **WORDS | {"done": "热水延长了。"}, by=by, now=now + 4 * DAY)
    answers.submit(answer, by=by, now=now + 4 * DAY)
    assert [answer.state, answer.version, count_waiting_for(cast.actor("gao"))] == ["submitted", 2, 1]
    assert publish(answer, cast, now).state == "published"


def test_words_under_review_stand_still(cast: Cast, prepare: Callable[..., PublicAnswer], now: datetime) -> None:
    answer = prepare()
    with pytest.raises(IllegalStep):
        answers.reword(answer, **WORDS, by=cast.actor("yang"), now=now)
    with pytest.raises(ChangedMeanwhile):
        expect(answer, "0" * 16)
    assert expect(answer, answer.words_seen) is answer


@pytest.mark.parametrize("field", ["title", "raised", "done"])
def test_each_field_is_written(field: str, cast: Cast, nameless: Case, now: datetime) -> None:
    with pytest.raises(NothingSaid) as refused:
        answers.prepare(nameless.site, [nameless], **WORDS | {field: " 　\u200b"}, by=cast.actor("yang"), now=now)
    assert refused.value.field == field


def test_only_what_is_closed_and_of_the_site(cast: Cast, nameless: Case, now: datetime) -> None:
    by = cast.actor("yang")
    opened = take(cast, now, "opinion", by=by, site=nameless.site, place="", category="water_power")
    for chosen in ([], [nameless, opened], [opened]):
        with pytest.raises(NothingClosed):
            answers.prepare(nameless.site, chosen, **WORDS, by=by, now=now)
    with pytest.raises(NotAllowed):
        answers.prepare(nameless.site, [nameless], **WORDS, by=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        answers.prepare(nameless.site, [nameless], **WORDS, by=cast.actor("jin"), now=now)
    assert PublicAnswer.objects.count() == 0


def test_a_case_taken_up_again_meanwhile_stops_it(
    cast: Cast, nameless: Case, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    """Nothing of a refused hand-in is kept, not even other words."""
    by, at = cast.actor("yang"), now + 3 * DAY
    waiting, draft = prepare(), answers.prepare(nameless.site, [nameless], **WORDS, by=by, now=at)
    cases.reopen(nameless, why="锅炉又坏了", by=cast.actor("gao"), now=at)
    with pytest.raises(OpenAgain, match=nameless.reference.number):
        publish(waiting, cast, now)
    with pytest.raises(OpenAgain, match=nameless.reference.number):
        answers.submit(draft, words=WORDS | {"done": "别的话"}, by=by, now=at)
    assert list(PublicAnswer.objects.order_by("id").values_list("state", "done")) == [
        ("submitted", WORDS["done"]),
        ("draft", WORDS["done"]),
    ]
    assert [Notice.objects.count(), count_waiting_for(cast.actor("gao"))] == [0, 1]


def test_somebody_of_another_site_sees_nothing(cast: Cast, prepare: Callable[..., PublicAnswer]) -> None:
    answer = prepare()
    seen: list[Callable[[Actor], Any]] = [lambda by: answers.by_number(answer.reference.number, by)]
    assert [see(cast.actor(who)) for see in seen for who in ("gao", "zhou", "chen")] == [answer, None, None]


def test_of_a_case_only_what_may_be_seen_is_listed(
    cast: Cast, nameless: Case, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    """A draft that also answers a restricted case is seen by those alone who may see that one."""
    secret = closed(cast, now, channel="desk", name="欧阳静怡", phone="13800002222")
    Reference.objects.filter(pk=secret.reference_id).update(sensitivity=Sensitivity.RESTRICTED)
    open_to_all, hidden = prepare(), prepare(fresh(secret))
    assert [answers.answers_of(nameless, cast.actor(who)) for who in ("gao", "yang", "zhou")] == [
        [hidden, open_to_all],
        [open_to_all],
        [],
    ]


# ---- taken back


@pytest.mark.clause("S1.4.3.a")
def test_what_is_withdrawn_stays_on_record_and_is_owed_anew(
    cast: Cast, nameless: Case, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    known = closed(cast, now, channel="desk", name="欧阳静怡", phone="13800002222")
    answer = publish(prepare(known), cast, now)
    with pytest.raises(Refusal):
        answers.withdraw(answer, why=" ", by=cast.actor("gao"), now=now + 5 * DAY)
    answer = answers.withdraw(
        answers.by_number(answer.reference.number, cast.actor("gao")) or answer,
        why="写错了时间",
        by=cast.actor("gao"),
        now=now + 5 * DAY,
    )
    kept = PublicAnswer.objects.select_related("notice").get()
    assert kept.notice is not None
    assert [kept.state, kept.raised, kept.notice.state, kept.notice.withdrawn_why] == [
        "withdrawn",
        WORDS["raised"],
        "withdrawn",
        "写错了时间",
    ]
    assert list(disclosed(nameless.site, on=now.date() + 6 * DAY)) == []
    assert [owed(nameless), owed(known)] == [["kept", "running"], ["kept"]]
    with pytest.raises(IllegalStep):
        answers.withdraw(kept, why="再撤", by=cast.actor("gao"), now=now)


def test_another_public_answer_still_stands(
    cast: Cast, nameless: Case, prepare: Callable[..., PublicAnswer], now: datetime
) -> None:
    first, second = publish(prepare(), cast, now), publish(prepare(), cast, now)
    answers.withdraw(first, why="重复", by=cast.actor("gao"), now=now + 5 * DAY)
    assert owed(nameless) == ["kept"]
    answers.withdraw(second, why="重复", by=cast.actor("gao"), now=now + 5 * DAY)
    assert owed(nameless) == ["kept", "running"]
