"""The one place that knows django-modern-rest: who asks, how bodies are read, how every trouble becomes a problem."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Self

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from dmr import Controller, ResponseSpec
from dmr.endpoint import Endpoint
from dmr.exceptions import (
    DataParsingError,
    NotAcceptableError,
    NotAuthenticatedError,
    RequestSerializationError,
)
from dmr.metadata import EndpointMetadata
from dmr.openapi.objects import Reference, SecurityScheme
from dmr.parsers import DeserializeFunc, Raw
from dmr.plugins.msgspec import MsgspecJsonParser, MsgspecJsonRenderer, MsgspecSerializer
from dmr.security import SyncAuth
from dmr.serializer import BaseSerializer

from huiyin.access import clock, limits
from huiyin.access.addresses import client_address, neighborhood
from huiyin.access.answers import problem
from huiyin.api.faults import WrongFields, faults_of, unsavable
from huiyin.api.schema import Problem
from huiyin.cases.rules import NothingWritten, WrongAddressee, WrongDay
from huiyin.customers.rules import WrongPhone
from huiyin.interactions.rules import WrongContact
from huiyin.kit.chinese import BrokenText
from huiyin.kit.refusal import Refusal
from huiyin.organization.queries import actor_of_token
from huiyin.organization.rules import Actor, NotAllowed

JSON = "application/json"
UNKNOWN_KEYS = limits.Limit("unknown_key", 60, 60)  # wrong keys from one address
# Refusals about the words that were sent; every other one is about the state of things and a conflict.
ABOUT_THE_BODY = (WrongContact, WrongPhone, NothingWritten, WrongAddressee, WrongDay, BrokenText)


class Serializer(MsgspecSerializer):
    """Strict: a number is no text. Names every wrong field, not the first alone."""

    @classmethod
    def from_python(
        cls, unstructured: Any, model: Any, *, strict: bool | None, extra_namespace: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return msgspec.convert(unstructured, model, strict=True)
        except msgspec.ValidationError:
            faults = [{**fault, "field": _without_part(fault["field"])} for fault in faults_of(model, unstructured)]
            raise WrongFields(faults) from None


def _without_part(path: str) -> str:
    """`parsed_body.customer.phone` is `customer.phone` to whoever wrote it."""
    part, _dot, field = path.partition(".")
    return field if part.startswith("parsed_") else path


class StrictJson(MsgspecJsonParser):
    """JSON as RFC 8259 has it: no NaN, no bottomless nesting, no signs that cannot be kept."""

    __slots__ = ()

    def parse(
        self, to_deserialize: Raw, deserializer_hook: DeserializeFunc | None = None, *, request: HttpRequest, model: Any
    ) -> Any:
        try:
            found = msgspec.json.decode(to_deserialize)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
            raise DataParsingError(type(error).__name__) from None
        faults = list(unsavable(found))
        if faults:
            raise WrongFields(faults)
        return found


class Bearer(SyncAuth):
    """`Authorization: Bearer TOKEN` of a service account."""

    __slots__ = ()
    www_authenticate_challenge = "Bearer"

    def __call__(self, endpoint: Endpoint, controller: Controller[BaseSerializer]) -> Self | None:
        scheme, _space, token = controller.request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return None
        now, where = clock.now(), neighborhood(client_address(controller.request))
        actor = actor_of_token(token.strip(), now=now)
        if actor is None or not isinstance(controller, View):
            limits.check(UNKNOWN_KEYS, where, now=now)
            return None
        limits.check_cheaply(limits.Limit("api", settings.API_PER_MINUTE, 60), actor.id, now=now)
        controller.actor = actor
        return self

    def security_schemes(
        self, metadata: EndpointMetadata, controller_cls: type[Controller[BaseSerializer]]
    ) -> dict[str, SecurityScheme | Reference]:
        return {"token": SecurityScheme(type="http", scheme="bearer", description="Token of a service account")}

    def security_requirements(
        self, metadata: EndpointMetadata, controller_cls: type[Controller[BaseSerializer]]
    ) -> list[dict[str, list[str]]]:
        return [{"token": []}]


def may_answer(*statuses: HTTPStatus) -> list[ResponseSpec]:
    """The problems an address may answer with, for its description."""
    return [ResponseSpec(Problem, status_code=status) for status in statuses]


class View(Controller[Serializer]):
    """An address of the API: asks for a token, reads JSON, and answers every trouble with a problem."""

    is_abstract = True
    auth = (Bearer(),)
    parsers = (StrictJson(),)
    renderers = (MsgspecJsonRenderer(),)
    error_model = Problem
    validate_responses = False
    responses = may_answer(
        HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS
    )

    actor: Actor

    def handle_error(self, endpoint: Endpoint, controller: Controller[Any], exc: Exception) -> HttpResponse:
        answer = trouble(self.request, exc)
        if answer is None:
            raise exc
        return answer

    def handle_method_not_allowed(self, method: str) -> HttpResponse:
        answer = problem(405, _("这个地址不接受这种请求方法。"))
        answer["Allow"] = ", ".join(sorted(self.api_endpoints))
        return answer


class WritingView(View):
    """An address that changes something."""

    is_abstract = True
    responses = [
        *View.responses,
        *may_answer(HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    ]


TOLD = {
    NotAuthenticatedError: (401, gettext_lazy("需要有效的接口令牌。")),
    Http404: (404, gettext_lazy("没有找到。编号可能有误，或不在您的范围内。")),
    NotAcceptableError: (406, gettext_lazy("这里只回答 JSON。")),
    RequestDataTooBig: (413, gettext_lazy("内容太大了：最多 2 MB。")),
    RequestSerializationError: (400, gettext_lazy("请求正文不是完整的 JSON。")),
    UnreadablePostError: (400, gettext_lazy("请求正文不是完整的 JSON。")),
}


def trouble(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The problem that tells of an error; None for a bug, which nobody should hide."""
    if isinstance(error, WrongFields):
        return problem(422, _("有的内容需要改正。"), error.faults)
    if isinstance(error, limits.TooOften):
        answer = problem(HTTPStatus.TOO_MANY_REQUESTS, str(error.message))
        answer["Retry-After"] = str(error.seconds)
        return answer
    if isinstance(error, Refusal):
        return refused(error)
    if isinstance(error, RequestSerializationError) and request.content_type not in {"", JSON}:
        return problem(415, _("请用 Content-Type: application/json 发送。"))
    told = next((told for kind, told in TOLD.items() if isinstance(error, kind)), None)
    if told is None:
        return None
    answer = problem(told[0], str(told[1]))
    if told[0] == HTTPStatus.UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    return answer


# Fields of a contact that stand inside `customer` in the request.
INSIDE_CUSTOMER = {"name", "phone", "email", "room"}


def refused(refusal: Refusal) -> HttpResponse:
    """A rule said no: 403 for a missing right, 422 for wrong words, 409 where the state of things forbids it."""
    message = str(refusal.message)
    inside = isinstance(refusal, (WrongContact, WrongPhone)) and refusal.field in INSIDE_CUSTOMER
    field = f"customer.{refusal.field}" if inside else refusal.field or ""
    status = 422 if isinstance(refusal, ABOUT_THE_BODY) else 409
    if isinstance(refusal, NotAllowed):
        status = 403
    return problem(status, message, [{"field": field, "message": message}])
