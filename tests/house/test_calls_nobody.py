"""We never call an address a stranger names (H4): in every word, letter, picture, table and paper there stands one where somebody waits.

Nothing of this house fetches an address, so nothing resolves, follows or is rebound. What opens a connection at all stands in OPENS.
"""

# ruff: noqa: E501 - what means harm is as long as it is

import ast
import io
import json
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.cases.models import Case
from huiyin.clockwork import actions as clockwork
from huiyin.demo.cast import Cast
from huiyin.interactions.gateways.memory import Memory
from huiyin.interactions.models import Letter
from huiyin.interactions.queries import receipt_token
from huiyin.organization.actions import issue_token
from huiyin.organization.rules import SYSTEM
from huiyin.records.actions import lay_down_papers
from huiyin.records.typesetting import qr_svg
from tests import acts
from tests.calls import Calls, watched
from tests.conftest import NOW
from tests.hostile_files import drawn
from tests.house.test_sight import LISTS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "huiyin"
OPENS = {  # module: what it may load that can call
    "interactions/gateways/mail.py": {"smtplib"},  # the mail server of the settings
    "interactions/gateways/imap.py": {"imaplib", "imap_tools"},  # the mailboxes of the settings
    "clockwork/certificate.py": {"socket"},  # the product's own address, where that has https
    "clockwork/actions.py": {"socket"},  # its own machine's name
}
CAN_CALL = {"socket", "smtplib", "imaplib", "imap_tools", "poplib", "ftplib", "urllib.request", "http.client", "xmlrpc", "asyncio",
            "requests", "httpx", "httpx2", "aiohttp", "urllib3", "webbrowser", "telnetlib", "nntplib", "socketserver"}  # fmt: skip


@pytest.fixture(autouse=True)
def _here(media: Path, still_clock: None, plain_static_files: None, post: Memory) -> None:
    pass


@pytest.fixture
def calls(cast: Cast) -> Iterator[Calls]:
    with watched() as found:
        yield found


def words(calls: Calls) -> str:
    """A stranger's words: addresses as people, programs and templates write them."""
    host = f"127.0.0.1:{calls.port}"
    return "\n".join([
        f"电梯坏了 http://{host}/a <img src='http://{host}/b'> <script src=//{host}/c></script> ![x](http://{host}/d)",
        f'#image("http://{host}/e") #import "@preview/cetz:0.3.0" #read("/etc/passwd") \\input{{http://{host}/f}}',
        f"=WEBSERVICE(\"http://{host}/g\") {{{{ http://{host}/h }}}} ${{jndi:ldap://{host}/i}} \\\\{host}\\j x@[127.0.0.1]",
    ])  # fmt: skip


def pictures(calls: Calls) -> dict[str, bytes]:
    at = f"http://127.0.0.1:{calls.port}/p"
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a href="{at}"/></x:xmpmeta>'.encode()
    return {
        "x.jpg": drawn("JPEG", xmp=xmp, comment=at.encode()),
        "x.svg": f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{at}"/></svg>'.encode(),
        "entity.svg": f'<?xml version="1.0"?><!DOCTYPE s SYSTEM "{at}"[<!ENTITY % x SYSTEM "{at}">%x;]><svg/>'.encode(),
        "x.html": f'<html><img src="{at}"><iframe src="{at}"></iframe></html>'.encode(),
        "x.mvg": f"push graphic-context\nimage over 0,0 0,0 '{at}'\npop graphic-context".encode(),
        "x.m3u8": f"#EXTM3U\n#EXTINF:10,\n{at}\n".encode(),
        "x.url": f"[InternetShortcut]\nURL={at}\n".encode(),
        "x.pdf": paper(calls),
    }


def paper(calls: Calls) -> bytes:
    at = f"http://127.0.0.1:{calls.port}/pdf".encode()
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(" + at + b")>>/AA<</O<</S/SubmitForm/F(" + at + b")>>>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"  # fmt: skip


