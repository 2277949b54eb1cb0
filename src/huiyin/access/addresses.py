"""Where a request comes from, as far as the proxies in front of us can be believed."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The caller's address: what the outermost of our own HUIYIN_PROXIES wrote down, else who connected.

    Whatever a caller adds to X-Forwarded-For stands further left than what our proxies add, and is never read.
    """
    connected = str(request.META.get("REMOTE_ADDR") or "")
    told = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    claimed = told[-settings.PROXIES] if 0 < settings.PROXIES <= len(told) else connected
    return _address(claimed) or _address(connected) or "0.0.0.0"  # noqa: S104 - an unknown caller, not a door


def neighborhood(address: str) -> str:
    """What is counted as one caller: an IPv4 address, or the /64 that one IPv6 line is given whole."""
    known = ipaddress.ip_address(address)
    return address if known.version == 4 else str(ipaddress.ip_network((known, 64), strict=False))


def _address(text: str) -> str:
    try:
        known = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(known, "ipv4_mapped", None)
    return str(mapped or known)
