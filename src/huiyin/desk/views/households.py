"""一户一档: a room, who lives there, and everything that happened around it; people registered by hand."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.cases.queries import HouseholdStory, story_of
from huiyin.customers import actions as act_on
from huiyin.customers import queries as people
from huiyin.customers.models import Occupancy
from huiyin.customers.rules import Reached
from huiyin.customers.rules.listing import Listed
from huiyin.customers.states import Purpose
from huiyin.desk import forms
from huiyin.desk.frame import framed, page
from huiyin.desk.rows import case_row
from huiyin.interactions.states import Channel
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Room
from huiyin.organization.rules import Actor


@page("GET")
def household(request: HttpRequest, room_id: int) -> HttpResponse:
    """Who lives here, who did, and what happened, newest first."""
    actor = doors.actor(request)
    return _household_page(request, doors.room(room_id, actor), actor)


def _household_page(
    request: HttpRequest, room: Room, actor: Actor, *, form: Form | None = None, status: int = 200
) -> HttpResponse:
    homes, may_write = people.households_of(room), actor.may("customers.write", room.site)
    now_on = [home for home in homes if home.until_on is None]
    story = story_of(room, [home.customer_id for home in now_on], actor)
    lines = _lines(story)
    show = request.GET.get("show", "")
    context = {
        "room": room,
        "living": now_on,
        "past": [home for home in homes if home.until_on is not None] if may_write else [],
        "needs_care": actor.may("cases.read_restricted", room.site) and _needs_care(now_on),
        "lines": [line for line in lines if show in {"", line["group"]}],
        "choice": _choice(show, lines),
        "open_cases": [row for row in map(case_row, story.cases) if row["glyph"] == "running"],
        "may_write": may_write,
        "occupant_form": (form or forms.OccupantForm()) if may_write else None,
    }
    return framed(request, "desk/household.html", context, status=status)


def _needs_care(homes: list[Occupancy]) -> bool:
    """Whether somebody agreed that a hardship is noted, so that the reader goes about it with care."""
    return any(one.purpose == Purpose.HARDSHIP for home in homes for one in home.customer.agreed)  # type: ignore[attr-defined]


def _lines(story: HouseholdStory) -> list[dict[str, Any]]:
    """Matters, contacts, letters and follow-ups as one story."""
    lines = [
        {"group": "cases", "at": case.received_at, "word": case.get_kind_display(), "said": case.summary}
        | {"url": reverse("case", args=[case.reference.number]), "row": case_row(case)}
        for case in story.cases
    ]
    for contact in story.contacts:
        letter = getattr(contact, "letter_id", None)
        url = reverse("letter", args=[letter]) if letter else reverse("permanent", args=[contact.reference.number])
        group = "letters" if contact.channel == Channel.EMAIL else "contacts"
        who = contact.customer.name if contact.customer else ""
        line = {"group": group, "at": contact.occurred_at, "word": contact.get_channel_display()}
        lines.append(line | {"said": contact.situation, "url": url, "who": who})
    for asked in story.follow_ups:
        line = {
            "group": "follow_ups",
            "at": asked.at,
            "word": _("回访：%(result)s") % {"result": asked.get_result_display()},
        }
        lines.append(
            line
            | {
                "said": asked.words or asked.case.summary,
                "url": reverse("case", args=[asked.case.reference.number]),
                "who": asked.by.name,
            }
        )
    return sorted(lines, key=_newest_first)


def _newest_first(line: dict[str, Any]) -> tuple[float, bool]:
    at: datetime = line["at"]
    return -at.timestamp(), line["group"] == "contacts"  # the matter above the words that opened it


def _choice(show: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    words = {"": _("全部"), "cases": _("事项"), "contacts": _("接触"), "letters": _("来信"), "follow_ups": _("回访")}
    options = [
        {"label": word, "url": f"?show={name}", "current": name == show}
        | {"count": sum(name in {"", line["group"]} for line in lines)}
        for name, word in words.items()
    ]
    return {"label": _("看哪些"), "value": words.get(show, words[""]), "options": options}


@page("POST")
def add_occupant(request: HttpRequest, room_id: int) -> HttpResponse:
    """Register somebody in this room; who is known by name and number is not entered twice."""
    actor = doors.actor(request)
    room = doors.room(room_id, actor)
    actor.check("customers.write", room.site)
    form = forms.OccupantForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            ways = (Reached.by_phone(told["phone"]),) if told["phone"] else ()
            listed = Listed(told["name"], ways, told["role"], told["from_on"])
            act_on.take_in(room, listed, by=actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("已登记。"))
            return redirect("household", room_id)
    return _household_page(request, room, actor, form=form, status=422)


@page("POST")
def move_out(request: HttpRequest, home_id: int) -> HttpResponse:
    """From a day on somebody no longer lives here."""
    actor = doors.actor(request)
    home = doors.home(home_id, actor)
    actor.check("customers.write", home.site)
    form = forms.MoveOutForm(request.POST)
    try:
        day = form.cleaned_data["until_on"] if form.is_valid() else None
        if form.errors:
            raise Refusal(" ".join(str(error) for errors in form.errors.values() for error in errors))
        act_on.move_out(home, on=day, by=actor, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _household_page(request, doors.room(home.room_id, actor), actor, status=422)
    messages.success(request, _("已记下搬离。"))
    return redirect("household", home.room_id)
