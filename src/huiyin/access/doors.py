"""The guarded doors: one function per noun. What may not be seen looks like what is not there: 404."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar, cast

from django.http import Http404, HttpRequest

from huiyin.cases import queries as cases
from huiyin.cases.models import Case, CorrectiveMeasure
from huiyin.customers import queries as customers
from huiyin.customers.models import ContactPoint, Customer, Mandate, Occupancy
from huiyin.duties import queries as ledger
from huiyin.duties.models import Duty
from huiyin.engineering import queries as engineering
from huiyin.engineering.models import Project, WarrantyPart
from huiyin.handbook import queries as handbooks
from huiyin.handbook.models import Adoption
from huiyin.handbook.schema import Handbook
from huiyin.interactions import queries as interactions
from huiyin.interactions.models import Delivery, Interaction, Letter, OwnLetter
from huiyin.journal import queries as journal
from huiyin.journal.models import DailyRoot, Entry
from huiyin.notices import queries as notices
from huiyin.notices.models import Notice
from huiyin.organization import queries as organization
from huiyin.organization.models import Building, Room, Site, User
from huiyin.organization.queries import Picture, actor_with_sites, opened_site, picture_of, sites_of, staff_at, stamp
from huiyin.organization.rules import Actor
from huiyin.records import queries as records
from huiyin.records.models import StoredFile
from huiyin.references import queries as references
from huiyin.references.models import Reference
from huiyin.references.states import Kind
from huiyin.reports import public_answers
from huiyin.reports import queries as reports
from huiyin.reports.lots import draw_on_record
from huiyin.reports.models import PublicAnswer, Report

Found = TypeVar("Found")

NOBODY = Actor(kind="link", id="portal")


def found(thing: Found | None) -> Found:
    """The thing, or 404 where it is missing or foreign: the two look alike."""
    if thing is None:
        raise Http404
    return thing


def actor(request: HttpRequest) -> Actor:
    """Whoever is logged in, with their posts; looked up once a request."""
    return _who(request)[0]


def person(request: HttpRequest) -> User:
    """The log-in itself, for what is about one's own account."""
    return cast(User, request.user)


def person_behind_feed(token: str) -> User:
    return found(organization.person_behind_feed(token))


def sites(request: HttpRequest) -> tuple[Site, ...]:
    """The sites whoever is logged in works at; looked up once a request."""
    return _who(request)[1]


def picture(request: HttpRequest, site: Site) -> Picture:
    """A site with its people, units, buildings and calendar, as they stood when the request came. No further query."""
    return picture_of(site, _stamp(request))


def _who(request: HttpRequest) -> tuple[Actor, tuple[Site, ...]]:
    if not hasattr(request, "_who"):
        here = actor_with_sites(request.user, _stamp(request)) if request.user.is_authenticated else (NOBODY, ())
        request._who = here  # type: ignore[attr-defined]
    return cast(tuple[Actor, tuple[Site, ...]], request._who)  # type: ignore[attr-defined]


def _stamp(request: HttpRequest) -> str:
    """The stamp of the organization, asked once a request, mostly with the person: all of a page shows one moment."""
    if not hasattr(request, "_stamp"):
        request._stamp = getattr(request.user, "stamped", None) or stamp()  # type: ignore[attr-defined]
    return cast(str, request._stamp)  # type: ignore[attr-defined]


def site(code: str, by: Actor) -> Site:
    return found(sites_of(by).filter(code=code).first())


def public_site(code: str) -> Site:
    """The public face of a site: there for anybody once it is open."""
    return found(opened_site(code))


def public_sites() -> list[Site]:
    """Sites whose portal takes reports."""
    return list(Site.objects.filter(is_open=True))


def case(number: str, by: Actor) -> Case:
    return found(cases.by_number(number, by))


def case_to_act_on(number: str, by: Actor) -> Case:
    return found(cases.to_act_on(number, by))


def measure(pk: int, by: Actor) -> CorrectiveMeasure:
    return found(cases.measure_by_id(pk, by))


def cases_of(numbers: Sequence[str], site: Site, by: Actor) -> list[Case]:
    """Several cases of a site by their numbers; those that may not be seen are left out."""
    return cases.chosen(numbers, site, by)


def customer(customer_id: int, by: Actor) -> Customer:
    return found(customers.by_id(customer_id, by))


