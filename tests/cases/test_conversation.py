"""The two-way conversation: whoever holds the link may say more, we may write, and every message tells how to answer."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case, Event
from huiyin.cases.papers import letter_slip
from huiyin.cases.rules import NothingWritten, NotToJoin
from huiyin.demo.cast import Cast
from huiyin.interactions.actions import deliver_due
from huiyin.interactions.gateways.mail import composed
from huiyin.interactions.gateways.memory import Memory
from huiyin.interactions.models import Delivery, Interaction, OwnLetter
from huiyin.interactions.queries import last_contacts, letters_to, own_letter, receipt_token, worded
from huiyin.interactions.rules import WrongContact
from huiyin.journal.models import Entry
from huiyin.organization.rules import SYSTEM, Actor, NotAllowed
from huiyin.references.queries import search
from tests.acts import close, contact, fresh, take
from tests.records.printed import text_of

HOUR = timedelta(hours=1)
WORDS = "还有一句：\n夜里最响。"


def holder(case: Case) -> Actor:
    return Actor(kind="link", id=case.reference.number)


@pytest.mark.clause("S5.1")
def test_saying_more_joins_the_case_word_for_word_and_tells_the_accountable(cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    taken = cases.say_more(case, words=WORDS, customer=case.customer, by=holder(case), now=now + HOUR)
    said = Interaction.objects.get(reference=taken.contact)
    assert [said.situation, said.channel, said.customer, said.subject] == [WORDS, "web", case.customer, case.reference]
    event = Event.objects.get(case=case, kind="joined")
    assert [event.is_public, event.values["contact"], event.text] == [True, taken.contact.number, ""]
    told = Delivery.objects.get(template="cases/messages/said_more")
    assert [told.to_user, worded(told)[0]] == [case.accountable, f"顾客给 {case.reference.number} 回话了"]
    assert Entry.objects.filter(verb="cases.joined", reference=case.reference.number).count() == 1


@pytest.mark.clause("S5.1")
def test_the_holder_of_the_link_may_speak_after_the_end_and_nothing_is_reopened(cast: Cast, now: datetime) -> None:
    case = close(take(cast, now), cast, now)
    cases.say_more(case, words="谢谢你们。", customer=case.customer, by=holder(case), now=now + timedelta(days=9))
    assert fresh(case).state == "closed"
    assert Interaction.objects.filter(subject=case.reference).count() == 2
    with pytest.raises(NotToJoin):
        cases.take(contact(cast), by=cast.clerk, now=now + timedelta(days=9), joins=fresh(case))
    other = Actor(kind="link", id="SX26-999999")
    with pytest.raises(NotToJoin):
        cases.say_more(fresh(case), words="x", customer=None, by=other, now=now + timedelta(days=9))


@pytest.mark.clause("S5.1")
def test_we_write_about_a_matter_at_any_time(cast: Cast, now: datetime) -> None:
    case = close(take(cast, now), cast, now)
    event = cases.write(case, text="下周一换新门机，给您添麻烦了。", by=cast.clerk, now=now + timedelta(days=9))
    assert [event.kind, event.is_public, fresh(case).state] == ["written", True, "closed"]
    assert Delivery.objects.filter(template="cases/messages/written", to_customer=case.customer).count() == 1
    with pytest.raises(NothingWritten):
        cases.write(fresh(case), text=" ", by=cast.clerk, now=now + timedelta(days=9))
    with pytest.raises(NotAllowed):
        cases.write(fresh(case), text="x", by=cast.stranger, now=now + timedelta(days=9))


@pytest.mark.clause("S5.1")
def test_we_begin_and_the_answer_opens_one_matter(cast: Cast, now: datetime) -> None:
    letter = cases.write_to(cast.resident, words="您家阀门老化，想约个时间换。", by=cast.clerk, now=now)
    assert [Case.objects.count(), Interaction.objects.count()] == [0, 0]
    assert letters_to(cast.resident, cast.clerk) == [letter]
    assert [one.number for one in search("阀门老化", cast.clerk)] == [letter.reference.number]
    assert Entry.objects.filter(verb="letters.written", reference=letter.reference.number).count() == 1

    taken = cases.answer_letter(letter, words="周六上午可以。", now=now + HOUR)
    assert taken.case is not None
    assert [taken.case.customer, taken.case.summary] == [cast.resident, "周六上午可以。"]
    again = own_letter(letter.reference)
    assert again is not None
    assert again.answered_by == taken.case.reference
    cases.answer_letter(again, words="改周日吧。", now=now + 2 * HOUR)
    assert Case.objects.count() == 1
    assert [one.situation for one in last_contacts(cast.resident, cast.clerk)] == ["改周日吧。", "周六上午可以。"]


def test_a_letter_needs_words_a_person_and_the_right(cast: Cast, now: datetime) -> None:
    for words, by, refusal in (
        (" ", cast.clerk, NothingWritten),
        ("x" * 10_001, cast.clerk, WrongContact),
        ("x", SYSTEM, WrongContact),
        ("x", cast.stranger, NotAllowed),
    ):
        with pytest.raises(refusal):
            cases.write_to(cast.resident, words=words, by=by, now=now)
    assert OwnLetter.objects.count() == 0


@pytest.mark.clause("S5.1")
def test_a_letter_on_paper_carries_link_telephone_and_number(cast: Cast, now: datetime) -> None:
    letter = own_letter(cases.write_to(cast.resident, words="想约个时间。", by=cast.clerk, now=now).reference)
    assert letter is not None
    text = text_of(letter_slip(letter))
    phone = re.sub(r"\s", "", letter.written_by.phone or letter.site.phone)
    missing = [
        part
        for part in ("想约个时间。", letter.reference.number, phone, f"/t/{receipt_token(letter.reference)}")
        if part not in text
    ]
    assert missing == []


SOURCE = "".join(path.read_text() for path in Path(cases.__file__).parent.rglob("*.py"))
# Told by `tell_customer`, by a message of its own, or by a letter of ours.
EVENTS = {*re.findall(r'tell_customer\(\s*\w+, "(\w+)"', SOURCE), "taken", "begun", "written"}
TO_CUSTOMERS = sorted(f"cases/messages/{event}" for event in EVENTS)


@pytest.mark.parametrize("template", TO_CUSTOMERS)
@pytest.mark.clause("S5.1", "S1.4.3.b")
def test_every_message_to_a_customer_tells_how_to_answer_and_object(template: str, cast: Cast, now: datetime) -> None:
    case = take(cast, now)
    delivery = Delivery.objects.create(
        key=f"x.{template}",
        reference=case.reference,
        gateway="mail",
        to_customer=case.customer,
        template=template,
        values={"due": "2026-11-30"},
        next_at=now,
        created_at=now,
    )
    text = str(composed(delivery, "a@example.com", *worded(delivery)).get_content())
    case.site.refresh_from_db()
    told = (f"/t/{receipt_token(case.reference)}", case.reference.number, case.site.phone, "不同意")
    assert [part for part in told if part not in text] == []


def test_the_messages_looked_at_are_those_that_are_sent() -> None:
    assert {"answered", "solved", "referred", "taken", "begun", "written"} <= EVENTS


def test_the_first_letter_leaves_by_mail_with_its_words(cast: Cast, now: datetime, post: Memory) -> None:
    case = take(cast, now, email="zhao@example.com")
    assert case.customer is not None
    cases.write_to(case.customer, words="想约个时间。", by=cast.clerk, now=now)
    deliver_due(now=now)
    assert [body.startswith("想约个时间。") for _key, subject, body in post.sent if "给您写信" in subject] == [True]
