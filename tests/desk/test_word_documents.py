"""Word documents to take away from the desk."""

import io
from datetime import datetime, timedelta

import docx
import pytest
from django.test import Client

from huiyin.demo.cast import Cast
from huiyin.kit.periods import Period
from huiyin.organization.rules import SYSTEM
from huiyin.reports import actions as reports
from tests.acts import take

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.clause("S4.F.1")
def test_case_form_word_has_the_serial_of_the_printed_form(client: Client, cast: Cast, now: datetime) -> None:
    client.force_login(cast.users["wang"])
    number = take(cast, now, words="{{ settings.SECRET_KEY }} 电梯").reference.number
    first = client.get(f"/cases/{number}/form.docx")
    assert (first.status_code, first["Content-Type"]) == (200, WORD)
    assert first["Content-Disposition"] == f'attachment; filename="{number}.docx"'
    words = "\n".join(
        cell.text for row in docx.Document(io.BytesIO(first.content)).tables[0].rows for cell in row.cells
    )
    assert "{{ settings.SECRET_KEY }} 电梯" in words
    assert client.get(f"/cases/{number}/form.docx").content == first.content


def test_blank_form_word_opens(client: Client, cast: Cast) -> None:
    client.force_login(cast.users["wang"])
    answer = client.get("/forms/complaint.docx")
    assert (answer.status_code, len(docx.Document(io.BytesIO(answer.content)).tables)) == (200, 1)


def test_digest_word_says_what_the_page_says(client: Client, cast: Cast, now: datetime) -> None:
    client.force_login(cast.users["chen"])
    take(cast, now - timedelta(days=40))
    report = reports.draft(cast.site, Period.parse("2026-10"), by=SYSTEM, now=now)
    answer = client.get(f"/reports/{report.reference.number}/paper.docx")
    document = docx.Document(io.BytesIO(answer.content))
    assert answer.status_code == 200
    assert report.reference.title in [place.text for place in document.paragraphs]
    assert len(document.tables) > 0
