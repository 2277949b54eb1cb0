"""The one front door: every inbound contact, whatever its channel, becomes a case or joins one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from huiyin.cases.actions.clocks import ask_for_reply, owed
from huiyin.cases.actions.pausing import go_on_if_awaited
from huiyin.cases.actions.triage import alarm
from huiyin.cases.models import Case, Event
from huiyin.cases.queries import numbers_of
from huiyin.cases.rules import NobodyThere, NotToJoin, summary_of
from huiyin.cases.rules.clocks import Happened, is_heard, opening
from huiyin.cases.rules.triage import Triage, at_intake
from huiyin.cases.states import EventKind, State, Urgency
from huiyin.customers import actions as customers
from huiyin.customers.models import Customer
from huiyin.duties import actions as duties
from huiyin.duties.rules import Asked
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.handbook.rules import Matter
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.interactions.queries import receipt_token, repeated
from huiyin.interactions.rules import Contact
from huiyin.interactions.states import ContactKind
from huiyin.journal import actions as journal
from huiyin.kit.inserts import insert
from huiyin.kit.refusal import Refusal
from huiyin.kit.workdays import Calendar
from huiyin.notices.actions import show_catalog
from huiyin.organization.models import Department, User
from huiyin.organization.queries import Crew, picture_of, room_called
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role
from huiyin.records import actions as records
from huiyin.records.actions import Laid
from huiyin.references import actions as references
from huiyin.references.actions import Wanted
from huiyin.references.models import Reference
from huiyin.references.states import Kind, Sensitivity

# S3.2.1.c, S4.4.2.1.1.b: opinions and difficulties go to the superior at once.
TOLD_TO_SUPERIOR = frozenset({ContactKind.OPINION, ContactKind.COMPLAINT, ContactKind.ASSISTANCE_REQUEST})


@dataclass(frozen=True)
class Taken:
    """What came of a contact. `case` is None where it was answered at once; `token` opens the receipt."""

    contact: Reference
    case: Case | None
    token: str
    was_repeated: bool = False


@dataclass(frozen=True)
class _Desk:
    """What intake looks up once: the rules, the calendar, the people, the department, the customer."""

    rules: Rulebook
    calendar: Calendar
    crew: Crew
    accountable: User
    department: Department | None
    offered_to: User | None
    customer: Customer | None


def take(
    contact: Contact,
    *,
    by: Actor,
    now: datetime,
    key: str = "",
    joins: Case | None = None,
    photos: Sequence[Laid] = (),
    urgency: str = "",
) -> Taken:
    """Receive a contact, in one transaction: kept word for word, numbered, owned by one person, dated, receipted, findable.

    With `joins` it becomes another voice of that case. `urgency` is the first assessment of whoever took it.
    With a `key` (idempotency) a repeat answers what the first one did
    and another body is refused. Refuses a contact that says nothing or names a wrong field. Clauses S1.4.2.a, S3.2.1.b-c,
    S4.4.2.1.1.a-b, S4.4.2.1.2.a-b.
    """
    digest = contact.digest()
    contact, triage = contact.checked(now=now), at_intake(urgency)
    scope = f"{by.signature}@{contact.site.code}"[:60]
    try:
        with transaction.atomic():
            taken = _take(contact, joins, photos, by, now, triage=triage)
            if key:
                interactions.remember(scope, key, digest, taken.contact, now=now)
            return taken
    except (IntegrityError, Refusal):
        # A repeat is rare: it is noticed when its key is there already, not looked for before every contact.
        before = repeated(scope, key, digest) if key else ""
        if not before:
            raise
        return _again(before)


def _again(number: str) -> Taken:
    """The answer of the first time, made anew from what is kept; the token itself is never stored."""
    reference = Reference.objects.select_related("interaction__subject__case__reference").get(number=number)
    subject = reference.interaction.subject
    return Taken(reference, subject.case if subject else None, receipt_token(subject or reference), was_repeated=True)


def _take(
    contact: Contact, joins: Case | None, photos: Sequence[Laid], by: Actor, now: datetime, *, triage: Triage | None
) -> Taken:
    contact = _placed(contact)
    customer = contact.customer or customers.recognize(
        contact.site, name=contact.name, ways=contact.ways, by=by, now=now
    )
    if joins is not None:
        taken = _join(contact, joins, customer, by, now)
    elif contact.answered_at_once:
        taken = _answered(contact, customer, by, now)
    else:
        taken = _open(contact, customer, triage, by, now)
    if photos:
        subject = taken.case.reference if taken.case else taken.contact
        records.attach(subject, photos, label="照片", by=by, now=now, is_public=True)
    return taken


def _placed(contact: Contact) -> Contact:
    """The contact with its room found in the words that name the place."""
    if contact.room is None and contact.place:
        contact = replace(contact, room=room_called(contact.site, contact.place))
    if contact.building is None and contact.room is not None:
        contact = replace(contact, building=contact.room.building)
    return contact


def _open(contact: Contact, customer: Customer | None, triage: Triage | None, by: Actor, now: datetime) -> Taken:
    received = contact.occurred_at or now
    desk = _desk(contact, customer, by, received)
    kept, subject = references.issue(contact.site, *_wanted(contact, desk), now=now)
    interactions.receive(contact, reference=kept, subject=subject, customer=customer, by=by, now=now)
    matter = Matter(contact.kind, triage.urgency.value if triage else "", contact.channel)
    taken = Happened(EventKind.TAKEN, received, by.signature, {"channel": contact.channel})
    asked = opening(matter, timezone.localtime(received), desk.rules, desk.calendar, is_heard=is_heard(taken))
    case = Case(
        reference=subject,
        site=contact.site,
        kind=contact.kind,
        category=contact.category,
        summary=summary_of(contact.situation),
        customer=customer,
        building=contact.building,
        room=contact.room,
        department=desk.department,
        first_contact_owner=desk.accountable,
        accountable=desk.accountable,
        handed_to=desk.offered_to,
        urgency=matter.urgency,
        severity=triage.severity if triage else None,
        received_at=received,
        first_due_at=asked[0].due_at,
        solution_due_at=asked[0].due_at,
        is_history=contact.is_history,
    )
    insert(case)
    _log_opening(case, contact, desk, by, now, triage=triage)
    references.index(subject, "contact", contact.situation, contact.remedy_sought, contact.place, contact.name)
    facts = {
        "contact": kept.number,
        "channel": contact.channel,
        "kind": contact.kind,
        "accountable": desk.accountable.pk,
    }
    journal.record(
        "cases.imported" if contact.is_history else "cases.taken", by=by, now=now, reference=subject.number, facts=facts
    )
    if contact.is_history:
        return Taken(kept, case, "")
    _set_going(case, desk, asked, now)
    return Taken(kept, case, interactions.give_receipt(subject, now=now))


def _desk(contact: Contact, customer: Customer | None, by: Actor, received: datetime) -> _Desk:
    site = contact.site
    picture = picture_of(site)
    crew = picture.crew
    receiver = next((post.user for post in crew.posts if post.user_id == by.user_id and by.kind == "staff"), None)
    accountable = receiver or crew.accountable()
    if accountable is None:
        raise NobodyThere
    on, cluster = timezone.localdate(received), contact.building.cluster_id if contact.building else None
    department, people = picture.held_by(contact.category, cluster, on)  # S1.6.b
    if contact.is_history:
        people = []
    offered = next((person for person in people if person.pk != accountable.pk), None)
    rules = rulebook(site, on)
    return _Desk(rules, picture.calendar, crew, accountable, department, offered, customer)


def _wanted(contact: Contact, desk: _Desk) -> tuple[Wanted, Wanted]:
    place = contact.building.name if contact.building else ""
    with translation.override(settings.LANGUAGE_CODE):  # a title is kept, whoever writes: in the first language
        words = (str(ContactKind(contact.kind).label), place, desk.rules.category_name(contact.category))
    title = " · ".join(part for part in words if part)
    is_care = contact.kind == ContactKind.ASSISTANCE_REQUEST
    sensitivity = Sensitivity.RESTRICTED if is_care else Sensitivity.SITE
    return tuple(  # type: ignore[return-value]
        Wanted(sort, title, contact.building, desk.department, sensitivity) for sort in (Kind.CONTACT, Kind.CASE)
    )


def _log_opening(case: Case, contact: Contact, desk: _Desk, by: Actor, now: datetime, *, triage: Triage | None) -> None:
    """The first lines of the timeline: received by whom, how grave it is, which department was told."""
    at = case.received_at
    events = [Event(case=case, kind=EventKind.TAKEN, at=at, by_id=by.user_id, signature=by.signature, is_public=True)]
    events[0].values = {"channel": contact.channel, "accountable": desk.accountable.name}
    if triage:
        signed = {"by_id": by.user_id, "signature": by.signature, "values": triage.as_values()}
        events.append(Event(case=case, kind=EventKind.TRIAGED, at=at, **signed))
    if desk.department and not contact.is_history:
        told = {"department": desk.department.name, "to": desk.offered_to.name if desk.offered_to else ""}
        events.append(
            Event(
                case=case,
                kind=EventKind.INFORMED,
                at=now,
                signature=by.signature,
                by_id=by.user_id,
                values=told,
                is_public=True,
            )
        )
    insert(*events)


def _set_going(case: Case, desk: _Desk, clocks: Sequence[Asked], now: datetime) -> None:
    """Open the duties and tell the department, the superior and the customer, all in the caller's transaction."""
    asked = owed(clocks, desk.accountable.pk)
    if desk.offered_to:
        limit = desk.rules.limit("acceptance", case.kind)
        asked.append(limit.asked("acceptance", now, desk.calendar, desk.offered_to.pk))
    duties.open_duties(case.site, asked, reference=case.reference)
    values = {"kind": case.kind, "due": timezone.localtime(clocks[0].due_at).date().isoformat()}
    messages = [
        Message(case.reference, "informed", "cases/messages/informed", values, to_users=_informed(desk)),
        Message(case.reference, "taken", "cases/messages/taken", values, to_customer=case.customer, is_automatic=True),
    ]
    if case.kind in TOLD_TO_SUPERIOR:
        superiors = tuple(desk.crew.holders(Role.SITE_MANAGER) or desk.crew.holders(Role.DIRECTOR))
        messages.append(Message(case.reference, "superior", "cases/messages/superior", values, to_users=superiors))
    if case.urgency == Urgency.DANGER:
        messages.append(alarm(case, desk.crew))
    interactions.send(messages, now=now)