def letters(calls: Calls) -> Iterator[bytes]:
    """As HTML with pictures, pixels and style; as a body kept elsewhere; with papers that call; asking for a receipt."""
    at = f"http://127.0.0.1:{calls.port}"
    html = f"""<html><head><link rel=stylesheet href={at}/css><style>@import '{at}/i'; p{{background:url({at}/bg)}}</style><base href={at}/>
        <meta http-equiv=refresh content='0;url={at}/m'></head><body background={at}/b><p>灯坏了</p><img src={at}/pixel.gif width=1 height=1>
        <iframe src={at}/f></iframe><video src={at}/v></video><svg><use href='{at}/s#x'/></svg><a href='{at}/unsubscribe'>x</a></body></html>"""
    head = f"From: x@[127.0.0.1]\nSubject: {at}/subject\nReply-To: x@127.0.0.1\nDisposition-Notification-To: x@127.0.0.1\nList-Unsubscribe: <{at}/u>\n"
    head += f"List-Unsubscribe-Post: List-Unsubscribe=One-Click\nContent-Base: {at}\nContent-Location: {at}/l\nFace-URL: {at}/x\nErrors-To: x@127.0.0.1\n"
    yield f"{head}Message-ID: <1@x>\nContent-Type: text/html; charset=utf-8\n\n{html}".encode()
    yield f'{head}Message-ID: <2@x>\nContent-Type: message/external-body; access-type=URL; URL="{at}/body"\n\nContent-Type: text/plain\n\n'.encode()
    yield f'{head}Message-ID: <3@x>\nContent-Type: text/plain; charset="http://127.0.0.1:{calls.port}/charset"\n\n{words(calls)}'.encode()
    kinds = {"x.svg": "image/svg+xml", "x.html": "text/html", "x.pdf": "application/pdf", "x.jpg": "image/jpeg"}
    parts = b"".join(
        f"--b\nContent-Type: {kind}; name={name}\nContent-Disposition: attachment; filename={name}\nContent-Transfer-Encoding: 8bit\n\n".encode()
        + pictures(calls)[name] + b"\n" for name, kind in kinds.items()
    )  # fmt: skip
    mixed = f"{head}Message-ID: <4@x>\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n{html}\n"
    yield mixed.encode() + parts + b"--b--\n"


