"""A corpus of letters, Chinese and hostile, each made here and each with what must come of it."""

# ruff: noqa: E501 - letters are as long as they are

import base64
import quopri
from collections.abc import Callable

import pytest

from huiyin.interactions.gateways import reader
from huiyin.kit.letters import MOST_BYTES, MOST_HEADER, Read, Unreadable, read
from huiyin.kit.quotes import said

HEAD = b"From: =?utf-8?B?5byg5LiJ?= <zhang@qq.com>\r\nMessage-ID: <1@qq.com>\r\n"


def made(body: bytes, *more: str, subject: bytes = b"Subject: x", head: bytes = HEAD) -> bytes:
    lines = [subject, *(one.encode("utf-8", "surrogateescape") for one in more)]
    return head + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def plain(text: str, codec: str, label: str, way: str = "8bit") -> bytes:
    data = text.encode(codec)
    data = {"8bit": data, "base64": base64.encodebytes(data), "quoted-printable": quopri.encodestring(data)}[way]
    kind = f"Content-Type: text/plain; charset={label}" if label else "X-None: 1"
    return made(data, kind, f"Content-Transfer-Encoding: {way}")


def parts(kind: str, *inside: bytes, boundary: str = "b") -> bytes:
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + one + b"\r\n" for one in inside)
    return made(body + b"--" + boundary.encode() + b"--\r\n", f'Content-Type: multipart/{kind}; boundary="{boundary}"')


TEXT = "电梯坏了，老人上不去楼。"
RARE = "㐂䶮𠮷"  # in GB 18030, not in GB 2312

