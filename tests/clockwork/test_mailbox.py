"""Fetching from a real IMAP server: kept before it is marked, once however often it comes, and no letter holds up the next."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from huiyin import settings as real
from huiyin.cases.models import Case
from huiyin.clockwork import actions
from huiyin.clockwork.queries import status
from huiyin.demo.cast import Cast
from huiyin.interactions.gateways import imap
from huiyin.interactions.models import Fetched, Interaction, Letter
from tests.clockwork.test_kills import Killed, killed
from tests.clockwork.test_mail_both_ways import letter, turn
from tests.mailserver import Folder

LATER = timedelta(minutes=1)


def states() -> list[tuple[str, str]]:
    return list(Letter.objects.order_by("id").values_list("state", "reason"))


def test_each_letter_comes_once_however_often_it_is_fetched(cast: Cast, folder: Folder, now: datetime) -> None:
    first = letter("一")
    folder.put(first)
    folder.put(letter("二"))
    folder.put(b"Received: by another way\r\n" + first)
    for minute in range(3):
        turn(now + minute * LATER)
    folder.put(letter("三"))
    turn(now + 5 * LATER)
    assert [one.situation[-1] for one in Interaction.objects.order_by("id")] == ["一", "二", "三"]
    assert [Letter.objects.count(), Fetched.objects.get().last_uid, folder.seen] == [3, 4, {1, 2, 3, 4}]


def test_another_body_under_the_same_number_is_another_letter(cast: Cast, folder: Folder, now: datetime) -> None:
    for text in (b"one", b"two"):
        folder.put(b"From: a@b.cn\r\nMessage-ID: <same@x>\r\n\r\n" + text)
    turn(now)
    assert [one.situation for one in Interaction.objects.order_by("id")] == ["one", "two"]


def test_the_first_time_only_what_is_unread_comes(cast: Cast, folder: Folder, now: datetime) -> None:
    for text in "旧新":
        folder.put(letter(text))
    folder.seen.add(1)
    turn(now)
    folder.put(letter("读过"))
    folder.seen.add(3)  # somebody read it in another program: it comes all the same
    turn(now + LATER)
    assert [one.situation[-1] for one in Interaction.objects.order_by("id")] == ["新", "过"]


def test_a_mailbox_that_counts_anew_is_read_anew_and_nothing_doubles(cast: Cast, folder: Folder, now: datetime) -> None:
    folder.put(letter("一"))
    turn(now)
    folder.validity, folder.seen = 2, set()
    folder.put(letter("二"))
    turn(now + LATER)
    assert [Letter.objects.count(), Fetched.objects.get().validity] == [2, "2"]


def test_a_letter_the_server_will_not_hand_over_holds_up_no_other(cast: Cast, folder: Folder, now: datetime) -> None:
    for text in "一二三":
        folder.put(letter(text))
    folder.refused = {2}
    turn(now)
    turn(now + LATER)
    assert [Letter.objects.count(), folder.seen] == [2, {1, 3}]
    folder.refused = set()
    turn(now + 2 * LATER)
    assert [Letter.objects.count(), Fetched.objects.get().last_uid] == [3, 3]


def test_the_clock_of_a_letter_starts_when_our_server_had_it(cast: Cast, folder: Folder, now: datetime) -> None:
    folder.at = now - timedelta(days=2)
    folder.put(letter("一"))
    turn(now)
    assert Case.objects.get().received_at == now - timedelta(days=2)


def test_of_a_letter_too_large_the_head_is_listed(cast: Cast, folder: Folder, now: datetime, monkeypatch: Any) -> None:
    monkeypatch.setattr(imap, "LARGEST", 1000)
    folder.put(letter("长" * 1000))
    folder.put(letter("短"))
    turn(now)
    assert states() == [("quarantined", "left_on_server"), ("taken", "")]
    assert Letter.objects.earliest("id").size < 1000


@pytest.mark.parametrize("port", ["closed", "wrong password"])
def test_a_mailbox_that_cannot_be_reached_is_seen_on_the_status_page(
    port: str, cast: Cast, folder: Folder, now: datetime, settings: Any, caplog: Any
) -> None:
    turn(now)
    box = settings.MAIL_IN[0]
    wrong = {"port": 9} if port == "closed" else {"password": "sesame"}
    settings.MAIL_IN = (type(box)(**{**box.__dict__, **wrong}),)
    turn(now + LATER)
    told = status(now + LATER)["mail"]["mailboxes"]
    assert told == [
        {"last_reached": 60.0, "problem": "ConnectionRefusedError" if port == "closed" else "MailboxLoginError"}
    ]
    assert "sesame" not in caplog.text


def test_a_fetch_killed_at_every_statement_loses_and_doubles_nothing(cast: Cast, folder: Folder, now: datetime) -> None:
    """Fetched, killed at its first statement, then at its second …, before and after it; each round with letters of its own."""
    kills, number = 0, 0
    for after in (False, True):
        at = 1
        while True:
            number += 1
            folder.put(letter(f"第 {number} 封"))
            seen = set(folder.seen)
            try:
                with killed(at, after=after):
                    actions.fetch_letters(now=now)
            except Killed:
                kills += 1
                kept = set(Letter.objects.values_list("id", flat=True))
                assert len(folder.seen - seen) <= len(kept)  # nothing is marked that is not kept
                at += 1
                continue
            break
    actions.fetch_letters(now=now)
    assert [Letter.objects.count(), len(folder.seen)] == [number, number]
    assert kills >= 20


def test_sorting_killed_at_every_statement_takes_each_letter_once(cast: Cast, folder: Folder, now: datetime) -> None:
    folder.put(letter("三号楼的灯坏了"))
    actions.fetch_letters(now=now)
    at, kills = 1, 0
    while Letter.objects.filter(state="received").exists():
        Letter.objects.update(attempts=0)
        try:
            with killed(at, after=kills % 2 == 1):
                actions.sort_letters(now=now)
        except Killed:
            kills, at = kills + 1, at + kills % 2
    assert [Case.objects.count(), Interaction.objects.count(), states()] == [1, 1, [("taken", "")]]
    assert kills >= 30


def test_a_connection_that_breaks_loses_nothing(cast: Cast, folder: Folder, now: datetime) -> None:
    for number in range(6):
        folder.put(letter(str(number)))
    breaks = iter(range(1, 40))

    def before(command: str, uid: int) -> None:
        if next(breaks) % 3 == 0:
            raise OSError

    folder.before = before
    for _round in range(12):
        actions.fetch_letters(now=now)
    folder.before = None
    turn(now)
    assert [Letter.objects.count(), Interaction.objects.count(), Fetched.objects.get().problem] == [6, 6, ""]


def test_a_letter_that_ends_the_worker_three_times_waits_for_a_person(
    cast: Cast, folder: Folder, now: datetime, monkeypatch: Any
) -> None:
    folder.put(letter("一"))
    actions.fetch_letters(now=now)

    def dies(raw: bytes) -> None:
        raise Killed

    monkeypatch.setattr("huiyin.interactions.gateways.reader.read", dies)
    for _time in range(3):
        with pytest.raises(Killed):
            actions.sort_letters(now=now)
    actions.sort_letters(now=now)
    assert states() == [("quarantined", "broke_the_reader")]


def test_bytes_are_kept_outside_the_web_root_for_nobody_else(
    cast: Cast, folder: Folder, media: Path, now: datetime
) -> None:
    folder.put(letter("一"))
    actions.fetch_letters(now=now)
    kept = [path for path in media.rglob("*") if path.is_file()]
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]
    assert kept[0].read_bytes() == folder.letters[1]


WRONG = [
    "pop3://u:geheim@h",
    "imaps://h/INBOX",
    "imaps://u@h",
    "imaps://u:geheim@h:99999",
    "imaps://u:geheim@h/?kind=rant",
    "imaps://u:geheim@h/?sites=yulan",
    "imaps://u:geheim@h/?plus=yes",
    "imap://u:geheim@mail.example",
    "imaps://u:geheim@h/?address=nobody",
    "geheim",
    "imaps://u:ge/geheim@h",
    "imaps://u:ge?geheim@h",
    "imaps://u:ge#geheim@h",
]


@pytest.mark.parametrize("value", WRONG)
def test_a_wrong_value_is_refused_without_telling_the_password(value: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("HUIYIN_MAIL_IN", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        real.read_mailboxes("HUIYIN_MAIL_IN")
    assert [str(refused.value).startswith("HUIYIN_MAIL_IN: "), "geheim" in str(refused.value)] == [True, False]


def test_right_values_are_read_and_never_shown(monkeypatch: Any) -> None:
    value = "imaps://a%40qq.com:p%2Fw@imap.qq.com/%E6%9D%A5%E4%BF%A1?site=yulan imap://box:w@127.0.0.1:1143?kind=enquiry&address=Box@h.cn"
    monkeypatch.setenv("HUIYIN_MAIL_IN", value)
    first, second = real.read_mailboxes("HUIYIN_MAIL_IN")
    assert [first.user, first.password, first.port, first.folder, first.site, first.address, first.takes_plus] == [
        "a@qq.com",
        "p/w",
        993,
        "来信",
        "yulan",
        "a@qq.com",
        False,
    ]
    assert [second.port, second.folder, second.kind, second.address, second.takes_plus] == [
        1143,
        "INBOX",
        "enquiry",
        "box@h.cn",
        True,
    ]
    assert "p/w" not in repr(first)
