"""What an audit draws its samples from: the clauses with duties of the last year, and the duties of one clause."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huiyin.duties import queries as ledger
from huiyin.duties.models import Duty
from huiyin.journal.models import Entry
from huiyin.journal.queries import with_verb
from huiyin.kit.sampling import drawn, list_digest
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

BACK = timedelta(days=365)
DRAWN = "reports.drawn"


@dataclass(frozen=True)
class Draw:
    """One draw: its list, the number it was drawn by, and the lots in their order."""

    site: str
    clause: str  # handbook and clause, as in the list of clauses
    number: str
    until: datetime
    items: Mapping[str, Duty]
    lots: tuple[str, ...]
    clauses: tuple[str, ...] = ()  # the list the clause itself was drawn from; empty where it was chosen

    @property
    def digest(self) -> str:
        return list_digest(self.items)

    @property
    def clauses_digest(self) -> str:
        return list_digest(self.clauses) if self.clauses else ""

    def facts(self) -> dict[str, Any]:
        """What goes on record; names no person."""
        return {
            "site": self.site,
            "clause": self.clause,
            "number": self.number,
            "count": len(self.lots),
            "base": len(self.items),
            "list": self.digest,
            "clauses": self.clauses_digest,
            "until": self.until.isoformat(),
            "lots": list(self.lots),
        }


def item_of(duty: Duty) -> str:
    """A duty as a line of the list: what it is about, and its number in the ledger."""
    about = duty.reference.number if duty.reference else ""
    parts = (duty.clause, duty.kind, duty.step, duty.period, duty.scope, about, f"#{duty.pk}")
    return " ".join(part for part in parts if part)


def clauses_of(site: Site, actor: Actor, *, until: datetime) -> dict[str, int]:
    """Clauses with duties that fell due in the year before, with how many each. One query."""
    due = ledger.of_site(site, actor, first=until - BACK, last=until).exclude(clause="")
    rows = due.select_related(None).prefetch_related(None).order_by().values_list("handbook", "clause")
    return dict(sorted(Counter(f"{handbook} {clause}" for handbook, clause in rows).items()))


def duties_of(site: Site, actor: Actor, clause: str, *, until: datetime) -> dict[str, Duty]:
    """The clause's duties that fell due in the year before, by their lines of the list."""
    handbook, _space, name = clause.partition(" ")
    due = ledger.of_site(site, actor, first=until - BACK, last=until).filter(handbook=handbook, clause=name)
    return {item_of(duty): duty for duty in due}


def draw_from(site: Site, actor: Actor, *, clause: str, number: str, count: int, until: datetime) -> Draw:
    """Draw `count` duties of a clause by a number; without a clause that is drawn by the same number first."""
    clauses: tuple[str, ...] = ()
    if not clause:
        clauses = tuple(clauses_of(site, actor, until=until))
        clause = next(iter(drawn(clauses, number, 1)), "")
    items = duties_of(site, actor, clause, until=until)
    return Draw(site.code, clause, number, until, items, tuple(drawn(items, number, count)), clauses)


def again(entry: Entry, site: Site, actor: Actor) -> Draw:
    """A draw on record, drawn again from the ledger as it stands now."""
    facts = entry.facts
    until = datetime.fromisoformat(facts["until"])
    chosen = "" if facts["clauses"] else facts["clause"]
    return draw_from(site, actor, clause=chosen, number=facts["number"], count=facts["count"], until=until)


def draws_of(site: Site) -> list[Entry]:
    """The last draws at a site, newest first."""
    return list(with_verb(DRAWN, site=site.code)[:10])


def draw_on_record(key: int, sites: list[str]) -> Entry | None:
    return with_verb(DRAWN, site__in=sites).filter(pk=key).first()
