"""Mail out by SMTP. Plain text; automatic mail says so, so that nobody answers it automatically."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.interactions.gateways.failures import MaybeTaken, NeverArrives, OutOfReach, TryLater
from huiyin.interactions.models import Delivery
from huiyin.interactions.queries import address_of, letter_answered_by, receipt_token
from huiyin.interactions.rules import loop_mark, thread_token
from huiyin.references.models import Reference
from huiyin.settings import Mailbox

SECONDS = 10
_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def deliver(delivery: Delivery, subject: str, body: str) -> None:
    """Send one mail; TryLater for passing troubles, OutOfReach without a server, NeverArrives for an address nobody takes.

    MaybeTaken where the server fell silent after it had been given the mail.
    """
    address = address_of(delivery)
    if not address:
        raise NeverArrives("no address")
    try:
        message = composed(delivery, address, subject, body)
    except ValueError as wrong:
        raise NeverArrives(type(wrong).__name__) from wrong
    server = _connected()
    try:
        server.send_message(message, from_addr=_sender(), to_addrs=[address])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _words in refused.recipients.values()]
        raise (TryLater if all(400 <= code < 500 for code in codes) else NeverArrives)(
            type(refused).__name__
        ) from refused
    except smtplib.SMTPResponseException as refused:
        raise TryLater(type(refused).__name__) from refused
    except (OSError, smtplib.SMTPException) as silence:
        raise MaybeTaken(type(silence).__name__) from silence
    finally:
        _leave(server)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye. What goes wrong here changes nothing about a mail that was taken or refused."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def composed(delivery: Delivery, address: str, subject: str, body: str) -> EmailMessage:
    """The one place where a mail of ours is made: who it is from, what it answers, and that a machine sent it, where one did."""
    letter, token = letter_answered_by(delivery), thread_token(delivery.pk)
    is_personal = bool(delivery.values.get("words"))
    message = EmailMessage()
    message["To"] = address
    message["From"] = _sender()
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = f"<{token}@{urlsplit(settings.BASE_URL).hostname}>"
    message["X-Huiyin-Loop"] = loop_mark()
    if not is_personal:
        message["Auto-Submitted"] = "auto-replied" if letter else "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
    if letter and letter.message_id.isascii() and letter.message_id:
        message["In-Reply-To"] = message["References"] = letter.message_id
    box = _mailbox(delivery)
    if box and delivery.to_customer_id:
        message["Reply-To"] = _reply_address(box, token)
    message.set_content(_with_link(delivery, body))
    return message


def _with_link(delivery: Delivery, body: str) -> str:
    token = receipt_token(delivery.reference) if delivery.reference and delivery.to_customer_id else ""
    if delivery.reference is None or not token:
        return f"{body}\n"
    return f"{body}\n\n{settings.BASE_URL}/t/{token}\n\n{_how_to_answer(delivery.reference)}\n"


def _how_to_answer(reference: Reference) -> str:
    """Every message tells how to answer and how to object, by the page or by telephone (S5.1, S1.4.3.b)."""
    told = {"number": reference.number, "phone": reference.site.phone}
    if told["phone"]:
        return _("要回话，或者不同意：打开上面的链接直接写，或打电话 %(phone)s，报编号 %(number)s。") % told
    return _("要回话，或者不同意：打开上面的链接直接写；到前台报编号 %(number)s 也行。") % told


def _mailbox(delivery: Delivery) -> Mailbox | None:
    """The mailbox an answer comes back to: the site's own, else one for all."""
    code = delivery.reference.site.code if delivery.reference else ""
    boxes = {box.site: box for box in reversed(settings.MAIL_IN)}
    return boxes.get(code) or boxes.get("")


def _reply_address(box: Mailbox, token: str) -> str:
    name, _at, host = box.address.partition("@")
    return f"{name}+{token}@{host}" if box.takes_plus else box.address


def _sender() -> str:
    asked = parse_qs(urlsplit(settings.MAIL_OUT).query).get("from", [""])[0]
    return asked or f"huiyin@{urlsplit(settings.BASE_URL).hostname}"


def _connected() -> smtplib.SMTP:
    """A server that lets us in. Encrypted wherever it can; a password never leaves this machine in the open."""
    try:
        return _let_in()
    except (OSError, smtplib.SMTPException) as trouble:
        raise OutOfReach(type(trouble).__name__) from trouble


def _let_in() -> smtplib.SMTP:
    parts = urlsplit(settings.MAIL_OUT)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif parts.username and host not in _HERE:
            server.close()
            raise OutOfReach("no encryption")
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
