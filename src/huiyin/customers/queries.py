"""Finding people at the counter: by phone, room, name, pinyin or initials."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from huiyin.customers.models import Consent, ContactPoint, Customer, Mandate, Occupancy
from huiyin.customers.rules import Reached, blind_index, decrypted
from huiyin.customers.rules.entering import Book, Flat, House, Person
from huiyin.customers.rules.listing import Line
from huiyin.customers.states import OccupancyRole
from huiyin.kit import chinese, phones
from huiyin.kit.rooms import bare, building_key
from huiyin.organization.models import Building, Room, Site
from huiyin.organization.queries import room_called
from huiyin.organization.rules import Actor
from huiyin.organization.states import SiteKind

SHOWN = 12


def visible_to(actor: Actor) -> QuerySet[Customer]:
    """Customers of the sites the actor works at; of the clusters only, for whoever works in a cluster."""
    if not actor.may("directory.read"):
        return Customer.objects.none()
    if actor.is_company_wide:
        return Customer.objects.filter(erased_at=None)
    in_cluster = Q(occupancies__room__building__cluster__in=actor.clusters)
    return Customer.objects.filter(
        erased_at=None, pk__in=Customer.objects.filter(Q(site__in=actor.sites) | in_cluster).values("pk")
    )


def find(query: str, site: Site, actor: Actor) -> list[Customer]:
    """At most twelve people a query may mean, best first: whole phone, phone tail, room, name, pinyin, initials."""
    text = chinese.half_width(query)
    if not text:
        return []
    people = visible_to(actor).filter(site=site)
    for condition in _conditions(text, site):
        found = list(with_household(people.filter(condition).order_by("name", "id").distinct())[: 4 * SHOWN])
        found = _best_first([one for one in found if _ends(one, text)], text)[:SHOWN]
        if found:
            return found
    return []


def _conditions(text: str, site: Site) -> list[Q]:
    """What may be meant, the surest first; each is one query."""
    conditions = []
    number = phones.parse(text)
    if number:
        conditions.append(Q(contact_points__blind_index=blind_index("phone", number)))
    if _is_tail(text):
        conditions.append(Q(contact_points__last_four=text[-4:]))
    room = room_called(site, text)
    if room:
        conditions.append(Q(occupancies__room=room, occupancies__until_on__isnull=True))
    if not text.isdecimal():
        conditions.append(_called(text))
    elif len(text) < 8:
        conditions.append(Q(occupancies__room__number=text))
    return conditions


def _called(text: str) -> Q:
    """By name, or by any of its readings where the text can be pinyin."""
    low = text.lower().replace(" ", "").replace("'", "")
    if not (low.isascii() and low.isalnum()):
        return Q(name__contains=text)
    spelled = [Q(initials__startswith=low), Q(initials__contains=f" {low}"), Q(pinyin__startswith=low)]
    return Q(name__icontains=text) | spelled[0] | spelled[1] | spelled[2] | Q(pinyin__contains=f" {low}")


def _is_tail(text: str) -> bool:
    """The end of a telephone number: four to ten digits."""
    return text.isdecimal() and text.isascii() and 4 <= len(text) <= 10


def _ends(person: Customer, text: str) -> bool:
    """More than four digits are compared with the numbers themselves, which is only done for those that share the last four."""
    if not _is_tail(text) or len(text) == 4:
        return True
    points = [point for point in person.contact_points.all() if point.last_four == text[-4:]]
    homes = [home for home in homes_of(person) if home.room.number == text]
    return bool(homes) or any(decrypted(point.ciphertext).endswith(text) for point in points)


def _best_first(people: list[Customer], text: str) -> list[Customer]:
    """Whose name begins with the text before whose name only holds it, before those who sound like it."""
    return sorted(people, key=lambda one: (not one.name.startswith(text), text not in one.name))


def rooms_visible_to(actor: Actor) -> QuerySet[Room]:
    """Rooms of the sites the actor works at; of the clusters only, for whoever works in a cluster."""
    if not actor.may("directory.read"):
        return Room.objects.none()
    if actor.is_company_wide:
        return Room.objects.all()
    return Room.objects.filter(Q(site__in=actor.sites) | Q(building__cluster__in=actor.clusters))


def room_by_id(room_id: int, actor: Actor) -> Room | None:
    return rooms_visible_to(actor).select_related("building", "site").filter(pk=room_id).first()


def households_of(room: Room) -> list[Occupancy]:
    """Everybody who lives or lived in a room with numbers and consents, those of today first. Three queries."""
    homes = Occupancy.objects.filter(room=room, customer__erased_at=None).select_related("customer", "site")
    consents = Prefetch("customer__consents", Consent.objects.filter(withdrawn_at=None), to_attr="agreed")
    homes = homes.prefetch_related("customer__contact_points", consents)
    return sorted(homes, key=lambda home: (home.until_on is not None, -home.from_on.toordinal(), home.pk))


def home_by_id(home_id: int, actor: Actor) -> Occupancy | None:
    known = Occupancy.objects.filter(room__in=rooms_visible_to(actor), pk=home_id)
    return known.select_related("customer", "site", "room__building").first()


def with_household(people: QuerySet[Customer]) -> QuerySet[Customer]:
    """With rooms and contact points loaded: three queries however many people."""
    rooms = Occupancy.objects.filter(until_on__isnull=True).select_related("room__building").order_by("id")
    return people.prefetch_related(Prefetch("occupancies", queryset=rooms, to_attr="homes"), "contact_points")


def homes_of(customer: Customer) -> list[Occupancy]:
    """The occupancies of today, of a customer loaded by with_household."""
    return list(customer.homes)  # type: ignore[attr-defined]


def holders_of(site: Site, role: str, *, on: date) -> list[Customer]:
    """The customers who speak in a role (committee_chair, client, …) at a site on a day, the longest first. One query."""
    held = Mandate.objects.filter(_in_force(on), site=site, role=role).select_related("customer")
    return [mandate.customer for mandate in held.order_by("from_on", "id")]


def mandates_of(customer: Customer, *, on: date) -> list[Mandate]:
    """Whom a customer speaks for on a day. One query."""
    return list(Mandate.objects.filter(_in_force(on), customer=customer).order_by("from_on", "id"))


def mandate_by_id(mandate_id: int) -> Mandate | None:
    return Mandate.objects.select_related("customer", "site").filter(pk=mandate_id).first()


def speakers_at(site: Site, actor: Actor, *, on: date) -> list[Mandate]:
    """Everybody who speaks for others at a site on a day, as far as the actor may see people. Two queries."""
    held = Mandate.objects.filter(_in_force(on), site=site, customer__in=visible_to(actor))
    return list(held.select_related("customer").order_by("role", "from_on", "id"))


def _in_force(on: date) -> Q:
    return Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))


# In plain SQL: asked at every contact that leaves a number.
_KNOWN = """
    SELECT * FROM customers_customer WHERE site_id = %s AND id IN (
        SELECT customer_id FROM customers_contactpoint WHERE site_id = %s AND blind_index IN ({}))
    ORDER BY is_verified DESC, id LIMIT 1
