"""Components and frames render, keep the content-security policy and their weight."""

import gzip
import re
from pathlib import Path

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from huiyin import ui
from huiyin.ui import samples, views

ROOT = Path(ui.__file__).parent
PAGES = ["", *samples.SCREENS]
PORTAL = ["report", "receipt", "track"]


def page(client: Client, sample: str, language: str = "zh-hans") -> str:
    client.cookies["huiyin_language"] = language
    response = client.get("/ui/", {"sample": sample} if sample else {})
    assert response.status_code == 200
    return response.content.decode()


def component(source: str, **values: object) -> str:
    html: str = engines["django"].from_string(CottonCompiler().process(source)).render(values)
    return re.sub(r"\s+", " ", html).strip()


@pytest.mark.parametrize("sample", PAGES)
def test_a_page_holds_the_content_security_policy(client: Client, sample: str) -> None:
    html = page(client, sample)
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|<c-", html) == []


@pytest.mark.parametrize("sample", PAGES)
def test_a_page_has_one_sheet_and_at_most_one_script(client: Client, sample: str) -> None:
    html = page(client, sample)
    assert html.count('rel="stylesheet"') == 1
    assert html.count("<script") == (0 if sample in PORTAL else 1)


@pytest.mark.parametrize("sample", PORTAL)
def test_a_public_page_weighs_at_most_15_kib_in_all(client: Client, sample: str) -> None:
    sheet = (ROOT / "static/ui/huiyin.css").read_bytes()
    assert len(gzip.compress(sheet)) <= 9 * 1024
    assert len(gzip.compress(sheet)) + len(gzip.compress(page(client, sample).encode())) <= 15 * 1024


def test_the_desk_list_keeps_its_weight(client: Client) -> None:
    html = len(gzip.compress(page(client, "cases").encode()))
    files = sum(len(gzip.compress((ROOT / f"static/ui/{name}").read_bytes())) for name in ("huiyin.css", "desk.js"))
    assert html <= 17 * 1024
    assert html + files <= 45 * 1024


@pytest.mark.parametrize("sample", PAGES)
def test_ids_are_unique_and_labels_find_their_field(client: Client, sample: str) -> None:
    html = page(client, sample)
    ids = re.findall(r'\sid="([^"]+)"', html)
    if sample:
        assert len(ids) == len(set(ids))
    assert set(re.findall(r'<label[^>]*\sfor="([^"]+)"', html)) - set(ids) == set()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_frame_speaks_the_chosen_language(client: Client, language: str) -> None:
    html = page(client, "today", language)
    assert re.findall(r'<html\s+lang="([^"]+)"', html) == [{"zh-hans": "zh-Hans", "en": "en"}[language]]
    assert ("记一笔" in html, "Log it" in html) == ((True, False) if language == "zh-hans" else (False, True))


def test_a_status_says_glyph_and_word() -> None:
    assert ">已履行</span></span>" in component('<c-status state="kept" />')
    assert ">第二次逾期</span></span>" in component('<c-status state="late">第二次逾期</c-status>')
    assert 'class="vh" >逾期<' in component('<c-status state="late" :short="True" />')


def test_a_button_is_a_link_when_it_has_an_address_and_ignores_the_page_around_it() -> None:
    button = component("<c-button>送</c-button>", href="/leak", icon="x", rank="primary")
    assert re.sub(r"\s", "", button) == '<buttonclass="button"type="submit">送</button>'
    link = component('<c-button href="/a" rank="primary">送</c-button>')
    assert re.sub(r"\s", "", link) == '<aclass="button"href="/a"data-rank="primary">送</a>'


def test_what_stays_inside_is_marked_in_words() -> None:
    html = component('<c-event side="internal" who="王工">维保未到</c-event>')
    assert "内部，客户看不到" in html
    assert 'class="internal"' in html


def test_a_component_escapes_what_it_is_given() -> None:
    evil = "<script>x</script>"
    for source in (
        '<c-slip :number="evil" :words="evil"></c-slip>',
        '<c-event side="customer" :who="evil">{{ evil }}</c-event>',
        '<c-head :title="evil">{{ evil }}</c-head>',
        '<c-fact label="a" :note="evil">{{ evil }}</c-fact>',
        '<c-task :title="evil" :note="evil" :who="evil"></c-task>',
    ):
        assert "<script" not in component(source, evil=evil)


def test_a_form_names_its_errors_and_links_to_them() -> None:
    html = str(samples.SampleForm({"words": "", "place": "x", "phone": "1", "way": "phone"}))
    assert '<a href="#id_words">请填写“发生了什么”</a>' in html
    assert 'aria-describedby="id_words_helptext id_words_error"' in html
    assert 'id="id_words_error"' in html
    assert 'aria-invalid="true"' in html


def test_an_untouched_form_has_no_summary() -> None:
    assert 'id="errors"' not in str(samples.SampleForm())


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "405", "500"])
def test_an_error_page_needs_no_context(code: str) -> None:
    html = engines["django"].get_template(f"{code}.html").render()
    assert html.count("<h1>") == 1
    assert "放心" in html
    assert "怎么办" in html


def test_the_look_is_kept_in_a_cookie_and_only_known_values(rf: RequestFactory) -> None:
    kept = views.set_look(rf.post("/ui/look/", {"print": "large", "scheme": "pink", "next": "/s/a/"}))
    assert (kept.status_code, kept["Location"]) == (302, "/s/a/")
    assert {name: morsel.value for name, morsel in kept.cookies.items()} == {"huiyin_print": "large"}


def test_the_look_never_sends_anyone_elsewhere(rf: RequestFactory) -> None:
    assert views.set_look(rf.post("/ui/look/", {"next": "https://evil.example/"}))["Location"] == "/"


def test_large_print_marks_the_page(client: Client) -> None:
    client.cookies["huiyin_print"] = "large"
    assert 'data-print="large"' in page(client, "report")


def test_htmx_is_set_for_the_strict_policy() -> None:
    html = engines["django"].get_template("ui/htmx.html").render()
    assert '"includeIndicatorStyles": false, "allowEval": false' in html
    assert html.count("<script") == 1
