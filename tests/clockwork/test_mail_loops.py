"""We never take part in a mail loop: machines that answer everything, a forwarder back to us, twenty-four simulated hours."""

from datetime import datetime, timedelta

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.clockwork import actions
from huiyin.demo.cast import Cast
from huiyin.interactions.models import Delivery, Letter
from huiyin.interactions.rules import AUTOMATIC_A_DAY, thread_token
from tests.clockwork.conftest import ADDRESS
from tests.clockwork.test_mail_both_ways import letter, turn
from tests.mailserver import Folder, Post, header

POLITE, RUDE, AROUND = "polite@away.example", "rude@away.example", "around@forward.example"


def the_others(folder: Folder, sent: list[tuple[str, datetime]], clock: list[datetime]) -> "object":
    """Three addresses that write back whenever we write: one says it is a machine, one hides it, one forwards to us."""
    count = iter(range(10_000))

    def takes(mail_from: str, rcpt_tos: list[str], content: bytes) -> None:
        for to in rcpt_tos:
            sent.append((to, clock[0]))
            back = header(content, "Reply-To") or mail_from
            number = header(content, "Message-ID")
            if to == POLITE:
                more = ("Auto-Submitted: auto-replied", f"In-Reply-To: {number}")
                folder.put(letter(f"我休假 {next(count)}", *more, sender=POLITE, to=back, subject="自动回复: 您好"))
            elif to == RUDE:
                folder.put(letter(f"已收到您的来信 {next(count)}", f"X-Serial: {next(count)}", sender=RUDE, to=ADDRESS))
            elif to == AROUND:
                folder.put(b"Received: from forward.example\r\nX-Forwarded-To: " + ADDRESS.encode() + b"\r\n" + content)

    return takes


def test_a_day_with_two_machines_and_a_forwarder(cast: Cast, folder: Folder, smtp: Post, now: datetime) -> None:
    sent: list[tuple[str, datetime]] = []
    clock = [now]
    smtp.takes = the_others(folder, sent, clock)  # type: ignore[assignment]
    for sender in (POLITE, RUDE, AROUND):
        folder.put(letter("电梯坏了", sender=sender))
    for quarter in range(96):
        clock[0] = now + timedelta(minutes=15 * quarter)
        folder.put(
            letter(f"第 {quarter} 次报告", sender=RUDE)
        )  # a machine that hides what it is, and writes by itself too
        turn(clock[0])
        turn(clock[0] + timedelta(seconds=1))
    per = {to: [at for one, at in sent if one == to] for to in (POLITE, RUDE, AROUND)}
    assert [len(per[POLITE]), len(per[AROUND]), len(per[RUDE])] == [1, 1, AUTOMATIC_A_DAY]
    assert all(later - earlier >= timedelta(hours=1) for earlier, later in zip(per[RUDE], per[RUDE][1:], strict=False))
    assert {(one["Auto-Submitted"], bool(one["X-Huiyin-Loop"])) for one in smtp.letters} == {("auto-replied", True)}
    ignored = Letter.objects.filter(state="ignored").order_by("reason").values_list("reason", flat=True)
    assert list(ignored) == ["auto_submitted", "loop"]
    assert Delivery.objects.filter(problem="one_too_many", state="no_way").count() == Case.objects.count() - 5


def test_automatic_letters_open_nothing_and_get_no_answer(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    signs = [
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "List-Unsubscribe: <mailto:x@y.example>",
        "Return-Path: <>",
        "X-Loop: x",
    ]
    for sign in signs:
        folder.put(letter("您好", sign, sender=f"a{len(sign)}@b.cn"))
    folder.put(letter("您好", sender=f"自己 <{ADDRESS}>"))
    turn(now)
    assert [Letter.objects.filter(state="ignored").count(), Case.objects.count(), smtp.raw] == [7, 0, []]


def test_a_machine_gets_no_answer_even_when_a_person_takes_its_letter_in(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    folder.put(letter("电表读数异常", "Auto-Submitted: auto-generated", sender="meter@example.com"))
    turn(now)
    cases.take_letter(Letter.objects.get(), site=cast.site, kind="repair_request", words="电表", by=cast.clerk, now=now)
    turn(now + timedelta(minutes=1))
    held = Delivery.objects.get(gateway="mail")
    assert [held.state, held.problem, smtp.raw] == ["no_way", "to_a_machine", []]


def test_a_bounce_puts_our_mail_among_those_that_did_not_arrive(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    folder.put(letter("电梯坏了"))
    turn(now)
    mail = Delivery.objects.get(gateway="mail")
    folder.put(
        letter(
            "没有这个用户",
            "Return-Path: <>",
            f"References: {smtp.letters[0]['Message-ID']}",
            sender="mailer-daemon@x.cn",
        )
    )
    turn(now + timedelta(minutes=1))
    mail.refresh_from_db()
    letter_of_it = Letter.objects.latest("id")
    assert [mail.state, mail.problem, letter_of_it.reason, letter_of_it.about] == [
        "dead",
        "bounced",
        "bounce",
        mail.reference,
    ]


def test_a_bounce_that_guesses_changes_nothing(cast: Cast, folder: Folder, smtp: Post, now: datetime) -> None:
    folder.put(letter("电梯坏了"))
    turn(now)
    mail = Delivery.objects.get(gateway="mail")
    guess = thread_token(mail.pk + 1).partition("-")[2]
    folder.put(
        letter("没有", "Return-Path: <>", f"References: <h{mail.pk}-{guess}@127.0.0.1>", sender="mailer-daemon@x.cn")
    )
    turn(now + timedelta(minutes=1))
    mail.refresh_from_db()
    assert [mail.state, Letter.objects.latest("id").about] == ["sent", None]


def test_more_letters_an_hour_than_a_person_writes_wait_for_a_person(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    for number in range(33):
        folder.put(letter(f"第 {number} 封"))
    turn(now)
    assert [Case.objects.count(), Letter.objects.filter(reason="flood").count(), len(smtp.raw)] == [30, 3, 1]


def test_an_address_nobody_takes_ends_among_the_dead_at_once(
    cast: Cast, folder: Folder, smtp: Post, now: datetime
) -> None:
    smtp.refusals = {"zhao@example.com": "550 no such user", "later@example.com": "451 try later"}
    folder.put(letter("电梯坏了"))
    folder.put(letter("灯坏了", sender="later@example.com"))
    turn(now)
    states = Delivery.objects.filter(gateway="mail").order_by("id").values_list("state", "problem")
    assert list(states) == [("dead", "SMTPRecipientsRefused"), ("waiting", "SMTPRecipientsRefused")]
    smtp.refusals = {}
    actions.deliver(now=now + timedelta(minutes=2))
    assert [one["To"] for one in smtp.letters] == ["later@example.com"]
