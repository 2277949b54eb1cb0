"""Jobs at home: each is asked about within three days of its end, and 《维修服务及回访记录表》 fills itself from both."""

import dataclasses
from datetime import date, datetime, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.forms.service_follow_up_record import ServiceFollowUpRecord
from huiyin.cases.forms.service_follow_up_word import record_in_word
from huiyin.cases.models import Case
from huiyin.cases.services import blank_service_document, blank_service_sheet, has_record, service_sheet
from huiyin.demo.cast import Cast
from huiyin.desk.forms.cases import FollowUpForm
from huiyin.duties.models import Duty
from huiyin.records.typesetting import typeset
from tests.acts import fresh, take
from tests.cases.test_case_form_in_word import said
from tests.records.printed import in_order, pages_of, text_of

DAY = timedelta(days=1)
FILLED = ServiceFollowUpRecord(
    company="某某物业管理有限公司",
    form_number="7.2.3-G01-F4",
    form_version="A/1",
    form_effective_on="2026-09-01",
    serial="0007",
    customer_name="欧阳静怡",
    address="3号楼 101",
    phone="021-5550-0117",
    service="维修",
    asked_at="2026-11-23 09:42",
    receptionist="李晓明",
    asked="厨房的水龙头滴水。",
    arrivals="2026-11-23 14:00　王建国",
    done="换了龙头的阀芯，试水不漏。",
    worker="王建国",
    finished_on="2026-11-23",
    channel="电话",
    followed_up_at="2026-11-24 10:15",
    result="满意，5 分",
    customer_words="来得快，修得好。",
    follower="张敏",
    followed_up_on="2026-11-24",
    remark="第一次没有人接。",
    qr_url="https://huiyin.example/r/SX26-000417",
)
LABELS = (
    *("维修服务及回访记录表", "编号：", "版本号：", "表格生效期：", "序号：", "顾客姓名", "住址", "电话"),
    *("服务类别", "报修时间", "接待人", "服务要求：", "上门情况：", "服务内容与结果：", "服务人员："),
    *("回访方式", "回访时间", "回访结果", "顾客意见：", "回访人：", "备注："),
)


def asked(case: Case) -> list[tuple[str, str, bool, str]]:
    """(clause, last day, kept, lifted because) of every follow-up owed about a case."""
    rows = Duty.objects.filter(kind="follow_up", reference=case.reference).order_by("id")
    return [(one.clause, f"{one.due_at:%m-%d}", one.done_at is not None, one.not_applicable) for one in rows]


def job(cast: Cast, now: datetime, kind: str = "repair_request", **more: object) -> Case:
    return take(cast, now, kind, "厨房的水龙头滴水。", category="repair", **more)


@pytest.mark.clause("S3.2.2.a")
@pytest.mark.parametrize("kind", ["repair_request", "assistance_request"])
@pytest.mark.parametrize("channel", ["phone", "visit", "email"])
def test_every_job_done_at_home_is_asked_about_within_three_days(
    cast: Cast, now: datetime, kind: str, channel: str
) -> None:
    case = job(cast, now, kind)
    cases.solve(case, plan="今天上门换阀芯。", by=cast.engineer, now=now)
    assert asked(case) == []
    cases.finish(fresh(case), words="换了阀芯。", by=cast.engineer, now=now + timedelta(hours=1))
    assert asked(case) == []
    cases.answer(fresh(case), text="修好了。", by=cast.engineer, now=now + DAY)
    assert asked(case) == [("S3.2.2.a", "11-27", False, "")]
    made = cases.follow_up(fresh(case), result="satisfied", channel=channel, by=cast.colleague, now=now + 2 * DAY)
    assert [made.channel, asked(case)] == [channel, [("S3.2.2.a", "11-27", True, "")]]


@pytest.mark.clause("S3.2.2.a")
def test_what_is_answered_at_once_is_asked_about_from_the_answer(cast: Cast, now: datetime) -> None:
    case = job(cast, now)
    cases.answer(case, text="已经修好。", by=cast.engineer, now=now)
    cases.finish(fresh(case), words="补记：换了阀芯。", by=cast.engineer, now=now + DAY)
    assert asked(case) == [("S3.2.2.a", "11-26", False, "")]
    cases.follow_up(fresh(case), result="satisfied", channel="phone", by=cast.colleague, now=now + DAY)
    cases.finish(fresh(case), words="清理了现场。", by=cast.engineer, now=now + 2 * DAY)
    assert asked(case) == [("S3.2.2.a", "11-26", True, "")]


