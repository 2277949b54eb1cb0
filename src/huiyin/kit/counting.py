"""Counting days as the law and the procedures do, each due date with the reasons it fell where it did.

Civil Code §201 (the day of receipt does not count), §203 (the last day ends at 24:00; one that is a day off rolls).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from huiyin.kit.periods import Period
from huiyin.kit.workdays import DAY, Calendar

_WORDS = {
    "received": N_("%(day)s 收到，当天不计"),
    "days": N_("数 %(n)s 天，到 %(day)s"),
    "working_days": N_("数 %(n)s 个工作日（调休上班日计入），到 %(day)s"),
    "rolled_on": N_("%(day)s 是放假日，顺延到 %(to)s"),
    "rolled_back": N_("%(day)s 是放假日，提前到 %(to)s"),
    "by_day": N_("当月 %(n)s 日为止，含当日，不顺延"),
    "nth_working_day": N_("当月第 %(n)s 个工作日是 %(day)s（调休上班日计入）"),
    "before_day": N_("当月 %(n)s 日之前，不含当日，不顺延"),
    "days_after": N_("%(end)s 结束后第 %(n)s 天是 %(day)s"),
    "counted_from": N_("从 %(day)s 的次日数起"),
    "days_before_end": N_("%(end)s 结束前 %(n)s 天是 %(day)s"),
    "last_day": N_("期末最后一天是 %(day)s，含当日"),
    "day_of_period": N_("%(start)s 起第 %(n)s 天是 %(day)s"),
    "no_later_than": N_("不得晚于 %(day)s"),
    "usual_terms": N_("本站点还没有填写学期起止，先按通常的学期推算"),
    "rested": N_("停了 %(n)s 天，到 %(day)s"),
    "extended": N_("同意延期到 %(day)s"),
    "recounted": N_("放假安排公布后重新计算"),
    "ours": N_("原文没有写期限，这是我们定的默认值"),
    "hours": N_("%(at)s 起 %(n)s 小时"),
    "minutes": N_("%(at)s 起 %(n)s 分钟"),
    "provisional": N_("%(year)s 年的放假安排还没有公布，先按周末推算"),
}


@dataclass(frozen=True)
class Reason:
    """One step of a count: a code and its values, worded in the reader's language."""

    code: str
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **values: object) -> "Reason":
        return cls(code, tuple((name, str(value)) for name, value in values.items()))

    def as_json(self) -> list[object]:
        return [self.code, dict(self.values)]

    @classmethod
    def from_json(cls, data: list[object]) -> "Reason":
        code, values = data
        return cls.of(str(code), **dict(values))  # type: ignore[call-overload]

    def __str__(self) -> str:
        return gettext(_WORDS[self.code]) % dict(self.values)


def explain(reasons: Iterable[Reason]) -> str:
    """All steps in one sentence, in the active language."""
    return gettext("；").join(str(reason) for reason in reasons)


@dataclass(frozen=True)
class Due:
    """A last day with its reasons. Provisional while the schedule of a year it rests on is not published."""

    day: date
    reasons: tuple[Reason, ...]
    provisional: bool = False

    def at(self, zone: tzinfo) -> datetime:
        """The last second of the day."""
        return datetime.combine(self.day, time(23, 59, 59), tzinfo=zone)


def months_after(day: date, months: int) -> date:
    """The corresponding day some months later; the month's last day where it has none (Civil Code §202)."""
    years, month = divmod(day.month - 1 + months, 12)
    target = Period("month", day.year + years, month + 1)
    return min(target.first + DAY * (day.day - 1), target.last)


def within_days(start: date, days: int, calendar: Calendar, *, roll: str = "following") -> Due:
    """N日内 after `start`, which does not count; the last day rolls off named days off: following, preceding or none."""
    last = start + timedelta(days=days)
    reasons = [Reason.of("received", day=start), Reason.of("days", n=days, day=last)]
    return _rolled(last, reasons, calendar, roll)


def _rolled(last: date, reasons: list[Reason], calendar: Calendar, roll: str) -> Due:
    day = last
    if roll == "following":
        day = calendar.next_not_holiday(last)
    elif roll == "preceding":
        day = calendar.last_not_holiday(last)
    if day != last:
        reasons.append(Reason.of("rolled_on" if day > last else "rolled_back", day=last, to=day))
    return _judged(day, reasons, calendar, rests_on_calendar=roll != "none")


def _judged(day: date, reasons: list[Reason], calendar: Calendar, *, rests_on_calendar: bool) -> Due:
    provisional = rests_on_calendar and calendar.is_provisional(day)
    if provisional:
        reasons.append(Reason.of("provisional", year=day.year))
    return Due(day, tuple(reasons), provisional)


def within_working_days(start: date, days: int, calendar: Calendar, *, said: str = "received") -> Due:
    """N个工作日内 after `start`, which does not count (the reason `said` says so); make-up days do."""
    day = calendar.add_working_days(start, days)
    reasons = [Reason.of(said, day=start), Reason.of("working_days", n=days, day=day)]
    return _judged(day, reasons, calendar, rests_on_calendar=True)


def by_day_of_month(month: Period, day: int, *, inclusive: bool = True) -> Due:
    """N日前 of a month: on or before that day, no rolling; the month's last day where it is shorter."""
    last = min(date(month.year, month.number, 1) + DAY * (day - 1), month.last)
    reason = Reason.of("by_day" if inclusive else "before_day", n=day)
    return Due(last if inclusive else last - DAY, (reason,))


def by_nth_working_day(year: int, month: int, n: int, calendar: Calendar) -> Due:
    """第N个工作日前 of a month: on or before it."""
    day = calendar.nth_working_day(year, month, n)
    return _judged(day, [Reason.of("nth_working_day", n=n, day=day)], calendar, rests_on_calendar=True)


def within_hours(start: datetime, hours: int) -> tuple[datetime, tuple[Reason, ...]]:
    """Hours run from the stated time (Civil Code §201)."""
    return start + timedelta(hours=hours), (Reason.of("hours", at=start.strftime("%Y-%m-%d %H:%M"), n=hours),)


def within_minutes(start: datetime, minutes: int) -> tuple[datetime, tuple[Reason, ...]]:
    """So do minutes."""
    return start + timedelta(minutes=minutes), (Reason.of("minutes", at=start.strftime("%Y-%m-%d %H:%M"), n=minutes),)