"""


def known_by(site: Site, *ways: Reached) -> Customer | None:
    """The customer of a site reached by any of these, verified ones first. One query."""
    indexes = [way.index for way in ways]
    asked = _KNOWN.format(", ".join(["%s"] * len(indexes)))
    return next(iter(Customer.objects.raw(asked, [site.pk, site.pk, *indexes])), None)


def by_id(customer_id: int, actor: Actor) -> Customer | None:
    return with_household(visible_to(actor).filter(pk=customer_id)).first()


def is_visible(customer: Customer, actor: Actor) -> bool:
    """As visible_to of one who is loaded already. One query for whoever works in a cluster only, else none."""
    if customer.erased_at is not None or not actor.may("directory.read"):
        return False
    if actor.is_company_wide or customer.site_id in actor.sites:
        return True
    return bool(actor.clusters) and visible_to(actor).filter(pk=customer.pk).exists()


def ways_to_reach(customer: Customer) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(customer=customer).order_by("kind", "id")


def clear_value(point: ContactPoint) -> str:
    """The number or address itself. For gateways; people get it through actions.reveal, which is logged."""
    return decrypted(point.ciphertext)


def consents_of(customer: Customer) -> dict[str, Consent]:
    """What the person agrees to at present, by purpose."""
    return {one.purpose: one for one in Consent.objects.filter(customer=customer, withdrawn_at=None)}


def agrees(customer: Customer, purpose: str) -> bool:
    """Whether something may be done that needs the person's own consent."""
    return purpose in consents_of(customer)


