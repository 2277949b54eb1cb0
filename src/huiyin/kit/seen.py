"""Words that somebody else may change while a person has them open: known again by a seal that their page carries along."""

import hashlib
from typing import Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from huiyin.kit.refusal import Refusal


class ChangedMeanwhile(Refusal):
    def __init__(self) -> None:
        super().__init__(_("别人刚刚改动了。您写的内容还在，请看过再提交。"))


class Worded(Protocol):
    """Something whose words are known by a seal."""

    @property
    def words_seen(self) -> str: ...


T = TypeVar("T", bound=Worded)


def seal_of_words(*words: str) -> str:
    """What a page carries along so that words changed since it was opened are noticed: 64 bits of their SHA-256."""
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:16]


def expect(thing: T, words_seen: str) -> T:
    """Refuse when the words are no longer those that the person had open ("" = told nothing of what was open)."""
    if words_seen and words_seen != thing.words_seen:
        raise ChangedMeanwhile
    return thing
