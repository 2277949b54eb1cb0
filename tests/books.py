"""What stands in the database after a rough time, counted: python -m tests.books town | count | crowd. Prints JSON.

For tests.kills and tests.repeats, which run it in the house they tore at.
"""

# ruff: noqa: E402

import hashlib
import json
import re
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.db.models import Count, Q

from huiyin.access.clock import now
from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.demo.cast import settle
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery, Interaction, Receipt, Repeat
from huiyin.interactions.rules import Contact
from huiyin.journal.models import Entry
from huiyin.organization.actions import appoint, issue_token
from huiyin.organization.models import Site, User
from huiyin.organization.rules import SYSTEM
from huiyin.organization.states import Role
from huiyin.records.actions import number_form
from huiyin.records.models import Serial, StoredFile
from huiyin.references.models import Reference

CROWD, EACH = 50, 4
FORM = "complaint_handling_form"
MARKER = re.compile(r"MK-[0-9a-z-]+")


def town() -> dict[str, Any]:
    """The town with two service accounts over the whole company; their tokens."""
    cast = settle(now=now(), households=4)
    tokens = []
    for name in ("one", "two"):
        user = User.objects.create(username=name, name=name, kind="service")
        appoint(user, role=Role.SYSTEM_SERVICE, by=SYSTEM, now=now(), company=cast.company.pk)
        tokens.append(issue_token(user, label="proof", by=SYSTEM, now=now()))
    return {"tokens": tokens}


def count() -> dict[str, Any]:
    """Every marker with what it became, and what is wrong anywhere: halves, strays, files that are gone."""
    by_hash = dict(Receipt.objects.values_list("reference", "token_hash"))
    found: dict[str, list[dict[str, Any]]] = {}
    for text, number, subject in Interaction.objects.values_list("situation", "reference__number", "subject"):
        for marker in MARKER.findall(text):
            found.setdefault(marker, []).append({"number": number, "hash": by_hash.get(subject, "")})
    return {"found": found, "wrong": {name: number for name, number in wrong().items() if number}}


def wrong() -> dict[str, int]:
    """How many of each fault: whatever stands here but zero is a finding."""
    marked = Case.objects.filter(reference__contacts__situation__contains="MK-").distinct()
    duties = dict(Duty.objects.filter(kind="solution").values_list("reference").annotate(Count("pk")))
    taken = Counter(Entry.objects.filter(verb="cases.taken").values_list("reference", flat=True))
    cases = list(marked.values_list("reference_id", "reference__number", "pk"))
    receipts = set(Receipt.objects.values_list("reference", flat=True))
    events = set(marked.filter(events__kind="taken").values_list("pk", flat=True))
    told = set(Delivery.objects.values_list("reference", flat=True))
    numbers = set(Interaction.objects.values_list("reference__number", flat=True))
    return {
        "contact without a case": Interaction.objects.filter(Q(situation__contains="MK-"), subject=None).count(),
        "case without exactly one contact": marked.annotate(n=Count("reference__contacts")).exclude(n=1).count(),
        "case without exactly one solution duty": sum(duties.get(reference) != 1 for reference, _n, _pk in cases),
        "case without exactly one line in the journal": sum(taken[number] != 1 for _r, number, _pk in cases),
        "case without receipt": sum(reference not in receipts for reference, _n, _pk in cases),
        "case without a timeline": sum(pk not in events for _r, _n, pk in cases),
        "case nobody was told of": sum(reference not in told for reference, _n, _pk in cases),
        "key that names nothing": sum(one not in numbers for one in Repeat.objects.values_list("reference", flat=True)),
        "file without its bytes": sum(not _is_there(file) for file in StoredFile.objects.all()),
    }


def crowd() -> dict[str, Any]:
    """R7: fifty creators at once, each taking four matters and printing the form of each, twice. What does not hold."""
    site, at = Site.objects.get(code="yulan"), now()
    before = Case.objects.count()

    def creator(number: int) -> list[tuple[str, int, int]]:
        try:
            return [_made(site, f"{number}-{turn}", at) for turn in range(EACH)]
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as pool:
        made = [one for rows in pool.map(creator, range(CROWD)) for one in rows]
    numbers = list(Reference.objects.values_list("number", flat=True))
    serials = sorted(Serial.objects.filter(site=site, form=FORM).values_list("number", flat=True))
    checks = {
        "a number given twice": len(numbers) - len(set(numbers)),
        "made and not there": before + CROWD * EACH - Case.objects.count(),
        "answered the same number": len(made) - len({number for number, _first, _second in made}),
        "a form numbered anew": sum(first != second for _number, first, second in made),
        "a gap among the serials": len(set(serials) ^ set(range(1, CROWD * EACH + 1))),
    }
    return {"made": len(made), "wrong": {name: number for name, number in checks.items() if number}}


def _made(site: Site, mark: str, at: datetime) -> tuple[str, int, int]:
    contact = Contact(site, "phone", "complaint", f"电梯坏了 CR-{mark}", category="elevator")
    case = cases.take(contact, by=NOBODY, now=at).case
    assert case is not None
    first, second = (number_form(case.reference, FORM, site=site, by=SYSTEM, now=at) for _time in range(2))
    return case.reference.number, first, second


def _is_there(file: StoredFile) -> bool:
    path = settings.MEDIA / file.key[:2] / file.key
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == file.digest


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"town": town, "count": count, "crowd": crowd}[sys.argv[1]]()))