@pytest.mark.clause("S3.2.2.a")
def test_nobody_asks_about_work_that_is_only_promised(cast: Cast, now: datetime) -> None:
    case = job(cast, now)
    cases.answer(case, text="配件到货就换。", finish_on=date(2026, 12, 1), by=cast.engineer, now=now)
    assert asked(case) == []
    cases.finish(fresh(case), words="配件换好了。", by=cast.engineer, now=now + 7 * DAY)
    assert asked(case) == [("S3.2.2.a", "12-03", False, "")]


def test_where_no_handbook_asks_nothing_changes(cast: Cast, now: datetime) -> None:
    away = job(cast, now, site=cast.sites["xueyuan"], place="")
    assert [has_record(away), has_record(take(cast, now)), has_record(job(cast, now))] == [False, False, True]


@pytest.mark.clause("S3.2.2.b", "S3.3.4")
def test_the_form_fills_itself_from_the_job_and_its_follow_up(cast: Cast, now: datetime) -> None:
    case = job(cast, now, remedy_sought="最好今天修。")
    cases.arrive(case, by=cast.engineer, now=now + timedelta(hours=2))
    cases.finish(fresh(case), words="换了阀芯，试水不漏。", by=cast.engineer, now=now + timedelta(hours=3))
    cases.answer(fresh(case), text="修好了。", by=cast.engineer, now=now + timedelta(hours=4))
    at = now + DAY
    cases.follow_up(fresh(case), result="unreached", channel="phone", by=cast.colleague, now=at)
    cases.follow_up(
        fresh(case), result="satisfied", score=5, channel="visit", by=cast.colleague, now=at, words="修得好。"
    )
    text = text_of(service_sheet(fresh(case), 7))
    filled = ["张三丰", "维修", "2026-11-2310:00", "厨房的水龙头滴水。", "希望：最好今天修。", "2026-11-2312:00王志强"]
    filled += ["换了阀芯，试水不漏。", "服务人员：王志强", "上门", "2026-11-2410:00", "满意，5分", "修得好。"]
    filled += ["回访人：" + cast.users["lin"].name, "2026-11-2410:00电话未联系上"]
    assert in_order(text, *filled) == []
    assert "13800001111" not in text


@pytest.mark.parametrize("channel", ["phone", "visit", "desk", "email"])
def test_the_form_says_the_word_that_was_chosen_at_the_desk(channel: str, cast: Cast, now: datetime) -> None:
    case = job(cast, now)
    cases.answer(case, text="修好了。", by=cast.engineer, now=now)
    cases.follow_up(fresh(case), result="satisfied", channel=channel, by=cast.colleague, now=now + DAY)
    chosen = str(dict(FollowUpForm().fields["channel"].choices)[channel])  # type: ignore[attr-defined]
    assert f"回访方式{chosen}回访时间" in text_of(service_sheet(fresh(case), 7))


@pytest.mark.clause("S3.3.4")
def test_the_printed_form_and_the_word_document_have_every_field_in_its_place() -> None:
    values = [value for name, value in dataclasses.asdict(FILLED).items() if not name.endswith(("_on", "_url"))]
    for text in (text_of(typeset(FILLED)), said(record_in_word(FILLED))):
        assert in_order(text, FILLED.company, *LABELS) == []
        assert in_order(text, *(value.replace("　", "") for value in values)) == []


@pytest.mark.clause("S3.3.4")
def test_the_blank_form_is_one_sheet_for_a_pen(cast: Cast, now: datetime) -> None:
    blank = blank_service_sheet(cast.site, on=now.date())
    assert pages_of(blank) == 1
    for text in (text_of(blank), said(blank_service_document(cast.site, on=now.date()))):
        assert in_order(text, *LABELS) == []
        assert text.count("年月日") == 2
