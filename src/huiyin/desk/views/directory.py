"""The directory: people, their rooms, their file; a number shown for a reason."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases.actions import write_to as begin_letter
from huiyin.cases.papers import letter_slip
from huiyin.cases.queries import listed
from huiyin.customers import actions as act_on
from huiyin.customers import queries as people
from huiyin.customers.models import Customer
from huiyin.customers.rules import Reached
from huiyin.desk import forms
from huiyin.desk.acts import add_refusal
from huiyin.desk.frame import framed, page, site_of
from huiyin.desk.rows import case_row
from huiyin.desk.views.papers import as_pdf
from huiyin.interactions.queries import last_contacts, letters_to
from huiyin.kit import phones
from huiyin.kit.refusal import Refusal
from huiyin.organization.queries import buildings_of, room_called
from huiyin.organization.rules import Actor
from huiyin.records.posters import poster_of


@page("GET")
def directory(request: HttpRequest) -> HttpResponse:
    """Find somebody by phone, room, name, pinyin or initials."""
    actor = doors.actor(request)
    actor.check("directory.read")
    site = site_of(request, actor)
    query = request.GET.get("q", "")[:80].strip()
    room = room_called(site, query) if query else None
    context = {
        "q": query,
        "found": people.find(query, site, actor),
        "room": people.room_by_id(room.pk, actor) if room else None,
        "buildings": buildings_of(site),
        "may_import": actor.may("contacts.import", site) and actor.may("organization.write", site),
    }
    return framed(request, "desk/directory.html", context)


@page("GET")
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """一户一档: the person, rooms, ways to reach, cases and last contacts."""
    actor = doors.actor(request)
    return _customer_page(request, doors.customer(customer_id, actor), actor)


def _customer_page(
    request: HttpRequest,
    found: Customer,
    actor: Actor,
    *,
    status: int = 200,
    **asked: Form,
) -> HttpResponse:
    """`asked`: a form that was refused, under the name the page knows it by."""
    may_write = actor.may("customers.write", found.site)
    context = {
        "customer": found,
        "mandates": people.mandates_of(found, on=timezone.localdate(clock.now())),
        "may_write": may_write,
        "way_form": forms.WayForm() if may_write else None,
        "mandate_form": forms.MandateForm() if may_write else None,
        "cases": [case_row(case) for case in listed(actor).filter(customer=found)[:30]],
        "letter_form": forms.WriteToForm() if may_write else None,
        "own_letters": letters_to(found, actor),
        "contacts": last_contacts(found, actor, count=30),
    }
    return framed(request, "desk/customer.html", context | asked, status=status)


@page("POST")
def give_mandate(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write down that a customer speaks for others."""
    actor, now = doors.actor(request), clock.now()
    found = doors.customer(customer_id, actor)
    actor.check("customers.write", found.site)
    form = forms.MandateForm(request.POST)
    if form.is_valid():
        from_on = form.cleaned_data["from_on"] or timezone.localdate(now)
        try:
            act_on.give_mandate(found, role=form.cleaned_data["role"], from_on=from_on, by=actor, now=now)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("已记下。"))
            return redirect("customer", customer_id)
    return _customer_page(request, found, actor, mandate_form=form, status=422)


@page("POST")
def write_to(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Begin a conversation: a letter with a number and a link to answer by (S5.1)."""
    actor = doors.actor(request)
    found = doors.customer(customer_id, actor)
    actor.check("customers.write", found.site)
    form = forms.WriteToForm(request.POST)
    if form.is_valid():
        try:
            written = begin_letter(found, words=form.cleaned_data["words"], by=actor, now=clock.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            number = written.reference.number
            messages.success(request, _("已写好，编号 %(number)s。没有邮箱的，请打印交给本人。") % {"number": number})
            return redirect("customer", customer_id)
    return _customer_page(request, found, actor, letter_form=form, status=422)


@page("POST")
def add_way(request: HttpRequest, customer_id: int) -> HttpResponse:
    """One more telephone or mail address of somebody; those known stay."""
    actor = doors.actor(request)
    found = doors.customer(customer_id, actor)
    actor.check("customers.write", found.site)
    form = forms.WayForm(request.POST)
    if form.is_valid():
        try:
            act_on.add_ways(found, _ways(form), by=actor, now=clock.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("已记下。"))
            return redirect("customer", customer_id)
    return _customer_page(request, found, actor, way_form=form, status=422)


def _ways(form: forms.WayForm) -> list[Reached]:
    told = form.cleaned_data
    ways = [Reached.by_phone(told["phone"])] if told["phone"] else []
    ways += [Reached.by_email(told["email"])] if told["email"] else []
    if not ways:
        raise Refusal(_("写一个电话或邮箱。"), "phone")
    return ways


@page("GET")
def own_letter(request: HttpRequest, number: str) -> HttpResponse:
    """A letter of ours on paper, with the code by which it is answered."""
    found = doors.own_letter(number, doors.actor(request))
    return as_pdf(letter_slip(found), f"{number}.pdf")


@page("POST")
def end_mandate(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """From today on the customer no longer speaks in this role."""
    actor = doors.actor(request)
    mandate = doors.mandate(mandate_id, actor)
    act_on.end_mandate(mandate, by=actor, now=clock.now())
    messages.success(request, _("已记下。"))
    return redirect("customer", mandate.customer_id)


@page("GET", "POST")
def reveal(request: HttpRequest, point_id: int) -> HttpResponse:
    """Show a whole number. Asks why first; the reason goes on record."""
    actor = doors.actor(request)
    point = doors.contact_point(point_id, actor)
    form = forms.RevealForm(request.POST or None)
    value = ""
    if request.method == "POST" and form.is_valid():
        value = act_on.reveal(point, reason=form.cleaned_data["reason"], by=actor, now=clock.now())
    status = 422 if form.errors else 200
    shown = phones.grouped(value) if point.kind == "phone" and value else value
    return framed(
        request,
        "desk/reveal.html",
        {"point": point, "form": form, "value": shown, "title": _("完整号码")},
        status=status,
    )


@page("GET")
def poster(request: HttpRequest, building_id: str) -> HttpResponse:
    """The QR poster of a building, or of the whole site ("site")."""
    actor = doors.actor(request)
    site = site_of(request, actor)
    building = doors.building(int(building_id), site) if building_id.isdecimal() and len(building_id) < 18 else None
    return HttpResponse(poster_of(site, building), content_type="application/pdf")
