"""Words to the customer while a case is open: that it came, how it stands, that somebody is there."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huiyin.cases.actions.moves import move, tell, tell_customer
from huiyin.cases.models import Case
from huiyin.cases.rules import required
from huiyin.cases.states import EventKind, Told
from huiyin.kit import chinese
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor


class NoSuchWay(Refusal):
    def __init__(self) -> None:
        super().__init__(_("请选怎么告诉顾客的。"), "way")


@transaction.atomic
def acknowledge(case: Case, *, way: str, by: Actor, now: datetime, words: str = "") -> Case:
    """Say that a person has told the customer that it came; a slip in the hand counts (ISO 10002, 7.4)."""
    if way not in Told.values:
        raise NoSuchWay
    move(case, "acknowledge", by=by)
    tell(case, EventKind.ACKNOWLEDGED, by=by, now=now, text=chinese.clean(words), values={"way": way})
    return case


@transaction.atomic
def update(case: Case, *, text: str, by: Actor, now: datetime, way: str = Told.MESSAGE) -> Case:
    """告知进展: tell the customer how it stands. Keeps the promise of a word, and owes the next one (ISO 10002, 7.3)."""
    text = required(text, "text")
    if way not in Told.values:
        raise NoSuchWay
    move(case, "update", by=by)
    tell(case, EventKind.UPDATED, by=by, now=now, text=text, values={"way": way})
    tell_customer(case, "updated", now, text)
    return case


@transaction.atomic
def arrive(case: Case, *, by: Actor, now: datetime, words: str = "") -> Case:
    """到场: somebody is there. Of a repair that is the first answer in substance."""
    move(case, "arrive", by=by)
    tell(case, EventKind.ARRIVED, by=by, now=now, text=chinese.clean(words))
    return case
