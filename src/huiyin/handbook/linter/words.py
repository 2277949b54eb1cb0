"""What the linter says: for each code a title, the message, what follows, and the ways out. Titles and ways name no values."""

from typing import Literal, NamedTuple, get_args

from django.utils.translation import gettext_noop as N_

Severity = Literal["impossible", "conflict", "undefined", "duplicate", "vague", "omission", "notice"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # worst first
SEVERE: dict[str, str] = {
    "impossible": N_("做不到"),
    "conflict": N_("互相矛盾"),
    "undefined": N_("没有写明"),
    "duplicate": N_("重复"),
    "vague": N_("没法衡量"),
    "omission": N_("漏写"),
    "notice": N_("留意"),
}


class Said(NamedTuple):
    severity: Severity
    title: str
    message: str
    consequence: str
    ways: tuple[tuple[str, str], ...]


PHRASES = {
    "week": N_("每周"),
    "month": N_("每月"),
    "quarter": N_("每季度"),
    "half": N_("每半年"),
    "semester": N_("每学期"),
    "year": N_("每年"),
    "occasion": N_("每次"),
    "asks": N_("%(clause)s：%(what)s"),
    "day": N_("%(n)s 日"),
    "nth_working_day": N_("第 %(n)s 个工作日"),
    "days_after": N_("期末之后第 %(n)s 天"),
    "working_days_after": N_("期末之后第 %(n)s 个工作日"),
    "day_of_period": N_("期初第 %(n)s 天"),
    "days_before_end": N_("期末之前 %(n)s 天"),
    "form": N_("《%(title)s》"),
    "no_value": N_("还没有定"),
    "precedent": N_("（%(years)s 年的放假安排还没有公布，这里列的是已公布的年份）"),
    "share": N_("%(clause)s：%(n)s%%"),
    "round": N_("%(due)s 交出、%(public)s 公布"),
    "of_years": N_("%(month)s 月（%(years)s 年）"),
}

_AMEND = ("amend", N_("修订制度"))

SAID = {
    "submission_not_before_publication": Said(
        "impossible",
        N_("还没交出就该公布"),
        N_("交出（%(submit)s）的最后一天不早于公布（%(publish)s）的最后一天：%(days)s%(basis)s"),
        N_("等到最后一天才交，审核和批准没有时间，公布一定会迟。"),
        (
            ("earlier", N_("遇到这样的月份，提前到公布前三个工作日交出；到期日仍按原文")),
            ("same_day", N_("遇到这样的月份，交出、审核、批准和公布安排在同一天，专人值班")),
            ("amend", N_("修订制度，改交出日或公布日")),
        ),
    ),
    "no_time_before_publication": Said(
        "notice",
        N_("交出以后没有工作日可供审批"),
        N_("交出（%(submit)s）的最后一天到公布（%(publish)s）的最后一天，中间没有工作日：%(days)s%(basis)s"),
        N_("最后一天才交的话，审核和批准只能在休息日做。"),
        (
            ("earlier", N_("遇到这样的月份，提前到公布前三个工作日交出；到期日仍按原文")),
            ("rest_day", N_("休息日请审批人值班")),
            ("amend", N_("修订制度，改交出日或公布日")),
        ),
    ),
    "no_working_day_before": Said(
        "notice",
        N_("到期以前一个工作日也没有"),
        N_("期限是当月 %(day)s 日，从 1 日到这一天没有一个工作日：%(months)s%(basis)s"),
        N_("固定日期不顺延：只能在放假期间做完，否则就是迟。"),
        (
            ("on_duty", N_("1 日自动起草，放假期间由值班人员核对和审批")),
            ("first_working_day", N_("改到第一个工作日，先取得对方书面同意，再修订制度")),
        ),
    ),
    "role_without_post": Said(
        "impossible",
        N_("角色没有对应的岗位"),
        N_("“%(role)s”要做事，但没有写明由哪个岗位担任"),
        N_("到期时没有人收到提醒，也没有人能办。"),
        (("amend", N_("在本公司的版本里写明岗位")),),
    ),
    "step_without_owner": Said(
        "impossible",
        N_("步骤没有写明由谁做"),
        N_("%(clause)s 的步骤有到期日，没有写明由谁做"),
        N_("到期时没有人收到提醒。"),
        (("amend", N_("在本公司的版本里写明由谁做")),),
    ),
    "conflicting_frequency": Said(
        "conflict",
        N_("同一件事，要求的次数不同"),
        N_("同一件事，要求的次数不同：%(asked)s"),
        N_("两本都采用时，每一条各自到期；较密的一次做了，同一份证据也满足较疏的一条。"),
        (
            ("strictest", N_("按最密的做，一份证据同时算数")),
            ("separately", N_("各做各的，分别留证据")),
            ("amend", N_("修订其中一本")),
        ),
    ),
    "different_days": Said(
        "conflict",
        N_("同一步骤，最后一天不同"),
        N_("同一步骤，最后一天不同：%(asked)s"),
        N_("按较早的一天做完，两条都算做到；按较晚的做，较早的一条就迟了。"),
        (("earliest", N_("按较早的一天做")), ("amend", N_("修订其中一本"))),
    ),
    "different_reviewers": Said(
        "conflict",
        N_("同一件文书，审的人不同"),
        N_("同一件文书，审的人不同：%(asked)s"),
        N_("两本都采用时，几方都看过才算齐。"),
        (("all", N_("几方都看，同时进行")), ("amend", N_("只留一方，修订另一本"))),
    ),
    "approval_in_one_only": Said(
        "conflict",
        N_("一本要批准，另一本没有要求"),
        N_("%(with_it)s 要求批准，%(without)s 没有写"),
        N_("两本都采用时，批准照样要做，后面的步骤要等它。"),
        (("approve", N_("每次都经批准")), ("amend", N_("修订其中一本"))),
    ),
    "published_in_one_only": Said(
        "notice",
        N_("一本要公布，另一本没有要求"),
        N_("%(with_it)s 要求公布，%(without)s 没有写"),
        N_("两本都采用时照样公布，公布以前隐去个人信息；内部报送另外到期。"),
        (("publish", N_("公布，并且照样内部报送")), ("amend", N_("只内部报送，修订要求公布的一本"))),
    ),
    "each_and_sample": Said(
        "conflict",
        N_("一本要每单回访，另一本只要抽样"),
        N_("%(each)s 要求每单回访，%(sample)s 只要求抽样"),
        N_("每单都回访时，抽样要由别人另做，否则等于自己检查自己。"),
        (("both", N_("每单都回访，抽样由别人做，分开计数")), ("amend", N_("修订其中一本"))),
    ),
    "two_yearly_surveys": Said(
        "conflict",
        N_("两本都要求每年一次的调查"),
        N_("%(first)s 和 %(second)s 都要求每年一次的调查，时段不同"),
        N_("分开做，同一批顾客两个月里要答两次，答的人会变少。"),
        (("one_wave", N_("在两个时段都包含的月份做一次，两条都算")), ("two_waves", N_("分开做两次"))),
    ),
    "same_post_approves": Said(
        "conflict",
        N_("自己写，自己批"),
        N_("拟定和批准是同一个岗位：%(post)s"),
        N_("批准等于没有批准。"),
        (("deputy", N_("由上一级或代理人批准")), _AMEND),
    ),
    "undefined_role": Said(
        "undefined",
        N_("没有写明是谁的角色"),
        N_("“%(role)s”要做事，原文没有写明是谁；现在读作“%(post)s”"),
        N_("换一种读法，责任就落到别人身上。"),
        (("as_read", N_("认可现在的读法")), ("other_post", N_("另定岗位，写进本公司的版本"))),
    ),
    "unclear_base": Said(
        "undefined",
        N_("百分比没有写明以什么为底"),
        N_("百分比没有写明以什么为底：%(shares)s"),
        N_("同一个百分比能算出几个不同的数；现在用的底是我们定的，报告里会写明。"),
        (("keep_ours", N_("采用我们定的底")), ("own_value", N_("另定，写进本公司的版本"))),
    ),
    "duplicate_number": Said(
        "duplicate",
        N_("一个编号下有两条"),
        N_("编号“%(number)s”下有 %(count)s 条不同的规定：%(stems)s"),
        N_("引用这个编号时分不清是哪一条；这里用后缀区分，纸上仍印原来的编号。"),
        (("kept_apart", N_("保留印出的编号，用后缀区分")), ("amend", N_("修订制度，给其中一条新的编号"))),
    ),
    "form_number_twice": Said(
        "duplicate",
        N_("一个表号用了两次"),
        N_("表号 %(number)s 用了两次：%(titles)s"),
        N_("归档和序号会混在一起。下一个空号是 %(next)s。"),
        (("separate", N_("都保留原号，序号分开编")), ("renumber", N_("给后一张换成下一个空号"))),
    ),
    "unmeasurable_words": Said(
        "vague",
        N_("没法衡量的字眼"),
        N_("“%(word)s”没有说是多久、多少"),
        N_("做没做到说不清。我们代定的值：%(ours)s。"),
        (("keep_ours", N_("采用我们代定的值")), ("own_value", N_("另定数值，写进本公司的版本"))),
    ),
    "form_without_number": Said(
        "omission",
        N_("表格没有编号"),
        N_("%(title)s在用，却没有编号；同一本制度的其他表格都有"),
        N_("受控文件清单里查不到它。下一个空号是 %(next)s。"),
        (("pending", N_("编号暂空，印“待定”")), ("number", N_("采用下一个空号"))),
    ),
    "record_list_omits": Said(
        "omission",
        N_("记录清单漏列"),
        N_("条款要用%(title)s，制度自己的记录清单没有列"),
        N_("照清单检查的人会漏掉它；这里的表格登记从条款得出，已经列入。"),
        (("register", N_("以表格登记为准")), ("amend", N_("修订记录清单"))),
    ),
    "no_retention": Said(
        "omission",
        N_("没有写记录保存多久"),
        N_("有记录，没有写保存多久"),
        N_("按产品的默认年限保存（ISO 9001 7.5.3 要求写明）。"),
        (("keep_ours", N_("采用默认年限")), ("own_value", N_("另定年限，写进本公司的版本"))),
    ),
    "no_display_days": Said(
        "omission",
        N_("没有写公布多久"),
        N_("要求公布，没有写公布多久"),
        N_("按产品的默认天数公布。"),
        (("keep_ours", N_("采用默认天数")), ("own_value", N_("另定天数，写进本公司的版本"))),
    ),
    "weak_floor": Said(
        "notice",
        N_("回收率下限太低"),
        N_("回收 %(share)s%% 就算完成"),
        N_("户数少的小区，这样的结果误差能到正负十五个百分点：算做到，但不算可信。"),
        (("with_error", N_("连同误差一起公布")), ("own_value", N_("提高下限，写进本公司的版本"))),
    ),
    "designs_not_comparable": Said(
        "notice",
        N_("两次调查不能直接相比"),
        N_("年中重点抽查意见多的顾客，年底问全体：两个分数不能直接相比"),
        N_("直接比，会把选人的差别当成服务的变化。"),
        (("apart", N_("分开公布，不作比较")), ("weighted", N_("加权以后再比，写明办法"))),
    ),
    "values_are_ours": Said(
        "notice",
        N_("原文没有写的值，由我们代定"),
        N_("%(count)s 条没有写日期或数量，用的是我们代定的值"),
        N_("每个到期日旁边都会标明是我们定的。"),
        (("keep_ours", N_("采用我们代定的值")), ("own_value", N_("另定数值，写进本公司的版本"))),
    ),
}
