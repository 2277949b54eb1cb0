"""What somebody wrote in an answer, without what the mail program quoted below it. Rules of the usual Chinese programs."""

import re

# QQ 原始邮件, 163 and 网易邮箱大师 回复的原邮件, Outlook Original Message, forwards.
_RULER = re.compile(
    r"^\s*[-—_=*\s]{2,}\s*(?:原始邮件|原始郵件|原邮件|回复的原邮件|回复邮件|转发的?邮件(?:信息)?|轉寄郵件"
    r"|original(?: message| email)?|replied message|forwarded message|begin forwarded message)\s*[-—_=*:：\s]*$",
    re.IGNORECASE,
)
# 在 2026年11月20日，10:00，张三 <z@example.com> 写道：  ·  张三 <…> 于2026年…写道：  ·  On … wrote:  ·  At 2026-11-20 … wrote:
_WROTE = re.compile(
    r"^\s*(?:在\s?.{4,200}?(?:写道|寫道)|.{0,120}?(?:于|於)\s?\d{4}\s?年.{4,120}?(?:写道|寫道)|\d{4}[-/年].{4,200}?(?:写道|寫道)"
    r"|(?:On|At)\s.{6,200}?\bwrote)\s*[:：]\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*[>*]*\s*(?:发件人|发信人|寄件者|寄件人|发自|From)\s*\**\s*[:：]", re.IGNORECASE)
_BELOW = re.compile(
    r"^\s*[>*]*\s*(?:发送时间|发送日期|寄件日期|日期|时间|收件人|收件者|抄送|主题|主旨|Sent|Date|To|Cc|Subject)\s*\**\s*[:：]",
    re.IGNORECASE,
)
_BAR = re.compile(r"^\s*[-_=—*]{5,}\s*$")
_SENT_BY = re.compile(
    r"^\s*(?:发自我的\s?\S.{0,30}|从我的\s?\S.{0,20}发送|来自\s?\S{1,12}邮箱.{0,20}|发自\s?\S{0,12}邮箱.{0,20}|从 Windows 版邮件发送"
    r"|获取\s*Outlook for .{2,10}|Get Outlook for .{2,10}|Sent from my .{2,30}|Sent from Mail for Windows.{0,10}|通过邮件发送)\s*$",
    re.IGNORECASE,
)
_SPAN = 3  # lines over which a program breaks its "… wrote:"


def said(text: str) -> str:
    """The words above the quotation; those around it where somebody answers below; all where nothing else was written."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("&nbsp;", " ").split("\n")
    above = _tidied(lines[_end_of_leading(lines) : _begin(lines)])
    if above:
        return above
    return (
        _tidied([line for line in lines if not line.lstrip().startswith(">") and not _WROTE.match(line)])
        or text.strip()
    )


def _begin(lines: list[str]) -> int:
    """Where the quotation begins; the number of lines where there is none."""
    for place, line in enumerate(lines):
        if _RULER.match(line) or line == "-- " or _is_wrote(lines, place) or _is_head(lines, place):
            return place - 1 if place and _BAR.match(lines[place - 1]) else place
        if line.lstrip().startswith(">") and all(
            not rest.strip() or rest.lstrip().startswith(">") for rest in lines[place:]
        ):
            return place
    return len(lines)


def _end_of_leading(lines: list[str]) -> int:
    """Where the quotation ends that somebody answers below; 0 where the text begins with words of their own."""
    end = 0
    for place, line in enumerate(lines):
        if line.lstrip().startswith(">") or _WROTE.match(line):
            end = place + 1
        elif line.strip():
            break
    return end if any(line.strip() for line in lines[end:]) else 0


def _is_wrote(lines: list[str], place: int) -> bool:
    if not lines[place].strip() or lines[place].lstrip().startswith(">"):
        return False
    ahead = [line.strip()[:300] for line in lines[place : place + _SPAN]]
    return any(_WROTE.match(" ".join(ahead[:count])) for count in range(1, len(ahead) + 1))


def _is_head(lines: list[str], place: int) -> bool:
    """A block of 发件人, 发送时间, 收件人, 主题."""
    if not _FROM.match(lines[place]):
        return False
    near = [line for line in lines[place + 1 : place + 9] if line.strip()][:5]
    return sum(1 for line in near if _BELOW.match(line)) >= 2


def _tidied(lines: list[str]) -> str:
    kept = list(lines)
    while kept and (not kept[-1].strip() or _BAR.match(kept[-1]) or _SENT_BY.match(kept[-1])):
        kept.pop()
    return "\n".join(line.rstrip() for line in kept).strip()
