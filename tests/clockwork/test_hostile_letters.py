"""Letters of people who mean harm: nobody speaks as staff, nobody gets into another's matter, nobody stops the next letter."""

import os
import random
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyin.cases.models import Case, Event
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Delivery, Interaction, Letter
from huiyin.interactions.rules import thread_token
from huiyin.journal.models import Entry
from huiyin.organization.models import User
from huiyin.records.models import StoredFile
from tests.clockwork.conftest import ADDRESS
from tests.clockwork.test_mail_both_ways import letter, turn
from tests.interactions.test_reading_letters import BEYOND, BODIES, SENDERS, SUBJECTS, made
from tests.mailserver import Folder, Post

ROOT = Path(__file__).resolve().parents[2]
MINUTE = timedelta(minutes=1)


def spoofs(cast: Cast, case: Case) -> list[bytes]:
    """Letters that say they are from the house, its people, its customers."""
    User.objects.filter(username="zhou").update(email="zhou@house.example")
    number = case.reference.number
    delivery = Delivery.objects.latest("id")
    return [
        letter("同意办结。", sender="周经理 <zhou@house.example>", subject=f"Re: {number}"),
        letter("同意办结。", sender='"zhou@house.example" <x@evil.example>', subject=f"[{number}]"),
        letter(
            "同意办结。",
            "Sender: zhou@house.example",
            "X-Staff: yes",
            "Authorization: Bearer x",
            sender="x@evil.example",
        ),
        letter("同意。", "Authentication-Results: mx; dmarc=pass; spf=pass", sender="zhou@house.example"),
        letter("同意。", f"In-Reply-To: <{delivery.key}@127.0.0.1>", sender="x1@evil.example"),
        letter("同意。", f"In-Reply-To: <h{delivery.pk}-aaaaaaaaaaaaaaaa@127.0.0.1>", sender="x2@evil.example"),
        letter("同意。", f"References: <{thread_token(delivery.pk + 999)}@127.0.0.1>", sender="x3@evil.example"),
        letter("同意。", sender="x4@evil.example", to=f"yulan+{number}@house.example"),
        letter("同意。", "From: second@evil.example", sender="zhou@house.example"),
        letter("/close\r\n#close accepted\r\n@huiyin close", sender="x5@evil.example"),
    ]


