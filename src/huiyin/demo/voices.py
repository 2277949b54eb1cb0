"""What people of the demo town say, and what they are told. All made up."""

from dataclasses import dataclass

ALL = ("residential", "single_owner", "student_housing")
HOMES = ("residential",)
OFFICES = ("single_owner",)
STUDENTS = ("student_housing",)
BUILT = ("engineering",)


@dataclass(frozen=True)
class Voice:
    """One thing somebody says. `{building}` becomes where they live."""

    kind: str
    category: str
    words: str
    wish: str = ""
    at_once: str = ""
    site_kinds: tuple[str, ...] = HOMES


VOICES = (
    Voice(
        "complaint",
        "elevator",
        "{building}的电梯今天又停了两次，老人买菜回来只能爬楼梯。",
        "请彻底检修，不要每次重启了事。",
    ),
    Voice(
        "complaint", "elevator", "{building}电梯运行时有很大的异响，孩子都不敢坐。", "请维保单位来看看，告诉我们结果。"
    ),
    Voice("complaint", "leak", "厨房顶上漏水，滴到灶台上，接了半盆。", "请尽快上门看看是不是楼上水管的问题。"),
    Voice("complaint", "leak", "{building}地下车库顶板渗水，下雨天滴到车上。", "请做防水，并告诉我们什么时候修好。"),
    Voice("complaint", "noise", "{building}楼下半夜还有人打牌喝酒，连续三天睡不好。", "请晚上十点以后去劝一劝。"),
    Voice("complaint", "parking", "消防通道一直停着几辆车，救护车都进不来。", "请清出通道，画上禁停线。"),
    Voice("complaint", "cleaning", "{building}楼道的垃圾两天没有收，味道很大。", "请按时清运。"),
    Voice("complaint", "security", "大门的门禁坏了一个多星期，外卖推销的随便进。", "请修好门禁，登记访客。"),
    Voice("complaint", "staff_conduct", "打电话报修，对方没听完就挂了电话。", "请注意服务态度。"),
    Voice("opinion", "greenery", "{building}前面的树长得太密，一楼白天都要开灯。", "建议修剪。"),
    Voice("opinion", "parking", "电动车充电桩太少，晚上排不到。", "希望加装几个。"),
    Voice("opinion", "fees", "公摊电费这个季度比上季度多了不少，看不懂。", "请把账目贴出来。"),
    Voice("repair_request", "repair", "{building}单元门的闭门器坏了，关门声音很大。"),
    Voice("repair_request", "water_power", "家里突然停电，空气开关推不上去。", "请电工来看看。"),
    Voice("enquiry", "fees", "物业费可以按季度交吗？", at_once="可以按季度交，前台或手机都能办。"),
    Voice("enquiry", "parking", "办月租停车卡要带什么材料？", at_once="带行驶证和房产证复印件到前台，当天能办。"),
    Voice("suggestion", "greenery", "建议在{building}旁边的空地放两张长椅，老人散步可以歇脚。"),
    Voice("compliment", "security", "昨晚下大雨，门岗的师傅帮我把东西搬到{building}，谢谢他。"),
    Voice("assistance_request", "other", "老人一个人在家，行动不便，能不能帮忙把药送上来？", "希望有人帮忙。"),
    Voice("complaint", "elevator", "{building}高区电梯早高峰要等十五分钟。", "请调整派梯。", site_kinds=OFFICES),
    Voice("complaint", "air", "{building}十二层空调不制冷，会议室三十度。", "请今天修好。", site_kinds=OFFICES),
    Voice("repair_request", "water_power", "{building}卫生间感应水龙头不出水。", site_kinds=OFFICES),
    Voice("opinion", "cleaning", "{building}大堂地面下雨天很滑，差点摔倒。", "请铺防滑垫。", site_kinds=OFFICES),
    Voice("enquiry", "parking", "访客停车怎么收费？", at_once="前一小时免费，之后每小时六元。", site_kinds=OFFICES),
    Voice(
        "complaint", "water_power", "{building}四楼晚上十点以后就没有热水了。", "请检查热水系统。", site_kinds=STUDENTS
    ),
    Voice("opinion", "accommodation", "宿舍窗户关不严，冬天漏风。", "希望入冬前修好。", site_kinds=STUDENTS),
    Voice("opinion", "services", "{building}的洗衣机经常排队，能不能多放两台？", site_kinds=STUDENTS),
    Voice("repair_request", "repair", "上铺的护栏松了，晃得厉害。", "请尽快来修，怕掉下来。", site_kinds=STUDENTS),
    Voice("complaint", "cleaning", "{building}公共卫生间的下水道堵了，水漫出来。", "请马上疏通。", site_kinds=STUDENTS),
    Voice("suggestion", "activities", "建议期末时自习室延长到十一点半。", site_kinds=STUDENTS),
    Voice(
        "enquiry",
        "accommodation",
        "假期留校要怎么申请？",
        at_once="在服务中心填留校表，辅导员签字后交回。",
        site_kinds=STUDENTS,
    ),
    Voice("complaint", "leak", "{building}次卧外墙渗水，墙纸起泡了。", "还在保修期，请尽快修。", site_kinds=BUILT),
    Voice(
        "complaint",
        "leak",
        "{building}卫生间下面那家说我家漏水，应该是防水没做好。",
        "请来做闭水试验。",
        site_kinds=BUILT,
    ),
    Voice("repair_request", "repair", "{building}入户门关不严，门框有点变形。", site_kinds=BUILT),
    Voice("repair_request", "water_power", "客厅插座没有电，刚交付就这样。", "请电工来看看。", site_kinds=BUILT),
    Voice("opinion", "repair", "{building}楼梯间墙面有细裂缝，是不是正常？", "希望给个说明。", site_kinds=BUILT),
    Voice(
        "enquiry",
        "repair",
        "防水的保修到哪一天？",
        at_once="五年，从竣工验收合格那天算起，到期日写在保修书上。",
        site_kinds=BUILT,
    ),
)
PLANS = {
    "elevator": (
        "已联系维保单位，后天上午更换门机控制板并试运行，期间另一部电梯正常使用。",
        "维保单位明天做整机检查，三天内给出检修报告并贴在楼下。",
    ),
    "leak": ("明天上午九点工程人员上门查漏，先关楼上阀门，确认后两天内换管。", "本周内做局部防水，雨后再看一次。"),
    "noise": ("今晚起夜班巡逻增加到每小时一次，遇到聚集当场劝离并登记。",),
    "parking": ("周五前清出通道，画禁停线，加装隔离桩。",),
    "cleaning": ("当天清理干净；以后早晚各清运一次，班长每天检查签字。",),
    "": ("已安排专人处理，三天内完成，完成后给您打电话。", "明天上午到现场看，当天告诉您怎么办、什么时候办好。"),
}
ANSWERS = {
    "enquiry": ("您问的事情已经查清，办理方法发到您留的联系方式了。",),
    "compliment": ("谢谢您的鼓励，已经转告本人。",),
    "suggestion": (
        "您的建议已经采纳，列入下个月的工作。",
        "您的建议暂时做不到：场地属于市政绿地，我们已经向街道反映。",
    ),
    "": ("已经处理好，请您看看是否满意；还有问题请直接打回执上的电话。", "问题已经解决，我们会在一周内回访。"),
}
MEASURES = {
    "elevator": ("电梯维保由每月一次改为半月一次，结果贴在轿厢内。",),
    "cleaning": ("垃圾清运改为每天早晚两次，由班长签字。",),
    "noise": ("夜间巡逻加密，楼下设安静时段提示牌。",),
    "": ("同类问题列入每周检查单，由主管签字。",),
}
SUMMARIES = (
    "本月投诉集中在设备和环境，均已派人处理，未办结的继续跟踪。",
    "投诉件数与上月相近。回访中不满意的已经重新办理。",
    "本月投诉都有人负责，超时的已说明原因并补办。",
)

# What the customer hears between receipt and answer.
WORDS_BETWEEN = (
    "已经看过现场，正在备料，明天给您回话。",
    "师傅今天上午去过，问题找到了，还要一个配件。",
    "和物业经理商量过了，方案这两天定下来。",
    "厂家回话了，后天派人来，来之前给您打电话。",
)
