"""Words for codes that stand in the timeline, and the code that leads to a receipt."""

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from huiyin.cases.states import FollowUpResult, Outcome
from huiyin.organization.states import Role
from huiyin.records.typesetting import qr_svg

register = template.Library()


@register.filter
def result_word(code: str) -> str:
    return str(FollowUpResult(code).label) if code in FollowUpResult.values else code


@register.filter
def outcome_word(code: str) -> str:
    return str(Outcome(code).label) if code in Outcome.values else code


@register.filter
def role_word(code: str) -> str:
    return str(Role(code).label) if code in Role.values else code


@register.simple_tag
def track_qr(token: str) -> SafeString:
    """The QR code of a receipt's link, as SVG made by our own library from our own address."""
    return mark_safe(qr_svg(settings.BASE_URL + reverse("track", args=[token])))  # noqa: S308
