"""The one state machine of cases, as data: what is legal from where, by which right, and what the buttons say."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.interactions.states import Channel, ContactKind

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class State(models.TextChoices):
    RECEIVED = "received", _("已受理")
    IN_PROGRESS = "in_progress", _("处理中")
    SOLVED = "solved", _("已给方案")
    ANSWERED = "answered", _("已答复")
    REFERRED = "referred", _("已转上级")
    WAITING = "waiting", _("等待中")
    DEFERRED = "deferred", _("暂缓")
    CLOSED = "closed", _("已办结")


OPEN_STATES = tuple(state for state in State if state != State.CLOSED)


class Outcome(models.TextChoices):
    """How a case ended."""

    ACCEPTED = "accepted", _("顾客认可")
    EXHAUSTED = "exhausted", _("已尽处理途径")
    REFERRED = "referred", _("转办已答复")
    MERGED = "merged", _("并入他项")
    ADOPTED = "adopted", _("已采纳")
    DECLINED = "declined", _("未采纳")
    PASSED_ON = "passed_on", _("已转达")
    IMPORTED = "imported", _("历史导入")


class FollowUpResult(models.TextChoices):
    SATISFIED = "satisfied", _("满意")
    DISSATISFIED = "dissatisfied", _("不满意")
    UNREACHED = "unreached", _("未联系上")


class Urgency(models.TextChoices):
    """What the first assessment comes to, gravest first. Not assessed counts as normal. Limits hang on it."""

    DANGER = "danger", _("危及安全")
    URGENT = "urgent", _("紧急")
    SERIOUS = "serious", _("严重")
    NORMAL = "normal", _("一般")


class Severity(models.IntegerChoices):
    SLIGHT = 1, _("1 轻微")
    NOTICEABLE = 2, _("2 有影响")
    SEVERE = 3, _("3 严重")
    GRAVE = 4, _("4 很严重")


class Affected(models.TextChoices):
    """Whom else it touches."""

    ONE = "one", _("只有本人")
    NEIGHBORS = "neighbors", _("左邻右舍")
    MANY = "many", _("整栋楼或更多人")


class Complexity(models.TextChoices):
    SIMPLE = "simple", _("一个人能办")
    SEVERAL = "several", _("要几个部门一起办")
    OUTSIDE = "outside", _("要外面的单位配合")


class Waiting(models.TextChoices):
    """For what a case may wait: a closed list."""

    CUSTOMER = "customer", _("等顾客")
    THIRD_PARTY = "third_party", _("等外单位")
    OWNERS_DECISION = "owners_decision", _("等业主决定")
    PARTS = "parts", _("等配件")
    WEATHER = "weather", _("等天气")


class EventKind(models.TextChoices):
    """Everything that can happen to a case. The timeline is the list of these."""

    TAKEN = "taken", _("受理")
    JOINED = "joined", _("补充")
    INFORMED = "informed", _("知会责任部门")
    HANDED_OFF = "handed_off", _("转交")
    ACCEPTED = "accepted", _("接办")
    DECLINED = "declined", _("退回")
    NOTED = "noted", _("内部备注")
    SOLVED = "solved", _("解决方案")
    ANSWERED = "answered", _("答复")
    FINISHED = "finished", _("完工")
    FOLLOWED_UP = "followed_up", _("回访")
    OBJECTED = "objected", _("顾客异议")
    REFERRED = "referred", _("上报转办")
    REOPENED = "reopened", _("重开")
    ESCALATED = "escalated", _("升级")
    CLOSED = "closed", _("办结")
    MEASURE = "measure", _("整改措施")
    MEASURE_DONE = "measure_done", _("整改完成")
    MEASURE_SEEN = "measure_seen", _("整改验证")
    ACKNOWLEDGED = "acknowledged", _("首次回应")
    UPDATED = "updated", _("告知进展")
    TRIAGED = "triaged", _("初步评估")
    CATEGORIZED = "categorized", _("归类")
    ARRIVED = "arrived", _("到场")
    PAUSED = "paused", _("暂停计时")
    RESUMED = "resumed", _("恢复计时")
    EXTENSION = "extension", _("申请延期")
    EXTENDED = "extended", _("同意延期")
    NOT_EXTENDED = "not_extended", _("不同意延期")
    NAMED = "named", _("指定答复人")
    VERDICT = "verdict", _("可行性结论")
    SCOPED = "scoped", _("职责范围认定")
    REFERRAL_IN = "referral_in", _("转办回复")
    MERGED = "merged", _("并入")
    GROUPED = "grouped", _("归为群诉")
    SEPARATED = "separated", _("移出群诉")
    SECOND_LOOK = "second_look", _("复核")
    TAKEN_OVER = "taken_over", _("接管")
    SENT_BACK = "sent_back", _("发回重办")
    COMMENTED = "commented", _("督办意见")
    WRITTEN = "written", _("我方去信")
    PRAISED = "praised", _("转达表扬")
    FLAGGED = "flagged", _("困难提示")
    NO_MEASURE = "no_measure", _("不需整改")


# What the clocks hear, and K01 and K02 count: only what a person says, and only what the customer sees.
WORDS = frozenset(
    {
        EventKind.ACKNOWLEDGED,
        EventKind.UPDATED,
        EventKind.ARRIVED,
        EventKind.SOLVED,
        EventKind.ANSWERED,
        EventKind.FINISHED,
        EventKind.PRAISED,
        EventKind.REFERRED,
        EventKind.PAUSED,
        EventKind.EXTENDED,
        EventKind.VERDICT,
        EventKind.SECOND_LOOK,
        EventKind.WRITTEN,
    }
)
SUBSTANCE = frozenset(
    {
        EventKind.ARRIVED,
        EventKind.SOLVED,
        EventKind.ANSWERED,
        EventKind.FINISHED,
        EventKind.PRAISED,
        EventKind.REFERRED,
        EventKind.VERDICT,
        EventKind.SECOND_LOOK,
        EventKind.WRITTEN,
    }
)
SOLUTIONS = frozenset({EventKind.SOLVED, EventKind.ANSWERED, EventKind.PRAISED, EventKind.REFERRED, EventKind.VERDICT})
LAST_WORDS = frozenset({EventKind.ANSWERED, EventKind.PRAISED})  # after which nobody waits for the next
# A person who takes a contact by these ways has said in the same breath that it came (a slip in the hand included).
FACE_TO_FACE = frozenset({"desk", "phone", "duty_room", "visit", "meeting", "interview"})
# What a follow-up calls the way it took, at the desk and on paper: a visit to ask is 上门, not the rounds of 走访.
ASKED_BY: "dict[str, StrPromise]" = {one.value: one.label for one in Channel} | {Channel.VISIT.value: _("上门")}


class Told(models.TextChoices):
    """How the customer was told."""

    PHONE = "phone", _("电话")
    DESK = "desk", _("当面")
    SLIP = "slip", _("纸质回执")
    MESSAGE = "message", _("进度页上的话")


# Somebody was told or took it (K04).
DISPATCHED = (EventKind.INFORMED, EventKind.HANDED_OFF, EventKind.ACCEPTED)
# Every kind that a figure of the dictionary reads.
FIGURED = (
    EventKind.TAKEN,
    *sorted(WORDS),
    *DISPATCHED,
    EventKind.CLOSED,
    EventKind.REOPENED,
    EventKind.ESCALATED,
    EventKind.TAKEN_OVER,
)


class Verdict(models.TextChoices):
    """What became of a suggestion."""

    ADOPTED = "adopted", _("采纳")
    DEFERRED = "deferred", _("暂缓")
    DECLINED = "declined", _("不采纳")


class Look(models.TextChoices):
    """What a second look comes to."""

    CHANGED = "changed", _("改变原答复，重新办理")
    UPHELD = "upheld", _("维持原答复")


class Allowed(models.TextChoices):
    """Whether law, rules and contract let a suggestion be done."""

    YES = "yes", _("允许")
    NEEDS_PERMIT = "needs_permit", _("要先取得许可或表决")
    NO = "no", _("不允许")


class MeasureKind(models.TextChoices):
    """Put this one right, or take away what lets it happen (GB/T 19001 10.2)."""

    CORRECTION = "correction", _("纠正")
    CORRECTIVE_ACTION = "corrective_action", _("纠正措施")


class MeasureState(models.TextChoices):
    """How far a measure is. One that did not work is open again, in its next round."""

    OPEN = "open", _("整改中")
    DONE = "done", _("做完待验证")
    EFFECTIVE = "effective", _("验证有效")
    WITHDRAWN = "withdrawn", _("已撤销")


@dataclass(frozen=True)
class MeasureStep:
    """One legal step of a measure: from which states, and what its button says. Who may: rules.corrective.check_step."""

    name: str
    sources: tuple[MeasureState, ...]
    label: "StrPromise"


MEASURE_STEPS: dict[str, MeasureStep] = {
    step.name: step
    for step in (
        MeasureStep("accept_measure", (MeasureState.OPEN,), _("接下")),
        MeasureStep("decline_measure", (MeasureState.OPEN,), _("退回")),
        MeasureStep("finish_measure", (MeasureState.OPEN,), _("登记做完")),
        MeasureStep("check_measure", (MeasureState.DONE,), _("验证效果")),
        MeasureStep("withdraw_measure", (MeasureState.OPEN, MeasureState.DONE), _("撤销")),
    )
}


@dataclass(frozen=True)
class Transition:
    """One legal act: from which states, to which (None = stays), which right it takes, what its button says.

    `kinds` = only for cases of these kinds; none = for every kind, but those in `not_for`, which have an act of their own.
    """

    name: str
    sources: tuple[State, ...]
    target: State | None
    right: str
    label: "StrPromise"
    kinds: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()

    def fits(self, kind: str) -> bool:
        """Whether the act is one of the ways of that kind."""
        return kind not in self.not_for and (not self.kinds or kind in self.kinds)


_WORK = (State.RECEIVED, State.IN_PROGRESS, State.SOLVED)
_UNSOLVED = (State.RECEIVED, State.IN_PROGRESS)
_STANDING = (*_WORK, State.WAITING, State.REFERRED)
_WEIGHED = (*_WORK, State.ANSWERED, State.DEFERRED)  # where a suggestion may be weighed and decided, also once more
_SUGGESTION = (ContactKind.SUGGESTION.value,)
_COMPLAINT = (ContactKind.COMPLAINT.value,)
_PRAISE = (ContactKind.COMPLIMENT.value,)
_THERE = (ContactKind.REPAIR_REQUEST.value, ContactKind.ASSISTANCE_REQUEST.value)  # somebody goes there
AT_HOME = frozenset(_THERE)  # done at the customer's home: repairs, and help as housekeeping is
# Kinds that may have something to be done, or to be found within our remit or outside of it.
_WORKED = tuple(
    kind.value
    for kind in (
        ContactKind.OPINION,
        ContactKind.COMPLAINT,
        ContactKind.ASSISTANCE_REQUEST,
        ContactKind.REPAIR_REQUEST,
    )
)

TRANSITIONS: tuple[Transition, ...] = (
    Transition("accept", _WORK, State.IN_PROGRESS, "cases.accept", _("接办")),
    Transition("decline", _WORK, None, "cases.accept", _("退回")),
    Transition("hand_off", _WORK, None, "cases.hand_off", _("转交")),
    Transition(
        "solve", (*_WORK, State.WAITING), State.SOLVED, "cases.solve", _("给方案"), not_for=(*_SUGGESTION, *_PRAISE)
    ),
    Transition(
        "answer", (*_WORK, State.WAITING, State.REFERRED), State.ANSWERED, "cases.answer", _("答复"), not_for=_PRAISE
    ),
    Transition("finish", (*_WORK, State.REFERRED, State.ANSWERED), None, "cases.solve", _("完工"), _WORKED),
    Transition("follow_up", (State.ANSWERED,), None, "cases.follow_up", _("回访")),
    Transition("close", (State.ANSWERED,), State.CLOSED, "cases.close", _("办结")),
    Transition("refer", (*_WORK, State.WAITING), State.REFERRED, "cases.refer", _("上报转办"), not_for=_PRAISE),
    Transition("reopen", (State.ANSWERED, State.CLOSED), State.IN_PROGRESS, "cases.reopen", _("重开")),
    Transition("acknowledge", _STANDING, None, "cases.tell", _("首次回应")),
    Transition("update", (*_STANDING, State.ANSWERED), None, "cases.tell", _("告知进展")),
    Transition("arrive", _STANDING, None, "cases.tell", _("到场"), _THERE),
    Transition("pause", (*_UNSOLVED, State.WAITING), State.WAITING, "cases.pause", _("暂停计时")),
    Transition("resume", (State.WAITING,), State.IN_PROGRESS, "cases.pause", _("恢复计时")),
    Transition("ask_extension", _UNSOLVED, None, "cases.solve", _("申请延期")),
    Transition("decide_extension", _UNSOLVED, None, "cases.extend", _("定延期")),
    Transition(
        "second_look",
        (*_STANDING, State.DEFERRED, State.ANSWERED),
        None,
        "cases.reopen",
        _("复核"),
    ),
    Transition(
        "thank",
        (*_WORK, State.REFERRED, State.ANSWERED),
        State.ANSWERED,
        "cases.answer",
        _("转达并致谢"),
        _PRAISE,
    ),
    Transition("write", tuple(State), None, "cases.answer", _("给顾客写信")),
    Transition("triage", _STANDING, None, "cases.triage", _("初步评估")),
    Transition("name", OPEN_STATES, None, "cases.name", _("指定答复人"), _SUGGESTION),
    Transition("weigh", _WEIGHED, None, "cases.solve", _("可行性分析"), _SUGGESTION),
    Transition("adopt", _WEIGHED, State.SOLVED, "cases.answer", _("采纳"), _SUGGESTION),
    Transition("defer", _WEIGHED, State.DEFERRED, "cases.answer", _("暂缓"), _SUGGESTION),
    Transition("turn_down", _WEIGHED, State.ANSWERED, "cases.answer", _("不采纳"), _SUGGESTION),
    Transition("realize", (*_WORK, State.ANSWERED), State.ANSWERED, "cases.answer", _("已经办到"), _SUGGESTION),
    Transition("chase", OPEN_STATES, None, "cases.refer", _("催问")),
    Transition("hear_back", OPEN_STATES, None, "cases.refer", _("记下回复")),
    Transition("group", _WORK, None, "cases.group", _("归为群诉")),
    Transition("separate", OPEN_STATES, None, "cases.group", _("移出群诉")),
    Transition("merge", _WORK, State.CLOSED, "cases.group", _("并入他项")),
    Transition("categorize", tuple(State), None, "cases.note", _("归类")),
    Transition("note", OPEN_STATES, None, "cases.note", _("备注")),
    Transition("scope", OPEN_STATES, None, "cases.triage", _("认定职责范围"), _WORKED),
    Transition("countersign", tuple(State), None, "cases.countersign", _("复签职责范围"), _WORKED),
    Transition("spare", tuple(State), None, "cases.solve", _("不需整改"), _COMPLAINT),
    Transition("agree_spare", tuple(State), None, "cases.countersign", _("复签不需整改"), _COMPLAINT),
    Transition("flag", OPEN_STATES, None, "cases.note", _("困难提示")),
    Transition("unflag", OPEN_STATES, None, "cases.note", _("撤下困难提示")),
)
# What the quality department may do to any case (S4.3.a); one who is accountable at the site has the acts above.
OVERSIGHT: tuple[Transition, ...] = (
    Transition("comment", OPEN_STATES, None, "cases.oversee", _("督办意见")),
    Transition(
        "send_back", (*_WORK, State.REFERRED, State.ANSWERED, State.CLOSED), None, "cases.oversee", _("发回重办")
    ),
    Transition("take_over", (*_WORK, State.REFERRED), State.IN_PROGRESS, "cases.oversee", _("接管")),
)
OVERSEEN = {transition.name: transition for transition in OVERSIGHT}
BY_NAME = {transition.name: transition for transition in TRANSITIONS}
