"""What every request passes: text without traps, the chosen language, refusals turned into answers."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import translation

from huiyin.access.answers import as_page, as_problem, problem
from huiyin.access.full import NotKept, is_full
from huiyin.kit.refusal import Refusal
from huiyin.organization.rules import NotAllowed

log = logging.getLogger("huiyin.access")
Handler = Callable[[HttpRequest], HttpResponse]
LANGUAGES = {code for code, _ in settings.LANGUAGES}


def plain_request(get_response: Handler) -> Handler:
    """Refuse addresses with NUL or broken UTF-8 and methods nobody needs, before any view sees them."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}:
            return HttpResponse(status=405)
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "\ufffd" in request.path or "%00" in query:
            if request.path.startswith("/api/"):
                return problem(400, "")
            return HttpResponseBadRequest("400", content_type="text/plain")
        return get_response(request)

    return middleware


FEW_POWERS = (
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


def few_powers(get_response: Handler) -> Handler:
    """No page of ours uses the camera, the microphone or the position; whatever slips into one cannot either."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", FEW_POWERS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def chosen_language(get_response: Handler) -> Handler:
    """Chinese unless the person chose otherwise: by cookie on pages, by Accept-Language on the API."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if request.path.startswith("/api/") and request.headers.get("accept-language", "").lower().startswith("en"):
            language = "en"
        language = language if language in LANGUAGES else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


class RefusalsBecomeAnswers:
    """A Refusal that no view turned into words beside a field becomes a clear answer: 403 for rights, 409 for the rest.

    A disk without room is one as well: 503.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        answer = as_problem if request.path.startswith("/api/") else as_page
        if is_full(exception):
            log.error("no room left", exc_info=exception)
            told = answer(request, NotKept(), 503)
            told["Retry-After"] = "300"
            return told
        if not isinstance(exception, Refusal):
            return None
        return answer(request, exception, 403 if isinstance(exception, NotAllowed) else 409)


refusals_become_answers = RefusalsBecomeAnswers
