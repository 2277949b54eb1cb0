"""Decisions about the people served, on values alone: how they are reached, how a list of them is read and entered."""

from huiyin.customers.rules.reaching import (
    ANONYMOUS,
    TOLD,
    Reached,
    WrongPhone,
    blind_index,
    decrypted,
    encrypted,
)

__all__ = ["ANONYMOUS", "TOLD", "Reached", "WrongPhone", "blind_index", "decrypted", "encrypted"]
