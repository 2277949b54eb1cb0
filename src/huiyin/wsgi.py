"""The web server's door. With HUIYIN_EMBEDDED_WORKER the timed work runs in a thread of this process."""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from msgspec import Struct
from msgspec.json import Decoder

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
from_django = get_wsgi_application()

from huiyin.access.bodies import Whole  # noqa: E402 - settings come first


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Every request; one whose body was cut off on the way is refused."""
    environ["wsgi.input"] = Whole(environ["wsgi.input"])
    return from_django(environ, start_response)


def learn_shapes() -> None:
    """msgspec works out a shape when it first meets it; two threads that do so at once end the process. So all are met here."""
    get_resolver().url_patterns  # noqa: B018 - asking loads the API
    known: list[type] = [Struct]
    for shape in known:  # grows on the way
        known += shape.__subclasses__()
    for shape in known[1:]:
        Decoder(shape)


learn_shapes()

if settings.EMBEDDED_WORKER:
    from huiyin.clockwork.worker import start_thread

    start_thread()
