"""Whatever is sent to the forms of a site, a project or a year is answered: kept, missing, or refused with what was typed."""

import itertools
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.demo.cast import Cast
from huiyin.engineering.models import Project, WarrantyPart
from huiyin.organization.models import CalendarYear, Circumstance, Term

ODD = ["", "\u200b", "\x00", "9999-12-31", "2026-02-30", "9" * 40, "九", "字" * 5000]
FORMS = {
    "/sites/xueyuan/terms": ("period", "first_on", "last_on"),
    "/sites/xueyuan/terms/{}/remove": (),
    "/sites/yulan/circumstances": ("holds", "reason", "since_on", "recheck_on"),
    "/calendar/load": ("year", "source", "days_off", "make_up"),
    "/sites/binjiang/project": ("contractor", "client", "heating_season", "cooling_season"),
    "/sites/binjiang/project/phases": ("bidding_from", "construction_from", "completed_on", "handed_over_on"),
    "/sites/binjiang/project/parts": ("kind", "name", "starts_on", "amount"),
    "/sites/{}/project/parts": ("name",),
}
USUAL = {
    "period": "2026-2027-1",
    "first_on": "2026-09-07",
    "last_on": "2027-01-15",
    "holds": "no",
    "reason": "街道没有备案。",
    "year": "2027",
    "source": "通知",
    "days_off": "1月1日",
    "contractor": "甲",
    "client": "乙",
    "heating_season": "11-15/03-15",
    "cooling_season": "06-15/09-15",
    "kind": "services",
    "name": "水泵",
}


@pytest.mark.parametrize("address", FORMS)
def test_odd_values_one_by_one(address: str, cast: Cast, client: Client) -> None:
    client.force_login(cast.users["shen"])
    names = FORMS[address] or ("",)
    answers = {}
    for name, odd in itertools.product(names, ODD):
        where = address.format(odd.replace("\x00", "%00")[:60] or "x")
        typed = {key: USUAL.get(key, "") for key in names if key} | ({name: odd} if name else {})
        answers[name, odd[:20]] = client.post(where, typed).status_code
    assert {key: code for key, code in answers.items() if code not in {302, 400, 404, 422}} == {}


@pytest.mark.parametrize("name", ["a.toml", "a.json", "a.csv", "a", "a.xlsx", "字" * 90 + ".toml"])
def test_odd_files(name: str, cast: Cast, client: Client, media: Path) -> None:
    client.force_login(cast.users["shen"])
    before = [model.objects.count() for model in (CalendarYear, Circumstance, Term, Project, WarrantyPart)]
    for data in (
        b"",
        b"\x00" * 99,
        b"\xff\xfe" * 9,
        b"year = 2027",
        b"{" * 999,
        "year,2027\n放假,1月1日".encode("gb18030"),
    ):
        answer = client.post("/calendar/load-file", {"file": SimpleUploadedFile(name, data)})
        assert (data[:9], answer.status_code) == (data[:9], 422)
    assert [model.objects.count() for model in (CalendarYear, Circumstance, Term, Project, WarrantyPart)] == before
