"""Mail out by SMTP. Plain text; automatic mail says so, so that nobody answers it automatically."""

import smtplib
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from huiyin.customers.queries import clear_value
from huiyin.interactions.gateways.failures import NeverArrives, TryLater
from huiyin.interactions.models import Delivery

SECONDS = 10


def deliver(delivery: Delivery, subject: str, body: str) -> None:
    """Send one mail; TryLater for passing troubles, NeverArrives for an address nobody takes."""
    address = _address(delivery)
    if not address:
        raise NeverArrives("no address")
    message = EmailMessage()
    message["To"] = address
    message["From"] = _sender()
    message["Subject"] = " ".join(subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message["Message-ID"] = f"<{delivery.key}@{urlsplit(settings.BASE_URL).hostname}>"
    message.set_content(body)
    try:
        with _connected() as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as refused:
        raise NeverArrives(type(refused).__name__) from refused
    except (OSError, smtplib.SMTPException) as trouble:
        raise TryLater(type(trouble).__name__) from trouble


def _address(delivery: Delivery) -> str:
    if delivery.to_user is not None:
        return delivery.to_user.email
    points = delivery.to_customer.contact_points.filter(kind="email") if delivery.to_customer else []
    return next((clear_value(point) for point in points), "")


def _sender() -> str:
    asked = parse_qs(urlsplit(settings.MAIL_OUT).query).get("from", [""])[0]
    return asked or f"huiyin@{urlsplit(settings.BASE_URL).hostname}"


def _connected() -> smtplib.SMTP:
    parts = urlsplit(settings.MAIL_OUT)
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    server = kind(parts.hostname or "localhost", parts.port or 25, timeout=SECONDS)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
