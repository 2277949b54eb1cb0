"""《维修服务及回访记录表》 at the desk."""

from datetime import datetime

import pytest
from django.test import Client

from huiyin.demo.cast import Cast
from tests.acts import take

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.clause("S3.2.2.b")
def test_a_job_has_its_form_with_one_serial(client: Client, cast: Cast, now: datetime) -> None:
    client.force_login(cast.users["chen"])
    number = take(cast, now, "repair_request", "水龙头滴水").reference.number
    shown = client.get(f"/cases/{number}/").content.decode()
    assert [f"/cases/{number}/service.{ending}" in shown for ending in ("pdf", "docx")] == [True, True]
    first, word = client.get(f"/cases/{number}/service.pdf"), client.get(f"/cases/{number}/service.docx")
    assert [first["Content-Type"], word["Content-Type"]] == ["application/pdf", WORD]
    assert client.get(f"/cases/{number}/service.pdf").content == first.content


def test_a_complaint_has_none_nor_has_a_site_whose_handbook_does_not_ask(
    client: Client, cast: Cast, now: datetime
) -> None:
    number = take(cast, now).reference.number
    client.force_login(cast.users["chen"])
    assert "/service.pdf" not in client.get(f"/cases/{number}/").content.decode()
    assert client.get(f"/cases/{number}/service.pdf").status_code == 404
    client.force_login(cast.users["shen"])
    assert [client.get(f"/forms/service.{ending}").status_code for ending in ("pdf", "docx")] == [404, 404]


def test_blank_forms_are_fetched_from_the_list_of_forms(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["chen"])
    assert "/forms/service.pdf" in client.get("/handbooks/").content.decode()
    assert [client.get(f"/forms/service.{ending}").status_code for ending in ("pdf", "docx")] == [200, 200]
