"""Duties and the search as JSON."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from dmr import Query

from huiyin.access import clock, doors
from huiyin.api.cursors import page_of
from huiyin.api.faults import wrong_field
from huiyin.api.frame import View
from huiyin.api.rows import duty_row, hit
from huiyin.api.schema import DutyPage, DutyQuery, HitPage, SearchQuery
from huiyin.cases.queries import of_references
from huiyin.duties.queries import of_site
from huiyin.kit.periods import Period
from huiyin.references.queries import search


class Duties(View):
    """The ledger of duties."""

    def get(self, parsed_query: Query[DutyQuery]) -> DutyPage:
        """Duties of a site due from a day to a day, both included, in due order, fifty a page."""
        site, now = doors.site(parsed_query.site, self.actor), clock.now()
        self.actor.check("duties.read", site)
        month = Period.month_of(timezone.localdate(now))
        first = _instant(parsed_query.first or month.first, time.min, "from")
        last = _instant(parsed_query.last or month.last, time.max, "to")
        duties = of_site(site, self.actor, first=first, last=last).select_related("reference", "owner", "site")
        rows, following = page_of(duties, "due_at", parsed_query.cursor)
        return DutyPage([duty_row(duty, now) for duty in rows], following)


def _instant(day: date, at: time, field: str) -> datetime:
    if not 2000 <= day.year <= 2100:
        raise wrong_field(field, _("日期要在 2000 年到 2100 年之间。"))
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())


class Search(View):
    """Everything that has a number."""

    def get(self, parsed_query: Query[SearchQuery]) -> HitPage:
        """What holds every word of `q`, newest first, fifty a page; a case is found by its contacts' words."""
        self.actor.check("search.use")
        found = search(parsed_query.q, self.actor).select_related("site")
        rows, following = page_of(found, "-created_at", parsed_query.cursor)
        states = {case.reference_id: case.state for case in of_references(row.pk for row in rows)}
        return HitPage([hit(row, states) for row in rows], following)
