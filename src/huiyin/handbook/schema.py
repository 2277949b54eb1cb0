"""The language of a handbook: what a TOML file may say, and nothing else. docs/handbooks.md explains it by example."""

from datetime import date
from typing import Annotated

import msgspec
from django.utils.translation import get_language

from huiyin.handbook.states import (
    Act,
    Audience,
    CaseKind,
    Channel,
    Counting,
    CustomerRole,
    DutyKind,
    DutyStep,
    EvidenceKind,
    Frequency,
    LimitName,
    Means,
    Need,
    Occasion,
    Per,
    Phase,
    Place,
    QuotaBase,
    QuotaName,
    RetainedFrom,
    Roll,
    SiteKind,
    Urgency,
)

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Prose = Annotated[str, msgspec.Meta(max_length=4000)]
Slug = Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_-]{0,39}$")]
ClauseId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.\-]{0,19}$")]
Days = Annotated[int, msgspec.Meta(ge=0, le=3660)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=24 * 366)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=24 * 60)]


def in_language(zh: str, en: str) -> str:
    """The words of the active language."""
    return en if (get_language() or "").startswith("en") else zh


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of every table in the file: an unknown key is refused."""


class Words(Part, frozen=True):
    """The same words in both languages."""

    zh: Text
    en: Text

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


class Clause(Part, frozen=True):
    """One clause under the source's number, in our own short words.

    `by` names what in the product answers it. `ours` says which value the source leaves open and we fill in, `vague` the
    source's own word that nobody can measure. `printed` is the number on paper where it differs from the id. A company
    may lay its full `text` beside, kept as it is, with a corrected `reading`. `tags` are free, ISO clauses say.
    """

    id: ClauseId
    zh: Text
    en: Text
    by: Annotated[tuple[Means, ...], msgspec.Meta(min_length=1)]
    ours: Words | None = None
    role: str = ""
    vague: Annotated[str, msgspec.Meta(max_length=20)] = ""
    printed: Annotated[str, msgspec.Meta(max_length=20)] = ""
    site_kinds: tuple[SiteKind, ...] = ()
    text: Prose = ""
    reading: Prose = ""
    tags: tuple[str, ...] = ()

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


class Role(Part, frozen=True):
    """Somebody the file speaks of. `post` is the post of the organization that fills the role; empty = not settled yet.

    `customer` is the role of a customer instead: the committee's chair, the client. `ours` marks a post that the source
    does not name: we read it so.
    """

    id: Slug
    zh: Text
    en: Text
    post: str = ""
    customer: CustomerRole | None = None
    ours: bool = False

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


class Limit(Part, frozen=True):
    """Time allowed for one thing: `days` (calendar or working; 0 = the same day), `hours` or `minutes`.

    No `kinds` = every kind. With `urgency` it holds only for cases that the first assessment put there, beside the
    general limit: the shorter leads. `roll` moves the last calendar day off a named day off. With a `clause` the duty is
    that clause's; `ours` = the time is ours.
    """

    name: LimitName
    kinds: tuple[CaseKind, ...] = ()
    urgency: tuple[Urgency, ...] = ()
    days: Days | None = None
    hours: Hours | None = None
    minutes: Minutes | None = None
    counting: Counting = "calendar"
    roll: Roll = "following"
    clause: str = ""
    ours: bool = False


class When(Part, frozen=True):
    """A day of a period or after it: exactly one of the first six.

    `day` and `nth_working_day` count in a month: `month` 1 = the month after the period's last one, 0 = that last month
    itself, -11 = the first month of a year. `days_after` and `working_days_after` count from the period's end (or from
    the occasion), `day_of_period` from its start with that day as 1, `days_before_end` back from its last day.
    A fixed date rolls only if told to; `no_later_than` is a day of the same month that a working day may not pass.
    """

    day: Annotated[int, msgspec.Meta(ge=1, le=31)] | None = None
    nth_working_day: Annotated[int, msgspec.Meta(ge=1, le=20)] | None = None
    days_after: Annotated[int, msgspec.Meta(ge=0, le=366)] | None = None
    working_days_after: Annotated[int, msgspec.Meta(ge=1, le=60)] | None = None
    day_of_period: Annotated[int, msgspec.Meta(ge=1, le=366)] | None = None
    days_before_end: Annotated[int, msgspec.Meta(ge=0, le=366)] | None = None
    month: Annotated[int, msgspec.Meta(ge=-11, le=12)] = 1
    inclusive: bool = True
    roll: Roll = "none"
    no_later_than: Annotated[int, msgspec.Meta(ge=1, le=31)] | None = None


class Step(Part, frozen=True):
    """One step of a recurring duty. Each clause it names makes one dated row; a step without clauses only helps.

    It can be done from `opens` on; not said = from the first day of the period.
    `after` names the act of the chain that must come first, `to` the role that receives it; `ours` = the day is ours.
    """

    step: DutyStep
    clauses: tuple[str, ...] = ()
    owner: str = ""
    opens: When | None = None
    due: When | None = None
    after: Act | None = None
    to: str = ""
    evidence: tuple[EvidenceKind, ...] = ()
    ours: bool = False


class Recurring(Part, frozen=True):
    """A duty that comes back with every period, or with every occasion (`every = "occasion"`, `on` says which).

    It is owed once `per` site, cluster or part under warranty; only in these `phases` of a project; only where what it
    `needs` is there. `quota` names how many make it done, `at_most` after how many a further one is worth a warning.
    No `site_kinds` = those of the file.
    """

    kind: DutyKind
    every: Frequency
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    site_kinds: tuple[SiteKind, ...] = ()
    per: Per = "site"
    phases: tuple[Phase, ...] = ()
    needs: Need | None = None
    on: Occasion | None = None
    quota: QuotaName | None = None
    at_most: Annotated[int, msgspec.Meta(ge=1, le=366)] | None = None


class Quota(Part, frozen=True):
    """How many of what: `share` percent `of` a base, a fraction rounded up, `least` at least where the base has any."""

    name: QuotaName
    share: Annotated[int, msgspec.Meta(ge=1, le=100)]
    of: QuotaBase
    least: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    clause: str = ""
    ours: bool = False


class ChainStep(Part, frozen=True):
    act: Act
    role: str


class Chain(Part, frozen=True):
    """Who writes, reads, reviews, approves and ratifies one kind of paper, in this order."""

    kind: DutyKind
    steps: Annotated[tuple[ChainStep, ...], msgspec.Meta(min_length=1)]
    clause: str = ""
    ours: bool = False


class Publication(Part, frozen=True):
    """What is made public: for whom, where, how many days, and whether identities are removed first."""

    kind: DutyKind
    audience: Audience
    places: tuple[Place, ...] = ("site_page",)
    days: Annotated[int, msgspec.Meta(ge=1, le=3660)] | None = None
    deidentified: bool = True
    clause: str = ""
    ours: bool = False


class Form(Part, frozen=True):
    """A controlled form. `title` is as printed, in Chinese, `en` explains it. An empty `number` = none assigned yet.

    `listed` = the procedure's own list of records names it.
    """

    code: Slug
    title: Text
    en: Text
    number: str = ""
    version: str = ""
    effective_on: date | None = None
    listed: bool = True
    clause: str = ""
    ours: bool = False


class Way(Part, frozen=True):
    """A channel the procedure opens, and what it promises, if anything: a first answer within so many hours or days."""

    channel: Channel
    days: Days | None = None
    hours: Hours | None = None
    counting: Counting = "calendar"
    clause: str = ""
    ours: bool = False


class Category(Part, frozen=True):
    """A subject of cases."""

    code: Slug
    zh: Text
    en: Text
    clause: str = ""

    def __str__(self) -> str:
        return in_language(self.zh, self.en)


class Keywords(Part, frozen=True):
    """What people say when they mean a subject, whichever handbook has it: a proposal starts from it until there are decisions."""

    category: Slug
    words: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]


class Grouping(Part, frozen=True):
    """When many voices may be one matter: `households` or `people` in so many `days`, or `alert_reports` of one building in
    `alert_days`. `likeness` is how much of their words two reports share, in percent."""

    households: Annotated[int, msgspec.Meta(ge=2, le=100)]
    people: Annotated[int, msgspec.Meta(ge=2, le=100)]
    days: Annotated[int, msgspec.Meta(ge=1, le=60)]
    alert_reports: Annotated[int, msgspec.Meta(ge=2, le=100)]
    alert_days: Annotated[int, msgspec.Meta(ge=1, le=60)]
    likeness: Annotated[int, msgspec.Meta(ge=1, le=100)]
    clause: str = ""
    ours: bool = False


class Rung(Part, frozen=True):
    """One rung of the ladder of reminders: at `percent` of the time allowed these roles are told, beside the owner."""

    percent: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    roles: tuple[str, ...] = ()


class Retention(Part, frozen=True):
    """How many years a class of records is kept, and from when."""

    record: Slug
    years: Annotated[int, msgspec.Meta(ge=1, le=100)]
    counted_from: RetainedFrom
    clause: str = ""
    ours: bool = False


class Handbook(Part, frozen=True):
    """One procedure, or the product's own defaults."""

    id: Slug
    title: Words
    edition: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    effective_on: date
    site_kinds: Annotated[tuple[SiteKind, ...], msgspec.Meta(min_length=1)]
    roles: tuple[Role, ...] = ()
    clauses: tuple[Clause, ...] = ()
    limits: tuple[Limit, ...] = ()
    recurring: tuple[Recurring, ...] = ()
    chains: tuple[Chain, ...] = ()
    publications: tuple[Publication, ...] = ()
    forms: tuple[Form, ...] = ()
    quotas: tuple[Quota, ...] = ()
    channels: tuple[Way, ...] = ()
    categories: tuple[Category, ...] = ()
    keywords: tuple[Keywords, ...] = ()
    grouping: Grouping | None = None
    rungs: tuple[Rung, ...] = ()
    retention: tuple[Retention, ...] = ()

    def clause(self, number: str) -> Clause | None:
        """A clause by its number, or None."""
        return next((one for one in self.clauses if one.id == number), None)

    def post_of(self, role: str) -> str:
        """The post or customer role that fills a role of this file; the role's own id where none is settled."""
        return next((one.post or one.customer or one.id for one in self.roles if one.id == role), role)