USUAL_ROLES = {SiteKind.STUDENT_HOUSING: OccupancyRole.STUDENT, SiteKind.SINGLE_OWNER: OccupancyRole.TENANT}


def book_for(site: Site, lines: Sequence[Line], book: Book | None = None) -> Book:
    """What the register knows of the rooms and people these rows name. Six queries however many rows.

    With a `book` it is added to that one, in which what it holds already stands.
    """
    if book is None:
        book = Book(USUAL_ROLES.get(SiteKind(site.kind), OccupancyRole.OCCUPANT))
        for building in Building.objects.filter(site=site).select_related("cluster").order_by("pk"):
            cluster = building.cluster.name if building.cluster else ""
            book.add_house(House(building_key(building.code), building.code, building.name, building.pk, cluster))
    houses = {house.pk: house for known in book.houses.values() for house in known if house.pk}
    flats = _flats_named(lines, houses, book)
    indexes = {way.index for line in lines for listed in line.people for way in listed.ways}
    living = Occupancy.objects.filter(room__in=flats, until_on__isnull=True).values("customer")
    reached = ContactPoint.objects.filter(site=site, blind_index__in=indexes).values("customer")
    meant = Customer.objects.filter(Q(pk__in=living) | Q(pk__in=reached), site=site, erased_at=None)
    homes = Occupancy.objects.filter(until_on__isnull=True).select_related("room").order_by("pk")
    meant = meant.exclude(pk__in=book.people).order_by("pk").distinct()
    for customer in meant.prefetch_related("contact_points", Prefetch("occupancies", queryset=homes, to_attr="homes")):
        book.add_person(_person_of(customer, houses))
    return book


def _flats_named(lines: Sequence[Line], houses: dict[int, House], book: Book) -> list[int]:
    """Rooms of the numbers in these rows, whatever entrance and zeros they are written with; into the book. One query."""
    numbers = {bare(line.spot.number) for line in lines if line.spot}
    spelled = {"0" * zeros + number for number in numbers for zeros in range(3)}
    rooms = list(Room.objects.filter(building__in=list(houses), number__in=spelled).order_by("pk"))
    for room in rooms:
        book.add_flat(Flat(houses[room.building_id], room.entrance, room.number, room.pk))
    return [room.pk for room in rooms]


def _person_of(customer: Customer, houses: dict[int, House]) -> Person:
    person = Person(customer.name, customer.pk, customer.is_verified)
    for point in customer.contact_points.all():
        person.indexes.add(point.blind_index)
        if point.kind == "phone":
            person.phones.add(point.blind_index)
    for home in homes_of(customer):
        house = houses.get(home.room.building_id)
        if house:
            key = Flat(house, home.room.entrance, home.room.number).key
            person.homes.setdefault(key, set()).add(home.role)
    return person


def no_longer_listed(site: Site, buildings: Iterable[int], listed: Collection[tuple[int, int]]) -> list[Occupancy]:
    """Who is registered in these buildings and stands not among the (customer, room) pairs of a list. One query."""
    living = Occupancy.objects.filter(site=site, room__building__in=list(buildings), until_on__isnull=True)
    living = living.filter(customer__is_verified=True).select_related("room__building").order_by("room", "customer")
    return [home for home in living if (home.customer_id, home.room_id) not in listed]
