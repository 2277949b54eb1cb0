"""A customer's page says whom the customer speaks for; the site's page says who speaks."""

from datetime import datetime

from django.test import Client

from huiyin.customers.queries import holders_of, mandates_of
from huiyin.demo.cast import Cast


def test_given_and_ended_on_the_page(cast: Cast, client: Client, now: datetime) -> None:
    client.force_login(cast.users["chen"])
    address, today = f"/directory/{cast.resident.pk}/", now.date()
    client.post(f"{address}mandates", {"role": "committee_chair", "from_on": "2026-01-01"})
    held = mandates_of(cast.resident, on=today)
    assert [(one.role, str(one.from_on)) for one in held] == [("committee_chair", "2026-01-01")]
    assert [cast.resident.name in client.get(path).content.decode() for path in ("/site/", address)] == [True, True]
    assert "2026年1月1日" in client.get(address).content.decode()
    client.post(f"/directory/mandates/{held[0].pk}/end")
    assert mandates_of(cast.resident, on=today) == []


def test_what_is_wrong_is_said_and_changes_nothing(cast: Cast, client: Client, now: datetime) -> None:
    client.force_login(cast.users["chen"])
    for typed in (
        {},
        {"role": "king"},
        {"role": "client", "from_on": "2026-11-24"},
        {"role": "client", "from_on": "x"},
    ):
        answer = client.post(f"/directory/{cast.resident.pk}/mandates", typed)
        assert (typed, answer.status_code) == (typed, 422)
    assert mandates_of(cast.resident, on=now.date()) == []


def test_who_may_not_write_sees_no_form(cast: Cast, client: Client, now: datetime) -> None:
    client.force_login(cast.users["wang"])
    address = f"/directory/{cast.resident.pk}/"
    assert f"{address}mandates" not in client.get(address).content.decode()
    assert client.post(f"{address}mandates", {"role": "client"}).status_code == 403
    chair = mandates_of(holders_of(cast.site, "committee_chair", on=now.date())[0], on=now.date())[0]
    assert client.post(f"/directory/mandates/{chair.pk}/end").status_code == 403
    assert client.post("/directory/mandates/99999999999999999999/end").status_code == 404
