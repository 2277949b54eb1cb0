"""The web server's door. With HUIYIN_EMBEDDED_WORKER the timed work runs in a thread of this process."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.settings")
application = get_wsgi_application()

if settings.EMBEDDED_WORKER:
    from huiyin.clockwork.worker import start_thread

    start_thread()
