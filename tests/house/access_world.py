"""Every site with something of every kind on it, each marked by a word that nobody elsewhere may ever read."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import get_resolver

from huiyin.cases.actions import write_to
from huiyin.customers import actions as customers
from huiyin.customers.models import Mandate
from huiyin.customers.rules import Reached
from huiyin.demo.cast import STAFF, Cast
from huiyin.duties import actions as duties
from huiyin.duties.models import Duty
from huiyin.duties.rules import Asked, Done
from huiyin.engineering.models import WarrantyPart
from huiyin.interactions.queries import receipt_token
from huiyin.kit.periods import Period
from huiyin.organization.models import Room, Site
from huiyin.organization.queries import actor_of, crew_of
from huiyin.organization.rules import SYSTEM
from huiyin.records import actions as records
from huiyin.reports import actions as reports
from tests import acts

# One of each post; the rest of the company sees all sites.
ACTORS = {
    person.username: person.site for person in {(one.role, bool(one.site)): one for one in reversed(STAFF)}.values()
}
ELSEWHERE = {"yulan": "hengtai", "hengtai": "yulan", "xueyuan": "yulan", "binjiang": "yulan"}


def canary(code: str) -> str:
    return f"暗鸽{code}"


@dataclass(frozen=True)
class Address:
    """One address of a route: of the own site, of another, of nowhere, or `plain` where it names no thing."""

    route: str
    which: str
    path: str


def marked(cast: Cast, site: Site, now: datetime) -> dict[str, dict[str, object]]:
    """What addresses of a site's own things are made of, by route."""
    word, ago = canary(site.code), now - timedelta(days=3)
    known = {"words": f"{word}说电梯坏了", "site": site, "name": word, "place": f"{word}门口", "phone": "13911112222"}
    case = acts.take(cast, now, **known)
    job = acts.take(cast, now, "repair_request", **known).reference.number
    contact = case.reference.contacts.get().reference.number
    number = case.reference.number
    file = records.attach(case.reference, [records.lay_down(b"x", "text/plain")], label=word, by=SYSTEM, now=now)[0]
    report = reports.draft(site, Period.parse("2026-10"), by=SYSTEM, now=now).reference.number
    person = customers.enter(site, name=word + "甲", by=SYSTEM, now=now, ways=[Reached.by_phone("13700001234")])
    room = Room.objects.filter(site=site).order_by("pk")[0]
    home = customers.move_in(person, room, role="owner", by=SYSTEM, now=now, from_on=ago.date())
    asked = [
        Asked("forum", ago, ago, step="hold", period=f"2026-0{n}", handbook="h", clause="S9", owner_role="x")
        for n in (1, 2)
    ]
    duties.open_duties(site, asked)
    duty, kept = Duty.objects.filter(site=site, kind="forum").order_by("pk")[:2]
    act = duties.attest(kept, Done(("forum",), now, step="hold", what=word), [], by=SYSTEM, now=now).number
    drawn = reports.draw(site, clause="", number="20261123", count=3, by=SYSTEM, now=now)
    mandate = Mandate.objects.filter(site=site).first()
    part = WarrantyPart.objects.filter(project__site=site).first()
    building = site.buildings.order_by("pk").first()
    assert building is not None
    author = crew_of(site).accountable()
    assert author is not None
    measure = acts.measure(case, cast, now, by=SYSTEM, owner=author, text=word, seen=True)
    written = write_to(person, words=word, by=actor_of(author), now=now)
    person_id, token = {"customer_id": person.pk}, {"token": receipt_token(case.reference)}
    told = acts.told_everybody(cast, now, site=site, by=actor_of(author), words=word).reference.number
    letter, dead = acts.letter_that_waits(cast, now, word, site=site.code), acts.dead_mail(case, now)
    by_number = ("explain", "permanent", "case", "case_form", "case_form_word", "case_slip", "trail")
    by_code = (
        "set_term",
        "state_circumstance",
        "describe_project",
        "record_phases",
        "add_part",
        "add_laid_down_parts",
        "save_remits",
        "start_remits",
        "draft_catalog",
        "decide_catalog",
    )
    api = [name for name, path in routes() if name.startswith("api_") and "<str:reference>" in path]
    return {
        **{name: {"number": number} for name in by_number},
        **{name: {"number": job} for name in ("service_form", "service_form_word")},
        **{name: {"reference": number} for name in api},
        **{name: {"code": site.code} for name in by_code},
        **{name: {"number": report} for name in ("digest", "digest_paper", "digest_word", "acknowledge")},
        **{name: {"pk": duty.pk} for name in ("duty", "attest", "waive")},
        **dict.fromkeys(
            (
                "customer",
                "give_mandate",
                "personal_data",
                "copy_of_data",
                "correct_data",
                "erase_data",
                "add_way",
                "write_to",
            ),
            person_id,
        ),
        **{name: {"key": drawn.pk} for name in ("drawn", "draw_list")},
        **dict.fromkeys(("track", "object_to", "slip"), token),
        **{name: {"pk": letter.pk} for name in ("letter", "letter_raw")},
        "measure": {"pk": measure.pk},
        "measure_act": {"pk": measure.pk, "act": "accept_measure"},
        "letter_act": {"pk": letter.pk, "act": "set_aside"},
        "send_again": {"pk": dead.pk},
        "set_consent": {"customer_id": person.pk, "purpose": "pictures"},
        "act": {"number": number, "act": "note"},
        "digest_act": {"number": report, "act": "write"},
        **{name: {"number": told} for name in ("public_answer", "public_answer_paper")},
        "public_answer_act": {"number": told, "act": "write"},
        "taken": {"number": contact},
        "own_letter": {"number": written.reference.number},
        "registered": {"number": act},
        "file": {"key": file.key},
        "reveal": {"point_id": person.contact_points.get().pk},
        "poster": {"building_id": building.pk},
        "household": {"room_id": room.pk},
        "add_occupant": {"room_id": room.pk},
        "move_out": {"home_id": home.pk},
        "end_mandate": {"mandate_id": mandate.pk if mandate else 10**8},
        "remove_term": {"code": site.code, "period": "2026-2027-1"},
        "change_part": {"code": site.code, "part_id": part.pk if part else 10**8},
        "remove_part": {"code": site.code, "part_id": part.pk if part else 10**8},
    }


