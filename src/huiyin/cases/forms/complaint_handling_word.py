"""《顾客意见处理表》 as a Word document: the fields of complaint_handling_form.py in the places of its .typ template."""

from functools import partial

from huiyin.cases.forms.complaint_handling_form import ComplaintHandlingForm
from huiyin.records import wordsetting as word

COLUMNS = (20, 32, 20, 48, 14, 36)


def in_word(form: ComplaintHandlingForm) -> bytes:
    """The .docx of the form (S4.F.1 to S4.F.3). An empty field is a place to write on; boxes grow with their words."""
    document = word.sheet("顾客意见处理表")
    word.heading(document, form, "顾 客 意 见 处 理 表", serial=form.serial)
    table = word.table(document, COLUMNS)
    line, box = partial(word.line, table, COLUMNS), partial(word.box, table, COLUMNS)
    line(("顾客姓名", form.customer_name), ("住址", form.address), ("电话", form.phone))
    line(("接待人", form.receptionist), ("来访时间", form.visited_at), ("地点", form.place))
    box("情况说明", form.situation, 4)
    word.sign(box("希望与建议", form.remedy_sought, 2), "记录人", form.recorder, form.recorded_on)
    word.sign(box("解决方案", form.resolution_plan, 3), "处理人", form.handler, form.handled_on)
    word.sign(box("结果跟踪", form.outcome_tracking, 2), "跟踪人", form.tracker, form.tracked_on)
    box("备注", form.remark, 1)
    word.frame(document, later=f"顾客意见处理表（续）　编号：{form.form_number}　序号：{form.serial}", url=form.qr_url)
    return word.saved(document)
