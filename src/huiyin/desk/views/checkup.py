"""制度体检: what can not be kept in the handbooks, contradicts or is left open, and what was decided about it."""

from datetime import date
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.access import clock, doors
from huiyin.desk.forms import DecisionForm
from huiyin.desk.frame import framed, page, site_of
from huiyin.handbook import actions, queries
from huiyin.handbook.linter import SEVERITIES, Finding, severity_word, way_words
from huiyin.handbook.models import Decision
from huiyin.handbook.rules import shipped_text
from huiyin.handbook.schema import Handbook
from huiyin.kit.refusal import Refusal
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor

COMPANY, HERE = "company", "site"
RIGHT = "handbook.adopt"
Found = list[tuple[Finding, list[Site]]]


class Look(NamedTuple):
    """What is looked at: a site's handbooks or (no site) the company's; with a further handbook, as if followed too."""

    site: Site | None
    further: str = ""
    followed: tuple[Handbook, ...] = ()

    @property
    def others(self) -> list[Handbook]:
        """Handbooks that come with the product, that the site could follow and does not."""
        names = {book.id for book in self.followed}
        shipped = (queries.shipped(name) for name in queries.shipped_ids() if name not in names)
        return [book for book in shipped if self.site and self.site.kind in book.site_kinds]

    @property
    def address(self) -> str:
        asked = {"of": "" if self.site else COMPANY, "with": self.further}
        query = urlencode({name: value for name, value in asked.items() if value})
        return reverse("checkup") + (f"?{query}" if query else "")


@page("GET", "POST")
def checkup(request: HttpRequest) -> HttpResponse:
    """The findings of a site's handbooks, or of the company's, worst first; POST puts a decision on record."""
    actor = doors.actor(request)
    actor.check("duties.read")
    look = _look(request, actor)
    found = _found(look)
    if request.method == "POST":
        return _decided(request, look, found, actor)
    chosen = next((one for one, _sites in found if _anchor(one) == request.GET.get("decide")), None)
    form = _form(look.site, actor, chosen) if chosen and _deciding(actor, look.site) else None
    return _answered(request, look, found, actor, chosen=(chosen, form))


def _look(request: HttpRequest, actor: Actor) -> Look:
    if request.GET.get("of") == COMPANY and actor.is_company_wide:
        return Look(None)
    site = site_of(request, actor)
    followed = (queries.edition(one.edition.digest) for one in queries.adopted_by(site, _today()))
    look = Look(site, followed=tuple(followed))
    asked = request.GET.get("with", "")
    return look._replace(further=asked) if asked in {book.id for book in look.others} else look


def _today() -> date:
    return timezone.localdate(clock.now())


def _found(look: Look) -> Found:
    if look.site is None:
        return queries.company_findings(_today())
    if look.further:
        book, text = queries.shipped(look.further), shipped_text(look.further)
        return [(one, []) for one in queries.findings_with(look.site, book, text, _today())]
    return [(one, []) for one in queries.findings_for(look.site, _today())]


def _deciding(actor: Actor, site: Site | None) -> list[tuple[str, str]]:
    """Whom the actor may decide for: this site, the company, or nobody."""
    places = []
    if site is not None and actor.may(RIGHT, site):
        places.append((HERE, _("只管%(site)s") % {"site": site.name}))
    if any(scope.site is None and RIGHT in scope.rights for scope in actor.scopes):
        places.append((COMPANY, _("管到全公司")))
    return places


def _form(site: Site | None, actor: Actor, finding: Finding, data: Any = None) -> DecisionForm:
    ways = [(way.id, way.words) for way in finding.ways_out]
    return DecisionForm(data, ways=ways, places=_deciding(actor, site))


def _decided(request: HttpRequest, look: Look, found: Found, actor: Actor) -> HttpResponse:
    site = look.site
    finding = next((one for one, _sites in found if _anchor(one) == request.POST.get("finding")), None)
    if finding is None:
        raise Http404
    actor.check(RIGHT, site)
    form = _form(site, actor, finding, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        place = None if given["holds"] == COMPANY else site
        try:
            actions.decide(finding, way=given["way"], reason=given["reason"], site=place, by=actor, now=clock.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("决定已经记下。"))
            return redirect(f"{look.address}#{_anchor(finding)}")
    return _answered(request, look, found, actor, chosen=(finding, form), status=422)


def _answered(
    request: HttpRequest,
    look: Look,
    found: Found,
    actor: Actor,
    *,
    chosen: tuple[Finding | None, DecisionForm | None],
    status: int = 200,
) -> HttpResponse:
    site, (finding, form) = look.site, chosen
    decisions = queries.decisions_for(site)
    rows = [
        _row(one, where, decisions.get(one.key, [])) | {"form": form if one is finding else None}
        for one, where in found
    ]
    open_ones = [row for row in rows if not row["decided"]]
    context = {
        "groups": [
            {"code": severity, "name": severity_word(severity), "rows": list(some)}
            for severity, some in groupby(open_ones, key=lambda row: row["finding"].severity)
        ],
        "counts": [_count(severity, rows) for severity in SEVERITIES],
        "decided": [row for row in rows if row["decided"]],
        "open_count": len(open_ones),
        "found_count": len(rows),
        "stuck": any(row["finding"].severity == "impossible" for row in open_ones),
        "scopes": _scopes(request, look, actor),
        "further": _further(look),
        "look": look,
        "may_decide": bool(_deciding(actor, site)),
        "follows": look.followed,
    }
    return framed(request, "desk/checkup.html", context, status=status)


def _row(finding: Finding, where: list[Site], decisions: list[Decision]) -> dict[str, Any]:
    told = [
        {"decision": one, "way": way_words(one.code, one.way), "who": one.decided_by.name if one.decided_by else ""}
        for one in decisions
    ]
    return {
        "finding": finding,
        "id": _anchor(finding),
        "sites": where,
        "lines": [
            {"number": number, "text": text, "here": number == finding.line} for number, text in finding.around()
        ],
        "decided": told[0] if told else None,
        "before": told[1:],
    }


def _count(severity: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How many of a kind are not decided yet, of how many."""
    mine = [row for row in rows if row["finding"].severity == severity]
    waiting = sum(row["decided"] is None for row in mine)
    return {"code": severity, "name": severity_word(severity), "open": waiting, "all": len(mine)}


def _scopes(request: HttpRequest, look: Look, actor: Actor) -> dict[str, Any] | None:
    """The choice between one site and the company, for those who see it."""
    if not actor.is_company_wide:
        return None
    here = site_of(request, actor)
    options = [
        {"label": here.name, "url": Look(here).address, "current": look.site is not None, "count": None},
        {"label": _("全公司"), "url": Look(None).address, "current": look.site is None, "count": None},
    ]
    return {"value": here.name if look.site else _("全公司"), "options": options}


def _further(look: Look) -> dict[str, Any] | None:
    """The choice of a further handbook, to see what it would bring in before it is adopted."""
    if not look.others:
        return None
    labels = {"": _("已采用的制度")} | {book.id: _("加上%(title)s") % {"title": book.title} for book in look.others}
    options = [
        {"label": label, "url": look._replace(further=name).address, "current": name == look.further, "count": None}
        for name, label in labels.items()
    ]
    return {"value": labels[look.further], "options": options}


def _anchor(finding: Finding) -> str:
    return f"f-{finding.key[:12]}"
