"""The log-in with its second factor: every way in, and every way that must stay shut."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from huiyin.access import factors
from huiyin.demo.cast import PASSWORD, Cast
from huiyin.demo.cast import settle as settle_town
from huiyin.journal.models import Entry
from huiyin.organization import actions
from huiyin.organization.models import Post, User
from huiyin.organization.queries import actor_of
from huiyin.organization.rules import SYSTEM
from tests.conftest import NOW

DESK_GATED = ("today", "inbox", "cases", "digests", "handbooks", "audit", "directory", "duty_log", "my_calendar")


@pytest.fixture
def cast(db: None) -> Cast:
    return settle_town(now=NOW - timedelta(days=300), households=1, password=PASSWORD)


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch):
    """The faces' clock, set by the test."""

    class Clock:
        at = NOW

    monkeypatch.setattr("huiyin.access.clock.now", lambda: Clock.at)
    return Clock


def code_of(secret: str, at=NOW) -> str:
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30))


def with_app(user: User) -> str:
    """The person has an app; its secret."""
    secret = factors.new_secret()
    factors.add_app(user, secret, code_of(secret), by=actor_of(user), now=NOW)
    return secret


def log_in(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post("/log-in", {"username": username, "password": password, **more})


def inside(client: Client) -> bool:
    return client.get("/today/").status_code == 200


def test_a_password_alone_lets_in_who_has_no_second_factor(cast: Cast, client: Client, hour) -> None:
    assert (log_in(client, "chen").headers["Location"], inside(client)) == ("/today/", True)
    assert list(Entry.objects.filter(verb="access.logged_in").values_list("facts__way", flat=True)) == ["password"]


def test_where_it_goes_next_is_a_page_of_ours(cast: Cast, client: Client, hour) -> None:
    asked = ["/cases/", "https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
    assert [log_in(Client(), "chen", next=one).headers["Location"] for one in asked] == ["/cases/", *["/today/"] * 4]


def test_with_an_app_the_password_is_half_the_way(cast: Cast, client: Client, hour) -> None:
    secret = with_app(cast.users["zhou"])
    half = log_in(client, "zhou", next="/cases/")
    assert (half.headers["Location"], inside(client)) == ("/log-in/second?next=%2Fcases%2F", False)
    wrong = client.post("/log-in/second", {"code": "000000"})
    assert (wrong.status_code, inside(client)) == (422, False)
    hour.at = NOW + timedelta(minutes=1)
    right = client.post("/log-in/second", {"code": code_of(secret, hour.at), "next": "/cases/"})
    assert (right.headers["Location"], inside(client)) == ("/cases/", True)


def test_a_code_is_good_once(cast: Cast, hour) -> None:
    secret = with_app(cast.users["zhou"])
    answers = []
    for _one in range(2):
        client = Client()
        log_in(client, "zhou")
        answers.append(client.post("/log-in/second", {"code": code_of(secret)}).status_code)
    assert answers == [302, 422]


def test_a_recovery_code_is_good_once(cast: Cast, hour) -> None:
    user = cast.users["zhou"]
    with_app(user)
    code = factors.new_codes(user, by=actor_of(user), now=NOW)[0]
    answers = []
    for _one in range(2):
        client = Client()
        log_in(client, "zhou")
        answers.append(client.post("/log-in/second", {"code": code}).status_code)
    assert (answers, factors.factors_of(user).codes_left) == ([302, 422], 9)


def test_five_codes_then_wait(cast: Cast, client: Client, hour) -> None:
    secret = with_app(cast.users["zhou"])
    log_in(client, "zhou")
    answers = [client.post("/log-in/second", {"code": f"{n:06}"}).status_code for n in range(6)]
    right = client.post("/log-in/second", {"code": code_of(secret)})
    assert (answers, right.status_code, right.headers["Retry-After"]) == ([422] * 5 + [429], 429, "900")


def test_half_way_lasts_ten_minutes_and_ends_with_a_new_password(cast: Cast, client: Client, hour) -> None:
    secret = with_app(cast.users["zhou"])
    log_in(client, "zhou")
    hour.at = NOW + timedelta(minutes=11)
    late = client.post("/log-in/second", {"code": code_of(secret, hour.at)})
    log_in(client, "zhou")
    actions.change_password(cast.users["zhou"], "a new and long one", by=SYSTEM, now=NOW)
    changed = client.post("/log-in/second", {"code": code_of(secret, hour.at)})
    assert [late.headers["Location"], changed.headers["Location"], inside(client)] == ["/log-in", "/log-in", False]


def test_who_approves_is_led_to_set_one_up(cast: Cast, client: Client, settings, hour) -> None:
    settings.SECOND_FACTOR = "required"
    log_in(client, "zhou")
    assert {client.get(reverse(name)).headers.get("Location") for name in DESK_GATED} == {"/me/"}
    page = client.get("/me/app").content.decode()
    secret = re.search(r'<span class="num">([A-Z2-7 ]+)</span>', page)
    assert secret is not None
    code = code_of(secret[1].replace(" ", ""))
    wrong = client.post("/me/app", {"code": code, "password_now": "x"})
    done = client.post("/me/app", {"code": code, "password_now": PASSWORD})
    codes = re.findall(r'<li class="num">(\d{4} \d{4})</li>', done.content.decode())
    assert (wrong.status_code, done.status_code, len(codes), inside(client)) == (422, 200, 10, True)


def test_the_last_factor_of_who_approves_stays(cast: Cast, client: Client, settings, hour) -> None:
    settings.SECOND_FACTOR = "required"
    secret = with_app(cast.users["zhou"])
    log_in(client, "zhou")
    hour.at = NOW + timedelta(minutes=1)
    client.post("/log-in/second", {"code": code_of(secret, hour.at)})
    app = factors.factors_of(cast.users["zhou"]).app
    assert app is not None
    refused = client.post(f"/me/factors/{app.pk}/remove", {"password_now": PASSWORD})
    assert (refused.status_code, bool(factors.factors_of(cast.users["zhou"]))) == (422, True)
    settings.SECOND_FACTOR = "offered"
    gone = client.post(f"/me/factors/{app.pk}/remove", {"password_now": PASSWORD})
    assert (gone.status_code, bool(factors.factors_of(cast.users["zhou"]))) == (302, False)


def test_another_persons_factor_is_missing(cast: Cast, client: Client, hour) -> None:
    with_app(cast.users["zhou"])
    app = factors.factors_of(cast.users["zhou"]).app
    assert app is not None
    client.force_login(cast.users["chen"])
    answers = [client.post(f"/me/factors/{key}/remove", {"password_now": PASSWORD}) for key in (app.pk, 10**6)]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("change", ["password", "post", "new post", "everywhere", "deactivated", "factor"])
def test_sessions_end_with_the_next_click(cast: Cast, client: Client, hour, change: str) -> None:
    log_in(client, "chen")
    before, user = inside(client), User.objects.get(username="chen")
    if change == "password":
        actions.change_password(user, "a new and long one", by=SYSTEM, now=NOW)
    elif change == "post":
        actions.end_post(Post.objects.get(user=user), on=NOW.date(), by=SYSTEM, now=NOW)
    elif change == "new post":
        actions.appoint(user, role="director", by=SYSTEM, now=NOW, company=cast.company.pk)
    elif change == "everywhere":
        actions.sign_out_everywhere(user, by=SYSTEM, now=NOW)
    elif change == "deactivated":
        actions.deactivate(user, by=SYSTEM, now=NOW)
    else:
        with_app(user)
    assert (before, inside(client)) == (True, False)


def test_changing_ones_password_keeps_this_session_alone(cast: Cast, client: Client, hour) -> None:
    other = Client()
    log_in(client, "chen")
    log_in(other, "chen")
    new = {"password": "梧桐路八十八号的早晨", "again": "梧桐路八十八号的早晨"}
    wrong = client.post("/me/password", {"password_now": "x", **new}).status_code
    weak = client.post("/me/password", {"password_now": PASSWORD, "password": "12345678910", "again": "12345678910"})
    done = client.post("/me/password", {"password_now": PASSWORD, **new}).status_code
    assert (wrong, weak.status_code, done, inside(client), inside(other)) == (422, 422, 302, True, False)
    assert log_in(Client(), "chen", new["password"]).status_code == 302


def test_the_password_now_is_tried_five_times(cast: Cast, client: Client, hour) -> None:
    log_in(client, "chen")
    answers = [client.post("/me/sign-out-everywhere", {"password_now": "x"}).status_code for _one in range(6)]
    assert answers == [422] * 5 + [429]


def test_five_wrong_passwords_lock_the_name_from_there_alone(cast: Cast, hour) -> None:
    def tries(username: str, address: str, password: str = "x") -> int:
        client = Client(REMOTE_ADDR=address)
        return log_in(client, username, password).status_code

    known = [tries("chen", "203.0.113.1") for _one in range(5)]
    unknown = [tries("nobody", "203.0.113.1") for _one in range(5)]
    assert (known, unknown) == ([422] * 4 + [429], [422] * 4 + [429])
    assert tries("chen", "203.0.113.1", PASSWORD) == 429
    assert tries("chen", "203.0.113.2", PASSWORD) == 302


def test_known_and_unknown_names_answer_alike(cast: Cast, hour) -> None:
    def told(username: str) -> list[str]:
        client = Client(REMOTE_ADDR="203.0.113.3")
        pages = [log_in(client, username, "x").content.decode().replace(username, "NAME") for _one in range(6)]
        return [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page) for page in pages]

    assert told("chen") == told("ghost")


def test_the_lock_says_until_when(cast: Cast, client: Client) -> None:
    answers = [log_in(client, "chen", "x") for _one in range(5)]
    client.cookies["huiyin_language"] = "en"
    english = log_in(client, "chen", "x")
    assert (answers[-1].headers["Retry-After"], "15 分钟" in answers[-1].content.decode()) == ("900", True)
    assert "15 minutes" in english.content.decode()


def test_many_names_from_one_address_wait(cast: Cast, hour) -> None:
    client = Client(REMOTE_ADDR="203.0.113.9")
    answers = [log_in(client, f"name{n}", "x").status_code for n in range(61)]
    assert answers == [422] * 60 + [429]


def test_the_address_is_what_our_proxy_saw(rf, settings) -> None:
    from huiyin.access.addresses import client_address, neighborhood

    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 198.51.100.7")
    found = []
    for settings.PROXIES in (0, 1, 2, 3):
        found.append(client_address(request))
    assert found == ["10.0.0.1", "198.51.100.7", "1.1.1.1", "10.0.0.1"]
    assert neighborhood("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"


def test_no_page_of_the_library_is_reachable(client: Client, db: None) -> None:
    paths = ["/accounts/", "/accounts/login/", "/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"]
    paths += ["/accounts/2fa/", "/login/", "/signup/", "/admin/", "/.well-known/change-password"]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_the_secret_of_an_app_lies_encrypted(cast: Cast) -> None:
    secret = with_app(cast.users["zhou"])
    app = factors.factors_of(cast.users["zhou"]).app
    assert app is not None
    assert secret not in str(app.data)


def test_a_wrong_passkey_is_refused_and_on_record_without_a_name(cast: Cast, client: Client, hour) -> None:
    page = client.post("/log-in/passkey", {"credential": "{}"}, headers={"host": "localhost"})
    assert (page.status_code, inside(client)) == (422, False)
    told = Entry.objects.filter(verb="access.refused").values_list("facts", flat=True)
    assert list(told) == [{"user": None, "way": "second"}]


def test_a_name_that_no_database_takes_is_a_wrong_name(cast: Cast, client: Client, hour) -> None:
    assert log_in(client, "ch\0en").status_code == 422
