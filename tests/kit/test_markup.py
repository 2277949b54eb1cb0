"""Markup set by patterns says what format_html would say."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from huiyin.kit.markup import filled, rows_of

VALUES: dict[str, object] = {
    "markup": mark_safe("<b>1</b>"),
    "words": "<script>alert('1') & \"2\"</script>",
    "number": 7,
    "nothing": None,
    "braces": "{words}",
    "lazy": _("今日"),
}
PATTERN = '<p title="{words}">{markup}{number}{nothing}{braces}{lazy}</p>'


def test_a_pattern_is_filled_as_by_format_html() -> None:
    found = filled(PATTERN, VALUES)
    assert [found, type(found)] == [format_html(PATTERN, **VALUES), SafeString]


def test_rows_follow_one_another() -> None:
    rows = [VALUES, VALUES | {"words": "二"}]
    assert rows_of(PATTERN, rows) == format_html_join("", PATTERN, rows)
    assert [rows_of(PATTERN, []), type(rows_of(PATTERN, []))] == ["", SafeString]
