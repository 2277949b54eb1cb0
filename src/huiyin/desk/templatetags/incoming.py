"""Words for the columns of a list that comes in."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

register = template.Library()

COLUMNS = {
    "building": N_("楼栋"),
    "unit": N_("单元"),
    "room": N_("房号"),
    "name": N_("姓名"),
    "phone": N_("电话"),
    "role": N_("身份"),
    "from_on": N_("入住日期"),
    "email": N_("邮箱"),
    "cluster": N_("组团"),
}


@register.filter
def list_column(name: str) -> str:
    """What the column is called; its own name where it is none of ours."""
    return _(COLUMNS[name]) if name in COLUMNS else name
