"""What stands in the database after a rough time, counted: python -m tests.books town | count. Prints JSON.

For tests.kills and tests.repeats, which run it in the house they tore at.
"""

# ruff: noqa: E402

import hashlib
import json
import re
import sys
from collections import Counter
from typing import Any

import django

django.setup()

from django.conf import settings
from django.db.models import Count, Q

from huiyin.access.clock import now
from huiyin.cases.models import Case
from huiyin.demo.cast import settle
from huiyin.duties.models import Duty
from huiyin.interactions.models import Delivery, Interaction, Receipt, Repeat
from huiyin.journal.models import Entry
from huiyin.organization.actions import appoint, issue_token
from huiyin.organization.models import User
from huiyin.organization.rules import SYSTEM
from huiyin.organization.states import Role
from huiyin.records.models import StoredFile

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


def _is_there(file: StoredFile) -> bool:
    path = settings.MEDIA / file.key[:2] / file.key
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == file.digest


if __name__ == "__main__":
    sys.stdout.write(json.dumps({"town": town, "count": count}[sys.argv[1]]()))
