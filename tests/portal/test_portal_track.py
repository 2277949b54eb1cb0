"""The receipt and the story: everything the customer may know, and nothing else."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huiyin.access.doors import NOBODY
from huiyin.cases import actions as cases
from huiyin.cases.actions import Taken
from huiyin.cases.models import Case, Event
from huiyin.cases.queries import by_number
from huiyin.demo.cast import Cast
from huiyin.interactions.actions import revoke_receipt
from huiyin.interactions.models import Receipt
from huiyin.interactions.rules import Contact
from huiyin.organization.rules import Actor
from huiyin.records.actions import lay_down_photos
from tests.acts import measure
from tests.portal.conftest import WORDS, jpeg, text_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def worked(cast: Cast, taken: Taken, now: datetime) -> Case:
    """The complaint taken over, discussed inside, solved and answered."""
    assert taken.case is not None
    case = by_number(taken.case.reference.number, cast.engineer)
    assert case is not None
    cases.accept(case, by=cast.engineer, now=now + HOUR)
    cases.note(case, text="内部：住户很难缠", by=cast.engineer, now=now + HOUR)
    cases.solve(case, plan="更换门机控制板", by=cast.engineer, now=now + DAY)
    measure(case, cast, now + DAY, text="内部整改：加检")
    cases.answer(case, text="已修好，恢复运行。", by=cast.engineer, now=now + 2 * DAY)
    return case


def test_receipt(cast: Cast, taken: Taken, client: Client) -> None:
    page = client.get(f"/t/{taken.token}?new=1")
    assert taken.case is not None
    shown = text_of(page)
    expected = [
        taken.case.reference.number,
        WORDS,
        "陈晓雯",
        "021-5550 1101",
        "2026年10月30日 周五",
        "街道办事处 021-5550 9000",
    ]
    assert [words for words in expected if words not in shown] == []
    assert '<svg role="img"' in page.content.decode()


@pytest.mark.clause("S4.4.2.1.2.b")
def test_track(cast: Cast, taken: Taken, client: Client, now: datetime) -> None:
    shown = text_of(client.get(f"/t/{taken.token}"))
    assert "已派给工程维修部，王志强。" in shown
    assert "最迟 10月30日 前给您方案。" in shown
    worked(cast, taken, now)
    shown = text_of(client.get(f"/t/{taken.token}"))
    expected = ["王志强接手办理。", "由工程维修部王志强负责", "更换门机控制板", "已修好，恢复运行。", f"“{WORDS}”"]
    assert [words for words in expected if words not in shown] == []


def test_nothing_internal_is_shown(cast: Cast, taken: Taken, client: Client, now: datetime) -> None:
    assert taken.case is not None
    cases.hand_off(taken.case, to=cast.users["liu"], by=cast.manager, now=now, why="内部：换人试试")
    case = worked(cast, taken, now)
    cases.follow_up(
        case, result="unreached", channel="phone", words="内部：听筒里有狗叫", by=cast.colleague, now=now + 3 * DAY
    )
    page = client.get(f"/t/{taken.token}").content.decode()
    hidden = [
        "内部",
        "13800001111",
        "138****",
        "in_progress",
        "answered",
        "engineering",
        "已给方案",
        "elevator",
        "刘建平",
    ]
    assert [words for words in hidden if words in page] == []


def test_another_voice_sees_its_own_words_alone(cast: Cast, taken: Taken, client: Client, now: datetime) -> None:
    assert taken.case is not None
    contact = Contact(cast.site, "phone", "complaint", "我也被关过。", name="李四", phone="13900002222")
    joined = cases.take(contact, by=cast.clerk, now=now + HOUR, joins=taken.case)
    cases.object_to(
        taken.case, words="第一位的异议", by=Actor(kind="link", id=taken.case.reference.number), now=now + 2 * HOUR
    )
    mine, theirs = client.get(f"/t/{joined.token}"), client.get(f"/t/{taken.token}")
    assert joined.contact.number in text_of(mine)
    hidden = [WORDS, "第一位的异议", "张三丰", "13800001111", taken.case.reference.number]
    assert [words for words in hidden if words in mine.content.decode()] == []
    assert [
        words for words in ["我也被关过。", "李四", joined.contact.number] if words in theirs.content.decode()
    ] == []
    assert "已派给工程维修部" in text_of(mine)


def test_answered_at_once(cast: Cast, client: Client, now: datetime) -> None:
    contact = Contact(cast.site, "phone", "enquiry", "几号交费？", answered_at_once="每月 10 日前。")
    taken = cases.take(contact, by=cast.clerk, now=now)
    shown = text_of(client.get(f"/t/{taken.token}"))
    assert [words for words in ["几号交费？", "每月 10 日前。", "当场答复了您。"] if words not in shown] == []
    assert client.post(f"/t/{taken.token}/object", {"words": "不对"}).status_code == 404


def test_late_is_said_plainly(cast: Cast, client: Client, now: datetime) -> None:
    late = cases.take(Contact(cast.site, "web", "complaint", WORDS), by=NOBODY, now=now - 12 * DAY)
    assert "我们迟了，对不起" in text_of(client.get(f"/t/{late.token}"))


@pytest.mark.parametrize(
    ("urgency", "said"),
    [
        ("urgent", "最晚 2026年10月23日 周五 23:20 告诉您进展。"),  # four hours from 19:20
        ("", "最晚 10月26日 告诉您进展。"),  # the end of a day
    ],
)
def test_a_late_hour_is_told_and_only_the_end_of_a_day_by_its_day(
    cast: Cast, client: Client, now: datetime, urgency: str, said: str
) -> None:
    at = now.replace(hour=19, minute=20)
    taken = cases.take(Contact(cast.site, "phone", "complaint", WORDS), by=cast.clerk, now=at, urgency=urgency)
    assert said in text_of(client.get(f"/t/{taken.token}"))


@pytest.mark.parametrize("token", ["a", "a" * 32, "7" * 5000, "SX26-000001", "..", "%2e%2e%2f", "词", "a b"])
def test_guessed_tokens_open_nothing(cast: Cast, taken: Taken, client: Client, token: str) -> None:
    assert client.get(f"/t/{token}").status_code in {400, 404}
    assert client.post(f"/t/{token}/object", {"words": "x"}).status_code in {400, 404}


def test_neither_number_nor_key_opens_a_matter(cast: Cast, taken: Taken, client: Client) -> None:
    assert taken.case is not None
    for guess in (
        taken.case.reference.number,
        taken.contact.number,
        str(taken.case.pk),
        taken.token.upper(),
        taken.token[:-1],
    ):
        assert client.get(f"/t/{guess}").status_code == 404


def test_revoked_link_is_dead(cast: Cast, taken: Taken, client: Client) -> None:
    token = revoke_receipt(Receipt.objects.select_related("reference").get())
    assert client.get(f"/t/{taken.token}").status_code == 404
    assert client.get(f"/t/{token}").status_code == 200


def test_private_pages_are_kept_nowhere(cast: Cast, taken: Taken, client: Client) -> None:
    for page in (client.get(f"/t/{taken.token}"), client.post(f"/t/{taken.token}/object", {"words": ""})):
        headers = [page[name] for name in ("Referrer-Policy", "Cache-Control", "X-Robots-Tag")]
        assert headers == ["no-referrer", "no-store", "noindex"]


@pytest.mark.clause("S3.2.3.a")
def test_object_to(cast: Cast, taken: Taken, client: Client, now: datetime) -> None:
    case = worked(cast, taken, now)
    answer = client.post(f"/t/{taken.token}/object", {"words": "还是坏的。"})
    case.refresh_from_db()
    assert (answer.status_code, answer["Location"], case.state) == (303, f"/t/{taken.token}?said=1", "in_progress")
    shown = text_of(client.get(answer["Location"]))
    assert [
        words for words in ["“还是坏的。”", "您的话已经原样记下", "重新办理，经理已经知道。"] if words not in shown
    ] == []


def test_objecting_twice_with_the_same_words_says_it_once(cast: Cast, taken: Taken, client: Client) -> None:
    for _press in range(2):
        client.post(f"/t/{taken.token}/object", {"words": "还是坏的。"})
    assert Event.objects.filter(kind="objected").count() == 1


@pytest.mark.parametrize("words", ["", "  \u200b", "长" * 10_001, "a\0b"])
def test_an_objection_that_cannot_be_kept_comes_back(cast: Cast, taken: Taken, client: Client, words: str) -> None:
    page = client.post(f"/t/{taken.token}/object", {"words": words})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["words"])
    assert Event.objects.filter(kind="objected").count() == 0


def test_reading_never_acts(cast: Cast, taken: Taken, client: Client) -> None:
    before = Event.objects.count()
    assert client.get(f"/t/{taken.token}/object?words=x").status_code == 405
    assert client.head(f"/t/{taken.token}").status_code == 200
    assert Event.objects.count() == before


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_slip(cast: Cast, taken: Taken, client: Client, language: str) -> None:
    client.cookies["huiyin_language"] = language
    paper = client.get(f"/t/{taken.token}/slip.pdf")
    assert (paper.status_code, paper["Content-Type"], paper["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert paper.content.startswith(b"%PDF-")
    assert client.get("/t/guessed/slip.pdf").status_code == 404


def test_photo(cast: Cast, client: Client, now: datetime) -> None:
    laid = lay_down_photos([jpeg()])
    first = cases.take(Contact(cast.site, "web", "complaint", WORDS), by=NOBODY, now=now, photos=laid)
    other = cases.take(Contact(cast.site, "web", "complaint", "别的事"), by=NOBODY, now=now)
    picture = client.get(f"/t/{first.token}/photo/{laid[0].key}")
    assert (picture.status_code, picture["Content-Type"], picture["X-Content-Type-Options"]) == (
        200,
        "image/webp",
        "nosniff",
    )
    assert client.get(f"/t/{other.token}/photo/{laid[0].key}").status_code == 404
    assert client.get(f"/t/{first.token}/photo/{'0' * 40}").status_code == 404


def test_photos_of_other_voices_stay_theirs(cast: Cast, taken: Taken, client: Client, now: datetime) -> None:
    laid = lay_down_photos([jpeg()])
    contact = Contact(cast.site, "desk", "complaint", "我也拍了。")
    joined = cases.take(contact, by=cast.clerk, now=now + HOUR, joins=taken.case, photos=laid)
    assert client.get(f"/t/{joined.token}/photo/{laid[0].key}").status_code == 200
    assert client.get(f"/t/{taken.token}/photo/{laid[0].key}").status_code == 404


def test_the_story_costs_the_same_however_long(cast: Cast, taken: Taken, client: Client, now: datetime) -> None:
    counts = []
    for words in ("一", "二", "三"):
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/t/{taken.token}")
        counts.append(len(seen))
        client.post(f"/t/{taken.token}/object", {"words": words})
    assert counts == [counts[0]] * 3
    assert counts[0] <= 12


def test_the_pages_own_forms_keep_their_origin(cast: Cast, taken: Taken, client: Client) -> None:
    """With no-referrer alone a browser sends `Origin: null`, and the CSRF check refuses the customer's objection."""
    assert '<meta name="referrer" content="same-origin">' in client.get(f"/t/{taken.token}").content.decode()
