"""The certificate that people's browsers meet at our own address, looked at from outside as they do."""

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

SECONDS = 5
UNREACHABLE = "unreachable"


def looked_at(address: str) -> tuple[datetime | None, str]:
    """Until when the certificate of an https address holds, and what is wrong with it: a browser's reason, or `unreachable`.

    Opens a connection to that address, at most five seconds long, and sends nothing.
    """
    parts = urlsplit(address)
    context = ssl.create_default_context()
    try:
        line = socket.create_connection((parts.hostname or "", parts.port or 443), SECONDS)
        with line, context.wrap_socket(line, server_hostname=parts.hostname) as secured:
            told = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as refused:
        return None, refused.verify_message
    except (OSError, ValueError):
        return None, UNREACHABLE
    ends = ssl.cert_time_to_seconds(str(told["notAfter"]))
    return datetime.fromtimestamp(ends, UTC), ""