def _informed(desk: _Desk) -> tuple[User, ...]:
    people = desk.crew.people_of(desk.department) if desk.department else []
    return tuple(people) or (desk.accountable,)


def _answered(contact: Contact, customer: Customer | None, by: Actor, now: datetime) -> Taken:
    """What was answered on the spot is a contact with its answer, and no case."""
    with translation.override(settings.LANGUAGE_CODE):
        title = str(ContactKind(contact.kind).label)
    kept = references.issue(contact.site, Wanted(Kind.CONTACT, title, contact.building), now=now)[0]
    interactions.receive(contact, reference=kept, subject=None, customer=customer, by=by, now=now)
    references.index(kept, "contact", contact.situation, contact.answered_at_once, contact.place, contact.name)
    if contact.kind == ContactKind.ENQUIRY:
        show_catalog(kept, now=contact.occurred_at or now)
    journal.record(
        "contacts.answered_at_once", by=by, now=now, reference=kept.number, facts={"channel": contact.channel}
    )
    return Taken(kept, None, interactions.give_receipt(kept, now=now))


def _join(contact: Contact, case: Case, customer: Customer | None, by: Actor, now: datetime) -> Taken:
    """Another voice of a case that is open: kept, threaded, and told to the accountable person.

    Whoever holds the link of the case may say more at any time, and sees it on its page.
    """
    is_own = by.kind == "link" and by.id in numbers_of(case)
    if case.site_id != contact.site.pk or (case.state == State.CLOSED and not is_own):
        raise NotToJoin
    wanted = Wanted(Kind.CONTACT, case.reference.title, contact.building, case.department, case.reference.sensitivity)
    kept = references.issue(contact.site, wanted, now=now)[0]
    interactions.receive(contact, reference=kept, subject=case.reference, customer=customer, by=by, now=now)
    values = {"channel": contact.channel, "contact": kept.number}
    Event.objects.create(
        case=case,
        kind=EventKind.JOINED,
        at=contact.occurred_at or now,
        by_id=by.user_id,
        signature=by.signature,
        values=values,
        is_public=is_own,
    )
    ask_for_reply(case, contact.channel, contact.occurred_at or now)
    go_on_if_awaited(case, by=by, now=now)
    references.index(case.reference, "contact", contact.situation, contact.remedy_sought, contact.name)
    template = "cases/messages/said_more" if is_own else "cases/messages/joined"
    told = Message(case.reference, f"joined.{kept.number}", template, {}, to_users=(case.accountable,))
    interactions.send([told], now=now)
    journal.record("cases.joined", by=by, now=now, reference=case.reference.number, facts={"contact": kept.number})
    return Taken(kept, case, interactions.give_receipt(kept, now=now))
