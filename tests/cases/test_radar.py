"""群诉雷达: five alike in one building raise one alert, fifty unrelated none."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from huiyin.cases import actions as cases
from huiyin.cases.queries import radar
from huiyin.demo.cast import Cast
from huiyin.demo.voices import VOICES
from huiyin.kit.likeness import clusters, masks, percent_alike
from tests.acts import fresh, take

HOUR = timedelta(hours=1)
ALIKE = (
    "电梯又停了，老人下不了楼",
    "电梯又停在三楼，老人下不了楼",
    "今天电梯又停了，没法下楼",
    "电梯又停了，孩子上学下不了楼",
    "电梯又停了半天，下不了楼",
)


def report(cast: Cast, now: datetime, words: str, who: int, **changes: object):
    told = {"name": f"住户{who}", "phone": f"139000022{who:02d}", "place": "", "building": cast.site.buildings.first()}
    return take(cast, now, words=words, **{**told, **changes})


def test_five_alike_in_three_days_in_one_building_raise_one_alert(cast: Cast, now: datetime) -> None:
    made = [report(cast, now - who * 12 * HOUR, words, who) for who, words in enumerate(ALIKE)]
    found = radar(cast.site, cast.manager, now=now)
    assert [len(found), set(found[0].numbers)] == [1, {case.reference.number for case in made}]
    assert [found[0].people, radar(cast.sites["hengtai"], cast.director, now=now)] == [5, []]


def test_fifty_unrelated_raise_none(cast: Cast, now: datetime) -> None:
    unrelated = [voice for voice in VOICES if voice.kind != "compliment"]
    for serial in range(50):
        voice = unrelated[serial % len(unrelated)]
        if serial < len(unrelated):
            words, category = voice.words.format(building=""), voice.category
        else:
            words, category = "".join(chr(0x4E00 + serial * 301 + step * 17) for step in range(8)), "other"
        report(cast, now - serial * HOUR, words, serial, category=category)
    assert radar(cast.site, cast.manager, now=now) == []


def test_what_is_grouped_old_or_closed_is_no_longer_told(cast: Cast, now: datetime) -> None:
    made = [report(cast, now - who * HOUR, words, who) for who, words in enumerate(ALIKE)]
    assert radar(cast.site, cast.manager, now=now + timedelta(days=8)) == []
    cases.group(fresh(made[0]), [fresh(one) for one in made[1:]], matter="电梯", by=cast.clerk, now=now)
    assert radar(cast.site, cast.manager, now=now) == []


@pytest.mark.usefixtures("plain_static_files", "still_clock")
def test_the_manager_hears_of_it_on_the_days_page(cast: Cast, client: Client, now: datetime) -> None:
    made = [report(cast, now - who * HOUR, words, who) for who, words in enumerate(ALIKE)]
    client.force_login(cast.users["zhou"])
    page = client.get("/today/").content.decode()
    assert ["可能是群诉" in page, f"of={made[0].reference.number}" in page] == [True, True]
    client.force_login(cast.users["chen"])
    assert "可能是群诉" not in client.get("/today/").content.decode()


def test_likeness_is_counted_by_shared_pairs() -> None:
    one, same, other, nothing = masks(["电梯停了", "电梯停了", "垃圾没收", ""])
    assert [percent_alike(one, each) for each in (same, other, nothing)] == [100, 0, 0]
    assert clusters(4, lambda a, b: {a, b} in ({0, 2}, {2, 3})) == [[0, 2, 3]]
