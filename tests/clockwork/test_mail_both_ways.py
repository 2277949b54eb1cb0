"""A letter becomes a matter, the answer goes back as a letter, and an answer to that joins the matter. Over real sockets."""

from datetime import datetime, timedelta

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.clockwork import actions
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Delivery, Interaction, Letter
from tests.clockwork.conftest import ADDRESS
from tests.mailserver import Folder, Post

MINUTE = timedelta(minutes=1)


def letter(
    text: str, *more: str, subject: str = "电梯坏了", sender: str = "赵六 <zhao@example.com>", to: str = ADDRESS
) -> bytes:
    number = abs(hash((text, subject, sender, *more)))
    head = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Message-ID: <{number}@example.com>"]
    return "\r\n".join([*head, "Content-Type: text/plain; charset=utf-8", *more, "", text, ""]).encode()


def turn(now: datetime) -> None:
    actions.fetch_letters(now=now)
    actions.sort_letters(now=now, seconds=600)
    actions.deliver(now=now)


def test_a_letter_becomes_a_matter_and_its_answer_goes_back(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    folder.put(letter("三号楼电梯又坏了，请修一下。"))
    turn(now)
    case = Case.objects.get()
    said = Interaction.objects.get()
    assert [case.kind, said.channel, said.situation] == ["opinion", "email", "电梯坏了\n\n三号楼电梯又坏了，请修一下。"]
    assert [said.customer and said.customer.name, said.customer and said.customer.is_verified] == ["赵六", False]
    assert folder.seen == {1}

    first = smtp.letters[0]
    assert [first["To"], first["Auto-Submitted"], first["In-Reply-To"]] == [
        "zhao@example.com",
        "auto-replied",
        Letter.objects.get().message_id,
    ]
    body = first.get_payload(decode=True).decode()
    assert ["电梯" in body, "/t/" in body, case.reference.number in str(first["Subject"])] == [False, True, True]

    cases.accept(case, by=cast.engineer, now=now + MINUTE)
    cases.answer(case, text="门机控制板已更换，电梯恢复运行。", by=cast.engineer, now=now + 2 * MINUTE)
    turn(now + 3 * MINUTE)
    answer = smtp.letters[1]
    assert [answer["To"], answer["Auto-Submitted"], answer["In-Reply-To"]] == [
        "zhao@example.com",
        None,
        Letter.objects.get().message_id,
    ]
    assert "门机控制板已更换" in answer.get_payload(decode=True).decode()
    assert [one.values for one in Delivery.objects.filter(gateway="mail").order_by("id")][1] == {}

    folder.put(
        letter(
            "还是会抖。\r\n\r\n在 2026年11月23日，回音 <x@house.example> 写道：\r\n> 恢复运行",
            to=str(answer["Reply-To"]),
        )
    )
    turn(now + 4 * MINUTE)
    assert [one.situation for one in Interaction.objects.order_by("id")][1:] == ["还是会抖。"]
    assert Case.objects.count() == 1
    assert len(smtp.letters) == 2
