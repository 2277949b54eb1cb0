"""Every page there is, once, with an address to see it by: what the tests of all pages go through."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from huiyin.cases.models import Case, CorrectiveMeasure
from huiyin.demo.town import Year
from huiyin.duties.models import Duty
from huiyin.engineering.models import WarrantyPart
from huiyin.interactions.models import Interaction, Letter
from huiyin.interactions.queries import receipt_token
from huiyin.journal.models import Entry
from huiyin.kit.periods import Period
from huiyin.notices.models import Notice
from huiyin.organization.queries import actor_of
from huiyin.organization.rules import SYSTEM
from huiyin.references.models import Reference
from huiyin.reports import actions as reports
from huiyin.reports.models import PublicAnswer, Report
from tests import acts
from tests.stories.conftest import SETTLED, START, House

LETTER = """From: 李晓梅 <li@example.com>
Subject: 楼道灯
Authentication-Results: mx; spf=pass
Content-Type: text/plain; charset=x

三楼的灯坏了。

> 引用"""
PORTAL = {
    "front_page": ("/",),
    "site_page": ("/s/yulan/", "/s/hengtai/"),
    "report": ("/s/yulan/report?b=3",),
    "notice": ("/s/yulan/notices/{notice}",),
    "results": ("/s/yulan/results",),
    "services": ("/s/yulan/services", "/s/yulan/services?q=x"),
    "track": ("/t/{token}", "/t/{token}?new=1"),
    "log_in": ("/log-in",),
}
DESK = {
    "today": ("/today/",),
    "inbox": ("/inbox/",),
    "figures": (
        "/figures/",
        "/figures/?period=12",
        "/figures/?period=2026-10&category=elevator",
        "/figures/?from=x&to=y",
    ),
    "figure": ("/figures/K06/", "/figures/K02/?period=2026-10", "/figures/K11/"),
    "counted": ("/figures/K06/on_time/?period=2026-10&of=base", "/figures/K05/arrived/"),
    "duties": ("/duties/?month=2026-10", "/duties/?show=not_applicable"),
    "happened": ("/duties/happened",),
    "duty": ("/duties/{open_duty}/", "/duties/{kept_duty}/"),
    "registered": ("/acts/{act}/",),
    "matrix": ("/matrix/", "/matrix/?year=2025"),
    "matrix_sites": ("/matrix/sites",),
    "matrix_people": ("/matrix/people",),
    "handbooks": ("/handbooks/",),
    "handbook": ("/handbooks/management-office/", "/handbooks/residential-community/"),
    "handbook_text": ("/handbooks/management-office/text",),
    "adopt_handbook": ("/handbooks/residential-community/adopt",),
    "checkup": ("/checkup/",),
    "audit": ("/audit/",),
    "drawn": ("/audit/draws/{draw}/",),
    "trail": ("/audit/trail/{open}/",),
    "my_calendar": ("/me/calendar",),
    "account": ("/me/",),
    "add_app": ("/me/app",),
    "add_passkey": ("/me/passkeys",),
    "search": ("/search/", "/search/?q=电梯", "/search/?q=没有这样的事"),
    "duty_log": ("/log/", "/log/?who=0002"),
    "duty_book": ("/log/book", "/log/book?period=2026-10", "/log/book?from=2026-11-23&to=2020-01-01"),
    "enter_page": ("/log/page", "/log/page?sheet=261123-100000-01"),
    "taken": ("/log/taken/{contact}", "/log/taken/{at_once}"),
    "cases": ("/cases/", "/cases/?show=all", "/cases/?show=mine&kind=compliment"),
    "case": ("/cases/{open}/", "/cases/{closed}/"),
    "unsettled": ("/unsettled/",),
    "suggestions": ("/suggestions/",),
    "referrals": ("/referrals/",),
    "measures": ("/measures/", "/measures/?show=all", "/measures/?show=late&kind=correction"),
    "measure": ("/measures/{measure}/",),
    "supervision": ("/supervision/",),
    "remits": ("/remits/",),
    "catalog": ("/catalog/",),
    "draft_catalog": ("/sites/yulan/catalog/draft",),
    "letters": ("/letters/", "/letters/?show=all", "/letters/?show=unsent", "/letters/?show=twice"),
    "letter": ("/letters/{waits}/", "/letters/{answered}/"),
    "digests": ("/reports/",),
    "public_answers": ("/feedback/",),
    "public_answer": ("/feedback/{untold}/", "/feedback/{told}/"),
    "prepare_answer": ("/feedback/new?of={closed}", "/feedback/new"),
    "digest": ("/reports/{draft}/", "/reports/{published}/"),
    "directory": ("/directory/", "/directory/?q=0002"),
    "import_directory": ("/directory/import/",),
    "customer": ("/directory/{customer}/",),
    "household": ("/directory/rooms/{room}/", "/directory/rooms/{room}/?show=letters"),
    "personal_data": ("/directory/{customer}/data",),
    "reveal": ("/directory/reveal/{point}",),
    "site_facts": ("/site/",),
    "calendar_years": ("/calendar/",),
}
BUILDERS = {"project": ("/project/", "/project/?part={part}")}  # seen by the manager of the engineering site
# Seen by the quality department.
QUALITY = {
    "oversight": ("/oversight/",),
    "analyses": ("/analyses/",),
    "analysis": ("/analyses/2026-W47/",),
}
STAFF = DESK | BUILDERS | QUALITY
# No page of their own: fragments, papers, files, answers to a POST, ways on, what programs ask, the living page of the look.
ELSEWHERE = {
    *("who", "alike"),
    *(
        "case_form",
        "case_form_word",
        "case_slip",
        "blank_form",
        "blank_form_word",
        "service_form",
        "service_form_word",
        "blank_service_form",
        "blank_service_form_word",
        "blank_book",
        "book_paper",
        "book_slips",
        "book_word",
        "case_slips",
        "digest_paper",
        "digest_word",
        "public_answer_paper",
        "poster",
        "slip",
    ),
    *("file", "photo"),
    *("attest", "waive", "draw", "draw_list", "audit_pack", "daily_root", "seals", "calendar_feed"),
    *("second_step", "passkey_log_in", "new_codes", "change_password", "sign_out_everywhere", "remove_factor"),
    *("copy_of_data", "correct_data", "erase_data", "set_consent"),
    *("log_out", "act", "measure_act", "digest_act", "public_answer_act", "object_to", "set_language", "set_look"),
    *("set_term", "remove_term", "state_circumstance", "load_year", "load_year_file"),
    *("describe_project", "record_phases", "add_part", "add_laid_down_parts", "change_part", "remove_part"),
    *("give_mandate", "end_mandate", "add_way", "add_occupant", "move_out"),
    *("confirm_directory", "import_result", "import_report"),
    *("proposed", "together", "explain", "acknowledge", "write_to", "own_letter", "save_remits", "start_remits"),
    *("conclude", "analysis_pdf"),
    "decide_catalog",
    *("letter_raw", "letter_act", "send_again"),
    *("permanent", "healthz", "readyz", "gallery"),
}


def reader_of(name: str) -> str:
    """The username of somebody who sees a page."""
    return "han" if name in BUILDERS else "fang" if name in QUALITY else "zhou"


def named(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[str]:
    """Names of all addresses but the API's."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = prefix + str(pattern.pattern)
        if here.lstrip("^").startswith("api/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns, here)
        else:
            yield pattern.name or here


@dataclass
class Shown:
    """A town with something on every page; `at` fills what an address leaves open."""

    house: House
    at: dict[str, object]

    def addresses(self, name: str) -> list[str]:
        return [address.format(**self.at) for address in (PORTAL | STAFF)[name]]


def furnished(house: House) -> Shown:
    """Live a year in the town and leave something on every page."""
    Year(house.cast, SETTLED, START, random.Random(7)).live({"yulan": 40, "hengtai": 0, "xueyuan": 0})
    reports.draft(house.cast.site, Period.parse("2026-10"), by=SYSTEM, now=START)
    manager = actor_of(house.cast.users["zhou"])
    reports.draw(house.cast.site, clause="", number="20261123", count=3, by=manager, now=START)
    acts.letter_that_waits(house.cast, START, "看不出谁写的")
    acts.sorted_letter(house.cast, START, LETTER.encode())
    clerk = actor_of(house.cast.users["chen"])
    acts.told_everybody(house.cast, START, site=house.cast.site, by=clerk, words="电梯停运")
    latest = Case.objects.filter(site=house.cast.site).latest("id")
    acts.dead_mail(latest, START)
    acts.doubtful_mail(latest, START)
    return Shown(house, numbers_of(house))


def numbers_of(house: House) -> dict[str, object]:
    """One of each thing that a page can show."""
    cases = Case.objects.filter(site=house.cast.site).select_related("reference").order_by("-received_at")
    opened = cases.exclude(solved_at=None).exclude(state="closed").first()
    closed = cases.filter(state="closed", kind="complaint").first()
    contact = Interaction.objects.filter(subject=opened.reference).first()
    duties = Duty.objects.filter(site=house.cast.site).order_by("due_at", "pk")
    digests = Report.objects.filter(site=house.cast.site).select_related("reference").order_by("-period")
    customer = closed.customer
    letters = Letter.objects.order_by("id")
    answers = PublicAnswer.objects.filter(site=house.cast.site).select_related("reference")
    return {
        "waits": letters.filter(state="quarantined").first().pk,
        "answered": letters.filter(state="taken").first().pk,
        "open": opened.reference.number,
        "closed": closed.reference.number,
        "token": receipt_token(opened.reference),
        "contact": contact.reference.number,
        "at_once": Interaction.objects.exclude(answered_at_once="")
        .filter(site=house.cast.site)
        .first()
        .reference.number,
        "draft": digests.filter(state="draft").first().reference.number,
        "published": digests.filter(state="published").first().reference.number,
        "untold": answers.filter(state="draft").first().reference.number,
        "told": answers.filter(state="published").first().reference.number,
        "notice": Notice.objects.filter(site=house.cast.site, state="published").first().reference.number,
        "customer": customer.pk,
        "room": house.cast.resident.occupancies.get().room_id,
        "part": WarrantyPart.objects.order_by("pk").first().pk,
        "act": Reference.objects.filter(kind="DJ", site=house.cast.site).first().number,
        "open_duty": duties.filter(done_at=None, reference=None, not_applicable="").first().pk,
        "kept_duty": duties.exclude(done_at=None).filter(reference=None).first().pk,
        "draw": Entry.objects.filter(verb="reports.drawn").first().pk,
        "measure": CorrectiveMeasure.objects.filter(site=house.cast.site).earliest("id").pk,
        "point": customer.contact_points.first().pk,
    }
