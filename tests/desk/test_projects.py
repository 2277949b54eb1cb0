"""The project on the page: phases, parts with the last day of their warranty, and what comes back when it is wrong."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.demo.cast import Cast
from huiyin.engineering.actions import add_part, open_project, record_phases
from huiyin.engineering.models import Project, WarrantyPart
from huiyin.engineering.queries import facts_of, parts_of, project_of
from huiyin.engineering.rules import Milestones
from huiyin.organization.models import Site
from huiyin.organization.rules import SYSTEM

HERE = "/sites/binjiang/project"


@pytest.fixture
def site(cast: Cast) -> Site:
    return cast.sites["binjiang"]


@pytest.fixture
def project(site: Site, now: datetime) -> Project:
    """Accepted on 1 June 2021, nothing under warranty yet."""
    WarrantyPart.objects.all().delete()
    Project.objects.all().delete()
    opened = open_project(site, contractor="和润建设", client="滨江城建", by=SYSTEM, now=now)
    return record_phases(opened, days=Milestones(completed_on=date(2021, 6, 1)), by=SYSTEM, now=now)


@pytest.fixture
def engineer(cast: Cast, client: Client) -> Client:
    client.force_login(cast.users["guo"])
    return client


def ends(site: Site) -> dict[str, str]:
    found = project_of(site)
    return {part.name: str(part.ends_on) for part in parts_of(found)} if found else {}


def test_from_nothing_to_what_is_under_warranty(cast: Cast, site: Site, engineer: Client) -> None:
    WarrantyPart.objects.all().delete()
    Project.objects.all().delete()
    assert "还没有建项目" in engineer.get("/project/").content.decode()
    names = {
        "contractor": "和润建设",
        "client": "滨江城建",
        "heating_season": "11-15/03-15",
        "cooling_season": "06-15/09-15",
    }
    days = {"construction_from": "2019-09-01", "completed_on": "2021-06-01", "handed_over_on": "2021-08-01"}
    for path, typed in ((HERE, names), (f"{HERE}/phases", days), (f"{HERE}/laid-down", {})):
        answer = engineer.post(path, typed)
        assert (path, answer.status_code, answer.headers["Location"]) == (path, 302, "/project/")
    facts = facts_of(site)
    assert facts is not None
    assert [span.phase for span in facts.phases] == ["construction", "completion", "warranty"]
    assert ends(site)["屋面防水、外墙和有防水要求的房间"] == "2026-06-01"
    assert ends(site)["供热系统"] == "2023-03-15"


def test_a_part_is_added_changed_and_removed(project: Project, site: Site, engineer: Client) -> None:
    engineer.post(f"{HERE}/parts", {"kind": "services", "name": "电梯"})
    part = parts_of(project)[0]
    assert ends(site) == {"电梯": "2023-06-01"}
    page = engineer.get(f"/project/?part={part.pk}").content.decode()
    assert f"{HERE}/parts/{part.pk}" in page
    engineer.post(f"{HERE}/parts/{part.pk}", {"name": "电梯", "amount": "6"})
    assert ends(site) == {"电梯": "2027-06-01"}
    engineer.post(f"{HERE}/parts/{part.pk}/remove")
    assert ends(site) == {}


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("parts", {"kind": "waterproofing", "name": "地下室外墙", "amount": "4"}),
        ("parts", {"kind": "waterproofing", "name": "地下室外墙", "amount": "1e9"}),
        ("parts", {"kind": "waterproofing", "name": "地下室外墙", "starts_on": "2021-05-31"}),
        ("parts", {"kind": "wall", "name": "地下室外墙"}),
        ("phases", {"completed_on": "2021-06-01", "handed_over_on": "2021-05-01"}),
        ("phases", {"construction_from": "9999-12-31"}),
        ("", {"contractor": "甲建设", "client": "\u200b", "heating_season": "夏天", "cooling_season": "06-15/09-15"}),
    ],
)
def test_what_is_wrong_comes_back_as_typed(
    path: str, typed: dict[str, str], project: Project, site: Site, engineer: Client
) -> None:
    answer = engineer.post(f"{HERE}/{path}" if path else HERE, typed)
    lost = [value for value in typed.values() if value.strip("\u200b") and value not in answer.content.decode()]
    assert (answer.status_code, lost in ([], ["wall"]), ends(site)) == (422, True, {})


def test_a_part_of_another_project_is_missing(
    project: Project, cast: Cast, site: Site, engineer: Client, now: datetime
) -> None:
    there = Site.objects.create(company=cast.company, code="beiyuan", kind="engineering", name="北苑")
    other = open_project(there, contractor="甲", client="乙", by=SYSTEM, now=now)
    record_phases(other, days=Milestones(completed_on=date(2021, 6, 1)), by=SYSTEM, now=now)
    part = add_part(other, kind="services", name="电梯", by=SYSTEM, now=now)
    answers = [
        engineer.post(f"{HERE}/parts/{part.pk}", {"name": "电梯", "amount": "3"}).status_code,
        engineer.post(f"{HERE}/parts/{part.pk}/remove").status_code,
        engineer.post(f"{HERE}/parts/{'9' * 30}/remove").status_code,
        engineer.post(f"/sites/beiyuan/project/parts/{part.pk}/remove").status_code,
        engineer.get("/project/?part=99999999999999999999").status_code,
    ]
    assert (answers, WarrantyPart.objects.filter(pk=part.pk).exists()) == ([404, 404, 404, 404, 200], True)


def test_who_may_see_and_who_may_write(project: Project, cast: Cast, client: Client) -> None:
    seen = []
    for username in ("ding", "zhou", "shen"):
        client.force_login(cast.users[username])
        page = client.get("/project/?site=binjiang")
        written = client.post(f"{HERE}/parts", {"kind": "services", "name": f"电梯{username}"})
        seen.append((page.status_code, HERE in page.content.decode(), written.status_code))
    assert seen == [(200, False, 403), (404, False, 404), (200, True, 302)]


def test_the_menu_names_it_at_an_engineering_site_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["shen"])
    shown = ['href="/project/"' in client.get(f"/site/?site={code}").content.decode() for code in ("binjiang", "yulan")]
    assert shown == [True, False]


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_three_rows_as_for_one(
    rows: int, project: Project, engineer: Client, now: datetime, monkeypatch: Any
) -> None:
    for number in range(rows):
        add_part(project, kind="services", name=f"水泵{number}", by=SYSTEM, now=now)
    engineer.get("/project/")
    with CaptureQueriesContext(connection) as asked:
        assert engineer.get("/project/").status_code == 200
    assert len(asked) == 5, "\n".join(query["sql"][:160] for query in asked.captured_queries)
