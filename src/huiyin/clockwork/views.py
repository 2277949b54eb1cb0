"""Is it alive, is it ready."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from huiyin.access import clock
from huiyin.clockwork.queries import SILENT_AFTER, heartbeat_age, troubles


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and the worker was alive within two minutes; 503 otherwise.

    With `?all` also 503 for what keeps nobody from working here: a silent mailbox, an outbox that is stuck, little disk, an
    old backup. For whoever watches the program, not for what sends people to it.
    """
    if "all" in request.GET:
        return _all()
    try:
        age = heartbeat_age(clock.now())
    except DatabaseError:
        return JsonResponse({"database": "down", "worker": "unknown"}, status=503)
    alive = age is not None and age < SILENT_AFTER
    return JsonResponse({"database": "ok", "worker": "ok" if alive else "silent"}, status=200 if alive else 503)


def _all() -> JsonResponse:
    try:
        wrong = troubles(clock.now())
    except DatabaseError:
        wrong = ["database"]
    return JsonResponse({"troubles": wrong}, status=503 if wrong else 200)
