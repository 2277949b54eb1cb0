"""What a company with a thousand sites asks of the procedures: their expansion, and a year of duties to look at.

`python -m bench.companies expansion` times ten years of all five handbooks for a thousand sites, each with facts of its
own; `… sites N` opens N more sites, each with a year of the duties of its handbooks. Each prints JSON.
"""

import json
import sys
import time
from datetime import date, timedelta
from random import Random
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402

from huiyin.access.clock import now as read_clock  # noqa: E402
from huiyin.demo.cast import PASSWORD  # noqa: E402
from huiyin.duties.actions import open_duties  # noqa: E402
from huiyin.duties.models import Duty  # noqa: E402
from huiyin.handbook.rules import planned, shipped, shipped_ids  # noqa: E402
from huiyin.handbook.rules.facts import Facts, Span, usual_term  # noqa: E402
from huiyin.kit.periods import Period  # noqa: E402
from huiyin.kit.workdays import published_calendar  # noqa: E402
from huiyin.organization.models import Company, Site  # noqa: E402
from huiyin.organization.states import SiteKind  # noqa: E402

SITES, FIRST, LAST = 1_000, date(2019, 1, 1), date(2028, 12, 31)


def own_facts(random: Random) -> Facts:
    """Terms that begin some days off the usual ones, three clusters, two warranty parts with ends of their own."""
    terms = []
    for year in range(FIRST.year - 2, LAST.year + 1):
        usual = usual_term(Period("semester", year, 1))
        shift = timedelta(days=random.randint(-9, 9))
        terms.append(Span(usual.name, usual.first + shift, usual.last + shift))
    ends = [date(random.randint(2021, 2027), random.randint(1, 12), 15) for _part in range(2)]
    parts = tuple(Span(str(number), end - timedelta(days=730), end) for number, end in enumerate(ends))
    return Facts(terms=tuple(terms), parts=parts, clusters=("1", "2", "3"))


def expansion() -> dict[str, Any]:
    """Seconds of one core for SITES sites, and how many dated duties came out."""
    calendar, random = published_calendar(FIRST.year - 1, LAST.year + 1), Random(7)
    books = [shipped(name) for name in shipped_ids()]
    kinds = [(kind, [book for book in books if kind in book.site_kinds]) for kind in SiteKind.values]
    facts = [own_facts(random) for _site in range(SITES)]
    count, began = 0, time.process_time()
    for number in range(SITES):
        kind, fitting = kinds[number % len(kinds)]
        count += len(planned(fitting, kind, calendar, FIRST, LAST, facts=facts[number]))
    return {"seconds": round(time.process_time() - began, 2), "duties": count, "sites": SITES}


def sites(count: int) -> dict[str, Any]:
    """Sites of the four kinds with this year's duties: six of ten that are over were kept, one was late."""
    now, company = read_clock(), Company.objects.get()
    year = timezone.localdate(now).year
    calendar = published_calendar(year - 1, year + 1)
    books = [shipped(name) for name in shipped_ids()]
    made = [
        Site(company=company, code=f"s{number}", name=f"站点{number}", kind=SiteKind.values[number % 4])
        for number in range(count)
    ]
    Site.objects.bulk_create(made)
    for site in made:
        with transaction.atomic():
            fitting = [book for book in books if site.kind in book.site_kinds]
            rows = planned(fitting, site.kind, calendar, date(year, 1, 1), date(year, 12, 31))
            open_duties(site, [row.asked() for row in rows])
    past = Duty.objects.filter(site__in=made, due_at__lt=now).annotate(lot=F("id") % 10)
    past.filter(lot__lt=6).update(done_at=F("due_at"))
    past.filter(lot=6).update(done_at=F("due_at") + timedelta(days=1))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return {"username": "shen", "password": PASSWORD, "duties": Duty.objects.filter(site__in=made).count()}


if __name__ == "__main__":
    act, *given = sys.argv[1:]
    sys.stdout.write(json.dumps(expansion() if act == "expansion" else sites(int(given[0]))))
