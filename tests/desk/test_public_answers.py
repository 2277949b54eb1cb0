"""公开反馈 at the desk: chosen from what nobody can be answered, checked, decided by somebody else, public, printed, taken back."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.demo.cast import Cast
from huiyin.reports.models import PublicAnswer
from tests.records.printed import text_of
from tests.reports.test_public_answers import closed

pytestmark = pytest.mark.usefixtures("media")
WORDS = {"title": "热水供应时间", "raised": "有同学反映晚上热水停得太早。", "done": "热水延长到晚上十一点。"}


@pytest.fixture
def numbers(cast: Cast, now: datetime) -> list[str]:
    return [closed(cast, now - timedelta(days=5)).reference.number for _turn in range(2)]


def as_(client: Client, cast: Cast, who: str) -> Client:
    client.force_login(cast.users[who])
    client.get("/feedback/?site=xueyuan")
    return client


def prepared(client: Client, cast: Cast, numbers: list[str], **changed: str) -> str:
    sent = as_(client, cast, "yang").post("/feedback/new", {"of": numbers, **WORDS, **changed})
    at = sent.headers["Location"]
    client.post(at + "submit", {**WORDS, **changed})
    return at


@pytest.mark.clause("S1.4.3.a")
def test_from_the_list_to_the_public_page_and_the_board(client: Client, cast: Cast, numbers: list[str]) -> None:
    page = as_(client, cast, "yang").get("/feedback/").content.decode()
    assert [f'value="{number}"' in page for number in numbers] == [True, True]
    form = client.get("/feedback/new", {"of": numbers}).content.decode()
    assert [f'value="{number}"' in form for number in numbers] == [True, True]
    at = prepared(client, cast, numbers)
    assert "没有发现能认出人的地方" in client.get(at).content.decode()
    gao = as_(client, cast, "gao")
    assert "批准并公布" in gao.get(at).content.decode()
    assert gao.get(at + "paper.pdf").status_code == 404
    gao.post(at + "publish", {})
    answer = PublicAnswer.objects.select_related("notice__reference").get()
    assert answer.notice is not None
    public = f"/s/xueyuan/notices/{answer.notice.reference.number}"
    read = Client().get(public).content.decode()
    assert [text in read for text in (*WORDS.values(), "欢迎继续关注和监督", *numbers)] == [True] * 4 + [False] * 2
    assert public in Client().get("/s/xueyuan/results").content.decode()
    sheet = text_of(gao.get(at + "paper.pdf").content)
    assert [text in sheet for text in ("热水供应时间", "请继续关注和监督", "张贴日期", "不写任何人的姓名和房号")] == [
        True
    ] * 4
    kept = gao.get("/feedback/").content.decode()
    assert [text in kept for text in (*numbers, "staff:", "热水供应时间")] == [False, False, False, True]


def test_what_the_check_finds_is_named_and_nothing_typed_is_lost(
    client: Client, cast: Cast, numbers: list[str]
) -> None:
    at = prepared(client, cast, numbers, raised="11月23日 502室 热水停了")
    gao = as_(client, cast, "gao")
    page = gao.get(at).content.decode()
    assert ["单独一天的日期：11月23日" in page, "房号：502室" in page] == [True, True]
    refused = gao.post(at + "publish", {"despite": "", "comment": "我写的意见"})
    assert [refused.status_code, "我写的意见" in refused.content.decode()] == [422, True]
    assert "退回去改，或写明为什么可以公布" in refused.content.decode()
    assert gao.post(at + "publish", {"despite": "那天全楼停水，502 是值班室"}).status_code == 302
    page = gao.get(at).content.decode()
    assert [text in page for text in ("这些地方可能认出人", "没有发现能认出人", "那天全楼停水")] == [False, False, True]
    sheet = text_of(gao.get(at + "paper.pdf").content)
    assert [text in sheet for text in ("不写任何人", "写到的地方确认可以公布")] == [False, True]
    assert "房号" not in Client().get("/s/xueyuan/results").content.decode()


def test_the_form_keeps_what_was_typed(client: Client, cast: Cast, numbers: list[str]) -> None:
    refused = as_(client, cast, "yang").post(
        "/feedback/new", {"of": numbers, "title": "标题在", "raised": "", "done": " "}
    )
    page = refused.content.decode()
    assert [refused.status_code, "标题在" in page, f'value="{numbers[0]}"' in page] == [422, True, True]
    nothing = client.post("/feedback/new", {"of": "SX26-999999", **WORDS})
    assert [nothing.status_code, PublicAnswer.objects.count()] == [422, 0]


def test_words_changed_meanwhile_are_not_decided_unseen(client: Client, cast: Cast, numbers: list[str]) -> None:
    at = prepared(client, cast, numbers)
    stale = as_(client, cast, "gao").post(at + "publish", {"seen": "0" * 16})
    assert [stale.status_code, PublicAnswer.objects.get().state] == [422, "submitted"]


def test_words_typed_while_somebody_else_saved_others_are_sent_knowingly(
    client: Client, cast: Cast, numbers: list[str]
) -> None:
    yang = as_(client, cast, "yang")
    at = yang.post("/feedback/new", {"of": numbers, **WORDS}).headers["Location"]
    seen = PublicAnswer.objects.get().words_seen
    yang.post(at + "write", {**WORDS, "done": "别人存下的话。"})
    refused = yang.post(at + "submit", {**WORDS, "done": "我写的话。", "seen": seen})
    page, saved = refused.content.decode(), PublicAnswer.objects.get()
    assert [refused.status_code, saved.state, saved.done] == [422, "draft", "别人存下的话。"]
    assert [text in page for text in ("我写的话。", "别人刚刚存下的是这样", saved.words_seen)] == [True] * 3
    assert yang.post(at + "submit", {**WORDS, "done": "我写的话。", "seen": saved.words_seen}).status_code == 302
    assert [(one.state, one.done) for one in PublicAnswer.objects.all()] == [("submitted", "我写的话。")]


def test_whoever_was_slower_still_sees_what_they_typed(client: Client, cast: Cast, numbers: list[str]) -> None:
    at = prepared(client, cast, numbers)
    late = client.post(at + "write", {**WORDS, "done": "晚到的话。"})
    assert [late.status_code, "晚到的话。" in late.content.decode()] == [422, True]
    gao = as_(client, cast, "gao")
    gao.post(at + "publish", {})
    for act, typed in (("send_back", {"comment": "晚到的意见"}), ("publish", {"despite": "晚到的理由"})):
        late = gao.post(at + act, typed)
        assert [late.status_code, *(text in late.content.decode() for text in typed.values())] == [422, True]


def test_it_is_sent_back_and_withdrawn_with_a_reason(client: Client, cast: Cast, numbers: list[str]) -> None:
    at = prepared(client, cast, numbers)
    gao = as_(client, cast, "gao")
    assert gao.post(at + "send_back", {"comment": ""}).status_code == 422
    gao.post(at + "send_back", {"comment": "太细"})
    yang = as_(client, cast, "yang")
    assert "太细" in yang.get(at).content.decode()
    yang.post(at + "submit", WORDS)
    as_(client, cast, "gao").post(at + "publish", {})
    answer = PublicAnswer.objects.select_related("notice__reference").get()
    assert answer.notice is not None
    assert gao.post(at + "withdraw", {"why": ""}).status_code == 422
    gao.post(at + "withdraw", {"why": "时间写错"})
    page = gao.get(at).content.decode()
    assert ["时间写错" in page, WORDS["raised"] in page] == [True, True]
    assert Client().get(f"/s/xueyuan/notices/{answer.notice.reference.number}").status_code == 404
    assert gao.post(at + "nothing", {}).status_code == 404


def test_a_closed_case_shows_what_everybody_was_told(client: Client, cast: Cast, numbers: list[str]) -> None:
    at = prepared(client, cast, numbers[:1])
    page = client.get(f"/cases/{numbers[0]}/").content.decode()
    assert [f'href="{at}"' in page, f"/feedback/new?site=xueyuan&amp;of={numbers[0]}" in page] == [True, True]
    assert "公开反馈" not in as_(client, cast, "jin").get(f"/cases/{numbers[1]}/").content.decode()
