"""Timed work. Every job is told the time, may run twice, and leaves nothing half done."""

import logging
import os
import socket
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from huiyin.access import limits
from huiyin.cases import actions as cases
from huiyin.cases.queries import behind
from huiyin.clockwork import certificate
from huiyin.clockwork.models import Backup, Certificate, Heartbeat, Jump
from huiyin.clockwork.queries import CLOCK_OFF
from huiyin.duties import actions as duties
from huiyin.duties.models import Duty
from huiyin.duties.queries import begun, nudges_given, open_now
from huiyin.duties.rules import percent_run
from huiyin.engineering.queries import duty_facts
from huiyin.handbook.actions import settle
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.interactions import actions as interactions
from huiyin.interactions import letters
from huiyin.interactions.actions import Message
from huiyin.interactions.gateways.failures import TryLater
from huiyin.interactions.queries import letters_to_read
from huiyin.journal import actions as journal
from huiyin.kit.periods import Period
from huiyin.organization.models import Site, User
from huiyin.organization.queries import Crew, crew_of
from huiyin.organization.rules import SYSTEM
from huiyin.records.holding import let_go_of_old
from huiyin.reports import actions as reports

BREACH = 100
log = logging.getLogger("huiyin.clockwork")


def beat(*, now: datetime) -> None:
    """Say that this worker is alive. Signs of life from the future are lies of a clock that was wrong, and go."""
    Heartbeat.objects.filter(at__gt=now + CLOCK_OFF).delete()
    Heartbeat.objects.update_or_create(worker=f"{socket.gethostname()}:{os.getpid()}", defaults={"at": now})


def note_jump(*, seconds: float, now: datetime) -> None:
    """Put down that the clock moved so many seconds more than time did."""
    log.warning("the clock jumped by %.0f s", seconds)
    Jump.objects.create(at=now, seconds=seconds)


def look_at_certificate(*, now: datetime) -> None:
    """See what browsers meet at our own address, where it is one with https."""
    if not settings.BASE_URL.startswith("https://"):
        return
    ends, problem = certificate.looked_at(settings.BASE_URL)
    seen: dict[str, object] = {"problem": problem[:200], "looked_at": now}
    if ends is not None or problem != certificate.UNREACHABLE:
        seen["ends_at"] = ends
    Certificate.objects.update_or_create(address=settings.BASE_URL[:300], defaults=seen)


def seal_journal(*, now: datetime) -> int:
    return journal.seal(now=now)


def close_days(*, now: datetime) -> int:
    """日封: after midnight the root of the day that has ended; after a sleep those of all days since."""
    return journal.close_days(now=now)


def tidy(*, now: datetime) -> None:
    """Throw away what has run out: counts of how often somebody came, sessions, words of people deleted on request, files held."""
    limits.forget(now=now)
    let_go_of_old(now=now)
    Jump.objects.filter(at__lt=now - timedelta(days=30)).delete()
    cases.erase_what_is_over(now=now)
    call_command("clearsessions")


def deliver(*, now: datetime) -> int:
    return interactions.deliver_due(now=now)


def fetch_letters(*, now: datetime) -> int:
    """Keep what is new in every mailbox. One that does not answer holds up no other; the status page says which and why."""
    new = 0
    for mailbox in settings.MAIL_IN:
        try:
            new += letters.fetch(mailbox, now=now)
        except TryLater as trouble:
            log.warning("mailbox %s: %s", mailbox.host, trouble)
    return new


def sort_letters(*, now: datetime, seconds: float = 20) -> int:
    """For some seconds, other work in between: decide what the letters are that were kept.

    One that breaks comes last the next time, then waits for a person.
    """
    sorted_now, ends = 0, time.monotonic() + seconds
    for letter in letters_to_read()[:200]:
        if time.monotonic() > ends:
            break
        try:
            cases.sort(letter, boxes=settings.MAIL_IN, now=now)
            sorted_now += 1
        except DatabaseError:
            raise
        except Exception:
            log.exception("letter %s could not be sorted", letter.pk)
    return sorted_now


def open_recurring(*, now: datetime) -> None:
    """Put the duties of the adopted handbooks in the ledger as their time begins; those missed while asleep as well."""
    duties.ask_again(by=SYSTEM, now=now)
    for site in Site.objects.all():
        settle(site, duty_facts(site, timezone.localdate(now)), now=now)


