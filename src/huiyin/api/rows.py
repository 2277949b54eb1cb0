"""Cases, duties and hits as the API shows them."""

from datetime import datetime
from typing import Literal, cast

from django.utils import timezone

from huiyin.api.schema import CaseRow, CaseSheet, ContactRow, DutyRow, EventRow, Hit, OpenedCase
from huiyin.cases.models import Case, Event
from huiyin.cases.queries import timeline
from huiyin.duties.models import Duty
from huiyin.duties.queries import about, standing_of
from huiyin.interactions.models import Interaction
from huiyin.interactions.queries import contacts_about
from huiyin.kit.counting import Reason, explain
from huiyin.organization.models import Room, User
from huiyin.organization.rules import Actor
from huiyin.references.models import Reference
from huiyin.references.states import Kind

HitKind = Literal["case", "contact", "notice", "report"]


def local(at: datetime | None) -> datetime | None:
    """In the time zone of the installation, as it is written out."""
    return timezone.localtime(at) if at else None


def here(at: datetime) -> datetime:
    return timezone.localtime(at)


def opened(case: Case) -> OpenedCase:
    return OpenedCase(case.reference.number, case.state, local(case.solution_due_at), case.accountable.name)


def case_row(case: Case) -> CaseRow:
    return CaseRow(
        reference=case.reference.number,
        kind=case.kind,
        category=case.category,
        state=case.state,
        title=case.reference.title,
        summary=case.summary,
        site=case.site.code,
        place=case.building.name if case.building else "",
        received_at=here(case.received_at),
        solution_due=local(case.solution_due_at),
        accountable=case.accountable.name,
    )


def case_sheet(case: Case, actor: Actor, now: datetime) -> CaseSheet:
    """One case whole. Internal lines only for whoever may write them (`cases.note`)."""
    row = case_row(case)
    contacts = contacts_about(case.reference).prefetch_related("customer__contact_points")
    return CaseSheet(
        **{name: getattr(row, name) for name in CaseRow.__struct_fields__},
        room=_room(case.room),
        department=case.department.name if case.department else "",
        handler=_name(case.handler),
        handed_to=_name(case.handed_to),
        solved_at=local(case.solved_at),
        answered_at=local(case.answered_at),
        closed_at=local(case.closed_at),
        outcome=case.outcome,
        referred_to=case.referred_to,
        contacts=[contact_row(contact) for contact in contacts],
        timeline=[event_row(event) for event in timeline(case, public_only=not actor.may("cases.note", case.site))],
        duties=[duty_row(duty, now) for duty in about(case.reference).select_related("site", "reference", "owner")],
    )


def _name(user: User | None) -> str:
    return user.name if user else ""


def _room(room: Room | None) -> str:
    return "-".join(part for part in (room.building.code, room.entrance, room.number) if part) if room else ""


def contact_row(contact: Interaction) -> ContactRow:
    customer = contact.customer
    return ContactRow(
        reference=contact.reference.number,
        channel=contact.channel,
        kind=contact.kind,
        situation=contact.situation,
        remedy_sought=contact.remedy_sought,
        place=contact.place,
        occurred_at=here(contact.occurred_at),
        name=customer.name if customer else "",
        reached_by=[point.masked for point in customer.contact_points.all()] if customer else [],
    )


def event_row(event: Event) -> EventRow:
    return EventRow(event.kind, here(event.at), event.text, event.values, _name(event.by), event.is_public)


def duty_row(duty: Duty, now: datetime) -> DutyRow:
    stands = standing_of(duty, now)
    return DutyRow(
        handbook=duty.handbook,
        clause=duty.clause,
        kind=duty.kind,
        step=duty.step,
        period=duty.period,
        reference=duty.reference.number if duty.reference else None,
        site=duty.site.code,
        opens=here(duty.opens_at),
        due=here(duty.due_at),
        provisional=duty.provisional,
        done=local(duty.done_at),
        status=stands.value,
        why=explain(Reason.from_json(reason) for reason in duty.why),
        owner=_name(duty.owner) or duty.owner_role,
        evidence=[one.reference.number for one in duty.evidence.all()],
    )


def hit(reference: Reference, states: dict[int, str]) -> Hit:
    kind = cast(HitKind, Kind(reference.kind).name.lower())
    at = here(reference.created_at)
    return Hit(reference.number, kind, reference.title, reference.site.code, at, states.get(reference.pk))
