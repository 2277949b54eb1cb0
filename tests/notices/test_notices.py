"""Making public: through the gate, for some days, and back again."""

from datetime import datetime, timedelta

import pytest

from huiyin.demo.cast import Cast
from huiyin.journal.models import Entry
from huiyin.notices.actions import Posting, post, withdraw
from huiyin.notices.models import Notice
from huiyin.notices.queries import about, disclosed, posted_on, visible_to
from huiyin.notices.rules import Block, NamesSomebody
from huiyin.organization.rules import NotAllowed
from huiyin.references.actions import Wanted, issue
from huiyin.references.models import Reference
from huiyin.references.queries import search
from huiyin.references.states import Kind

TEXT = "本月收到投诉三件，均已办结。电梯每半月加检一次。"


def posting(*lines: str, days: int = 30, title: str = "十月投诉情况", kind: str = "disclosure") -> Posting:
    blocks = [Block("paragraph", line) for line in lines or (TEXT,)]
    return Posting(kind, title, blocks, days, names=["欧阳静怡"], rooms=["3-1-101"])


def test_what_is_posted_is_read_by_anybody_for_its_days(cast: Cast, now: datetime) -> None:
    notice = post(cast.site, posting(days=30), about=None, by=cast.manager, now=now)
    today = now.date()
    shown = [list(posted_on(cast.site, on=today + timedelta(days=days))) for days in (-1, 0, 29, 30)]
    assert shown == [[], [notice], [notice], []]
    assert [list(disclosed(cast.site, on=today + timedelta(days=days))) for days in (-1, 400)] == [[], [notice]]
    assert list(posted_on(cast.sites["hengtai"], on=today)) == []
    assert list(search("加检", cast.clerk)) == [notice.reference]
    assert [list(visible_to(cast.clerk)), list(visible_to(cast.stranger))] == [[notice], []]


@pytest.mark.clause("S3.2.3.d")
@pytest.mark.parametrize(
    "words",
    [
        "已联系 13800001111 的业主",
        "电话１３８－００００－１１１１",
        "021-55501101",
        "3-1-101 的业主",
        "3号楼1单元101室漏水",
        "欧阳静怡反映",
        "张先生很满意",
        "身份证 110101199003078515",
        "车牌沪A12345",
        "zhang@example.com",
    ],
)
def test_the_gate_lets_nobody_s_identity_out(words: str, cast: Cast, now: datetime) -> None:
    places = (posting(TEXT, words), posting(title=words))
    table = Posting(
        "disclosure", "情况", [Block("table", rows=(("项目", "数"), (words, "1")))], 30, ("欧阳静怡",), ("3-1-101",)
    )
    for wanted in (*places, table):
        with pytest.raises(NamesSomebody) as refused:
            post(cast.site, wanted, about=None, by=cast.manager, now=now)
        assert refused.value.field == "summary"
    assert [Notice.objects.count(), Reference.objects.filter(kind="GG").count()] == [0, 0]


@pytest.mark.parametrize(
    "words", ["收到投诉 13 件", "2026年11月23日办结", "按时给出方案 80.0% (4/5)", "SX26-000123", "24 小时值班"]
)
def test_figures_days_and_numbers_of_cases_pass(words: str, cast: Cast, now: datetime) -> None:
    assert post(cast.site, posting(words), about=None, by=cast.manager, now=now).body[0]["text"] == words


@pytest.mark.parametrize("who", ["chen", "wang", "he", "zheng", "fang"])
def test_only_the_manager_posts(who: str, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        post(cast.site, posting(), about=None, by=cast.actor(who), now=now)
    assert Notice.objects.count() == 0


def test_a_withdrawn_notice_is_off_the_page_and_on_record(cast: Cast, now: datetime) -> None:
    paper = issue(cast.site, Wanted(Kind.REPORT, "小结"), now=now)[0]
    notice = post(cast.site, posting(), about=paper, by=cast.manager, now=now)
    with pytest.raises(NotAllowed):
        withdraw(notice, why="数字有误", by=cast.clerk, now=now)
    for why in ("数字有误", "再撤一次"):
        withdraw(notice, why=why, by=cast.manager, now=now)
    notice.refresh_from_db()
    assert [notice.state, notice.withdrawn_why, notice.withdrawn_at] == ["withdrawn", "数字有误", now]
    assert [list(posted_on(cast.site, on=now.date())), list(disclosed(cast.site, on=now.date()))] == [[], []]
    assert [about(paper), Entry.objects.filter(verb="notices.withdrawn").count()] == [notice, 1]


def test_midnight_in_the_house_is_the_first_day(cast: Cast, now: datetime) -> None:
    notice = post(cast.site, posting(), about=None, by=cast.manager, now=now.replace(hour=0, minute=30))
    assert notice.from_on.isoformat() == "2026-11-23"