MISSING: dict[str, object] = {
    "number": "SX26-999999", "reference": "SX26-999999", "pk": 10**8, "customer_id": 10**8, "key": 10**8, "token": "a" * 52,
    "act": "note", "point_id": 10**8, "building_id": "100000000", "mandate_id": 10**8, "code": "nowhere", "period": "2026-2027-1",
    "part_id": 10**8, "purpose": "pictures", "room_id": 10**8, "home_id": 10**8,
}  # fmt: skip
PUBLIC = {  # shown to anybody, or about no thing of a site
    "site_page": "/s/yulan/", "report": "/s/yulan/report", "notice": "/s/yulan/notices/GG26-999999", "results": "/s/yulan/results",
    "services": "/s/yulan/services",
    "seals": "/s/yulan/seals", "handbook": "/handbooks/management-office/", "handbook_text": "/handbooks/management-office/text",
    "adopt_handbook": "/handbooks/management-office/adopt", "remove_factor": "/me/factors/1/remove",
    "analysis": "/analyses/2026-W47/", "conclude": "/analyses/2026-W47/conclude", "analysis_pdf": "/analyses/2026-W47/paper.pdf",
    "daily_root": "/audit/roots/2026-11-22.pdf", "calendar_feed": "/feeds/none.ics", "photo": "/t/none/photo/none",
    "figure": "/figures/K06/", "counted": "/figures/K06/on_time/",
}  # fmt: skip


def routes(resolver=None, prefix: str = "/"):
    """(name, address) of every route there is."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, prefix + str(pattern.pattern))
        else:
            yield pattern.name, prefix + str(pattern.pattern)


def filled(address: str, values: dict[str, object]) -> str:
    for name, value in values.items():
        for kind in ("str", "int", "slug"):
            address = address.replace(f"<{kind}:{name}>", str(value))
    return address


def addresses(things: dict[str, dict[str, dict[str, object]]], home: str) -> list[Address]:
    """Every route from somebody of `home` ("" = the company): its own thing, another site's, and one that is missing."""
    own, foreign = home or "yulan", ELSEWHERE[home] if home else ""
    found = []
    for name, address in routes():
        if "<" not in address or name in PUBLIC:
            found.append(Address(name, "plain", PUBLIC.get(name, address)))
            continue
        values = things[own][name]
        missing = {key: (MISSING[key] if key != "act" else values["act"]) for key in values}
        if name == "file":
            missing = {"key": "0" * 32}
        found.append(Address(name, "own", filled(address, values)))
        found.append(Address(name, "missing", filled(address, missing)))
        if foreign and "token" not in values:  # whoever holds a link is its owner, wherever they are from
            found.append(Address(name, "foreign", filled(address, things[foreign][name])))
    return found
