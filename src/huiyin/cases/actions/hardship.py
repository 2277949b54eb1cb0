"""困难提示: a customer in need or hardship, told to the superior at once and seen only by those who need it (S3.2.1.c)."""

from datetime import datetime

from django.db import transaction

from huiyin.cases.actions.moves import move, superiors_of, tell, tell_staff
from huiyin.cases.models import Case, Event
from huiyin.cases.queries.lists import hardship_of
from huiyin.cases.rules import required
from huiyin.cases.rules.hardship import NothingFlagged
from huiyin.cases.states import EventKind
from huiyin.organization.rules import Actor


@transaction.atomic
def flag(case: Case, *, why: str, by: Actor, now: datetime) -> Event:
    """Say that somebody is in need, and of what. The superiors and the accountable person are told that, not why.

    Neither the search nor any list, export or page of the customer knows of it; in the journal it stands as a note.
    """
    why = required(why, "why")
    move(case, "flag", by=by)
    made = tell(case, EventKind.FLAGGED, by=by, now=now, text=why, is_public=False)
    people = {person.pk: person for person in (*superiors_of(case), case.accountable)}
    tell_staff(case, "flagged", tuple(people.values()), now)
    return made


@transaction.atomic
def unflag(case: Case, *, why: str, by: Actor, now: datetime) -> Event:
    """Take the flag away again, with the reason. Refused to whoever does not see one."""
    by.check("cases.note", case.site)
    why = required(why, "why")
    if hardship_of(case, by) is None:
        raise NothingFlagged
    move(case, "unflag", by=by)
    return tell(case, EventKind.FLAGGED, by=by, now=now, text=why, values={"lifted": True}, is_public=False)
