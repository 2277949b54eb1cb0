"""Dates, time left, rates and glyphs say exactly what they should, in both languages."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from huiyin.ui.templatetags import charts, ui

NOW = datetime(2026, 11, 23, 6, 5, tzinfo=UTC)  # 14:05 in Shanghai


def test_day_in_chinese_and_english() -> None:
    with translation.override("zh-hans"):
        assert ui.day(date(2026, 11, 23)) == "2026年11月23日 周一"
        assert ui.short_day(date(2026, 11, 3)) == "11月3日"
    with translation.override("en"):
        assert ui.day(date(2026, 11, 23)) == "Mon 23 Nov 2026"
        assert ui.short_day(date(2026, 11, 3)) == "3 Nov"


def test_an_instant_is_shown_in_local_time() -> None:
    late_evening = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)
    with translation.override("zh-hans"):
        assert ui.moment(late_evening) == "2026年11月24日 周二 01:30"
        assert ui.short_moment(late_evening) == "11月24日 01:30"


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(days=2, hours=3, minutes=59), "还剩 2 天 3 小时"),
        (timedelta(days=2, minutes=59), "还剩 2 天"),
        (timedelta(hours=3, minutes=20), "还剩 3 小时 20 分"),
        (timedelta(minutes=5), "还剩 5 分"),
        (timedelta(seconds=30), "还剩 不到 1 分"),
        (timedelta(0), "还剩 不到 1 分"),
        (-timedelta(days=1, hours=4), "逾期 1 天 4 小时"),
        (-timedelta(seconds=1), "逾期 不到 1 分"),
    ],
)
def test_time_left(away: timedelta, words: str) -> None:
    with translation.override("zh-hans"):
        assert ui.time_left_words(NOW + away, NOW) == words


def test_time_left_in_english_counts_days_properly() -> None:
    with translation.override("en"):
        assert ui.time_left_words(NOW + timedelta(days=1, hours=2), NOW) == "1 day 2 h left"
        assert ui.time_left_words(NOW - timedelta(days=2), NOW) == "2 days late"


def test_urgency_turns_at_24_hours_and_after_the_last_instant() -> None:
    assert ui.urgency(NOW, NOW) == "soon"
    assert ui.urgency(NOW + timedelta(hours=24), NOW) == "soon"
    assert ui.urgency(NOW + timedelta(hours=24, seconds=1), NOW) == ""
    assert ui.urgency(NOW - timedelta(seconds=1), NOW) == "late"


def test_due_carries_the_date_and_the_reason_and_escapes_it() -> None:
    with translation.override("zh-hans"):
        html = ui.due(NOW + timedelta(days=3), NOW, "<7 日内>")
    assert html == (
        '<time class="due" datetime="2026-11-26T06:05:00+00:00" title="2026年11月26日 周四 14:05\n&lt;7 日内&gt;" '
        'data-tone="">还剩 3 天</time>'
    )


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (992, 2816, "35.2%（992/2,816）"),
        (1, 8, "12.5%（1/8）"),
        (1, 2000, "0.1%（1/2,000）"),  # half up, not to even
        (0, 3, "0.0%（0/3）"),
        (3, 3, "100.0%（3/3）"),
        (0, 0, "–（0/0）"),
    ],
)
def test_a_rate_shows_its_base(part: int, whole: int, words: str) -> None:
    with translation.override("zh-hans"):
        assert ui.rate(part, whole) == words


def test_every_state_has_a_glyph_and_a_word() -> None:
    assert set(ui.SHAPES) == set(ui.WORDS)
    assert len({str(word) for word in ui.WORDS.values()}) == len(ui.WORDS)


def test_an_unknown_state_does_not_break_out_of_its_attribute() -> None:
    assert '"><script' not in ui.glyph('"><script>')


def test_a_bar_stays_inside_its_track() -> None:
    assert 'width="100.0"' in charts.bar(9, 3)
    assert 'width="0.0"' in charts.bar(1, 0)


def test_a_masked_phone_passes_through_on_one_line() -> None:
    assert ui.phone("138****0417") == '<span class="num">138****0417</span>'
    assert ui.phone("") == ""


def test_how_long_it_has_been_in_two_units() -> None:
    since = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert ui.lasted(since, since + timedelta(days=3, hours=19, minutes=5)) == "3 天 19 小时"
    assert ui.lasted(since, since - timedelta(days=1)) == "不到 1 分"


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"id": "x_1", "required": True, "disabled": False, "maxlength": 20},
        {"title": "<b>\"'&", "value": mark_safe("&amp;"), "data-n": 1.5, "aria-label": gettext_lazy("搜索")},
    ],
)
def test_attributes_of_widgets_are_written_as_django_does(attributes: dict[str, object]) -> None:
    theirs = Path(forms.__file__).parent / "templates/django/forms/widgets/attrs.html"
    written = Template(theirs.read_text().strip()).render(Context({"widget": {"attrs": attributes}}))
    ours = get_template("django/forms/widgets/attrs.html").render({"widget": {"attrs": attributes}})
    assert [ui.attributes(attributes), ours.strip("\n")] == [written, written]
