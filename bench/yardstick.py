"""The yardstick: the smallest Django view that inserts one row, on the same kind of database and under the same server.

`YARDSTICK_DATABASE` names the database; the options are those of huiyin.settings. Served by `python -m bench.yardstick`.
"""

import os
from typing import ClassVar

import environ
from django.conf import settings

POSTGRES = os.environ["YARDSTICK_DATABASE"].startswith("postgres")
DATABASE = environ.Env.db_url_config(os.environ["YARDSTICK_DATABASE"])
DATABASE |= {"CONN_MAX_AGE": None}
if POSTGRES:
    DATABASE["CONN_HEALTH_CHECKS"] = True
else:
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-4000;"
    DATABASE["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
if not settings.configured:
    settings.configure(
        DATABASES={"default": DATABASE},
        ROOT_URLCONF=__name__,
        SECRET_KEY="yardstick-" + "0" * 32,
        ALLOWED_HOSTS=["127.0.0.1"],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )

import django  # noqa: E402

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402


class Row(models.Model):
    text = models.TextField()

    class Meta:
        app_label: ClassVar = "yardstick"

    def __str__(self) -> str:
        return self.text[:20]


def insert(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Row.objects.create(text=request.body.decode()).pk))


def ready(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("insert", insert), path("ready", ready)]
application = get_wsgi_application()


def serve(port: int) -> None:
    """The same server settings as `huiyin serve`."""
    from granian import Granian
    from granian.constants import Interfaces

    if Row._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Row)
    connection.close()
    Granian(
        "bench.yardstick:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=2 if POSTGRES else 1,
        blocking_threads=4 if POSTGRES else 8,
        log_enabled=False,
        respawn_failed_workers=True,
    ).serve()
