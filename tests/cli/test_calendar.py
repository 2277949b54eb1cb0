"""`huiyin calendar`: a year comes in from a file, is shown, and a wrong one changes nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from huiyin.demo.cast import Cast
from huiyin.organization.queries import calendar_years
from tests.cli.conftest import Said
from tests.organization.test_calendar_years import TOML

Run = Callable[..., Said]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "2027.toml"
    path.write_text(TOML)
    return path


def test_load_and_show(huiyin: Run, cast: Cast, file: Path) -> None:
    first, again = (huiyin("calendar", "load", file, "--json").json for _twice in range(2))
    wanted = {"year": 2027, "version": 1, "days_off": 25, "make_up": 3, "loaded": True}
    assert {key: first[key] for key in wanted} == wanted
    assert {key: again[key] for key in wanted} == wanted | {"loaded": False}
    shown = huiyin("calendar", "show", "2027", "--json").json
    assert shown["make_up"] == ["2027-02-14", "2027-02-20", "2027-10-10"]
    assert [row["version"] for row in shown["versions"]] == [1]
    assert "2027-10-10" in huiyin("calendar", "show", "2027").out


def test_a_year_that_is_not_loaded(huiyin: Run, cast: Cast) -> None:
    said = huiyin("calendar", "show", "2027")
    assert (said.code, said.out, "2019、2020" in said.err) == (1, "", True)


def test_a_wrong_file_changes_nothing(huiyin: Run, cast: Cast, file: Path) -> None:
    file.write_text(TOML.replace('"2027-06-09", ', ""))
    said = huiyin("calendar", "load", file)
    assert (said.code, said.err) == (1, "2027.toml: 少了法定放假日：2027-06-09。\n")
    assert 2027 not in calendar_years()
