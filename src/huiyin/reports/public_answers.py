"""公开反馈: from closed cases to a public answer. One prepares, a check names what could give somebody away, another decides.

S1.4.3.a: whoever raised something hears what became of it; who can not be answered reads it on the page or the board.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from huiyin.approvals import actions as approvals
from huiyin.approvals.rules import Asked
from huiyin.approvals.states import Verdict
from huiyin.cases.actions.answering import SAID
from huiyin.cases.actions.feedback import FEEDBACK, can_hear, owe_feedback
from huiyin.cases.models import Case, Event
from huiyin.cases.states import State
from huiyin.duties import actions as duties
from huiyin.duties.models import Duty
from huiyin.duties.queries import OPEN
from huiyin.duties.rules import Done
from huiyin.handbook.queries import rulebook
from huiyin.interactions.queries import contacts_about
from huiyin.journal import actions as journal
from huiyin.kit import chinese
from huiyin.kit.disclosure import About, find_telling
from huiyin.kit.privacy import Finding
from huiyin.notices import actions as notices
from huiyin.notices.actions import Posting
from huiyin.notices.models import Notice
from huiyin.notices.rules import Block
from huiyin.organization.models import Site
from huiyin.organization.rules import Actor
from huiyin.references import actions as references
from huiyin.references.actions import Wanted
from huiyin.references.queries import sight
from huiyin.references.states import Kind
from huiyin.reports.actions import set_state
from huiyin.reports.forms.board_sheet import LET_STAND, NAMES_NOBODY, BoardSheet
from huiyin.reports.models import PublicAnswer
from huiyin.reports.rules import NothingClosed, NothingSaid, OpenAgain, check_telling, legal
from huiyin.reports.states import ANSWER_TRANSITIONS, AnswerState

LONGEST_TITLE = 60

# ---- reads


def visible_to(actor: Actor) -> QuerySet[PublicAnswer]:
    seen = PublicAnswer.objects.filter(sight(actor, "reference__"))
    return seen.select_related("reference", "site__company", "prepared_by", "notice__reference")


def by_number(number: str, actor: Actor) -> PublicAnswer | None:
    return visible_to(actor).filter(reference__number=number).first()


def unanswered(site: Site, actor: Actor) -> QuerySet[Duty]:
    """Closed cases with neither an answer that somebody can read nor a public one, the oldest first: their open duties."""
    owed = Duty.objects.filter(OPEN, sight(actor, "reference__"), site=site, kind=FEEDBACK)
    return owed.select_related("reference__case", "owner").order_by("due_at", "id")


def answers_of(case: Case, actor: Actor) -> list[PublicAnswer]:
    """What was prepared or published of a case, as far as the actor may see it, the newest first. One query."""
    return list(visible_to(actor).filter(cases=case).order_by("-prepared_at", "-id"))


def about(cases: Sequence[Case]) -> About:
    """Who must not be found in a text about these cases, and what they said, then or later. Three queries.

    The duplicates that went into them count as well: whoever raised one of them is answered with these words too.
    """
    chosen = [case.pk for case in cases]
    every = Case.objects.filter(Q(pk__in=chosen) | Q(merged_into__in=chosen))
    every = every.select_related("reference", "customer", "room__building")
    contacts = list(contacts_about(*(case.reference for case in every)))
    people = [*(case.customer for case in every), *(contact.customer for contact in contacts)]
    rooms = [*(case.room for case in every), *(contact.room for contact in contacts)]
    names = {person.name for person in people if person and len(person.name) > 1}
    said = [text for contact in contacts for text in (contact.situation, contact.remedy_sought)]
    said += Event.objects.filter(case__in=every, kind__in=SAID).values_list("text", flat=True)
    return About(sorted(names), sorted({str(room) for room in rooms if room}), [text for text in said if text])


def findings_of(answer: PublicAnswer) -> list[Finding]:
    """What could give somebody away: shown to whoever prepares it and to whoever decides."""
    return _telling(answer, about(list(answer.cases.all())))


def _telling(answer: PublicAnswer, known: About) -> list[Finding]:
    return [one for text in (answer.title, answer.raised, answer.done) for one in find_telling(text, known)]


def blocks_of(answer: PublicAnswer) -> list[Block]:
    """The public form, in the first language: what was raised, what was done, that they may keep watching (S1.4.3.b)."""
    with translation.override(settings.LANGUAGE_CODE):
        heads = (gettext("反映了什么"), gettext("怎样处理的"))
        watch = gettext("欢迎继续关注和监督：对结果有不同意见，随时告诉我们。")
    blocks: list[Block] = []
    for head, text in zip(heads, (answer.raised, answer.done), strict=True):
        blocks += [Block("heading", head), *(Block("paragraph", line) for line in text.splitlines() if line.strip())]
    return [*blocks, Block("paragraph", watch)]


# ---- acts


@transaction.atomic
def prepare(
    site: Site, cases: Sequence[Case], *, title: str, raised: str, done: str, by: Actor, now: datetime
) -> PublicAnswer:
    """Begin a public answer about closed cases of a site. Nothing is public yet, whatever the check finds."""
    by.check("reports.draft", site)
    closed = [case for case in cases if case.state == State.CLOSED and case.site_id == site.pk]
    if not closed or len(closed) != len(cases) or by.user_id is None:
        raise NothingClosed
    words = _words(title, raised, done)
    clusters = {case.building.cluster_id if case.building else None for case in closed}
    building = closed[0].building if len(clusters) == 1 else None  # a supervisor sees what is about the own cluster
    gravest = max(one.reference.sensitivity for one in closed)
    wanted = Wanted(Kind.FEEDBACK, _subject(site, closed, now), building, sensitivity=gravest)
    reference = references.issue(site, wanted, now=now)[0]
    answer = PublicAnswer.objects.create(
        reference=reference, site=site, prepared_at=now, prepared_by_id=by.user_id, **words
    )
    answer.cases.add(*closed)
    facts = {"cases": sorted(case.reference.number for case in closed)}
    journal.record("reports.answer_prepared", by=by, now=now, reference=reference.number, facts=facts, fields=words)
    return answer


def _subject(site: Site, cases: Sequence[Case], now: datetime) -> str:
    """公开反馈 · 电梯: nothing that anybody typed."""
    names = rulebook(site, timezone.localdate(now))
    with translation.override(settings.LANGUAGE_CODE):
        subjects = dict.fromkeys(names.category_name(case.category) for case in cases if case.category)
        return " · ".join([str(Kind.FEEDBACK.label), *list(subjects)[:3]])


def _words(title: str, raised: str, done: str) -> dict[str, str]:
    words = {
        "title": chinese.clean(title)[:LONGEST_TITLE],
        "raised": chinese.clean(raised),
        "done": chinese.clean(done),
    }
    for field, text in words.items():
        if chinese.is_blank(text):
            raise NothingSaid(field)
    return words


@transaction.atomic
def reword(answer: PublicAnswer, *, title: str, raised: str, done: str, by: Actor, now: datetime) -> PublicAnswer:
    """Put other words into a draft, or into one that came back."""
    _target, right = legal(ANSWER_TRANSITIONS, "submit", answer.state)
    by.check(right, answer.site)
    words = _words(title, raised, done)
    set_state(answer, answer.state, words | {"prepared_by_id": by.user_id})
    journal.record("reports.answer_worded", by=by, now=now, reference=answer.reference.number, fields=words)
    return answer


@transaction.atomic
def submit(answer: PublicAnswer, *, by: Actor, now: datetime, words: Mapping[str, str] | None = None) -> PublicAnswer:
    """Ask a second person to look at it and at what the check finds; with other `words` if some are given."""
    if words is not None:
        reword(answer, **words, by=by, now=now)
    target, right = legal(ANSWER_TRANSITIONS, "submit", answer.state)
    by.check(right, answer.site)
    _check_closed(answer)
    version = answer.version + (answer.state == AnswerState.RETURNED)
    set_state(answer, target, {"version": version})
    steps = rulebook(answer.site, timezone.localdate(now)).chain(FEEDBACK)
    chain, author = [Asked(step.act, step.role) for step in steps], answer.prepared_by_id
    approvals.ask(answer.reference, chain, version=version, by=by, now=now, author=author)
    return answer


def _check_closed(answer: PublicAnswer) -> None:
    """What was done is told of closed cases alone; one may have been taken up again since it was chosen."""
    again = answer.cases.exclude(state=State.CLOSED).order_by("reference__number")
    if numbers := list(again.values_list("reference__number", flat=True)):
        raise OpenAgain("、".join(numbers))


@transaction.atomic
def send_back(answer: PublicAnswer, *, comment: str, by: Actor, now: datetime) -> PublicAnswer:
    """Return it with the reason: what has to be said otherwise."""
    target, right = legal(ANSWER_TRANSITIONS, "send_back", answer.state)
    by.check(right, answer.site)
    author = answer.prepared_by_id
    approvals.decide(answer.reference, Verdict.RETURNED, by=by, now=now, comment=comment, author=author)
    set_state(answer, target, {})
    return answer


@transaction.atomic
def publish(answer: PublicAnswer, *, by: Actor, now: datetime, despite: str = "") -> PublicAnswer:
    """Agree and make it public: never by whoever prepared it. It is the answer to every case in it that had none.

    Refuses while the check finds something, unless `despite` says why that may stand; names of customers and numbers of
    identity cards never may.
    """
    target, right = legal(ANSWER_TRANSITIONS, "publish", answer.state)
    by.check(right, answer.site)
    _check_closed(answer)
    known, despite = about(list(answer.cases.all())), chinese.clean(despite)
    found = _telling(answer, known)
    check_telling(found, despite)
    author = answer.prepared_by_id
    whole = approvals.decide(answer.reference, Verdict.AGREED, by=by, now=now, comment=despite, author=author)
    if whole == Verdict.OPEN:
        return answer
    days = rulebook(answer.site, timezone.localdate(now)).display_days(FEEDBACK)
    kept = despite if found else ""
    posting = Posting("disclosure", answer.title, blocks_of(answer), days, known.names, known.rooms, kept)
    notice = notices.post(answer.site, posting, about=answer.reference, by=by, now=now)
    set_state(answer, target, {"notice_id": notice.pk})
    for case in answer.cases.select_related("reference"):
        done = Done((FEEDBACK,), now, step="", note=notice.reference.number)
        duties.discharge(answer.site, done, reference=case.reference, by=by, now=now, only_about=True)
    facts = {"notice": notice.reference.number, "found": [one.kind for one in found]}
    fields = {"despite": kept} if kept else {}
    journal.record(
        "reports.answer_published", by=by, now=now, reference=answer.reference.number, facts=facts, fields=fields
    )
    return answer


@transaction.atomic
def withdraw(answer: PublicAnswer, *, why: str, by: Actor, now: datetime) -> PublicAnswer:
    """Take it off the page; it stays on record with the reason. Cases it was the only answer to are owed one anew."""
    target, right = legal(ANSWER_TRANSITIONS, "withdraw", answer.state)
    by.check(right, answer.site)
    if answer.notice is not None:
        notices.withdraw(answer.notice, why=why, by=by, now=now)
    set_state(answer, target, {})
    others = Q(public_answers__state=AnswerState.PUBLISHED)
    for case in answer.cases.select_related("reference", "site").exclude(others).filter(state=State.CLOSED):
        if not can_hear(case):
            owe_feedback(case, by=by, now=now, period=answer.reference.number)
    return answer


def board_sheet(answer: PublicAnswer, notice: Notice, address: str) -> BoardSheet:
    """The published answer as a sheet for the notice board; `address` is the notice's public page."""
    return BoardSheet(
        company=answer.site.company.name,
        site=answer.site.name,
        number=notice.reference.number,
        title=answer.title,
        raised=answer.raised,
        done=answer.done,
        published_on=notice.from_on.isoformat(),
        until_on=notice.until_on.isoformat() if notice.until_on else "",
        phone=answer.site.phone,
        qr_url=address,
        assurance=LET_STAND if notice.gate else NAMES_NOBODY,
    )
