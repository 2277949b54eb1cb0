"""The description of the API, made from the views; no token is asked for it."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from dmr.openapi import OpenAPIConfig, build_schema
from dmr.routing import Router

import huiyin
from huiyin.access.answers import problem

PROBLEM = "application/problem+json"


def described(router: Router) -> Callable[[HttpRequest], HttpResponse]:
    """The view that shows the description of a router."""

    @cache
    def document() -> bytes:
        config = OpenAPIConfig(title="回音 Huiyin", version=huiyin.__version__)
        schema: Any = build_schema(router, config=config).convert(skip_validation=True)
        return json.dumps(_with_problems(schema), ensure_ascii=False).encode()

    @csrf_exempt
    def api_description(request: HttpRequest) -> HttpResponse:
        """OpenAPI 3.1, as JSON."""
        if request.method not in {"GET", "HEAD"}:
            answer = problem(405, _("这个地址不接受这种请求方法。"))
            answer["Allow"] = "GET, HEAD"
            return answer
        return HttpResponse(document(), content_type="application/json")

    return api_description


def _with_problems(schema: dict[str, Any]) -> dict[str, Any]:
    """Every refusal is a problem: its media type is not the one of the answers."""
    items = [part for item in schema["paths"].values() for part in item.values()]
    for operation in (part for part in items if isinstance(part, dict)):
        for status, answer in operation["responses"].items():
            if not status.startswith("2") and "content" in answer:
                answer["content"] = {PROBLEM: next(iter(answer["content"].values()))}
    return schema


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """404 as a problem, for every other address under /api/."""
    return problem(404, _("没有这个地址。"))
