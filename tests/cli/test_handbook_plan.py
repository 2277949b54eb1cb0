"""`huiyin handbook plan`: the dated duties, and what it refuses."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
YEAR = ("--from", "2026-10-01", "--to", "2026-10-31")


@pytest.mark.clause("S1.2.b")
def test_each_row_tells_how_its_day_was_counted(huiyin: Run) -> None:
    said = huiyin(
        "handbook", "plan", "--handbook", "student-housing", "--site-kind", "student_housing", *YEAR, "--json"
    )
    row = said.json[0]
    assert [said.code, row["clause"], row["kind"], row["step"], row["period"], row["due"]] == [
        0, "S1.2.b", "comment_book_digest", "submit", "2026-09", "2026-10-05",
    ]  # fmt: skip
    assert sorted(row) == ["clause", "due", "kind", "opens", "period", "provisional", "step", "why"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--handbook", "student-housing", "--site-kind", "nonsense", *YEAR), "--site-kind"),
        (("--handbook", "nothing", "--site-kind", "residential", *YEAR), "nothing"),
        (("--handbook", "student-housing", "--site-kind", "engineering", *YEAR), "学生公寓顾客沟通"),
        (("--handbook", "student-housing", "--site-kind", "student_housing", "--from", "2026-10-32", "--to", "x"), "--from"),
        (("--handbook", "student-housing", "--site-kind", "student_housing", "--from", "2026-10-02", "--to", "2026-10-01"), "2001"),
    ],
)  # fmt: skip
def test_what_can_not_be_planned_is_refused_by_its_name(huiyin: Run, given: tuple[str, ...], told: str) -> None:
    said = huiyin("handbook", "plan", *given)
    assert [said.code != 0, said.out, told in said.err] == [True, "", True], said