def workbook(calls: Calls, rows: list[list[str]]) -> bytes:
    """A table as a spreadsheet program writes it, that also names other files, pictures and entities elsewhere."""
    import xlsxwriter

    at, plain, out = f"http://127.0.0.1:{calls.port}", io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(plain, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
        sheet.write_url(len(rows) + 1, 8, f"{at}/link")
        sheet.write_formula(len(rows) + 1, 9, f'=WEBSERVICE("{at}/formula")')
        sheet.set_background(io.BytesIO(drawn("PNG")))
    relation = '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}" TargetMode="External"/></Relationships>'
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode("utf-8", "surrogateescape")
            if name.endswith(".rels"):
                data = data.replace("</Relationships>", relation.format("externalLink", f"{at}/book.xlsx"))
            if name == "xl/sharedStrings.xml":
                data = data.replace("?>", f'?><!DOCTYPE sst [<!ENTITY % x SYSTEM "{at}/entity">%x;]>', 1)
            target.writestr(name, data.encode("utf-8", "surrogateescape"))
        target.writestr(
            "xl/externalLinks/externalLink1.xml", f'<externalLink><externalBook r:id="{at}/x.xlsx"/></externalLink>'
        )
    return out.getvalue()


def test_whoever_waits_is_heard() -> None:
    """Else the tests below would prove nothing."""
    with watched() as calls:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with pytest.raises(urllib.error.HTTPError):
            direct.open(f"http://127.0.0.1:{calls.port}/x", timeout=5)
    assert (len(calls.came) > 0, len(calls.tried) > 0) == (True, True)


def test_what_is_reported_and_everything_made_of_it(cast: Cast, client: Client, calls: Calls) -> None:
    told = {"situation": words(calls), "remedy_sought": words(calls), "place": words(calls)[:110], "name": f"//127.0.0.1:{calls.port}",
            "kind": "complaint", "phone": "13800001111"}  # fmt: skip
    sent = {name: client.post("/s/yulan/report", {**told, "photos": SimpleUploadedFile(name, data)}).status_code
            for name, data in pictures(calls).items()}  # fmt: skip
    assert sent == {**dict.fromkeys(pictures(calls), 422), "x.jpg": 303}
    case, at = Case.objects.get(), f"http://127.0.0.1:{calls.port}"
    lay_down_papers([paper(calls)])
    from_there = {"HTTP_REFERER": f"{at}/r", "HTTP_X_FORWARDED_HOST": f"127.0.0.1:{calls.port}", "HTTP_ORIGIN": at}
    client.force_login(cast.users["zhou"])
    number = case.reference.number
    pages = [f"/cases/{number}/{tail}" for tail in ("", "form.pdf", "form.docx", "slip.pdf")]
    pages += [f"/t/{receipt_token(case.reference)}{tail}" for tail in ("", "/slip.pdf")]
    pages += ["/log/book", f"/search/?q={at}", "/today/", "/audit/", f"/audit/trail/{number}/", f"/log-in?next={at}"]
    assert {page: client.get(page, **from_there).status_code for page in pages} == dict.fromkeys(pages, 200)
    client.post(f"/cases/{number}/answer", {"text": words(calls), "version": "1"}, **from_there)
    client.post("/language/", {"language": "en", "next": f"{at}/next"}, **from_there)
    assert "<svg" in qr_svg(f"{at}/qr")
    clockwork.deliver(now=NOW)
    assert calls.all == []


def test_letters_are_read_shown_and_answered(cast: Cast, client: Client, calls: Calls) -> None:
    kept = [acts.sorted_letter(cast, NOW, raw) for raw in letters(calls)]
    client.force_login(cast.users["zhou"])
    pages = [f"/letters/{one.pk}/{tail}" for one in kept for tail in ("", "raw.eml")]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    for letter in Letter.objects.exclude(state="taken"):
        client.post(f"/letters/{letter.pk}/take", {"kind": "opinion", "situation": words(calls)})
    for case in Case.objects.all():
        assert client.get(f"/cases/{case.reference.number}/").status_code == 200
    clockwork.deliver(now=NOW)
    assert calls.all == []


def test_tables_and_papers_of_the_office(cast: Cast, client: Client, calls: Calls) -> None:
    at = f"http://127.0.0.1:{calls.port}"
    client.force_login(cast.users["zhou"])
    rows = [
        ["楼栋", "单元", "房号", "姓名", "电话", "身份"],
        ["9栋", "1", "101", f'=WEBSERVICE("{at}/cell")', "13912340001", "业主"],
    ]
    with_calls = {"住户.xlsx": workbook(calls, rows), "住户.csv": "\n".join(map(",".join, rows)).encode()}
    for name, data in with_calls.items():
        answer = client.post("/directory/import/", {"file": SimpleUploadedFile(name, data)})
        assert (name, answer.status_code in {200, 422}) == (name, True)
    for address, more in {
        "/calendar/load-file": {},
        "/handbooks/management-office/adopt": {"text": at, "effective_on": "2026-12-01"},
    }.items():
        for name in ("x.toml", "x.json", "x.csv"):
            said = f'source = "{at}/x"\ninclude = "{at}/y"\n'.encode()
            assert client.post(address, {"file": SimpleUploadedFile(name, said), **more}).status_code < 500
    for page in ("/figures/?as=xlsx", "/matrix/?as=xlsx", "/audit/pack.zip?site=yulan&year=2026"):
        assert client.get(page).status_code < 500
    assert calls.all == []


def test_every_list_and_the_api_asked_with_an_address(cast: Cast, client: Client, calls: Calls) -> None:
    at = f"http://127.0.0.1:{calls.port}"
    for username in ("zhou", "shen"):
        client.force_login(cast.users[username])
        for page in (
            "/today/",
            "/inbox/",
            "/cases/",
            "/search/",
            "/log/who",
            "/log/alike",
            "/directory/",
            "/letters/",
            "/duties/",
            "/reports/",
        ):
            asked = dict.fromkeys(
                ("q", "next", "site", "url", "redirect", "callback", "image", "src", "file", "page", "b", "as"), at
            )
            assert client.get(page, asked).status_code < 500
    key = issue_token(cast.users["zhou"], label=at, by=SYSTEM, now=NOW)
    body = {
        "site": "yulan",
        "channel": "web",
        "kind": "complaint",
        "situation": words(calls),
        "callback": at,
        "url": at,
        "webhook": at,
    }
    for told in (body, {name: body[name] for name in ("site", "channel", "kind", "situation")}):
        answer = client.post(
            "/api/v1/contacts",
            json.dumps(told),
            "application/json",
            headers={"Authorization": f"Bearer {key}", "Link": f"<{at}>"},
        )
        assert answer.status_code < 500
    assert {"today", "inbox", "cases", "search", "who", "alike", "directory", "letters", "duties", "digests"} <= LISTS
    assert calls.all == []


def test_what_opens_a_connection_stands_in_one_list() -> None:
    found: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
            hits = {can for name in names for can in CAN_CALL if name == can or name.startswith(can + ".")}
            if hits:
                found.setdefault(str(path.relative_to(SOURCE)), set()).update(hits)
    assert found == OPENS
