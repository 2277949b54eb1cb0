"""Setting forms: own fonts, nothing read from outside, nothing typed becomes markup, nothing vanishes."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
import typst
from PIL import Image

from huiyin.records import typesetting
from huiyin.records.forms.building_poster import BuildingPoster
from huiyin.records.glyphs import settable, unsettable
from huiyin.records.typesetting import ROOT, qr_rows, qr_svg, render, typeset
from tests.records.printed import fonts_of, pages_of, text_of

POSTER = BuildingPoster(
    site="翠湖花园", place="3 号楼", phone="021-5550-0100", qr_url="https://huiyin.example/s/CH/report?b=3"
)


def test_poster_says_where_how_and_whom_to_call() -> None:
    assert text_of(typeset(POSTER)) == (
        "翠湖花园3号楼报事请扫码huiyin.example/s/CH/report?b=3报修、投诉、建议、咨询，写几个字就行，不用登录也可以打电话021-5550-0100"
    )


def test_poster_stays_on_one_sheet_with_long_names() -> None:
    long = BuildingPoster(
        site="某某大学北校区" * 6,
        place="研究生公寓" * 6,
        phone="021-5550-0100 转 8812",
        qr_url="https://h.example/" + "x" * 90,
    )
    pdf = typeset(long)
    assert pages_of(pdf) == 1
    assert "某某大学北校区" * 6 + "研究生公寓" * 6 in text_of(pdf)


def test_only_the_two_faces_of_the_package_are_used() -> None:
    assert fonts_of(typeset(POSTER)) == {"NotoSansSC-Regular-Identity-H"}


def test_the_same_form_gives_the_same_bytes() -> None:
    assert typeset(POSTER) == typeset(POSTER)


def test_threads_share_the_typesetter() -> None:
    forms = [BuildingPoster(site=f"小区{n}", place="", phone="", qr_url=f"https://h.example/{n}") for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        texts = [text_of(pdf) for pdf in pool.map(typeset, forms)]
    assert [text[:3] for text in texts] == [f"小区{n}" for n in range(8)]


def test_a_template_outside_the_package_is_refused(tmp_path: Path) -> None:
    template = tmp_path / "evil.typ"
    template.write_text("x")
    with pytest.raises(RuntimeError, match="contained in project root"):
        render(template, {})


@pytest.mark.parametrize("path", ["/etc/passwd", "../../../../../../../../etc/passwd", "../../pyproject.toml"])
def test_the_typesetter_cannot_read_outside_the_package(path: str) -> None:
    with pytest.raises(typst.TypstError):
        typesetting._compiler().compile(f'#read("{path}")'.encode(), format="pdf")


def test_templates_evaluate_no_text_and_fetch_no_packages() -> None:
    templates = sorted(ROOT.rglob("*.typ"))
    assert [path.name for path in templates if re.search(r"@preview|@local|\beval\(|\bread\(", path.read_text())] == []
    assert len(templates) >= 5


def test_rare_characters_are_set_or_shown_by_code_and_never_blank() -> None:
    assert unsettable("㐂𠮷龘𰻞😀 电梯\n①㎡\u200d\ufe0f") == {"𠮷", "😀"}
    assert settable("㐂𠮷龘😀") == "㐂〔U+20BB7〕龘〔U+1F600〕"
    assert settable("一\u200b二\x00三\n四") == "一二三\n四"
    poster = BuildingPoster(site="㐂𠮷龘😀", place="", phone="", qr_url="")
    assert text_of(typeset(poster)).startswith("㐂〔U+20BB7〕龘〔U+1F600〕")


def test_qr_for_pages_takes_the_color_of_the_text_and_no_style() -> None:
    svg = qr_svg("https://huiyin.example/t/8fK2xQmPz7")
    assert re.fullmatch(r'<svg width="\d+" height="\d+" class="qr"><path [^<>]+/></svg>', svg)
    assert 'stroke="currentColor"' in svg
    assert "style" not in svg


def test_the_code_on_paper_is_the_code_of_the_link() -> None:
    command = ["pdftoppm", "-r", "50.8", "-gray", "-"]  # two pixels a millimeter
    sheet = Image.open(BytesIO(subprocess.run(command, input=typeset(POSTER), capture_output=True, check=True).stdout))
    rows = qr_rows(POSTER.qr_url)
    left, pitch = 2 * (210 - 108) / 2, 2 * 108 / len(rows)

    def seen(top: int) -> list[str]:
        """What stands on paper where the code would be if it began at this height."""
        places = [(place + 0.5) * pitch for place in range(len(rows))]
        return [
            "".join("1" if sheet.getpixel((int(left + x), int(top + y))) == 0 else "0" for x in places) for y in places
        ]

    assert [top for top in range(sheet.height - 2 * 108) if seen(top) == rows] != []


def test_qr_for_paper_is_a_square_of_dots() -> None:
    rows = qr_rows("https://huiyin.example/t/8fK2xQmPz7")
    assert {len(row) for row in rows} == {len(rows)}
    assert set("".join(rows)) == {"0", "1"}
    assert qr_rows("") == []
