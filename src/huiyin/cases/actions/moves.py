"""What every act on a case shares: checked, compared and set, told to the timeline and the journal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from huiyin.cases.actions.clocks import follow, matter_of, owed
from huiyin.cases.actions.together import references_of, told_with
from huiyin.cases.models import Case, Event, Suggestion
from huiyin.cases.rules import ChangedMeanwhile, NotNamed, WrongKind, legal
from huiyin.cases.rules.clocks import Happened
from huiyin.cases.states import EventKind
from huiyin.duties import actions as duties
from huiyin.duties.rules import Done
from huiyin.handbook.queries import rulebook
from huiyin.interactions import actions as interactions
from huiyin.interactions.actions import Message
from huiyin.interactions.states import ContactKind
from huiyin.journal import actions as journal
from huiyin.kit.inserts import insert
from huiyin.organization.models import User
from huiyin.organization.queries import crew_of, picture_of, working_calendar
from huiyin.organization.rules import Actor
from huiyin.organization.states import Role

# Who looks, or signs, as the second person; the nearest first.
SUPERIORS = (Role.SITE_MANAGER, Role.DIRECTOR, Role.QUALITY_OFFICER)


def move(case: Case, name: str, *, by: Actor, **changes: Any) -> None:
    """Do the state machine's part of an act: right, legality, compare-and-set on state and version. `case` is brought up to date.

    Refuses with NotAllowed, IllegalMove, WrongKind, or ChangedMeanwhile when somebody else was faster.
    """
    transition = legal(name, case.state)
    if not transition.fits(case.kind):
        raise WrongKind(transition, case.kind)
    by.check(transition.right, case.site)
    if transition.target is not None:
        changes["state"] = transition.target
    unchanged = Case.objects.filter(pk=case.pk, state=case.state, version=case.version)
    if not unchanged.update(version=F("version") + 1, **changes):
        raise ChangedMeanwhile
    for field, value in changes.items():
        setattr(case, field, value)
    case.version += 1


def tell(
    case: Case,
    kind: EventKind,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    values: Mapping[str, Any] | None = None,
    is_public: bool = True,
) -> Event:
    """Add to the timeline and the journal; the clocks follow. The words stay in the timeline, the journal holds their digest."""
    said = dict(values or {})
    event = Event(case=case, kind=kind, at=now, by_id=by.user_id, signature=by.signature, text=text, values=said)
    event.is_public = is_public
    insert(event)
    facts = {"event": event.pk, "state": case.state, **said}
    named = {"to", "accountable", "despite", "passed_to"} & facts.keys()
    fields = {"text": text} if text else {}
    fields |= {name: str(facts.pop(name)) for name in named}
    # The journal goes into exports: what only a few may know of stands there as a note.
    verb = EventKind.NOTED if kind == EventKind.FLAGGED else kind
    journal.record(f"cases.{verb.value}", by=by, now=now, reference=case.reference.number, facts=facts, fields=fields)
    follow(case, Happened(kind, now, by.signature, dict(said)), by=by, now=now)
    return event


def solved(case: Case, now: datetime) -> dict[str, datetime]:
    """The first solution of this round, and the first of all, which the verdict on the time rests on."""
    return {"solved_at": case.solved_at or now, "first_solved_at": case.first_solved_at or now}


def discharge(case: Case, kind: str, by: Actor, now: datetime, *, step: str = "") -> None:
    """Take an act as evidence for the open duties of that kind about this case."""
    for reference in references_of(case):
        duties.discharge(case.site, Done((kind,), now, step), reference=reference, by=by, now=now, only_about=True)


def tell_customer(case: Case, event: str, now: datetime, words: str) -> None:
    """By their page; by mail where there is an address, with the words themselves where the question came by mail."""
    if case.is_history:
        return
    key, template = f"{event}.{case.version}", f"cases/messages/{event}"
    told = told_with(case)
    messages = [Message(number, key, template, {}, to_customer=customer, words=words) for number, customer in told]
    interactions.send(messages, now=now)


def tell_staff(case: Case, event: str, people: tuple[User, ...], now: datetime, **values: Any) -> None:
    """Put a message about the case on these colleagues' desks."""
    key = f"{event}.{case.version}"
    interactions.send([Message(case.reference, key, f"cases/messages/{event}", values, to_users=people)], now=now)


def superiors_of(case: Case) -> tuple[User, ...]:
    """The managers of the case's site; the directors where it has none."""
    crew = crew_of(case.site)
    return tuple(crew.holders(Role.SITE_MANAGER) or crew.holders(Role.DIRECTOR))


def open_follow_up(case: Case, now: datetime) -> bool:
    """Ask for a follow-up by somebody other than the handler, where the rules want one. False where they do not."""
    rules, picture = rulebook(case.site, timezone.localdate(now)), picture_of(case.site)
    strands = rules.strands("follow_up", matter_of(case), now, working_calendar())
    if not strands:
        return False
    acting = [rules.actor_of(one) for one in rules.limits("follow_up", case.kind)]
    section = [person.pk for role in acting for person in picture.people_behind(role) if person.pk != case.handler_id]
    owner = section[0] if section else case.first_contact_owner_id  # S4.4.2.1.6.b, X17
    if owner == case.handler_id:
        others = picture.crew.holders(Role.SERVICE_ASSISTANT, Role.SITE_MANAGER)
        owner = next((person.pk for person in others if person.pk != case.handler_id), owner)
    duties.open_duties(case.site, owed(strands, owner, f"{case.version}"), reference=case.reference)
    return True


def on_behalf(by: Actor) -> Actor:
    """What follows by rule from somebody's act is done by the system, whatever rights they hold; they stand beside it."""
    return Actor(kind="system", id=by.signature)


def check_named(case: Case, by: Actor, now: datetime) -> None:
    """Where a handbook says so, a suggestion is answered only by whom the manager named (S4.4.2.1.3.b)."""
    if case.kind != ContactKind.SUGGESTION or case.is_history or by.kind == "system":
        return
    if not rulebook(case.site, timezone.localdate(now)).chain("suggestion_answer"):
        return
    named = Suggestion.objects.filter(case=case).values_list("named__name", "named").first() or ("", None)
    if named[1] is None or named[1] != by.user_id:
        raise NotNamed(named[0] or "")
