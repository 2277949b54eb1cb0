"""Refusals as answers: a page for people, an RFC 9457 problem for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from huiyin.kit.refusal import Refusal


def as_page(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    return render(request, "refused.html", {"refusal": refusal, "status": status}, status=status)


def as_problem(request: HttpRequest, refusal: Refusal, status: int) -> JsonResponse:
    return problem(status, str(refusal.message), [{"field": refusal.field or "", "message": str(refusal.message)}])


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> JsonResponse:
    """An `application/problem+json` body with a list of fields (RFC 9457)."""
    body = {
        "type": "about:blank",
        "title": HttpResponse(status=status).reason_phrase,
        "status": status,
        "detail": detail,
    }
    return JsonResponse(
        body | {"errors": errors or []},
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
