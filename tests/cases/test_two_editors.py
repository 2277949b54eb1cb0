"""R6: two people at one case or one digest never overwrite each other unseen. HUIYIN_WHOLE=1 for a thousand interleavings."""

import random
from datetime import datetime, timedelta

from django.test import Client

from huiyin.cases import actions as cases
from huiyin.cases.actions.handling import expect
from huiyin.cases.models import Case, Event
from huiyin.cases.rules import ChangedMeanwhile as CaseChanged
from huiyin.demo.cast import Cast
from huiyin.kit import seen as words_of
from huiyin.kit.periods import Period
from huiyin.kit.seen import ChangedMeanwhile
from huiyin.organization.rules import Actor
from huiyin.reports import actions as reports
from huiyin.reports.models import Report
from tests.acts import fresh, take
from tests.pace import rounds

PEOPLE = ("zhou", "chen")


def test_a_case_under_two_hands_takes_no_act_on_what_was_not_seen(cast: Cast, now: datetime) -> None:
    """Opening and acting in any order: an act goes through exactly when nothing happened since its page was opened."""
    case, chance = take(cast, now), random.Random()
    who = {name: cast.actor(name) for name in PEOPLE}
    opened = {name: (fresh(case), case.version) for name in PEOPLE}
    kept, refused = [], 0
    for number in range(rounds(60, 1000)):
        name = chance.choice(PEOPLE)
        if chance.random() < 0.5:
            opened[name] = (fresh(case), fresh(case).version)
            continue
        page, version = opened[name]
        seen_all = fresh(case).version == version
        try:
            # The page's version is what the form carries; the row itself is loaded anew when the form comes, or is stale too.
            found = expect(fresh(case) if chance.random() < 0.5 else page, version)
            cases.note(found, text=f"{name} {number}", by=who[name], now=now)
            went = True
        except CaseChanged:
            went, refused = False, refused + 1
        assert went == seen_all
        if went:
            kept.append(f"{name} {number}")
            opened[name] = (fresh(case), fresh(case).version)
    assert list(Event.objects.filter(case=case, kind="noted").order_by("id").values_list("text", flat=True)) == kept
    assert [fresh(case).version - case.version, refused > 0] == [len(kept), True]


def _page(report: Report) -> Report:
    return Report.objects.select_related("reference", "site").get(pk=report.pk)


def test_a_digest_under_two_hands_loses_no_words(cast: Cast, now: datetime) -> None:
    who: dict[str, Actor] = {name: cast.actor(name) for name in PEOPLE}
    report = reports.draft(cast.site, Period.parse("2026-10"), by=who["zhou"], now=now)
    chance, kept, refused = random.Random(), "", 0
    opened = {name: (_page(report), report.words_seen) for name in PEOPLE}
    for number in range(rounds(60, 1000)):
        name = chance.choice(PEOPLE)
        if chance.random() < 0.5:
            opened[name] = (_page(report), _page(report).words_seen)
            continue
        page, seen = opened[name]
        seen_all = _page(report).words_seen == seen
        try:
            found = words_of.expect(_page(report) if chance.random() < 0.5 else page, seen)
            reports.write(found, summary=f"{name} {number}", measures="", by=who[name], now=now)
            went = True
        except ChangedMeanwhile:
            went, refused = False, refused + 1
        assert went == seen_all
        if went:
            kept = f"{name} {number}"
            opened[name] = (_page(report), _page(report).words_seen)
        assert _page(report).summary == kept
    assert refused > 0


def test_whoever_comes_second_sees_both_texts(
    cast: Cast, client: Client, now: datetime, plain_static_files: None, still_clock: None
) -> None:
    """On the digest's page and on the case's; sending again, having seen, goes through."""
    report = reports.draft(cast.site, Period.parse("2026-10"), by=cast.actor("zhou"), now=now)
    address, seen = f"/reports/{report.reference.number}/write", report.words_seen
    reports.write(_page(report), summary="先存下的话", measures="", by=cast.actor("chen"), now=now)
    client.force_login(cast.users["zhou"])
    answer = client.post(address, {"summary": "后写的话", "measures": "", "seen": seen})
    page = answer.content.decode()
    assert [answer.status_code, "先存下的话" in page, "后写的话" in page] == [422, True, True]
    assert [_page(report).words_seen in page, seen in page, _page(report).summary] == [True, False, "先存下的话"]
    client.post(address, {"summary": "后写的话", "measures": "", "seen": _page(report).words_seen})
    assert _page(report).summary == "后写的话"

    case: Case = take(cast, now)
    cases.note(fresh(case), text="先记下的", by=cast.actor("chen"), now=now + timedelta(hours=1))
    answer = client.post(f"/cases/{case.reference.number}/note", {"text": "后记下的", "version": case.version})
    page = answer.content.decode()
    assert [answer.status_code, "先记下的" in page, "后记下的" in page] == [422, True, True]
