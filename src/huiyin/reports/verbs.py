"""What the acts in the journal are called, for people: the pack and the trail show them beside the code."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from huiyin.cases.states import EventKind

WORDS = {
    "access.codes_made": N_("生成恢复码"),
    "access.factor_added": N_("设二次验证"),
    "access.factor_removed": N_("去掉二次验证"),
    "access.factors_forgotten": N_("清掉二次验证"),
    "access.locked": N_("登录锁定"),
    "access.logged_in": N_("登录"),
    "access.logged_out": N_("退出登录"),
    "access.refused": N_("登录没有成功"),
    "access.unlocked": N_("登录解锁"),
    "approvals.asked": N_("送审"),
    "approvals.decided": N_("审批"),
    "cases.imported": N_("引入历史"),
    "cases.measure_accepted": N_("接下整改"),
    "cases.measure_withdrawn": N_("撤销整改"),
    "contacts.answered_at_once": N_("当场答复"),
    "customers.consent_given": N_("同意"),
    "customers.consent_withdrawn": N_("撤回同意"),
    "customers.copy_given": N_("给本人一份资料"),
    "customers.corrected": N_("更正顾客资料"),
    "customers.erased": N_("按本人要求删除"),
    "customers.erasure_refused": N_("删除申请未准"),
    "customers.entered": N_("登记顾客"),
    "customers.list_brought_in": N_("导入名录"),
    "customers.mandate_ended": N_("委托结束"),
    "customers.mandate_given": N_("委托"),
    "customers.moved_in": N_("入住"),
    "customers.moved_out": N_("搬离"),
    "customers.reached_anew": N_("添联系方式"),
    "customers.revealed": N_("查看完整号码"),
    "duties.asked_again": N_("按新版本重新要求"),
    "duties.attested": N_("登记证据"),
    "duties.discharged": N_("履行责任"),
    "duties.lifted": N_("责任不再适用"),
    "duties.recounted": N_("重新计算到期"),
    "duties.waived": N_("不适用"),
    "engineering.described": N_("写明工程"),
    "engineering.opened": N_("开立工程"),
    "engineering.part_removed": N_("移去保修部位"),
    "engineering.phases_recorded": N_("记下工程阶段"),
    "handbook.adopted": N_("采用制度"),
    "handbook.decided": N_("对体检结果作出决定"),
    "handbook.given_up": N_("停用制度"),
    "letters.handed_out": N_("取原始来信"),
    "letters.set_aside": N_("来信不登记"),
    "messages.tried_again": N_("重新发送"),
    "notices.posted": N_("公布"),
    "notices.withdrawn": N_("撤下公布"),
    "organization.appointed": N_("任命"),
    "organization.building_added": N_("添楼栋"),
    "organization.building_clustered": N_("楼栋归入组团"),
    "organization.calendar_loaded": N_("载入放假安排"),
    "organization.circumstance_stated": N_("说明站点情况"),
    "organization.deactivated": N_("停用账号"),
    "organization.password_changed": N_("换密码"),
    "organization.post_ended": N_("免去岗位"),
    "organization.rooms_added": N_("添房间"),
    "organization.signed_out_everywhere": N_("别处全部退出"),
    "organization.site_opened": N_("开放站点"),
    "organization.term_removed": N_("移去学期"),
    "organization.term_set": N_("写明学期"),
    "organization.token_issued": N_("发放接口密钥"),
    "records.numbered": N_("编序号"),
    "records.sealed": N_("归档备案"),
    "reports.answer_prepared": N_("准备公开反馈"),
    "reports.answer_published": N_("公布反馈"),
    "reports.answer_worded": N_("修改公开反馈"),
    "reports.drafted": N_("起草报告"),
    "reports.drawn": N_("抽查"),
    "reports.packed": N_("做稽核包"),
    "reports.published": N_("公布报告"),
    "reports.written": N_("修改报告"),
}


def verb_words(verb: str) -> str:
    """The act in words of the active language; its code where it has no words yet."""
    room, _dot, name = verb.partition(".")
    if room == "cases" and name in EventKind.values:
        return str(EventKind(name).label)
    return _(WORDS[verb]) if verb in WORDS else verb
