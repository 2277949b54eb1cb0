"""How each kind of case may end, and the refusals of what does not fit."""

from django.utils.translation import gettext_lazy as _

from huiyin.cases.states import Outcome
from huiyin.interactions.states import ContactKind
from huiyin.kit.refusal import Refusal

USUAL = (Outcome.ACCEPTED, Outcome.EXHAUSTED, Outcome.REFERRED)
OF_KIND = {
    ContactKind.SUGGESTION: (Outcome.ADOPTED, Outcome.DECLINED, Outcome.EXHAUSTED, Outcome.REFERRED),
    ContactKind.COMPLIMENT: (Outcome.PASSED_ON,),
}

# Of compliments that were answered before there was an act to pass them on; never offered.
ALSO_TAKEN = {ContactKind.COMPLIMENT: (Outcome.ACCEPTED,)}


class WrongOutcome(Refusal):
    def __init__(self, kind: str, outcome: str) -> None:
        told = {"outcome": Outcome(outcome).label, "kind": ContactKind(kind).label}
        super().__init__(_("“%(outcome)s”不是这一类事项（%(kind)s）的结果。") % told, "outcome")


class NotPassedOn(Refusal):
    def __init__(self) -> None:
        super().__init__(_("表扬要先转达并致谢，才能办结。"), "outcome")


def outcomes_of(kind: str) -> tuple[Outcome, ...]:
    """How a case of a kind may end, the usual way first. Merged and imported are no choices."""
    return OF_KIND.get(ContactKind(kind), USUAL)


def check_fits(kind: str, outcome: str) -> None:
    """Refuse an outcome that belongs to another kind."""
    if outcome not in (*outcomes_of(kind), *ALSO_TAKEN.get(ContactKind(kind), ())):
        raise WrongOutcome(kind, outcome)