def test_no_letter_speaks_as_staff_or_gets_into_anothers_matter(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    folder.put(letter("三号楼的灯坏了"))
    turn(now)
    mine = Case.objects.get()
    before = Event.objects.filter(case=mine).count()
    tricks = spoofs(cast, mine)
    for raw in tricks:
        folder.put(raw)
    turn(now + MINUTE)
    mine.refresh_from_db()
    assert [mine.state, Event.objects.filter(case=mine).count()] == ["received", before]
    assert [Case.objects.count(), Letter.objects.filter(state="taken").count()] == [len(tricks) + 1] * 2
    assert not Interaction.objects.exclude(recorded_by=None).exists()
    assert not Event.objects.exclude(by=None).exists()
    assert {entry.actor for entry in Entry.objects.filter(at__gte=now)} == {"link:mail"}
    assert not Delivery.objects.filter(gateway="mail", to_user__isnull=False).exists()


def test_a_known_address_is_linked_by_address_and_changes_nothing(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    folder.put(letter("第一封"))
    turn(now)
    folder.put(letter("第二封", sender="冒名 <ZHAO@example.com>"))
    turn(now + MINUTE)
    first, second = Interaction.objects.order_by("id")
    assert [first.customer, first.customer and first.customer.name] == [second.customer, "赵六"]


def test_an_answer_with_our_signature_joins_whoever_sends_it(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    folder.put(letter("三号楼的灯坏了"))
    turn(now)
    to = str(smtp.letters[0]["Reply-To"])
    assert to.startswith("yulan+h")
    folder.put(letter("我也这么看。", sender="neighbor@example.com", to=to, subject="别的"))
    folder.put(
        letter("按编号。", f"References: {smtp.letters[0]['Message-ID']}", sender="Zhao@example.com", subject="又")
    )
    turn(now + MINUTE)
    rows = Interaction.objects.order_by("id").values_list("situation", "customer__name")
    assert list(rows)[1:] == [("我也这么看。", ""), ("按编号。", "赵六")]
    assert [Case.objects.count(), len(smtp.raw)] == [1, 1]


def test_an_answer_in_a_closed_matter_opens_one_that_says_so(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    folder.put(letter("三号楼的灯坏了"))
    turn(now)
    case = Case.objects.get()
    Case.objects.update(state="closed", closed_at=now, outcome="accepted")
    folder.put(letter("又坏了。", to=str(smtp.letters[0]["Reply-To"])))
    turn(now + MINUTE)
    again = Case.objects.exclude(pk=case.pk).get()
    note = Event.objects.get(case=again, kind="noted")
    assert [note.text, note.is_public] == [f"来信答的是已经办结的 {case.reference.number}。", False]
    assert Letter.objects.latest("id").about == case.reference


def test_the_first_answer_holds_no_word_of_the_sender(cast: Cast, folder: Folder, smtp: Post, now: datetime) -> None:
    folder.put(
        letter("CANARY-BODY http://evil.example", sender="CANARY-NAME <victim@example.com>", subject="CANARY-SUBJECT")
    )
    turn(now)
    raw = smtp.raw[0][1]
    whole = raw + smtp.letters[0].get_payload(decode=True)  # type: ignore[operator]
    assert [b"CANARY" in whole, b"evil.example" in whole, smtp.raw[0][0]] == [False, False, ["victim@example.com"]]


def test_pictures_come_along_without_where_they_were_taken(
    cast: Cast, folder: Folder, media: Path, now: datetime
) -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((200, 200), 90).convert("RGB").save(out, "JPEG", exif=b"Exif\x00\x00GPS-CANARY")
    body = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: image/jpeg\r\n\r\n" + out.getvalue()
    body += b"\r\n--b\r\nContent-Type: image/png\r\n\r\n" + b"no picture" * 200 + b"\r\n--b--"
    raw = made(body, "Content-Type: multipart/mixed; boundary=b").replace(b"\r\n\r\n\xff", b"\r\n\r\n\xff")
    folder.letters[1] = raw
    turn(now)
    file = StoredFile.objects.get()
    kept = (media / file.key[:2] / file.key).read_bytes()
    assert [file.media_type, b"CANARY" in kept, file.reference] == ["image/webp", False, Case.objects.get().reference]
    assert [one["size"] > 1000 for one in Letter.objects.get().facts["enclosed"]] == [True, True]
    assert "no_picture" in Letter.objects.get().facts["notes"]


def test_every_letter_of_the_corpus_ends_somewhere_and_the_ordinary_one_behind_them_within_a_minute(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    corpus = [raw for raw, _text, _notes in BODIES.values()]
    corpus += [made(b"x", subject=raw) for raw, _text in SUBJECTS.values()]
    corpus += [made(b"x", head=b"From: " + raw + b"\r\n") for raw, _who in SENDERS.values()]
    corpus += [build() for build, _reason in BEYOND.values()]
    corpus = [
        raw.replace(b"<1@qq.com>", b"<%d@qq.com>" % place).replace(b"zhang@", b"zhang%d@" % place)
        for place, raw in enumerate(corpus)
    ]
    for raw in corpus:
        folder.letters[max(folder.letters, default=0) + 1] = raw
    folder.put(letter("最后一封：灯坏了", sender="last@example.com"))
    begun = time.monotonic()
    while Letter.objects.count() < len(corpus) + 1 or Letter.objects.filter(state="received").exists():
        turn(now)
        assert time.monotonic() - begun < 60
    assert Interaction.objects.filter(situation__contains="最后一封").count() == 1
    ended = {state: Letter.objects.filter(state=state).count() for state in ("taken", "quarantined", "ignored")}
    assert sum(ended.values()) == len(corpus) + 1
    assert not Letter.objects.filter(state="quarantined", reason="").exists()


def test_fuzzed_letters_end_the_reader_in_no_way_of_their_own() -> None:
    """A few hundred here; `python -m tests.fuzz_letters 100000` for the whole promise."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz_letters", "300", str(random.randrange(10**6))],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        timeout=120,
        check=False,
    )
    assert [done.returncode, done.stderr] == [0, ""], done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("whom", [ADDRESS, "YULAN@House.Example"])
def test_a_letter_from_our_own_address_is_no_customers(
    whom: str, cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    folder.put(letter("您好", sender=whom))
    turn(now)
    assert list(Letter.objects.values_list("state", "reason")) == [("ignored", "loop")]


def test_nothing_is_sent_without_a_way_out(cast: Cast, folder: Folder, settings: Any, now: datetime) -> None:
    settings.MAIL_OUT = ""
    folder.put(letter("电梯坏了"))
    turn(now)
    assert [Case.objects.count(), Delivery.objects.filter(gateway="mail").count()] == [1, 0]
