"""Guessing a label of a text from texts that people labeled: naive Bayes over pairs of characters. Proposes, never decides. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from huiyin.kit.chinese import index_text

SMALLEST = 0.1  # what an unseen pair counts for
SURE = 0.7  # below this share of all belief nothing is proposed
FEWEST = 2  # pairs of the text that must be known at all
VOCABULARY = 20_000  # pairs remembered; the most frequent ones
REASONS = 3


@dataclass(frozen=True)
class Guess:
    """A label, how much of the belief it has (0 to 1), and the words of the text that speak for it."""

    label: str
    share: float
    because: tuple[str, ...]


def pairs(text: str) -> list[str]:
    """Every pair of neighboring Chinese characters and every other word, each once, in order; no single characters or digits."""
    found = (token for token in index_text(text).split() if len(token) > 1 and not token.isdecimal())
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Guesser:
    """What was learned: how often each label came, and how often each pair came with it."""

    labels: Mapping[str, int]
    seen: Mapping[str, Counter[str]]
    vocabulary: frozenset[str]

    @classmethod
    def learned(cls, rows: Iterable[tuple[str, str]]) -> "Guesser":
        """From (text, label) rows. A hundred thousand characters take some tens of milliseconds."""
        labels, seen, all_of_them = Counter[str](), dict[str, Counter[str]](), Counter[str]()
        for text, label in rows:
            found = pairs(text)
            labels[label] += 1
            seen.setdefault(label, Counter()).update(found)
            all_of_them.update(found)
        kept = frozenset(token for token, _n in all_of_them.most_common(VOCABULARY))
        return cls(labels, seen, kept)

    def guess(self, text: str) -> Guess | None:
        """The label believed in most, with its reasons; None where too little is known or the belief is divided."""
        known = [token for token in pairs(text) if token in self.vocabulary]
        if len(known) < FEWEST or len(self.labels) < 2:
            return None
        beliefs = self._beliefs(known)
        label = max(sorted(beliefs), key=lambda one: beliefs[one])
        return Guess(label, beliefs[label], self._because(text, known, label)) if beliefs[label] >= SURE else None

    def _beliefs(self, known: list[str]) -> dict[str, float]:
        total = sum(self.labels.values())
        logs = {
            label: math.log(count / total) + sum(math.log(self._chance(token, label)) for token in known)
            for label, count in self.labels.items()
        }
        highest = max(logs.values())
        weights = {label: math.exp(log - highest) for label, log in logs.items()}
        return {label: weight / sum(weights.values()) for label, weight in weights.items()}

    def _chance(self, token: str, label: str) -> float:
        seen = self.seen[label]
        return (seen[token] + SMALLEST) / (seen.total() + SMALLEST * len(self.vocabulary))

    def _because(self, text: str, known: list[str], label: str) -> tuple[str, ...]:
        """The pairs that set this label apart most, neighbors written as one word: 天花 and 花板 are 天花板."""
        others = [one for one in self.labels if one != label]
        weight = {
            token: math.log(self._chance(token, label)) - max(math.log(self._chance(token, one)) for one in others)
            for token in known
        }
        best = [token for token in sorted(known, key=lambda one: -weight[one]) if weight[token] > 0][: REASONS + 1]
        return _joined([token for token in known if token in best])[:REASONS]


def _joined(tokens: list[str]) -> tuple[str, ...]:
    words: list[str] = []
    for token in tokens:
        if words and words[-1][-1] == token[0] and not token.isascii():
            words[-1] += token[1:]
        else:
            words.append(token)
    return tuple(words)