def contact_point(point_id: int, by: Actor) -> ContactPoint:
    """One question, whether it is another's or not there: the time tells nobody which."""
    mine = ContactPoint.objects.filter(pk=point_id, customer__in=customers.visible_to(by))
    return found(mine.select_related("customer", "site").first())


def room(room_id: int, by: Actor) -> Room:
    return found(customers.room_by_id(room_id, by))


def home(home_id: int, by: Actor) -> Occupancy:
    return found(customers.home_by_id(home_id, by))


def mandate(mandate_id: int, by: Actor) -> Mandate:
    held = found(customers.mandate_by_id(mandate_id))
    found(customers.by_id(held.customer_id, by))
    return held


def report(number: str, by: Actor) -> Report:
    return found(reports.by_number(number, by))


def public_answer(number: str, by: Actor) -> PublicAnswer:
    """What became of closed cases, as it is or will be told to everybody."""
    return found(public_answers.by_number(number, by))


def contact(number: str, by: Actor) -> Interaction:
    return found(interactions.by_number(number, by))


def own_letter(number: str, by: Actor) -> OwnLetter:
    """A letter of ours, by its number."""
    return found(interactions.own_letter(reference(number, by)))


def letter(pk: int, by: Actor) -> Letter:
    return found(interactions.letter_by_id(pk, by))


def dead_letter(pk: int, by: Actor) -> Delivery:
    return found(interactions.dead_letter(pk, by))


def reference_or_none(number: str, by: Actor) -> Reference | None:
    return references.by_number(number, by)


def reference(number: str, by: Actor) -> Reference:
    return found(references.by_number(number, by))


def notice(number: str, site: Site) -> Notice:
    """A published notice on a site's public page."""
    return found(
        Notice.objects.select_related("reference")
        .filter(site=site, reference__number=number, state="published")
        .first()
    )


def staff_notice(number: str, by: Actor) -> Notice:
    return found(notices.visible_to(by).filter(reference__number=number).first())


def file(key: str, by: Actor) -> StoredFile:
    return found(records.file_by_key(key, by))


def behind_link(token: str) -> Reference:
    """What the holder of a receipt's link may see."""
    return found(interactions.reference_behind(token))


def public_file(token: str, key: str) -> StoredFile:
    reference = behind_link(token)
    letter = interactions.own_letter(reference)
    behind = cases.behind(letter.answered_by if letter and letter.answered_by else reference)
    return found(records.public_file_of([reference, *([behind.reference] if behind else [])], key))


def project(site: Site) -> Project:
    """The project of an engineering site the caller may see."""
    return found(engineering.project_of(site))


def warranty_part(part_id: int, project: Project) -> WarrantyPart:
    return found(engineering.part_of(project, part_id))


def colleague(user_id: int, site: Site) -> User:
    return found(staff_at(site).filter(pk=user_id).first())


def building(building_id: int, site: Site) -> Building:
    return found(Building.objects.filter(pk=building_id, site=site).first())


def handbook(name: str, site: Site, today: date) -> tuple[Handbook, Adoption | None]:
    """A handbook as the site follows it, with its adoption; else as it comes with the product."""
    for adoption in handbooks.adopted_by(site, today):
        if adoption.edition.handbook == name:
            return handbooks.edition(adoption.edition.digest), adoption
    if name not in handbooks.shipped_ids() or site.kind not in handbooks.shipped(name).site_kinds:
        raise Http404
    return handbooks.shipped(name), None


def draw(key: int, by: Actor) -> tuple[Entry, Site]:
    """A draw on record, with the site it was made at: for whoever may audit there."""
    codes = {site.code: site for site in sites_of(by) if by.may("audit.read", site)}
    entry = found(draw_on_record(key, list(codes)))
    return entry, codes[entry.facts["site"]]


def daily_root(day: str) -> DailyRoot:
    """A closed day of the journal. Roots are public."""
    try:
        return found(journal.daily_root(date.fromisoformat(day)))
    except ValueError:
        raise Http404 from None


def duty(pk: int, by: Actor) -> Duty:
    seen = ledger.visible_to(by).filter(pk=pk, is_history=False).select_related("site", "reference", "owner")
    return found(seen.first())


def act(number: str, by: Actor) -> Reference:
    """An act that somebody registered."""
    return found(references.visible_to(by).filter(kind=Kind.ACT, number=number).select_related("site").first())
