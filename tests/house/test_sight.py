"""Every address is visited as the owner, as a stranger from another site, and as nobody; and with everything people mistype.

A new address without a row here fails.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from huiyin.cases.actions import write_to
from huiyin.customers.models import Mandate
from huiyin.demo.cast import Cast
from huiyin.duties import actions as duties
from huiyin.duties.models import Duty
from huiyin.duties.rules import Asked, Done
from huiyin.kit.periods import Period
from huiyin.organization.models import Site
from huiyin.organization.rules import SYSTEM
from huiyin.records import actions as records
from huiyin.reports import actions as reports
from huiyin.reports import public_answers
from tests import acts
from tests.conftest import NOW

OPEN = {  # for anybody
    "second_step", "passkey_log_in",
    "front_page", "site_page", "seals", "report", "results", "services",
    "notice", "log_in", "set_language", "healthz", "readyz", "gallery", "set_look",
    "api_description", "api_nothing", "track", "object_to", "slip", "photo", "calendar_feed",
}  # fmt: skip
LISTS = {  # for staff, scoped by what each may see
    "account", "add_app", "add_passkey", "new_codes", "change_password", "sign_out_everywhere", "remove_factor",
    "log_out", "today", "inbox", "figures", "duties", "matrix", "matrix_sites", "matrix_people", "search", "duty_log", "who", "alike",
    "duty_book", "book_paper", "book_word", "blank_book", "book_slips", "case_slips", "cases", "together", "proposed", "unsettled",
    "digests", "public_answers", "prepare_answer", "blank_form", "directory", "handbooks", "handbook", "handbook_text", "adopt_handbook",
    "import_directory", "confirm_directory", "import_result", "import_report",
    "site_facts", "project", "calendar_years", "load_year", "load_year_file", "checkup",
    "blank_form_word", "enter_page", "blank_service_form", "blank_service_form_word",
    "supervision", "oversight", "remits", "save_remits", "start_remits", "catalog", "draft_catalog", "decide_catalog",
    "analyses", "analysis", "analysis_pdf", "suggestions", "referrals",
    "acknowledge", "conclude", "measures",
    "figure", "counted", "my_calendar", "happened", "audit", "audit_pack", "daily_root", "draw", "drawn", "draw_list", "trail", "letters",
}  # fmt: skip
THINGS = {  # about one thing: own 200 or 302, foreign and missing 404, nobody to the log-in
    "explain",
    "permanent", "taken", "case", "case_form", "case_slip", "act", "file", "digest", "digest_paper", "digest_act", "customer", "reveal",
    "poster", "duty", "attest", "waive", "registered", "set_term", "remove_term", "state_circumstance",
    "describe_project", "record_phases", "add_part", "add_laid_down_parts", "change_part", "remove_part", "give_mandate", "end_mandate",
    "personal_data", "copy_of_data", "correct_data", "erase_data", "set_consent", "add_way", "household", "add_occupant", "move_out",
    "public_answer", "public_answer_paper", "public_answer_act",
    "measure", "measure_act", "letter", "letter_raw", "letter_act", "send_again", "case_form_word", "digest_word", "write_to", "own_letter",
    "service_form", "service_form_word",
}  # fmt: skip
API = {
    "api_contacts", "api_cases", "api_case", "api_solution", "api_answer", "api_follow_up", "api_hand_off", "api_accept", "api_decline",
    "api_refer", "api_close", "api_reopen", "api_duties", "api_search",
}  # fmt: skip


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, prefix + str(pattern.pattern))
        else:
            yield pattern.name, "/" + prefix + str(pattern.pattern)


def test_every_address_is_classified() -> None:
    assert {name for name, _path in routes()} == OPEN | LISTS | THINGS | API


@dataclass
class Own:
    """Addresses of things of 玉兰苑, seen by its clerk."""

    get: dict[str, str]
    post: dict[str, str]


def forum(site: Site, now: datetime) -> Duty:
    """An open duty that is kept by registering the act."""
    period = f"2026-{Duty.objects.count() + 1:02d}"
    asked = Asked(
        "forum", now, now, step="hold", period=period, handbook="h", clause="S9", owner_role="service_assistant"
    )
    duties.open_duties(site, [asked])
    return Duty.objects.get(kind="forum", period=period)


@pytest.fixture
def own(cast: Cast, now: datetime, media: Path) -> Own:
    case = acts.take(cast, now, by=cast.clerk)
    job = acts.take(cast, now, "repair_request", by=cast.clerk)
    number, contact = case.reference.number, case.reference.contacts.get().reference.number
    file = records.attach(case.reference, [records.lay_down(b"x", "text/plain")], label="x", by=cast.clerk, now=now)[0]
    report = reports.draft(cast.site, Period.parse("2026-10"), by=cast.clerk, now=now).reference.number
    point, home = cast.resident.contact_points.get().pk, cast.resident.occupancies.get()
    duty = forum(cast.site, now)
    held = Done((duty.kind,), now, step=duty.step, what="x")
    act = duties.attest(forum(cast.site, now), held, [], by=SYSTEM, now=now).number
    building = cast.site.buildings.order_by("pk").first()
    measure = acts.measure(case, cast, now)
    letter = acts.letter_that_waits(cast, now)
    dead = acts.dead_mail(case, now)
    written = write_to(cast.resident, words="x", by=cast.clerk, now=now)
    assert building is not None
    told = public_answers.submit(acts.told_everybody(cast, now, site=cast.site, by=cast.clerk), by=cast.clerk, now=now)
    public_answers.publish(told, by=cast.manager, now=now)
    told_at = f"/feedback/{told.reference.number}"
    get = {
        "public_answer": f"{told_at}/",
        "public_answer_paper": f"{told_at}/paper.pdf",
        "own_letter": f"/directory/letters/{written.reference.number}.pdf",
        "permanent": f"/r/{number}",
        "taken": f"/log/taken/{contact}",
        "case": f"/cases/{number}/",
        "case_form": f"/cases/{number}/form.pdf",
        "case_form_word": f"/cases/{number}/form.docx",
        "case_slip": f"/cases/{number}/slip.pdf",
        "service_form": f"/cases/{job.reference.number}/service.pdf",
        "service_form_word": f"/cases/{job.reference.number}/service.docx",
        "file": f"/files/{file.key}",
        "digest": f"/reports/{report}/",
        "digest_paper": f"/reports/{report}/paper.pdf",
        "digest_word": f"/reports/{report}/paper.docx",
        "customer": f"/directory/{cast.resident.pk}/",
        "reveal": f"/directory/reveal/{point}",
        "personal_data": f"/directory/{cast.resident.pk}/data",
        "household": f"/directory/rooms/{home.room_id}/",
        "poster": f"/posters/{building.pk}.pdf",
        "duty": f"/duties/{duty.pk}/",
        "registered": f"/acts/{act}/",
        "letter": f"/letters/{letter.pk}/",
        "letter_raw": f"/letters/{letter.pk}/raw.eml",
        "measure": f"/measures/{measure.pk}/",
    }
    post = {
        "act": f"/cases/{number}/note",
        "measure_act": f"/measures/{measure.pk}/accept_measure",
        "explain": f"/unsettled/{number}/why",
        "letter_act": f"/letters/{letter.pk}/take",
        "send_again": f"/letters/unsent/{dead.pk}/again",
        "digest_act": f"/reports/{report}/write",
        "public_answer_act": f"{told_at}/write",
        "set_term": "/sites/yulan/terms",
        "remove_term": "/sites/yulan/terms/2026-2027-1/remove",
        "state_circumstance": "/sites/yulan/circumstances",
        "add_way": f"/directory/{cast.resident.pk}/ways",
        "add_occupant": f"/directory/rooms/{home.room_id}/people",
        "move_out": f"/directory/homes/{home.pk}/end",
        "attest": f"/duties/{duty.pk}/attest",
        "waive": f"/duties/{duty.pk}/waive",
        "copy_of_data": f"/directory/{cast.resident.pk}/data/copy",
        "correct_data": f"/directory/{cast.resident.pk}/data/correct",
        "erase_data": f"/directory/{cast.resident.pk}/data/erase",
        "set_consent": f"/directory/{cast.resident.pk}/consents/pictures",
        "write_to": f"/directory/{cast.resident.pk}/letters",
        "give_mandate": f"/directory/{cast.resident.pk}/mandates",
        "end_mandate": f"/directory/mandates/{Mandate.objects.filter(site=cast.site).get().pk}/end",
        "describe_project": "/sites/yulan/project",
        "record_phases": "/sites/yulan/project/phases",
        "add_part": "/sites/yulan/project/parts",
        "add_laid_down_parts": "/sites/yulan/project/laid-down",
        "change_part": "/sites/yulan/project/parts/1",
        "remove_part": "/sites/yulan/project/parts/1/remove",
    }
    return Own(get, post)


def login(client: Client, cast: Cast, username: str) -> Client:
    client.force_login(cast.users[username])
    return client


def test_all_things_are_visited(own: Own) -> None:
    assert own.get.keys() | own.post.keys() == THINGS


def test_the_owner_sees_them(own: Own, cast: Cast, client: Client) -> None:
    login(client, cast, "chen")
    assert {name: client.get(path).status_code for name, path in own.get.items()} == dict.fromkeys(own.get, 200) | {
        "permanent": 302
    }


@pytest.mark.parametrize("stranger", ["he", "yang"])
def test_to_a_stranger_they_are_missing(own: Own, cast: Cast, client: Client, stranger: str) -> None:
    login(client, cast, stranger)
    assert {name: client.get(path).status_code for name, path in own.get.items()} == dict.fromkeys(own.get, 404)
    assert {name: client.post(path, {"text": "x"}).status_code for name, path in own.post.items()} == dict.fromkeys(
        own.post, 404
    )


def test_foreign_and_missing_look_alike(own: Own, cast: Cast, client: Client) -> None:
    login(client, cast, "he")
    foreign, missing = client.get(own.get["case"]), client.get("/cases/SX26-999999/")
    assert foreign.content.replace(own.get["case"].encode(), b"") == missing.content.replace(
        b"/cases/SX26-999999/", b""
    )


def test_nobody_is_asked_to_log_in(own: Own, client: Client) -> None:
    for path in [
        *own.get.values(),
        "/today/",
        "/inbox/",
        "/figures/",
        "/duties/",
        "/checkup/",
        "/search/",
        "/log/",
        "/cases/",
        "/letters/",
        "/reports/",
        "/directory/",
        "/handbooks/",
        "/handbooks/management-office/adopt",
        "/site/",
        "/calendar/",
    ]:
        answer = client.get(path)
        assert (path, answer.status_code, answer.headers["Location"].split("?")[0]) == (path, 302, "/log-in")


def test_lists_of_a_stranger_hold_nothing_of_ours(own: Own, cast: Cast, client: Client) -> None:
    login(client, cast, "he")
    for path in (
        "/today/",
        "/inbox/",
        "/cases/?show=all",
        "/letters/?show=all",
        "/letters/?show=unsent",
        "/log/book",
        "/search/?q=电梯",
        "/duties/",
        "/directory/?q=1-1-101",
        "/log/who?q=1-1-101",
    ):
        page = client.get(path, follow=True).content.decode()
        assert (path, acts.WORDS in page, cast.resident.name in page) == (path, False, False)


ODD = [
    "",
    "x",
    "-1",
    "0",
    "99999999999999999999",
    "1e9",
    "%00",
    "\u200b",
    "' OR 1=1 --",
    "<b>",
    "电" * 3000,
    "2026-13",
    "９",
    "null",
    "[]",
]
NAMES = [
    "page",
    "q",
    "site",
    "month",
    "show",
    "kind",
    "category",
    "building",
    "who",
    "customer",
    "place",
    "period",
    "year",
    "clause",
    "handbook",
    "as",
    "b",
    "next",
    "term",
]


def test_odd_questions_get_an_answer(cast: Cast, client: Client, media: Path) -> None:
    """Pages answer with less than 500 whatever stands behind the question mark."""
    login(client, cast, "zhou")
    pages = [
        "/today/",
        "/inbox/",
        "/figures/",
        "/figures/K06/on_time/",
        "/duties/",
        "/checkup/",
        "/search/",
        "/log/",
        "/log/who",
        "/log/alike",
        "/log/book",
        "/cases/",
        "/letters/",
        "/reports/",
    ]
    pages += ["/matrix/", "/matrix/sites", "/matrix/people"]
    pages += ["/handbooks/", "/handbooks/property-company/", "/handbooks/property-company/text"]
    pages += [
        "/directory/",
        "/site/",
        "/calendar/",
        "/",
        "/s/yulan/",
        "/s/yulan/report",
        "/s/yulan/results",
        "/log-in",
        "/ui/",
    ]
    questions = [(path, dict.fromkeys(NAMES, odd)) for path in pages for odd in ODD]
    questions += [(path, {"page": odd}) for path in ("/cases/", "/search/?q=电梯") for odd in ODD]
    bad = [(path, asked) for path, asked in questions if client.get(path, asked).status_code >= 500]
    assert bad == []


def test_odd_numbers_are_missing(cast: Cast, client: Client) -> None:
    login(client, cast, "zhou")
    paths = [
        "/r/{}",
        "/cases/{}/",
        "/cases/{}/form.pdf",
        "/reports/{}/",
        "/handbooks/{}/",
        "/figures/{}/",
        "/figures/K06/{}/",
        "/files/{}",
        "/log/taken/{}",
        "/posters/{}.pdf",
        "/t/{}",
        "/s/{}/",
    ]
    case = acts.take(cast, NOW, by=cast.clerk)
    odd = [case.reference.number, "x", "0", "SX26-999999", "9" * 30, "..", "%00", "电", "JL26-000001", "GG26-000001"]
    answers = {(path, one): client.get(path.format(one)).status_code for path in paths for one in odd}
    assert {key: code for key, code in answers.items() if code not in {200, 302, 400, 404}} == {}


@pytest.mark.parametrize(
    "act",
    [
        "solve",
        "answer",
        "note",
        "follow_up",
        "close",
        "refer",
        "hand_off",
        "decline",
        "reopen",
        "measure",
        "accept",
        "nonsense",
    ],
)
def test_odd_forms_are_refused_with_what_was_typed(own: Own, cast: Cast, client: Client, act: str) -> None:
    login(client, cast, "chen")
    address = own.get["case"] + act
    for body in (
        {},
        {"text": "\u200b"},
        {"to": "999999999999999999999", "result": "?", "outcome": "?"},
        {"text": "字" * 20_000},
        {"version": "999"},
    ):
        answer = client.post(address, body)
        assert (act, answer.status_code in {302, 404, 422}) == (act, True)


def test_what_was_typed_comes_back(own: Own, cast: Cast, client: Client) -> None:
    login(client, cast, "chen")
    answer = client.post(own.get["case"] + "refer", {"to": "", "why": "归街道管的事，我们管不了"})
    assert (answer.status_code, "归街道管的事，我们管不了" in answer.content.decode()) == (422, True)


def test_somebody_else_was_faster(own: Own, cast: Cast, client: Client) -> None:
    login(client, cast, "chen")
    first = client.post(own.get["case"] + "note", {"text": "一", "version": "1"})
    second = client.post(own.get["case"] + "note", {"text": "写了很久的话", "version": "1"})
    assert (first.status_code, second.status_code, "写了很久的话" in second.content.decode()) == (302, 422, True)


@pytest.mark.parametrize("body", [b"", b"\x00" * 100, b"\xff\xfe" * 50, b"a=1&" * 2000, "situation=电梯".encode("gbk")])
def test_odd_bodies_never_break_a_form(cast: Cast, client: Client, body: bytes) -> None:
    login(client, cast, "chen")
    for path in ("/log/", "/s/yulan/report", "/log-in"):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"):
            assert client.post(path, body, content_type=kind).status_code < 500


def test_the_api_asks_for_a_token(client: Client, db: None) -> None:
    for name, path in routes():
        if name in API:
            answer = client.get(path.replace("<str:reference>", "SX26-000001"))
            assert (name, answer.status_code in {401, 405}) == (name, True)
