"""Telephone numbers: recognized, kept in one form, shown masked."""

import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException

REGION = "CN"
CHINA = 86
# What nearly everybody writes; the library, which knows all countries, is asked for the rest.
MOBILE = re.compile(r"(?:\+86)?[ -]?(1(?!7[ -]?9)[3-9](?:[ -]?[0-9]){9})")


def parse(text: str) -> str | None:
    """E.164 of a Chinese mobile, land line or service number (or a foreign one with its +), None for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    mobile = MOBILE.fullmatch(plain)
    if mobile:
        return "+86" + mobile[1].replace(" ", "").replace("-", "")
    if not 7 <= len(plain) <= 30:
        return None
    try:
        number = phonenumbers.parse(plain, REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number) or not _fits(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _fits(number: phonenumbers.PhoneNumber) -> bool:
    """Strict for foreign numbers; by shape for Chinese ones, whose new blocks are known late."""
    national = str(number.national_number)
    if number.country_code != CHINA:
        return phonenumbers.is_valid_number(number)
    is_mobile = len(national) == 11 and national[0] == "1" and national[1] in "3456789"
    return is_mobile or (9 <= len(national) <= 11 and national[0] != "1") or phonenumbers.is_valid_number(number)


def _national(number: str) -> str:
    return number.removeprefix("+86")


def masked(number: str) -> str:
    """138****0000; a land line keeps its area code: 010****5678."""
    national = _national(number)
    if len(national) == 11 and national[0] == "1":
        return f"{national[:3]}****{national[-4:]}"
    if number.startswith("+86"):
        area = 2 if national.startswith(("10", "2")) else 3
        return f"0{national[:area]}****{national[-2:]}"
    return f"{number[:3]}****{number[-2:]}"


def grouped(number: str) -> str:
    """138 0000 0000."""
    national = _national(number)
    if len(national) == 11 and national[0] == "1":
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    if number.startswith("+86"):
        area = 2 if national.startswith(("10", "2")) else 3
        return f"0{national[:area]}-{national[area:]}"
    return number
