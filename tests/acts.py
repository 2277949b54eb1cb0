"""Short words for the acts that bring a case into a state. Each performs the real actions, nothing else."""

from datetime import datetime, timedelta
from typing import Any

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.actions import Plan
from huiyin.cases.models import Case, CorrectiveMeasure
from huiyin.demo.cast import Cast
from huiyin.interactions import letters
from huiyin.interactions.gateways.imap import Raw
from huiyin.interactions.models import Delivery, Doubt, Letter
from huiyin.interactions.rules import Contact
from huiyin.organization.models import Site
from huiyin.organization.rules import SYSTEM, Actor
from huiyin.reports import public_answers
from huiyin.reports.models import PublicAnswer
from huiyin.settings import Mailbox

WORDS = "三号楼电梯又坏了，老人上不去楼。"
CAUSE = "维保合同只写每月一次，门机的磨损没有列入检查表。"
MEASURE = "电梯每半月加检一次，检查表加上门机。"
USUAL = {"category": "elevator", "place": "3-1-101", "name": "张三丰", "phone": "13800001111"}


def contact(cast: Cast, kind: str = "complaint", words: str = WORDS, **changes: Any) -> Contact:
    """A contact by the page; keywords replace what is usual."""
    told = {"site": cast.site, "channel": "web", **USUAL, **changes}
    return Contact(told.pop("site"), told.pop("channel"), kind, words, **told)


def take(
    cast: Cast, now: datetime, kind: str = "complaint", words: str = WORDS, by: Actor = NOBODY, **changes: Any
) -> Case:
    """A case that was just received."""
    case = cases.take(contact(cast, kind, words, **changes), by=by, now=now).case
    assert case is not None
    return case


def fresh(case: Case) -> Case:
    """The case as the database has it now."""
    return Case.objects.select_related("reference", "site", "accountable", "handed_to", "customer").get(pk=case.pk)


def answer(case: Case, cast: Cast, now: datetime) -> Case:
    """The engineer accepts, gives a solution and answers."""
    cases.accept(case, by=cast.engineer, now=now + timedelta(hours=1))
    cases.solve(case, plan="更换门机控制板。", by=cast.engineer, now=now + timedelta(days=1))
    return cases.answer(case, text="已修好，恢复运行。", by=cast.engineer, now=now + timedelta(days=2))


def measure(case: Case, cast: Cast, now: datetime, **told: Any) -> CorrectiveMeasure:
    """A measure against a cause, ordered by the manager, done by the engineer in ten days unless told otherwise."""
    plan = {"cause": CAUSE, "owner": cast.users["wang"], "due_on": (now + timedelta(days=10)).date()}
    by, text = told.pop("by", cast.manager), told.pop("text", MEASURE)
    return cases.take_measure(case, text=text, plan=Plan(**(plan | told)), by=by, now=now)


def close(case: Case, cast: Cast, now: datetime) -> Case:
    """The engineer does his part, a clerk follows up, the customer is satisfied."""
    answer(case, cast, now)
    at = now + timedelta(days=3)
    cases.follow_up(case, result="satisfied", channel="phone", by=cast.colleague, now=at)
    return cases.close(case, outcome="accepted", by=cast.colleague, now=at)


def kept_letter(cast: Cast, now: datetime, raw: bytes, *, site: str = "yulan") -> Letter:
    """A letter just fetched for a site ("" = for nobody yet)."""
    box = Mailbox("imap.example", 993, True, "u", "p", "INBOX", site, "opinion", "yulan@house.example")
    found = cast.sites.get(site)
    kept = letters.keep(Raw(raw), mailbox=box, site=found, now=now)
    assert kept is not None
    return kept


def sorted_letter(cast: Cast, now: datetime, raw: bytes, *, site: str = "yulan") -> Letter:
    """The same, after the program decided what it is."""
    kept = kept_letter(cast, now, raw, site=site)
    cases.sort(kept, boxes=(Mailbox("h", 993, True, "u", "p", address="yulan@house.example"),), now=now)
    kept.refresh_from_db()
    return kept


def letter_that_waits(cast: Cast, now: datetime, text: str = "看不出谁写的信", *, site: str = "yulan") -> Letter:
    return sorted_letter(cast, now, f"Subject: {text}\n\n{text}".encode(), site=site)


def dead_mail(case: Case, now: datetime) -> Delivery:
    """A mail about a case that did not arrive."""
    serial = Delivery.objects.count()
    return Delivery.objects.create(
        key=f"dead{serial}",
        reference=case.reference,
        gateway="mail",
        to_customer=case.customer,
        template="cases/messages/answered",
        state="dead",
        problem="SMTPRecipientsRefused",
        next_at=now,
        created_at=now,
    )


def doubtful_mail(case: Case, now: datetime) -> Delivery:
    """A mail that left twice: the first time the server said nothing, the second time the worker died before the third."""
    mail = dead_mail(case, now)
    Delivery.objects.filter(pk=mail.pk).update(state="sent", problem="", sent_at=now)
    for minutes, worker_died in ((30, False), (20, True)):
        Doubt.objects.create(delivery=mail, at=now - timedelta(minutes=minutes), worker_died=worker_died)
    return mail


def told_everybody(cast: Cast, now: datetime, *, site: Site, by: Actor, words: str = "x") -> PublicAnswer:
    """A draft of a public answer about a case that nobody could be answered."""
    case = take(cast, now, "opinion", words, by=SYSTEM, site=site, channel="comment_book", place="", name="", phone="")
    cases.answer(case, text="x", by=SYSTEM, now=now)
    cases.close(case, outcome="exhausted", words="x", by=SYSTEM, now=now)
    return public_answers.prepare(site, [case], title=words, raised=words, done=words, by=by, now=now)
