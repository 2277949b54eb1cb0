"""Text of a web page or an HTML letter. Nothing of it is kept but words: no script, no style, no address to fetch from."""

import re
from html.parser import HTMLParser

_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "math", "object", "iframe"})
_BREAKS = frozenset(
    {"br", "hr", "p", "div", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre"}
)
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_UNSEEN = re.compile(r"<(script|style)\b.*?(?:</\1|$)", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(r"<[^<>]*>?")
_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n+")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self.hidden = 0
        self.quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self.hidden += 1
        elif tag == "blockquote":
            self.quoted = min(self.quoted + 1, 3)
            self._break()
        elif tag in _BREAKS:
            self._break()
        elif tag in {"td", "th"}:
            self._say(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag == "blockquote":
            self.quoted = max(0, self.quoted - 1)
            self._break()
        elif tag in _BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self._say(_BLANKS.sub(" ", data.replace("\n", " ")))

    def _break(self) -> None:
        if self.lines[-1].strip("> "):
            self.lines.append("")

    def _say(self, text: str) -> None:
        if not self.lines[-1] and self.quoted and text.strip():
            self.lines[-1] = "> " * self.quoted
        self.lines[-1] += text


def words_of(page: str) -> str:
    """The words of an HTML text, a line a block; quoted blocks with `> ` before them."""
    reader = _Reader()
    try:
        reader.feed(page)
        reader.close()
    except AssertionError:  # the library's way to give up on a marked section it does not know
        reader.lines = _TAGS.sub(" ", _UNSEEN.sub(" ", page)).split("\n")
    return _EMPTY_LINES.sub("\n\n", "\n".join(line.strip() for line in reader.lines)).strip()
