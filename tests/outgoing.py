"""While any test runs: no message holds a word, a number or a link of a matter that its reader has no part in (S2).

What leaves the house is noted as it leaves, since words that were sent are not kept; what lies in the outbox and at the desk is worded
once more when the test's body is through.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from typing import Any

from huiyin.cases.models import Case
from huiyin.interactions import actions
from huiyin.interactions.gateways import mail
from huiyin.interactions.models import Delivery, Interaction, OwnLetter
from huiyin.interactions.queries import reference_behind, worded
from huiyin.references.models import Reference
from huiyin.references.states import Kind

NUMBERS = re.compile(r"\b[A-Z]{2}\d{2}-\d{6}\b")
CANARY = re.compile(r"暗鸽([a-z]+)")
LINK = re.compile(r"/t/([a-z0-9]{20,80})")
PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
SHORTEST = 8  # signs; fewer are nobody's own words
MOST = 300  # messages weighed a test, the newest

left: dict[tuple[object, ...], list[str]] = defaultdict(list)  # message -> every text of it that left


def _name(one: Delivery) -> tuple[object, ...]:
    """Which message it is. SQLite gives the number of a row that was rolled back to another."""
    return one.pk, one.key, one.reference_id, one.to_user_id, one.to_customer_id


def install(monkeypatch: Any) -> None:
    """Look at what the gateways are given."""
    left.clear()
    usual, usually = actions.worded, mail.composed

    def noted(delivery: Delivery) -> tuple[str, str]:
        subject, body = usual(delivery)
        left[_name(delivery)].append(f"{subject}\n{body}")
        return subject, body

    def composed(delivery: Delivery, address: str, subject: str, body: str) -> EmailMessage:
        message = usually(delivery, address, subject, body)
        left[_name(delivery)].append(f"{message['Subject']}\n{message.get_content()}")
        return message

    monkeypatch.setattr(actions, "worded", noted)
    monkeypatch.setattr(mail, "composed", composed)


def leaks(sites_of: Callable[[int], set[str] | None]) -> list[str]:
    """What messages tell whom it does not concern. `sites_of`: the codes of a user's sites; None for all."""
    rows = list(Delivery.objects.select_related("reference__site", "to_user", "to_customer").order_by("-id")[:MOST])
    if not rows:
        return []
    told = {row.pk: _texts(row) for row in rows}
    site_of = dict(Reference.objects.exclude(kind=Kind.NOTICE).values_list("number", "site__code"))
    found = _to_staff([row for row in rows if row.to_user_id], told, site_of, sites_of)
    return found + _to_customers([row for row in rows if row.to_customer_id], told)


def _texts(row: Delivery) -> str:
    try:
        again = "\n".join(worded(row))
    except Exception:  # a test of what becomes of a message that can not be worded
        again = ""
    return "\n".join([again, json.dumps(row.values, ensure_ascii=False, default=str), *left.get(_name(row), ())])


def _to_staff(
    rows: Iterable[Delivery], told: dict[int, str], site_of: dict[str, str], sites_of: Callable[[int], set[str] | None]
) -> list[str]:
    theirs: dict[int, set[str] | None] = {}
    found = []
    for row in rows:
        if row.to_user_id not in theirs:
            theirs[row.to_user_id] = sites_of(row.to_user_id)
        own = theirs[row.to_user_id]
        if own is None:
            continue
        words = {code for code in CANARY.findall(told[row.pk]) if code not in own}
        numbers = {one for one in NUMBERS.findall(told[row.pk]) if site_of.get(one, next(iter(own))) not in own}
        if row.reference and row.reference.site.code not in own:
            numbers.add(row.reference.number)
        found += [f"message {row.key} tells {one} to {row.to_user}" for one in sorted(words | numbers)]
    return found


def _to_customers(rows: list[Delivery], told: dict[int, str]) -> list[str]:
    found, parts, said = [], _parts(rows), _said(rows)
    for row in rows:
        text, mine = told[row.pk], parts[row.to_customer_id]
        if row.reference is not None:
            mine = mine | {row.reference.number}
            if row.reference.number not in parts[row.to_customer_id]:
                found.append(f"message {row.key} is about a matter of somebody else")
        numbers = {one for one in NUMBERS.findall(text) if one not in mine}
        links = {
            one for one in LINK.findall(text) if (seen := reference_behind(one)) is None or seen.number not in mine
        }
        own = "\n".join(said.get(row.to_customer_id, ()))
        words = {
            one
            for who, ones in said.items()
            if who != row.to_customer_id
            for one in ones
            if one in text and one not in own
        }
        code = row.reference.site.code if row.reference else ""
        canaries = {one for one in CANARY.findall(text) if one != code}
        phones = set(PHONE.findall(text)) - set(PHONE.findall(row.reference.site.phone if row.reference else ""))
        found += [f"message {row.key} tells {one}" for one in sorted(numbers | links | words | canaries | phones)]
    return found


def _parts(rows: list[Delivery]) -> dict[int | None, set[str]]:
    """Customer -> numbers of what they told us, of the matters made of it, and of our letters to them."""
    parts: dict[int | None, set[str]] = defaultdict(set)
    who = {row.to_customer_id for row in rows}
    contacts = Interaction.objects.filter(customer__in=who)
    for customer, *numbers in contacts.values_list("customer", "reference__number", "subject__number"):
        parts[customer] |= {number for number in numbers if number}
    for room in (Case, OwnLetter):
        for customer, number in room.objects.filter(customer__in=who).values_list("customer", "reference__number"):
            parts[customer].add(number)
    return parts


def _said(rows: list[Delivery]) -> dict[int | None, set[str]]:
    """Customer -> their own words, of everybody in the sites that messages are about."""
    sites = {row.reference.site_id for row in rows if row.reference}
    said: dict[int | None, set[str]] = defaultdict(set)
    contacts = (
        Interaction.objects.filter(site__in=sites).order_by("-id").values_list("customer", "situation", "remedy_sought")
    )
    for customer, *words in contacts[:MOST]:
        said[customer] |= {one.strip() for one in words if len(one.strip()) >= SHORTEST}
    return said
