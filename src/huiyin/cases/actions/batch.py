"""Entering what was written by hand while the power was out: several lines of a page at once, all of them or none."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huiyin.cases.actions.intake import Taken, take
from huiyin.interactions.queries import line_on_page, was_imported
from huiyin.interactions.rules import Contact
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import Actor


class RowRefused(Refusal):
    """One line of a page can not be taken; `row` says which, so none of them is."""

    def __init__(self, row: int, refusal: Refusal) -> None:
        super().__init__(refusal.message, refusal.field)
        self.row = row


def take_page(
    lines: Mapping[int, Contact], *, sheet: str = "", by: Actor, now: datetime, key: str = ""
) -> dict[int, Taken]:
    """Take contacts by their rows on a page of the duty log, in one transaction, each as `take` does.

    With a `sheet` (the page's own number) a row that is there already is refused. With a `key` sending the same page again
    answers what the first time did. Raises `RowRefused`. Clauses S3.2.1.b, S4.4.2.1.1.a.
    """
    with transaction.atomic():
        return {
            row: _taken(replace(contact, source_number=line_on_page(sheet, row) if sheet else ""), row, by, now, key)
            for row, contact in lines.items()
        }


def _taken(contact: Contact, row: int, by: Actor, now: datetime, key: str) -> Taken:
    try:
        return take(contact, by=by, now=now, key=f"{key}.{row}" if key else "")
    except IntegrityError:
        if not contact.source_number or not was_imported(contact.site, contact.source_number):
            raise
        raise RowRefused(row, Refusal(_("这一页的这一行已经补录过。"), "situation")) from None
    except Refusal as refusal:
        raise RowRefused(row, refusal) from refusal
