"""Forms of the desk: they check shape; the actions check truth."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from huiyin.cases.states import FollowUpResult, Outcome
from huiyin.customers.states import CustomerRole
from huiyin.engineering.rules import COOLING, HEATING
from huiyin.engineering.states import PartKind
from huiyin.interactions.rules import LONGEST_TEXT
from huiyin.interactions.states import Channel, ContactKind
from huiyin.ui.forms import FilesField

AT_THE_DESK = (
    "phone",
    "desk",
    "duty_room",
    "comment_book",
    "wechat_group",
    "visit",
    "hotline_12345",
    "letter",
    "email",
)


def words(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_TEXT,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class LogInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("用户名或密码不对。请再试一次，注意大小写。"),
        "inactive": _("用户名或密码不对。请再试一次，注意大小写。"),
    }


class ContactForm(forms.Form):
    """One screen of the duty log."""

    q = forms.CharField(label=_("谁"), required=False, max_length=80, help_text=_("电话、房号、姓名或拼音"))
    customer = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    name = forms.CharField(label=_("姓名"), required=False, max_length=80)
    phone = forms.CharField(
        label=_("电话"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    channel = forms.ChoiceField(label=_("怎么来的"), choices=[(code, Channel(code).label) for code in AT_THE_DESK])
    kind = forms.ChoiceField(
        label=_("什么事"), choices=ContactKind.choices, widget=forms.RadioSelect, initial="opinion"
    )
    category = forms.ChoiceField(label=_("归哪一类"), required=False)
    place = forms.CharField(label=_("在哪里"), required=False, max_length=120, help_text=_("房号或公共地方"))
    situation = words(_("情况说明（顾客原话）"), rows=4)
    remedy_sought = words(_("希望与建议"), rows=2, required=False)
    answered_at_once = words(
        _("当场答复"), rows=2, required=False, help_text=_("当场答完了就写在这里：只留记录，不另立事项。")
    )
    occurred_at = forms.DateTimeField(
        label=_("什么时候"),
        required=False,
        help_text=_("补记时填；现在就不用填"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    joins = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    key = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("先不归类")), *categories]  # type: ignore[attr-defined]

    def clean_occurred_at(self) -> datetime | None:
        found: datetime | None = self.cleaned_data["occurred_at"]
        if found is not None and not 2000 <= found.year <= 2100:
            raise forms.ValidationError(_("请写 2000 年以后的时间。"))
        return found


class SolveForm(forms.Form):
    plan = words(_("解决方案"), help_text=_("顾客会看到：做什么、谁来做、哪天做完。"))


class AnswerForm(forms.Form):
    text = words(_("答复"), help_text=_("顾客会看到：逐条回答，写上日期和联系人。"))


class NoteForm(forms.Form):
    text = words(_("内部备注"), rows=2, help_text=_("顾客看不到。"))


class MeasureForm(forms.Form):
    text = words(_("整改措施"), rows=2, help_text=_("以后怎样不再发生；会进入当月汇总。"))


class DeclineForm(forms.Form):
    why = words(_("退回原因"), rows=2)


class ReopenForm(forms.Form):
    why = words(_("重开原因"), rows=2)


class ReferForm(forms.Form):
    to = forms.CharField(label=_("报给哪个部门"), max_length=120)
    why = words(_("说明"), rows=2, help_text=_("顾客会看到转给了谁、为什么。"))


class HandOffForm(forms.Form):
    to = forms.TypedChoiceField(label=_("转给谁"), coerce=int)
    why = words(_("交代几句"), rows=2, required=False)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = people  # type: ignore[attr-defined]


class FollowUpForm(forms.Form):
    result = forms.ChoiceField(label=_("结果"), choices=FollowUpResult.choices, widget=forms.RadioSelect)
    channel = forms.ChoiceField(
        label=_("方式"), choices=[(code, Channel(code).label) for code in ("phone", "visit", "desk", "email")]
    )
    words = words(_("顾客怎么说"), rows=2, required=False)
    waiver = forms.CharField(
        label=_("处理人自己回访的原因"), required=False, max_length=200, help_text=_("一般由处理人以外的人回访。")
    )


class CloseForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("结果"), choices=[(code, Outcome(code).label) for code in ("accepted", "exhausted", "referred")]
    )
    words = words(_("说明"), rows=2, required=False)


class DigestForm(forms.Form):
    summary = words(_("说明"), rows=4, required=False, help_text=_("不写姓名、电话、房号：公布前会检查。"))
    measures = words(_("整改措施"), rows=4, required=False)


class VerdictForm(forms.Form):
    comment = words(_("意见"), rows=2, required=False, help_text=_("退回时必须写明原因。"))


class WayOutForm(forms.Form):
    """How a finding of the check-up is dealt with, and why."""

    way = forms.ChoiceField(label=_("怎么办"), widget=forms.RadioSelect)
    reason = words(_("为什么"), rows=2)

    def __init__(self, *args: Any, ways: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = list(ways)  # type: ignore[attr-defined]


class DecisionForm(WayOutForm):
    """The same, and whom it holds for: asked of those alone who may decide for all."""

    holds = forms.ChoiceField(label=_("管到哪里"), widget=forms.RadioSelect, initial="site")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["holds"].choices = places  # type: ignore[attr-defined]
        if len(places) == 1:
            self.fields["holds"].widget = forms.HiddenInput()
            self.fields["holds"].initial = places[0][0]


def a_day(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class TermForm(forms.Form):
    """One semester; the days may be changed later by writing it again."""

    period = forms.ChoiceField(label=_("学期"))
    first_on = a_day(_("第一天"))
    last_on = a_day(_("最后一天"))

    def __init__(self, *args: Any, periods: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = list(periods)  # type: ignore[attr-defined]


class CircumstanceForm(forms.Form):
    """Whether there is an owners' committee, with the evidence in words."""

    holds = forms.TypedChoiceField(
        label=_("有没有业主委员会"),
        choices=[("yes", _("有")), ("no", _("没有"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    reason = words(_("依据"), rows=2, help_text=_("例如：街道没有备案；某年某月某日选举成立。"))
    since_on = a_day(_("从哪天起"), required=False, help_text=_("不填就是今天"))
    recheck_on = a_day(_("哪天再看"), required=False, help_text=_("没有业主委员会时，不填就是半年以后"))


class YearForm(forms.Form):
    """A published year, typed or copied from the notice."""

    year = forms.CharField(label=_("年份"), max_length=8, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    source = forms.CharField(label=_("来源"), max_length=200, help_text=_("通知的名称或文号"))
    days_off = words(_("放假的日子"), rows=4, help_text=_("放假期间的周末也写上，例如：10月1日至7日"))
    make_up = words(_("调休上班的日子"), rows=2, required=False, help_text=_("例如：9月20日、10月10日"))


class YearFileForm(forms.Form):
    file = forms.FileField(label=_("文件"), help_text=_(".toml、.json 或 .csv"), max_length=120)


class DrawForm(forms.Form):
    """What an auditor draws: a clause or one by lot, a number of the auditor's own, how many."""

    clause = forms.ChoiceField(label=_("抽哪一条"), required=False)
    number = forms.CharField(
        label=_("您的数字"),
        max_length=60,
        help_text=_("自己想、掷骰子或用报纸上的数字都可以，最多 40 位"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    count = forms.IntegerField(label=_("抽几件"), min_value=1, max_value=50, initial=5)

    def __init__(self, *args: Any, clauses: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [("", _("由数字抽一条")), *clauses.items()]  # type: ignore[attr-defined]


class PackForm(forms.Form):
    year = forms.TypedChoiceField(label=_("年份"), coerce=int)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(one, str(one)) for one in years]  # type: ignore[attr-defined]


class ProjectForm(forms.Form):
    """Who builds for whom, and the seasons of the town."""

    contractor = forms.CharField(label=_("施工单位"), max_length=120)
    client = forms.CharField(label=_("建设单位（顾客）"), max_length=120)
    heating_season = forms.CharField(
        label=_("采暖期"), max_length=11, initial=HEATING, help_text=_("当地的，写成“月-日/月-日”")
    )
    cooling_season = forms.CharField(label=_("供冷期"), max_length=11, initial=COOLING)


class MilestonesForm(forms.Form):
    """The four days of a project, as far as they are known."""

    bidding_from = a_day(_("招标开始"), required=False)
    construction_from = a_day(_("开工"), required=False)
    completed_on = a_day(_("竣工验收合格"), required=False, help_text=_("保修从这一天起算"))
    handed_over_on = a_day(_("交付"), required=False)


class PartForm(forms.Form):
    """A part under warranty; what is left empty is the law's."""

    kind = forms.ChoiceField(label=_("类别"), choices=PartKind.choices)
    name = forms.CharField(label=_("部位"), max_length=80)
    starts_on = a_day(_("从哪天起"), required=False, help_text=_("不填就是竣工验收合格那天"))
    amount = forms.IntegerField(
        label=_("几年（供热、供冷：几个季）"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("不填就是法定最低"),
    )


class MandateForm(forms.Form):
    """Whom a customer speaks for."""

    role = forms.ChoiceField(label=_("代表"), choices=CustomerRole.choices)
    from_on = a_day(_("从哪天起"), required=False, help_text=_("不填就是今天"))


class RevealForm(forms.Form):
    reason = forms.CharField(label=_("为什么要看"), max_length=200)


class AdoptForm(forms.Form):
    """A handbook's text, typed or as a file, and from when it holds for whom."""

    text = forms.CharField(
        label=_("制度全文（TOML）"),
        strip=False,
        max_length=400_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
    )
    file = forms.FileField(label=_("或选一个文件"), required=False, help_text=_("选了文件就用文件里的内容。"))
    effective_on = forms.DateField(
        label=_("从哪天起执行"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    scope = forms.ChoiceField(
        label=_("哪里执行"),
        choices=[("site", _("只在本站点")), ("company", _("全公司适用的站点"))],
        initial="site",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_effective_on(self) -> date:
        chosen: date = self.cleaned_data["effective_on"]
        if not self.today <= chosen <= self.today + timedelta(days=732):
            raise forms.ValidationError(_("从今天起两年之内选一天。"))
        return chosen

    def clean(self) -> dict[str, Any]:
        """A chosen file takes the place of the typed text."""
        given: dict[str, Any] = super().clean() or {}
        chosen = given.get("file")
        if chosen is not None:
            try:
                given["text"] = chosen.read(400_001).decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("不是 UTF-8 文字"))
        given["text"] = given.get("text", "").replace("\r\n", "\n")
        return given


class ActForm(forms.Form):
    """What was done for a duty, when, and what shows it."""

    what = forms.CharField(label=_("办了什么"), max_length=120, help_text=_("一句话，写事不写人。"))
    happened_on = forms.DateField(
        label=_("哪天办的"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = words(_("经过和结果"), rows=4, required=False)
    papers = FilesField(
        "image/*,application/pdf",
        label=_("凭据"),
        required=False,
        help_text=_("照片或 PDF，最多 5 个。没有凭据也能登记，但会标明只有口头登记。"),
    )
    also = forms.TypedMultipleChoiceField(
        label=_("同一件事还履行了"), coerce=str, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["also"].choices = others  # type: ignore[attr-defined]
        if not others:
            del self.fields["also"]


class HappenedForm(ActForm):
    """What happened that no duty asked for by name, but that sets off duties of its own."""

    occasion = forms.ChoiceField(label=_("发生了什么"))
    field_order = ("occasion", "what", "happened_on", "note", "papers")

    def __init__(self, *args: Any, occasions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, others=[], **kwargs)
        self.fields["occasion"].choices = occasions  # type: ignore[attr-defined]
        self.fields["what"].label = _("怎么称呼这一次")


class WaiveForm(forms.Form):
    reason = words(_("为什么不适用"), rows=2)
    recheck_on = forms.DateField(
        label=_("哪天再看"),
        required=False,
        help_text=_("不填就是半年以后。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class FreeForm(forms.Form):
    """For acts that need no words."""
