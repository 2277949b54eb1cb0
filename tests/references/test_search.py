"""The search: complete inside Chinese sentences, and only over what the person may see."""

from datetime import datetime, timedelta

import pytest

from huiyin.demo.cast import Cast
from huiyin.organization.rules import Actor
from huiyin.references.actions import Wanted, index, issue
from huiyin.references.models import Reference
from huiyin.references.queries import search
from huiyin.references.states import Kind, Sensitivity
from tests.acts import take

SENTENCE = "昨晚三号楼B座电梯又坏了，老人被困二十分钟，物业wifi也断了，请尽快修好！"


def written(cast: Cast, now: datetime, *texts: str, site: str = "yulan", sensitivity: int = 1) -> Reference:
    made = issue(cast.sites[site], Wanted(Kind.CASE, "投诉", sensitivity=sensitivity), now=now)[0]
    index(made, "contact", *texts)
    return made


def hits(query: str, actor: Actor) -> list[str]:
    return [found.number for found in search(query, actor)]


def test_every_two_neighboring_characters_find_the_sentence(cast: Cast, now: datetime) -> None:
    made = written(cast, now, SENTENCE)
    written(cast, now, "别的事情")
    pairs = [SENTENCE[at : at + 2] for at in range(len(SENTENCE) - 1)]
    chinese = [pair for pair in pairs if all("一" <= sign <= "鿿" for sign in pair)]
    missed = [pair for pair in chinese if hits(pair, cast.clerk) != [made.number]]
    assert [len(chinese), missed] == [23, []]


def test_every_substring_of_a_clause_finds_it(cast: Cast, now: datetime) -> None:
    clause = "老人被困二十分钟"
    made = written(cast, now, SENTENCE)
    parts = [clause[a:b] for a in range(len(clause)) for b in range(a + 1, len(clause) + 1)]
    assert [part for part in parts if hits(part, cast.clerk) != [made.number]] == []


@pytest.mark.parametrize(
    "query", ["wifi", "WIFI", "ＷｉＦｉ", "wi", "B座", "b座电梯", "物业wifi", "电梯 wifi 老人", "坏了，老人"]
)
def test_english_inside_chinese_and_several_words(query: str, cast: Cast, now: datetime) -> None:
    made = written(cast, now, SENTENCE)
    assert hits(query, cast.clerk) == [made.number]


@pytest.mark.parametrize(
    "query", ["电梯 漏水", "梯电", "老人 水管 电梯", "ifi", "。", "   ", "", '"', "* OR", "' --", "a" * 300]
)
def test_what_does_not_stand_there_finds_nothing_and_breaks_nothing(query: str, cast: Cast, now: datetime) -> None:
    written(cast, now, SENTENCE)
    assert hits(query, cast.clerk) == []


def test_words_may_stand_in_different_parts(cast: Cast, now: datetime) -> None:
    made = written(cast, now, "楼道灯不亮")
    index(made, "answer", "已更换灯泡")
    assert [hits("楼道 灯泡", cast.clerk), hits("亮已", cast.clerk)] == [[made.number], []]


def test_newest_first(cast: Cast, now: datetime) -> None:
    made = [written(cast, now, f"第{count}次漏水").number for count in range(3)]
    assert hits("漏水", cast.clerk) == made[::-1]


def test_a_stranger_finds_nothing_and_restricted_ones_are_not_found_either(cast: Cast, now: datetime) -> None:
    own = written(cast, now, "暖气不热")
    care = written(cast, now, "独居老人暖气不热", sensitivity=Sensitivity.RESTRICTED)
    assert [hits("暖气", cast.stranger), hits("暖气", Actor("link", "portal"))] == [[], []]
    assert [hits("暖气", cast.clerk), hits("暖气", cast.manager)] == [[own.number], [care.number, own.number]]


def test_removed_words_are_found_no_more(cast: Cast, now: datetime) -> None:
    made = written(cast, now, "暖气不热")
    made.search_parts.all().delete()
    assert hits("暖气", cast.clerk) == []


def test_a_case_of_five_years_ago_is_found_by_two_characters_inside_a_sentence(cast: Cast, now: datetime) -> None:
    old = take(cast, now, words="车库出口的道闸杆抬不起来", occurred_at=now - timedelta(days=5 * 366))
    for _count in range(3):
        take(cast, now)
    assert hits("道闸", cast.clerk) == [old.reference.number]


def test_rare_signs_are_found(cast: Cast, now: datetime) -> None:
    """A name with a character outside the first plane, and one of the private area that stands for a real one."""
    made = written(cast, now, "𠮷田先生和王\ue863的车位")
    assert [hits(query, cast.clerk) for query in ("𠮷田", "王䶮", "王\ue863")] == [[made.number]] * 3