def recount(*, now: datetime) -> None:
    """Let open duties follow at once what was just loaded or changed, instead of at the worker's next round."""
    open_recurring(now=now)


def draft_digests(*, now: datetime) -> None:
    """On the 1st last month's digest drafts itself, on Mondays last week's, wherever a handbook asks for one; missed ones as well."""
    for site in Site.objects.filter(pk__in=begun(reports.DIGEST, now=now).values("site")):
        asked = begun(reports.DIGEST, now=now).filter(site=site).values_list("period", flat=True).distinct()
        for period in sorted(map(Period.parse, asked)):
            if period.kind in {"month", "week"}:
                reports.draft(site, period, by=SYSTEM, now=now)


def nudge(*, now: datetime) -> int:
    """Remind and escalate: at each rung of the ladder once, to somebody who is there. Returns how many were told.

    After a sleep only the highest rung reached is told; the lower ones are stale. Duties that one act keeps are told
    of once, by the strictest day.
    """
    acts: dict[tuple[object, ...], list[tuple[Duty, list[User]]]] = {}
    crews: dict[int, Crew] = {}
    rules: dict[int, Rulebook] = {}
    given = nudges_given()
    for duty in open_now(now=now).filter(rests_since__isnull=True).order_by("due_at", "id"):
        if duty.site_id not in rules:
            rules[duty.site_id] = rulebook(duty.site, timezone.localdate(now))
            crews[duty.site_id] = crew_of(duty.site)
        percent = percent_run(duty.opens_at, duty.runs_until, now)
        reached = [rung for rung in rules[duty.site_id].rungs() if rung.percent <= percent]
        if not reached or (duty.pk, reached[-1].percent) in given:
            continue
        people = addressees(duty, reached[-1].roles, crews[duty.site_id])
        if people:
            one_act = (reached[-1].percent, duty.site_id, duty.kind, duty.step, duty.scope, duty.reference_id, *people)
            acts.setdefault(one_act, []).append((duty, people))
    return sum(_nudge_about(owed, int(str(one_act[0])), now) for one_act, owed in acts.items())


@transaction.atomic
def _nudge_about(owed: list[tuple[Duty, list[User]]], percent: int, now: datetime) -> bool:
    """Tell of the duties that one act keeps. That they were told of and the message stand together or not at all."""
    new = [(duty, people) for duty, people in owed if duties.note_nudge(duty, rung=percent, to=people[-1], now=now)]
    for duty, people in new[:1]:
        _tell(duty, percent, people, now)
    return bool(new)


def addressees(duty: Duty, roles: tuple[str, ...], crew: Crew) -> list[User]:
    """The owner, then the posts of the rung; whoever answers by default where these are empty."""
    here = {post.user_id for post in crew.posts}
    owners = [duty.owner] if duty.owner and duty.owner_id in here else crew.holders(duty.owner_role)[:1]
    people = [*owners, *(crew.holders(*roles)[:1] if roles else [])]
    fallback = crew.accountable()
    return list(dict.fromkeys(people)) or ([fallback] if fallback else [])


def _tell(duty: Duty, percent: int, people: list[User], now: datetime) -> None:
    template = "clockwork/messages/overdue" if percent >= BREACH else "clockwork/messages/reminder"
    values = {
        "kind": duty.kind,
        "step": duty.step,
        "duty": duty.pk,
        "period": duty.period,
        "site": duty.site.name,
        "due": timezone.localtime(duty.runs_until).isoformat(),
    }
    interactions.send(
        [Message(duty.reference, f"duty{duty.pk}.{percent}", template, values, to_users=tuple(people))], now=now
    )
    # A measure that is late is no clock of its case.
    whole = duty.reference if not duty.scope else None
    case = behind(whole) if whole and percent >= BREACH else None
    if case is not None:
        cases.escalate(
            case, clock=duty.kind, rung=percent, to="、".join(person.name for person in people), by=SYSTEM, now=now
        )


def note_backup(path: str, digest: str, size: int, *, now: datetime) -> None:
    """Remember a backup that was made and read back, for the status page."""
    Backup.objects.create(path=path, digest=digest, size=size, made_at=now)
