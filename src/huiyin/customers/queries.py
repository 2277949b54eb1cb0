"""Finding people at the counter: by phone, room, name, pinyin or initials."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from huiyin.customers.models import Consent, ContactPoint, Customer, Mandate, Occupancy
from huiyin.customers.rules import Reached, blind_index, decrypted
from huiyin.kit import phones
from huiyin.organization.models import Site
from huiyin.organization.queries import room_called
from huiyin.organization.rules import Actor

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
    text = query.strip()
    if not text:
        return []
    people = visible_to(actor).filter(site=site)
    for condition in _conditions(text, site):
        found = list(with_household(people.filter(condition).order_by("name", "id").distinct())[:SHOWN])
        if found:
            return found
    return []


def _conditions(text: str, site: Site) -> list[Q]:
    conditions = []
    number = phones.parse(text)
    if number:
        conditions.append(Q(contact_points__blind_index=blind_index("phone", number)))
    if text.isdecimal() and len(text) == 4:
        conditions.append(Q(contact_points__last_four=text))
    room = room_called(site, text)
    if room:
        conditions.append(Q(occupancies__room=room, occupancies__until_on__isnull=True))
    if not text.isdecimal():
        low = text.lower().replace(" ", "")
        conditions += [
            Q(name__startswith=text),
            Q(name__contains=text),
            Q(initials__startswith=low),
            Q(pinyin__startswith=low),
        ]
    elif len(text) < 8:
        conditions.append(Q(occupancies__room__number=text))
    return conditions


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
