"""A thousand faulty letters through a real mailbox: each ends as a matter, joins one, is set aside with its reason, or waits for a person.

HUIYIN_WHOLE=1 for the thousand; without it a taste. They are mutations of the corpus and of letters that lie, loop, flood, carry
nothing or too much.
"""

import random
from collections import Counter
from datetime import datetime, timedelta

from huiyin.cases.models import Case, Event
from huiyin.clockwork import actions
from huiyin.demo.cast import Cast
from huiyin.interactions.letters import identity_of
from huiyin.interactions.models import Interaction, Letter
from huiyin.interactions.queries import letters_listed
from huiyin.interactions.rules import loop_mark
from huiyin.interactions.states import REASONS
from huiyin.journal.models import Entry
from huiyin.records.queries import kept_bytes
from tests.clockwork.conftest import ADDRESS
from tests.fuzz_letters import corpus, mutated
from tests.mailserver import Folder, Post
from tests.pace import rounds

HEADS = (
    "From: zhou@house.example\r\nX-Staff: yes",
    f"From: {ADDRESS}",
    "From: a@b.example\r\nAuto-Submitted: auto-replied",
    "From: a@b.example\r\nPrecedence: bulk",
    "From: MAILER-DAEMON@b.example\r\nContent-Type: multipart/report",
    f"From: a@b.example\r\nX-Huiyin-Loop: {loop_mark()}",
    "From: a@b.example\r\nDate: Thu, 01 Jan 9999 99:99:99 +9999",
    "From: a@b.example\r\nDate: yesterday",
    "From: \r\nTo: ",
    "From: a@b.example, c@d.example\r\nSender: zhou@house.example",
    "Subject: =?gb2312?B?!!!!?=",
    "Content-Type: text/plain; charset=klingon",
    "Content-Transfer-Encoding: base64",
    "Content-Type: multipart/mixed; boundary=never",
)
BODIES = (
    b"",
    b"\x00" * 50,
    b"\xff\xfe" * 200,
    "电梯坏了".encode("gbk"),
    "灯不亮".encode(),
    b"=" * 5000,
    b"<a href=" * 500,
    b"x" * 900_000,
)


def faulty(chance: random.Random, number: int, letters: list[bytes]) -> bytes:
    kind = chance.random()
    if kind < 0.45:
        raw = mutated(chance, letters)
        return raw.replace(b"<1@qq.com>", b"<%d@qq.com>" % number).replace(b"zhang@", b"zhang%d@" % number)
    if kind < 0.48:
        return bytes(chance.randrange(256) for _byte in range(chance.randrange(400)))
    head = "\r\n".join(chance.sample(HEADS, chance.randint(1, 3))).replace("a@b", f"a{number % 97}@b")
    raw = f"Message-ID: <{number}@faulty>\r\n{head}\r\n\r\n".encode() + chance.choice(BODIES)
    return mutated(chance, [raw]) if kind > 0.8 and len(raw) < 10_000 else raw


def test_each_of_a_thousand_ends_where_a_person_sees_it(cast: Cast, folder: Folder, smtp: Post, now: datetime) -> None:
    count, chance, letters = rounds(40, 1000), random.Random(20261128), corpus()
    for number in range(1, count + 1):
        folder.letters[number] = faulty(chance, number, letters)
    distinct: dict[
        str, set[bytes]
    ] = {}  # the same number and body under two heads are one letter; the first one is kept
    for raw in folder.letters.values():
        distinct.setdefault(identity_of(raw), set()).add(raw)
    turns = 0
    while len(folder.seen) < count or Letter.objects.filter(state="received").exists():
        actions.fetch_letters(now=now + timedelta(minutes=turns))
        actions.sort_letters(now=now + timedelta(minutes=turns))
        turns += 1
        assert turns < 300
    ended = Counter(Letter.objects.values_list("state", flat=True))
    reasons = Counter(Letter.objects.values_list("reason", flat=True))
    print(count, "letters,", len(distinct), "distinct:", dict(ended), dict(reasons))
    assert [sum(ended.values()), set(ended) - {"taken", "quarantined", "ignored"}] == [len(distinct), set()]
    assert {one.reason for one in Letter.objects.exclude(state="taken")} <= set(REASONS)
    assert Case.objects.filter(reference__in=Interaction.objects.values("subject")).count() == Case.objects.count()
    assert Letter.objects.filter(state="taken", interaction__subject=None).count() == 0
    assert letters_listed(cast.manager).count() == len(distinct)  # all of them are on the manager's page
    assert [one.pk for one in Letter.objects.all() if kept_bytes(one.key) not in distinct[one.identity]] == []
    assert [Interaction.objects.exclude(recorded_by=None).count(), Event.objects.exclude(by=None).count()] == [0, 0]
    assert {entry.actor for entry in Entry.objects.filter(at__gte=now)} <= {
        "link:mail",
        "system:huiyin",
        "system:clockwork",
    }
