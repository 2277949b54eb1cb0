"""服务目录: drafted, approved by somebody else, in force from a day, and kept with the answers it stood beside."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from huiyin.approvals.rules import NoReasonGiven, NotYourStep, OwnWork
from huiyin.approvals.states import Verdict
from huiyin.cases import actions as cases
from huiyin.demo.cast import Cast
from huiyin.kit.seen import ChangedMeanwhile
from huiyin.notices.actions import decide_catalog, draft_catalog, hand_in_catalog, submit_catalog
from huiyin.notices.models import ServiceCatalog, Showing
from huiyin.notices.queries import NO_CATALOG, catalog_in_force, catalog_seen, shown_with
from huiyin.notices.rules import NamesSomebody, NotSubmitted, StillWithApprover, WrongServices, WrongStart, matching
from huiyin.organization.rules import NotAllowed
from tests.acts import contact, fresh, take

DAY = timedelta(days=1)
SERVICE = {
    "name": "管道疏通",
    "holds": "下水疏通",
    "hours": "8:00 到 20:00",
    "price": "每次 80 元",
    "how": "打电话",
    "phone": "021-5550 1100",
}


def submitted(cast: Cast, now: datetime, **changes: Any) -> ServiceCatalog:
    draft = draft_catalog(cast.site, [SERVICE | changes], on=now.date(), by=cast.clerk, now=now)
    return submit_catalog(draft, by=cast.clerk, now=now)


def approved(cast: Cast, now: datetime, **changes: Any) -> ServiceCatalog:
    return decide_catalog(submitted(cast, now, **changes), Verdict.AGREED, by=cast.manager, now=now)


@pytest.mark.clause("S3.2.1.a")
def test_only_what_the_manager_approved_is_shown_and_from_its_day(cast: Cast, now: datetime) -> None:
    first = approved(cast, now)
    second = draft_catalog(cast.site, [SERVICE | {"price": "90 元"}], on=(now + 3 * DAY).date(), by=cast.clerk, now=now)
    assert [second.version, catalog_in_force(cast.site, on=now.date())] == [2, first]
    submit_catalog(second, by=cast.clerk, now=now)
    assert catalog_in_force(cast.site, on=(now + 9 * DAY).date()) == first
    decide_catalog(second, Verdict.AGREED, by=cast.manager, now=now + DAY)
    shown = [catalog_in_force(cast.site, on=(now + days * DAY).date()) for days in (-1, 0, 2, 3)]
    assert shown == [None, first, first, second]
    assert catalog_in_force(cast.sites["hengtai"], on=now.date()) is None


def test_approved_late_it_counts_from_the_approval(cast: Cast, now: datetime) -> None:
    late = decide_catalog(submitted(cast, now), Verdict.AGREED, by=cast.manager, now=now + 5 * DAY)
    assert late.effective_on == (now + 5 * DAY).date()


def test_a_second_person_decides(cast: Cast, now: datetime) -> None:
    waiting = submitted(cast, now)
    with pytest.raises(NotAllowed):
        decide_catalog(waiting, Verdict.AGREED, by=cast.clerk, now=now)
    with pytest.raises(NoReasonGiven):
        decide_catalog(waiting, Verdict.RETURNED, by=cast.manager, now=now)
    with pytest.raises(NotYourStep):
        decide_catalog(waiting, Verdict.AGREED, by=cast.actor("shen"), now=now)
    decide_catalog(waiting, Verdict.RETURNED, by=cast.manager, now=now, comment="价格不对")
    own = submit_catalog(waiting, by=cast.manager, now=now)
    with pytest.raises((OwnWork, NotYourStep)):
        decide_catalog(own, Verdict.AGREED, by=cast.manager, now=now)
    decide_catalog(own, Verdict.AGREED, by=cast.actor("shen"), now=now)
    assert [catalog_in_force(cast.site, on=now.date()), own.version, own.round] == [own, 1, 2]


def test_what_waits_or_is_approved_no_longer_changes(cast: Cast, now: datetime) -> None:
    waiting = submitted(cast, now)
    with pytest.raises(StillWithApprover):
        draft_catalog(cast.site, [SERVICE], on=now.date(), by=cast.clerk, now=now)
    with pytest.raises(StillWithApprover):
        submit_catalog(ServiceCatalog.objects.get(pk=waiting.pk), by=cast.clerk, now=now)
    done = decide_catalog(waiting, Verdict.AGREED, by=cast.manager, now=now)
    with pytest.raises(NotSubmitted):
        decide_catalog(done, Verdict.AGREED, by=cast.manager, now=now)


def test_a_newer_version_for_an_earlier_day_wins(cast: Cast, now: datetime) -> None:
    ahead = draft_catalog(cast.site, [SERVICE], on=(now + 3 * DAY).date(), by=cast.clerk, now=now)
    decide_catalog(submit_catalog(ahead, by=cast.clerk, now=now), Verdict.AGREED, by=cast.manager, now=now)
    newer = approved(cast, now, price="90 元")
    assert [catalog_in_force(cast.site, on=(now + days * DAY).date()) for days in (0, 3)] == [newer, newer]


def test_nobody_s_draft_is_overwritten_unseen(cast: Cast, now: datetime) -> None:
    """Whoever began from other words than stand there now is told; the first draft of all included."""
    on, by = now.date(), cast.clerk
    assert catalog_seen(cast.site) == NO_CATALOG
    first = draft_catalog(cast.site, [SERVICE], on=on, by=by, now=now, seen=NO_CATALOG)
    with pytest.raises(ChangedMeanwhile):
        draft_catalog(cast.site, [SERVICE | {"price": "1 元"}], on=on, by=cast.colleague, now=now, seen=NO_CATALOG)
    second = [SERVICE | {"price": "2 元"}]
    hand_in_catalog(cast.site, second, on=on, by=by, now=now, seen=first.words_seen)
    assert [(one.services[0]["price"], one.state) for one in ServiceCatalog.objects.all()] == [("2 元", "submitted")]


def test_a_refused_hand_in_keeps_no_draft_either(cast: Cast, now: datetime) -> None:
    with pytest.raises(NamesSomebody):
        hand_in_catalog(cast.site, [SERVICE | {"who": "张师傅"}], on=now.date(), by=cast.clerk, now=now)
    assert ServiceCatalog.objects.count() == 0


def test_words_handed_in_anew_are_not_approved_by_whoever_read_those_before(cast: Cast, now: datetime) -> None:
    waiting = submitted(cast, now)
    read_before = ServiceCatalog.objects.select_related("reference", "site").get()
    decide_catalog(waiting, Verdict.RETURNED, by=cast.manager, now=now, comment="太贵")
    stale = ServiceCatalog.objects.select_related("reference", "site").get()
    draft = draft_catalog(
        cast.site, [SERVICE | {"price": "800 元"}], on=(now + DAY).date(), by=cast.clerk, now=now + DAY
    )
    with pytest.raises(ChangedMeanwhile):
        submit_catalog(stale, by=cast.colleague, now=now + DAY)
    submit_catalog(draft, by=cast.clerk, now=now + DAY)
    with pytest.raises(ChangedMeanwhile):
        decide_catalog(read_before, Verdict.AGREED, by=cast.manager, now=now + DAY)
    assert catalog_in_force(cast.site, on=(now + DAY).date()) is None


def test_what_a_draft_needs(cast: Cast, now: datetime) -> None:
    for services in ([], [SERVICE | {"name": "\u200b"}], [SERVICE | {"price": ""}], [SERVICE] * 61):
        with pytest.raises(WrongServices):
            draft_catalog(cast.site, services, on=now.date(), by=cast.clerk, now=now)
    for days in (-1, 400):
        with pytest.raises(WrongStart):
            draft_catalog(cast.site, [SERVICE], on=(now + days * DAY).date(), by=cast.clerk, now=now)
    with pytest.raises(NotAllowed):
        draft_catalog(cast.site, [SERVICE], on=now.date(), by=cast.stranger, now=now)
    with pytest.raises(NamesSomebody):
        submitted(cast, now, who="张师傅 13800001111")


@pytest.mark.clause("S3.2.1.a")
def test_the_answer_of_an_enquiry_keeps_which_version_was_shown(cast: Cast, now: datetime) -> None:
    early = take(cast, now, "enquiry", "几点疏通管道？")
    cases.answer(early, text="每天 8 点到 20 点。", by=cast.clerk, now=now)
    first = approved(cast, now)
    asked = take(cast, now, "enquiry", "疏通多少钱？")
    cases.answer(asked, text="每次 80 元。", by=cast.clerk, now=now)
    at_once = cases.take(contact(cast, "enquiry", "收费吗", answered_at_once="80 元"), by=cast.clerk, now=now).contact
    approved(cast, now + DAY, price="90 元")
    complaint = take(cast, now + DAY)
    cases.answer(complaint, text="修好了。", by=cast.engineer, now=now + DAY)
    kept = [shown_with(one) for one in (early.reference, asked.reference, at_once, fresh(complaint).reference)]
    assert [kept, Showing.objects.count()] == [[None, first, first, None], 2]


def test_every_word_is_looked_for_in_every_field() -> None:
    services = [SERVICE, SERVICE | {"name": "家政", "holds": "保洁"}]
    found = [len(matching(services, words)) for words in ("", "疏通", "家政 80", "家政 没有", "021-5550")]
    assert found == [2, 1, 1, 0, 2]
