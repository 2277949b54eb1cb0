"""A category proposed for a text, learned from what the site's own people decided. It never decides."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from huiyin.cases.models import Case
from huiyin.handbook.queries import Rulebook, rulebook
from huiyin.kit.guessing import Guesser
from huiyin.organization.models import Site

ENOUGH = 60  # of the site's own decisions; with fewer those of sites of the same kind count as well
MOST = 3000  # newest decisions learned from
OTHER = "other"  # what people put there teaches nothing


@dataclass(frozen=True)
class Proposal:
    """A category, what it is called, and the words of the text that speak for it."""

    code: str
    name: str
    because: tuple[str, ...]


def proposed(text: str, site: Site, on: date, rules: Rulebook | None = None) -> Proposal | None:
    """The category this text most likely belongs to, among those the site uses; None where nothing speaks for one.

    What was learned is kept for the day: two queries for the first text of a day, one small one after that, for the rules
    of the day where they are not given.
    """
    rules = rules or rulebook(site, on)
    guess = _learned(site.pk, site.kind, on, _taught(rules)).guess(text)
    return Proposal(guess.label, rules.category_name(guess.label), guess.because) if guess else None


def _taught(rules: Rulebook) -> tuple[tuple[str, str], ...]:
    """What the procedures themselves teach: names and words of the categories."""
    codes = (one.code for one in rules.subjects() if one.code != OTHER)
    return tuple((" ".join(rules.words_for(code)), code) for code in codes)


@lru_cache(maxsize=64)
def _learned(site: int, kind: str, _on: date, taught: tuple[tuple[str, str], ...]) -> Guesser:
    codes = [code for _words, code in taught]
    decided = Case.objects.filter(category__in=codes).order_by("-id").values_list("summary", "category")
    rows = list(decided.filter(site=site)[:MOST])
    if len(rows) < ENOUGH:
        rows += list(decided.filter(site__kind=kind).exclude(site=site)[: MOST // 10])
    return Guesser.learned([*taught, *taught, *rows])


def forget_learned() -> None:
    """Learn anew at the next text, instead of tomorrow."""
    _learned.cache_clear()