BODIES: dict[str, tuple[bytes, str, list[str]]] = {
    "gb2312": (plain(TEXT, "gb2312", "gb2312"), TEXT, []),
    "gb2312 that is gb18030": (plain(RARE, "gb18030", "gb2312", "base64"), RARE, []),
    "gbk": (plain(TEXT, "gbk", '"GBK"', "quoted-printable"), TEXT, []),
    "gb18030": (plain(RARE, "gb18030", "GB18030", "base64"), RARE, []),
    "big5": (plain("電梯壞了", "big5", "big5", "base64"), "電梯壞了", []),
    "big5 of Hong Kong": (plain("啲嘢", "big5hkscs", "big5"), "啲嘢", []),
    "utf-8": (plain(TEXT, "utf-8", "utf-8", "base64"), TEXT, []),
    "utf-8 labelled gbk": (plain("电梯坏了😀。", "utf-8", "gb2312"), "电梯坏了😀。", []),
    "gbk labelled utf-8": (plain(TEXT, "gbk", "utf-8"), TEXT, []),
    "no label": (plain(TEXT, "gbk", ""), TEXT, []),
    "labelled ascii": (plain(TEXT, "utf-8", "us-ascii"), TEXT, []),
    "labelled latin": (plain(TEXT, "utf-8", "iso-8859-1"), TEXT, []),
    "utf-7": (made(b"+MEA-script", "Content-Type: text/plain; charset=utf-7"), "+MEA-script", ["charset_refused"]),
    "unknown": (plain(TEXT, "utf-8", "x-mac-chinese-simp"), TEXT, ["charset_unknown"]),
    "a codec that is no charset": (made(b"abc", "Content-Type: text/plain; charset=zlib"), "abc", ["charset_unknown"]),
    "rot13": (made(b"abc", "Content-Type: text/plain; charset=rot13"), "abc", ["charset_unknown"]),
    "damaged": (made(b"\xff\xff\xff\xfe", "Content-Type: text/plain; charset=utf-8"), "\ufffd" * 4, ["charset_damaged"]),
    "iso-2022-jp": (plain("エレベーター", "iso-2022-jp", "iso-2022-jp"), "エレベーター", []),
    "hz": (plain(TEXT, "hz", "hz-gb-2312"), TEXT, []),
    "html only": (
        made("<p>电梯<b>坏</b>了</p><script>alert(1)</script><style>p{}</style><div>老人</div>".encode(), "Content-Type: text/html; charset=utf-8"),
        "电梯坏了\n老人",
        [],
    ),
    "html that fetches": (made(b'<img src="http://x/1.gif"><a href="javascript:x">y</a>', "Content-Type: text/html"), "y", []),
    "a marked section the library gives up on": (made(b"<p>one</p><![CDAe x[<script>two</script> three", "Content-Type: text/html"), "one   three", []),
    "alternative": (
        parts("alternative", b"Content-Type: text/plain\r\n\r\nplain", b"Content-Type: text/html\r\n\r\n<b>html</b>"),
        "plain",
        [],
    ),
    "alternative with an empty plain part": (
        parts("alternative", b"Content-Type: text/plain\r\n\r\n \r\n", b"Content-Type: text/html\r\n\r\n<b>html</b>"),
        "html",
        [],
    ),
    "mixed": (parts("mixed", b"Content-Type: text/plain\r\n\r\none", b"Content-Type: text/plain\r\n\r\ntwo"), "one\n\ntwo", []),
    "no boundary": (made(b"lost", "Content-Type: multipart/mixed"), "", ["malformed"]),
    "never closed": (made(b"--b\r\nContent-Type: text/plain\r\n\r\nopen", 'Content-Type: multipart/mixed; boundary="b"'), "open", ["malformed"]),
    "broken base64": (made(b"5qC8*5byP!!", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64"), "格式", ["malformed"]),
    "unknown encoding": (made(b"text", "Content-Transfer-Encoding: x-rot"), "text", []),
    "zero bytes": (made(b"a\x00b"), "ab", []),
    "no text": (made(b""), "", []),
    "kind of nonsense": (made(b"text", "Content-Type: ;;;/=="), "text", []),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_what_a_body_says(name: str) -> None:
    raw, text, notes = BODIES[name]
    letter = read(raw)
    assert [letter.text.strip(), letter.notes] == [text, notes]
    assert [letter.sender, letter.sender_name] == ["zhang@qq.com", "张三"]


SUBJECTS: dict[str, tuple[bytes, str]] = {
    "plain": (b"Subject: hello", "hello"),
    "base64": (b"Subject: =?utf-8?B?55S15qKv5Z2P5LqG?=", "电梯坏了"),
    "cut within a character": (b"Subject: =?utf-8?B?55S15qI=?=\r\n =?utf-8?B?r+Wdj+S6hg==?=", "电梯坏了"),
    "gb2312 that is gb18030": (b"Subject: =?gb2312?B?" + base64.b64encode(RARE.encode("gb18030")) + b"?=", RARE),
    "quoted": (b"Subject: =?gbk?Q?=B5=E7=CC=DD_ok?=", "电梯 ok"),
    "without padding": (b"Subject: =?utf-8?b?55S15qKv5Z2P5LqGMQ?=", "电梯坏了1"),
    "raw gbk": (b"Subject: " + "电梯坏了".encode("gbk"), "电梯坏了"),
    "raw utf-8": ("Subject: 电梯坏了".encode(), "电梯坏了"),
    "no space between": (b"Subject: =?utf-8?B?55S1?==?utf-8?B?5qKv?=", "电梯"),
    "text around": (b"Subject: Re: =?utf-8?B?55S1?= now", "Re: 电 now"),
    "in quotes": (b'Subject: "=?utf-8?B?55S1?="', '"电"'),
    "with a language": (b"Subject: =?utf-8*zh?B?55S1?=", "电"),
    "unknown charset": (b"Subject: =?x-foo?B?55S1?=", "电"),
    "a header smuggled in": (b"Subject: =?utf-8?Q?a=0D=0ABcc:_x@y.example?=", "a Bcc: x@y.example"),
    "very long": (b"Subject: " + b"x" * 5000, "x" * 300),
    "none": (b"X-Other: 1", ""),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_what_a_subject_says(name: str) -> None:
    raw, subject = SUBJECTS[name]
    assert read(made(b"x", subject=raw)).subject == subject


SENDERS: dict[str, tuple[bytes, tuple[str, str]]] = {
    "bare": (b"a@b.cn", ("a@b.cn", "")),
    "raw gbk name": ("张三 <a@b.cn>".encode("gbk"), ("a@b.cn", "张三")),
    "an address as name": (b'"boss@house.example" <a@b.cn>', ("a@b.cn", "boss@house.example")),
    "an encoded address as name": (b"=?utf-8?Q?boss=40house.example_=3Cboss=40house.example=3E?= <a@b.cn>", ("a@b.cn", "boss@house.example <boss@house.example>")),
    "two addresses": (b"boss@house.example, <a@b.cn>", ("a@b.cn", "boss@house.example,")),
    "nothing": (b"", ("", "")),
    "no address": (b"=?utf-8?B?5byg5LiJ?=", ("", "")),
    "upper case": (b"<A@B.CN>", ("a@b.cn", "")),
    "zero width": ("a\u200b@b.cn".encode(), ("a\u00e2\u0080\u008b@b.cn", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", SENDERS)
def test_who_a_letter_claims_to_be_from(name: str) -> None:
    raw, expected = SENDERS[name]
    letter = read(made(b"x", head=b"From: " + raw + b"\r\n"))
    assert (letter.sender, letter.sender_name) == expected


AUTOMATIC = {
    "Auto-Submitted: auto-replied": "auto_submitted",
    "Auto-Submitted: no": "",
    "Precedence: bulk": "precedence",
    "Precedence: first-class": "",
    "X-Autoreply: yes": "autoreply",
    "X-Autorespond: yes": "autoreply",
    "X-Auto-Response-Suppress: OOF": "autoreply",
    "List-Id: <l.example>": "list",
    "List-Unsubscribe: <mailto:x@l.example>": "list",
    "Return-Path: <>": "bounce",
    "Return-Path: <zhang@qq.com>": "",
    "Content-Type: multipart/report; boundary=b": "bounce",
}


@pytest.mark.parametrize("header", AUTOMATIC)
def test_automatic_letters_are_known_by_their_head(header: str) -> None:
    assert read(made(b"--b--", header)).automatic == AUTOMATIC[header]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"From: MAILER-DAEMON@qq.com\r\nSubject: x\r\n", "robot"),
        (b"From: no-reply@bank.example\r\nSubject: x\r\n", "robot"),
        ("From: a@b.cn\r\nSubject: 自动回复: 您好\r\n".encode(), "subject"),
        ("From: a@b.cn\r\nSubject: 退信\r\n".encode(), "subject"),
        (b"From: a@b.cn\r\nSubject: Re: Automatic doors do not open\r\n", ""),
        ("From: a@b.cn\r\nSubject: 自动门坏了\r\n".encode(), ""),
    ],
)
def test_automatic_letters_are_known_by_sender_and_subject(head: bytes, expected: str) -> None:
    assert read(head + b"\r\nx").automatic == expected


def nested(depth: int) -> bytes:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(depth))
    return HEAD + head.encode() + b"\r\ntext"


BEYOND: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b" \r\n", "empty"),
    "nested 13 deep": (lambda: nested(14), "too_deep"),
    "nested 3,000 deep": (lambda: nested(3000), "too_deep"),
    "201 parts": (lambda: parts("mixed", *[b"\r\nx"] * 201), "too_many_parts"),
    "a head of 300 KB": (lambda: made(b"x", "X-A: " + "a" * (MOST_HEADER + 50_000)), "header_too_large"),
    "a head without end": (lambda: b"X: y\r\n" * 60_000, "header_too_large"),
    "26 MB": (lambda: made(b"x" * (MOST_BYTES + 1)), "too_large"),
}


@pytest.mark.parametrize("name", BEYOND)
def test_beyond_the_limits_a_letter_is_not_read(name: str) -> None:
    build, reason = BEYOND[name]
    with pytest.raises(Unreadable) as beyond:
        reader.read(build())
    assert str(beyond.value) == reason


def test_the_largest_letter_is_read_within_the_limits_of_its_process() -> None:
    picture = base64.encodebytes(b"\x89PNG" + b"x" * 9_000_000)
    body = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + picture
    letter = reader.read(parts("mixed", b"Content-Type: text/plain\r\n\r\nhello", body, body))
    assert [letter.text.strip(), [one.size for one in letter.enclosed]] == ["hello", [9_000_004] * 2]


def test_halves_of_characters_and_zero_bytes_do_not_come_out() -> None:
    letter = reader.read(
        made(b"=?utf-8?", "Content-Type: text/plain; charset=utf-16", subject=b"Subject: \xed\xa0\x80 \x00")
    )
    assert isinstance(letter, Read)
    assert "\x00" not in repr(letter)
    repr(letter).encode("utf-8")


def test_what_hangs_on_a_letter_is_listed_and_only_pictures_come_along() -> None:
    jpeg = b"\xff\xd8\xff" + b"x" * 2000
    letter = read(
        parts(
            "mixed",
            b"Content-Type: text/plain\r\n\r\nhello",
            b"Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename*=gb18030''%D5%D5%C6%AC.jpg\r\n\r\n"
            + jpeg,
            b'Content-Type: application/pdf; name="=?gb2312?B?uPe3vS5wZGY=?="\r\n\r\n%PDF-1.7',
            b'Content-Type: text/html\r\nContent-Disposition: attachment; filename="..\\..\\x.html"\r\n\r\n<script>',
            b"Content-Type: image/svg+xml\r\n\r\n<svg onload='x'/>" + b" " * 2000,
            b"Content-Type: message/rfc822\r\n\r\nFrom: boss@house.example\r\n\r\ninner",
        )
    )
    assert [letter.text.strip(), letter.sender] == ["hello", "zhang@qq.com"]
    assert [(one.name, one.media_type, bool(one.data)) for one in letter.enclosed] == [
        ("照片.jpg", "image/jpeg", True),
        ("各方.pdf", "application/pdf", False),
        ("x.html", "text/html", False),
        ("", "image/svg+xml", False),
        ("", "message/rfc822", False),
    ]


QUOTED = {
    "QQ": "还是会抖。\n\n\n------------------ 原始邮件 ------------------\n发件人: \"服务\" <s@h.cn>;\n发送时间: 2026年11月20日(星期五) 上午10:00\n收件人: \"张三\"<z@qq.com>;\n主题: 有答复了\n\n已修好",
    "QQ new": "还是会抖。\n\n\n\n\n张三\nz@qq.com\n\n\n\n&nbsp;\n\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: x",
    "Foxmail": "还是会抖。\n\n\n\n发件人： 服务\n发送时间： 2026-11-20 10:00\n收件人： 张三\n主题： 有答复了\n已修好",
    "163": "还是会抖。\n\n\n\n\n在 2026-11-20 10:00:00，\"服务\" <s@h.cn> 写道：\n\n已修好",
    "163 English": "还是会抖。\n\n\nAt 2026-11-20 10:00:00, \"service\" <s@h.cn> wrote:\n>已修好",
    "网易邮箱大师": "还是会抖。\n\n\n---- 回复的原邮件 ----\n| 发件人 | 服务<s@h.cn> |\n| 日期 | 2026年11月20日 10:00 |\n已修好",
    "iPhone": "还是会抖。\n\n发自我的 iPhone\n\n> 在 2026年11月20日，10:00，服务 <s@h.cn> 写道：\n> \n> 已修好",
    "iPhone over lines": "还是会抖。\n\n发自我的iPhone\n\n在 2026年11月20日，上午10:00，服务\n<s@h.cn> 写道：\n\n> 已修好",
    "Outlook": "还是会抖。\n\n________________________________\n发件人: 服务 <s@h.cn>\n发送时间: 2026年11月20日 10:00\n收件人: 张三 <z@q.cn>\n主题: 有答复了\n\n已修好",
    "Outlook old": "还是会抖。\n\n-----邮件原件-----\n发件人: 服务 [mailto:s@h.cn]\n发送时间: 2026年11月20日 10:00\n收件人: 张三\n主题: 有答复了\n\n已修好",
    "Outlook English": "还是会抖。\n\n-----Original Message-----\nFrom: s\nSent: Friday\nTo: z\nSubject: x\n\n已修好",
    "Gmail": "还是会抖。\n\n服务 <s@h.cn> 于2026年11月20日周五 10:00写道：\n\n> 已修好\n",
    "Gmail English": "还是会抖。\n\nOn Fri, Nov 20, 2026 at 10:00 AM service <s@h.cn>\nwrote:\n\n> 已修好",
    "Outlook for iOS": "还是会抖。\n\n获取 Outlook for iOS\n________________________________\nFrom: s\nSent: Friday\nTo: z\nSubject: x\n已修好",
    "signature": "还是会抖。\n-- \n张三\n某公司",
    "only quoted signs": "还是会抖。\n\n> 已修好\n> 请查收",
    "below": "> 已修好\n\n还是会抖。",
}  # fmt: skip


@pytest.mark.parametrize("name", QUOTED)
def test_what_mail_programs_quote_is_cut_off(name: str) -> None:
    first, *rest = said(QUOTED[name]).split("\n")
    assert [first, "已修好" in "".join(rest), "发件人" in "".join(rest)] == ["还是会抖。", False, False]


@pytest.mark.parametrize(
    "text",
    [
        "我在 3 号楼写道：不要停车",
        "From: 三号楼的住户",
        "发件人：我\n就想说一句",
        "1. 电梯\n2. 灯\n-- 以上",
        "他说：\n> 不修\n我不同意。\n> 不管\n我也不同意。",
        "在这件事上，物业昨天在群里写道",
    ],
)
def test_what_only_looks_like_a_quotation_stays(text: str) -> None:
    assert said(text) == text


def test_where_nothing_but_a_quotation_stands_it_is_kept() -> None:
    text = "---------- 转发邮件 ----------\n发件人: x\n电梯坏了"
    assert said(text) == text
