"""《维修服务及回访记录表》 as a Word document: the fields of service_follow_up_record.py in the places of its .typ template."""

from functools import partial

from huiyin.cases.forms.service_follow_up_record import ServiceFollowUpRecord
from huiyin.records import wordsetting as word

TITLE = "维修服务及回访记录表"
COLUMNS = (20, 32, 20, 48, 20, 30)


def record_in_word(form: ServiceFollowUpRecord) -> bytes:
    """The .docx of the form (S3.3.4). An empty field is a place to write on; boxes grow with their words."""
    document = word.sheet(TITLE)
    word.heading(document, form, "维 修 服 务 及 回 访 记 录 表", serial=form.serial)
    table = word.table(document, COLUMNS)
    line, box = partial(word.line, table, COLUMNS), partial(word.box, table, COLUMNS)
    line(("顾客姓名", form.customer_name), ("住址", form.address), ("电话", form.phone))
    line(("服务类别", form.service), ("报修时间", form.asked_at), ("接待人", form.receptionist))
    box("服务要求", form.asked, 3)
    box("上门情况", form.arrivals, 1)
    word.sign(box("服务内容与结果", form.done, 3), "服务人员", form.worker, form.finished_on)
    line(("回访方式", form.channel), ("回访时间", form.followed_up_at), ("回访结果", form.result))
    word.sign(box("顾客意见", form.customer_words, 3), "回访人", form.follower, form.followed_up_on)
    box("备注", form.remark, 1)
    word.frame(document, later=f"{TITLE}（续）　编号：{form.form_number}　序号：{form.serial}", url=form.qr_url)
    return word.saved(document)
