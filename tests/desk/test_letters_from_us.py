"""Letters from us at the desk: about a matter, or to begin a conversation."""

from datetime import datetime

import pytest
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.demo.cast import Cast
from huiyin.interactions.models import OwnLetter
from tests.acts import take


@pytest.mark.clause("S5.1")
def test_write_to_begins_a_conversation_that_stands_in_the_file_of_the_household(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["chen"])
    file = f"/directory/{cast.resident.pk}/"
    assert client.post(f"{file}letters", {"words": "  "}).status_code == 422
    answer = client.post(f"{file}letters", {"words": "想约个时间换阀门。"})
    assert [answer.status_code, answer["Location"]] == [302, file]
    letter = OwnLetter.objects.get()
    number = letter.reference.number
    page = client.get(file).content.decode()
    assert ["想约个时间换阀门。" in page, f"/directory/letters/{number}.pdf" in page] == [True, True]
    assert client.get(f"/r/{number}")["Location"] == file
    paper = client.get(f"/directory/letters/{number}.pdf")
    assert [paper.status_code, paper["Content-Type"]] == [200, "application/pdf"]


def test_own_letter_of_another_site_is_missing(client: Client, cast: Cast, now: datetime) -> None:
    letter = cases.write_to(cast.resident, words="x", by=cast.clerk, now=now)
    client.force_login(cast.users["luo"])
    assert client.get(f"/directory/letters/{letter.reference.number}.pdf").status_code == 404


@pytest.mark.clause("S5.1")
def test_writing_about_a_matter_shows_on_both_sides(client: Client, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    client.force_login(cast.users["chen"])
    answer = client.post(
        f"/cases/{case.reference.number}/write", {"text": "明天上午停梯检修。", "version": case.version}
    )
    assert answer.status_code == 302
    assert "明天上午停梯检修。" in client.get(f"/cases/{case.reference.number}/").content.decode()
