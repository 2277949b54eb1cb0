"""The duty log: from the caller on the line to the receipt."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from huiyin.access import clock, doors
from huiyin.cases import actions as act_on
from huiyin.cases import queries
from huiyin.customers import queries as people
from huiyin.customers.models import Customer
from huiyin.desk import forms
from huiyin.desk.acts import add_refusal
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import case_row
from huiyin.handbook.queries import rulebook
from huiyin.interactions import queries as interactions
from huiyin.interactions.rules import Contact
from huiyin.kit.refusal import Refusal
from huiyin.notices.queries import shown_with
from huiyin.organization.models import Building, Site
from huiyin.organization.queries import picture_of
from huiyin.organization.rules import Actor


@page("GET", "POST")
def duty_log(request: HttpRequest) -> HttpResponse:
    """One screen: who, what, Enter. Keyboard alone suffices; nothing typed is lost."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    actor.check("contacts.take", site)
    categories = rulebook(site, timezone.localdate(clock.now())).categories()
    if request.method == "POST":
        form = forms.ContactForm(request.POST, categories=categories)
        if form.is_valid():
            try:
                return _taken(request, form, site, actor)
            except Refusal as refusal:
                add_refusal(form, refusal)
        return framed(request, "desk/duty_log.html", _beside(form, site, actor), status=422)
    initial = {"key": secrets.token_urlsafe(16), "q": request.GET.get("who", "")[:80], "channel": "phone"}
    form = forms.ContactForm(
        initial=initial | {"customer": request.GET.get("customer", "")[:18]}, categories=categories
    )
    return framed(request, "desk/duty_log.html", _beside(form, site, actor))


def _taken(request: HttpRequest, form: forms.ContactForm, site: Site, actor: Actor) -> HttpResponse:
    given = form.cleaned_data
    customer = doors.customer(given["customer"], actor) if given["customer"] else None
    homes = people.homes_of(customer) if customer else []
    contact = Contact(
        site,
        given["channel"],
        given["kind"],
        given["situation"],
        given["remedy_sought"],
        given["category"],
        given["place"],
        given["name"],
        given["phone"],
        building=_building_in(given["place"], site),
        room=homes[0].room if homes and not given["place"] else None,
        customer=customer,
        occurred_at=given["occurred_at"],
        answered_at_once=given["answered_at_once"],
    )
    joins = doors.case(given["joins"], actor) if given["joins"] else None
    taken = act_on.take(contact, by=actor, now=clock.now(), key=given["key"], joins=joins, urgency=given["urgency"])
    return redirect("taken", taken.contact.number)


def _building_in(place: str, site: Site) -> Building | None:
    """The building named in the words; the longest name wins, since 11号楼 holds 1号楼 as well."""
    named = [one for one in picture_of(site).buildings if one.name in place] if place else []
    return max(named, key=lambda one: len(one.name), default=None)


def _beside(form: forms.ContactForm, site: Site, actor: Actor) -> dict[str, Any]:
    """What stands beside the form: the household meant and cases that look alike."""
    given = form.data if form.is_bound else form.initial
    chosen = str(given.get("customer") or "")
    found = people.by_id(int(chosen), actor) if chosen.isdecimal() and len(chosen) < 19 else None
    context: dict[str, Any] = {"form": form, "query": given.get("q", ""), "found": [], "chosen": None}
    if found:
        context |= _household(found, actor)
    elif given.get("q"):
        context |= _meant(people.find(str(given["q"]), site, actor), actor)
    return context


def _meant(found: list[Customer], actor: Actor) -> dict[str, Any]:
    """One person is meant; several are offered."""
    return _household(found[0], actor) if len(found) == 1 else {"found": found}


def _household(customer: Customer, actor: Actor) -> dict[str, Any]:
    rooms = [home.room_id for home in people.homes_of(customer)]
    return {
        "chosen": customer,
        "open_cases": [case_row(case) for case in queries.open_of_household(customer.pk, rooms, actor)],
        "last_contacts": interactions.last_contacts(customer, actor),
    }


@page("GET")
def who(request: HttpRequest) -> HttpResponse:
    """The household a few typed signs mean: a fragment beside the duty log."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    query = request.GET.get("q", "")[:80]
    found = people.find(query, site, actor)
    chosen = request.GET.get("customer", "")
    only = people.by_id(int(chosen), actor) if chosen.isdecimal() and len(chosen) < 19 else None
    context = {"query": query, "found": [], "chosen": None} | _meant([only] if only else found, actor)
    return render(request, "desk/_who.html", context | {"now": clock.now()})


@page("GET")
def alike(request: HttpRequest) -> HttpResponse:
    """Open cases of the same place or category: offered before a duplicate is made."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    place = request.GET.get("place", "")[:120]
    building = _building_in(place, site)
    found = queries.look_alikes(
        site, actor, now=clock.now(), category=request.GET.get("category", "")[:40], building=building
    )
    return render(request, "desk/_alike.html", {"alike": [case_row(case) for case in found], "now": clock.now()})


@page("POST")
def proposed(request: HttpRequest) -> HttpResponse:
    """A subject proposed for the words typed so far, as a fragment; with `take` the field with that subject chosen.

    Sent in the body: what people say stands in no address and no log of a server.
    """
    actor, today = doors.actor(request), timezone.localdate(clock.now())
    site = site_of(request, actor)
    actor.check("contacts.take", site)
    if taken := request.GET.get("take", "")[:40]:
        form = forms.ContactForm(initial={"category": taken}, categories=rulebook(site, today).categories())
        return render(request, "desk/proposed.html", {"form": form})
    words = request.POST.get("situation", "")[:2000]
    found = None if request.POST.get("category") else queries.proposed(words, site, today)
    return render(request, "desk/proposed.html", {"proposal": found})


@page("GET")
def taken(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, to be read to the caller or printed."""
    actor = doors.actor(request)
    contact = doors.contact(number, actor)
    matter = doors.case(contact.subject.number, actor) if contact.subject else None
    token = interactions.receipt_token(matter.reference if matter else contact.reference)
    context = {"contact": contact, "case": matter, "token": token, "catalog": shown_with(contact.reference)}
    return framed(request, "desk/taken.html", context)
