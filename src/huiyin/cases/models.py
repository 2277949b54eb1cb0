"""Tables of cases: the case, its log of events, its follow-ups."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huiyin.cases.states import (
    Allowed,
    EventKind,
    FollowUpResult,
    MeasureKind,
    MeasureState,
    Outcome,
    Severity,
    State,
    Urgency,
    Verdict,
)
from huiyin.customers.models import Customer
from huiyin.interactions.states import ContactKind
from huiyin.organization.models import Building, Department, Room, Site, User
from huiyin.references.models import Reference

OPEN = Q(closed_at__isnull=True)


class Case(models.Model):
    """One matter of one or more contacts, with exactly one accountable person at every moment."""

    reference = models.OneToOneField(Reference, on_delete=models.PROTECT, related_name="case")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="cases", db_index=False)
    kind = models.CharField(max_length=20, choices=ContactKind.choices)
    category = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    version = models.PositiveIntegerField(default=1, help_text="raised by every change of state: compare-and-set")
    summary = models.CharField(max_length=200, help_text="the first words of the first contact, for staff lists")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", db_index=False
    )
    first_contact_owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    accountable = models.ForeignKey(User, on_delete=models.PROTECT, related_name="accountable_cases")
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    handed_to = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offered_cases",
        help_text="asked, not yet accepted",
    )
    urgency = models.CharField(
        max_length=8, choices=Urgency.choices, blank=True, help_text="of the newest assessment; empty = not assessed"
    )
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, null=True, blank=True)
    received_at = models.DateTimeField()
    first_due_at = models.DateTimeField(
        null=True, blank=True, help_text="the first date for a solution; the verdict on it is frozen"
    )
    solution_due_at = models.DateTimeField(null=True, blank=True, help_text="the date of the round that runs")
    first_solved_at = models.DateTimeField(null=True, blank=True, help_text="frozen too: reopening changes neither")
    solved_at = models.DateTimeField(null=True, blank=True, help_text="first solution given in the round that runs")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="newest answer")
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    referred_to = models.CharField(max_length=120, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        db_index=False,
        help_text="群诉: the case that leads the group; its solution and answer are this one's too",
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,
        help_text="the case that this duplicate went into; never one that went into another itself",
    )
    is_history = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="case_kind_known"),
            models.CheckConstraint(
                condition=(~Q(state=State.CLOSED) & Q(closed_at__isnull=True))
                | (Q(state=State.CLOSED, closed_at__isnull=False) & ~Q(outcome="")),
                name="case_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.MERGED) & Q(merged_into__isnull=False))
                | (~Q(outcome=Outcome.MERGED) & Q(merged_into__isnull=True)),
                name="case_merged_somewhere",
            ),
        ]
        indexes: ClassVar = [
            # Open is said as "not closed yet": SQLite uses a partial index only where no value has to be filled in.
            models.Index(fields=["site", "-received_at", "-id"], condition=OPEN, name="case_open_by_site"),
            models.Index(fields=["site", "-received_at", "-id"], name="case_by_site"),
            models.Index(fields=["site", "received_at", "category", "state"], name="case_month_report"),
            models.Index(fields=["accountable", "solution_due_at"], condition=OPEN, name="case_mine"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="case_in_group"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="case_merged"),
            # What the figures of a period start from (domain 2.4): due, answered, closed in it; the same place again.
            models.Index(fields=["site", "first_due_at"], name="case_due"),
            models.Index(fields=["site", "answered_at"], condition=Q(answered_at__isnull=False), name="case_answered"),
            models.Index(fields=["site", "closed_at"], condition=Q(closed_at__isnull=False), name="case_closed"),
            models.Index(fields=["building", "category", "received_at"], name="case_again"),
            models.Index(fields=["site", "received_at"], condition=Q(is_history=True), name="case_history"),
        ]

    def __str__(self) -> str:
        return f"case {self.reference_id}"


class Event(models.Model):
    """One thing that happened to a case. Never changed; a correction is another event."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    signature = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    is_public = models.BooleanField(default=False, help_text="the customer sees it on the tracking page")

    class Meta:
        ordering: ClassVar = ["case", "at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["at"], condition=Q(kind=EventKind.CLOSED), name="event_closings"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class Suggestion(models.Model):
    """What was weighed and decided about a suggestion. The newest stands here; all of it stands on the timeline."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="suggestion")
    named = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="whom the manager let answer"
    )
    costs = models.TextField(blank=True, help_text="the analysis: what it costs")
    brings = models.TextField(blank=True, help_text="what it brings")
    allowed = models.CharField(max_length=12, choices=Allowed.choices, blank=True)
    hurdles = models.TextField(blank=True, help_text="what law, rules or contract ask for")
    would_own = models.CharField(max_length=120, blank=True, help_text="who would do it")
    weighed_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    reason = models.TextField(blank=True, help_text="as the proposer was told")
    decided_at = models.DateTimeField(null=True, blank=True, help_text="newest verdict")
    first_decided_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="adopted_suggestions", db_index=False
    )
    due_on = models.DateField(null=True, blank=True, help_text="adopted: until when")
    review_on = models.DateField(null=True, blank=True, help_text="deferred: when somebody looks again")
    realized_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.case_id} {self.verdict}"


class Referral(models.Model):
    """A matter that went to somebody above us: to whom, what we asked, until when we expect the answer, what it was."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    to = models.CharField(max_length=120)
    asked = models.TextField(help_text="what we asked them for")
    made_at = models.DateTimeField()
    expected_on = models.DateField(help_text="until when we expect the answer; each chase sets it anew")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=120, blank=True, help_text="who of them answered")
    answer = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["case", "made_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(answered_at__isnull=True), name="referral_open_once")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.to}"


class CorrectiveMeasure(models.Model):
    """整改: what is done about a case so that it is put right, or does not happen again; by whom, until when, and whether it worked.

    It outlives the case: that may be closed while the measure runs. One that did not work goes into its next round.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="corrective_measures")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=MeasureKind.choices)
    text = models.TextField(help_text="what is done")
    cause = models.TextField(
        blank=True, help_text="what in the work let it happen; none = a correction of this one case"
    )
    state = models.CharField(max_length=10, choices=MeasureState.choices, default=MeasureState.OPEN)
    version = models.PositiveIntegerField(default=1, help_text="raised by every change: compare-and-set")
    round = models.PositiveSmallIntegerField(default=1, help_text="2 and more: what was done before did not work")
    ordered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ordered_at = models.DateTimeField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="corrective_measures")
    offered_to = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="asked, not yet accepted; until then the owner answers for it",
    )
    first_due_on = models.DateField(help_text="the first day; the verdict on the time rests on it")
    due_on = models.DateField(help_text="the day of the round that runs")
    first_done_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, help_text="in the round that runs")
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    result = models.TextField(blank=True, help_text="what was done in fact")
    check_on = models.DateField(
        null=True, blank=True, help_text="the first day on which one can tell whether it worked"
    )
    checked_at = models.DateTimeField(null=True, blank=True, help_text="newest verdict on the effect")
    checked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    verdict = models.TextField(blank=True, help_text="how one could tell whether it worked; why it was withdrawn")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MeasureState.values), name="measure_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=[MeasureState.DONE, MeasureState.EFFECTIVE]) | Q(done_at__isnull=False),
                name="measure_done_sometime",
            ),
            models.CheckConstraint(
                condition=(Q(kind=MeasureKind.CORRECTION) & Q(cause=""))
                | (Q(kind=MeasureKind.CORRECTIVE_ACTION) & ~Q(cause="")),
                name="measure_against_its_cause",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "state", "due_on"], name="measure_by_due")]

    def __str__(self) -> str:
        return f"measure {self.pk} {self.state}"

    @property
    def scope(self) -> str:
        """The mark of its duties in the ledger, among those of the case."""
        return f"measure:{self.pk}"


class FollowUp(models.Model):
    """回访: somebody other than the handler asks whether it helped."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=16)
    result = models.CharField(max_length=12, choices=FollowUpResult.choices)
    score = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="1 (worst) to 5, where the customer gave one"
    )
    words = models.TextField(blank=True)
    waiver = models.CharField(
        max_length=200, blank=True, help_text="why the handler himself followed up on a small site"
    )

    class Meta:
        ordering: ClassVar = ["case", "at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(1, 5)), name="follow_up_score_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="follow_up_at")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.result}"


class Explanation(models.Model):
    """Why a contact or a case still has no outcome, as somebody wrote it down. Never changed; a newer one stands before it."""

    reference = models.ForeignKey(Reference, on_delete=models.PROTECT, related_name="explanations")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reference_id} {self.at:%Y-%m-%d}"
