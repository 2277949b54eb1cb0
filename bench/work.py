"""The rows: each measured against the yardstick's runs just before and after it, or against a constant page in the same round."""

import gzip
import json
import re
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import quote

from bench import client, words
from bench.places import Place

SEEN = re.compile(r"找到 ([\d,]+) 条")
CASES = re.compile(r'href="/cases/([A-Z0-9][A-Za-z0-9-]+)/"')
ASSETS = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@dataclass
class Row:
    """One line of the result. `ratio` compares with what `against` names; the raw medians stand beside it."""

    name: str
    ratio: float | None
    against: str
    raw: dict[str, Any]
    goal: str = ""


@dataclass
class Pace:
    """How long and how often: short for a look, long for the book."""

    seconds: float
    turns: int
    rounds: int
    starts: int
    sheet: int


@dataclass
class Bench:
    """One run over one database."""

    place: Place
    pace: Pace
    rows: list[Row] = field(default_factory=list)
    account: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, ratio: float | None, against: str, goal: str = "", **raw: Any) -> None:
        self.rows.append(Row(name, None if ratio is None else round(ratio, 3), against, raw, goal))

    def cold_start(self) -> None:
        """From the command to the first page, the two servers in turn; static files are gathered already, as after the first start."""
        times: dict[str, list[float]] = {"product": [], "yardstick": []}
        self.place.product.start()
        self.place.product.stop()
        for _ in range(self.pace.starts):
            for name, server in (("yardstick", self.place.yardstick), ("product", self.place.product)):
                times[name].append(server.start())
                server.stop()
        mine, bare = (statistics.median(times[name]) for name in ("product", "yardstick"))
        self.add(
            "cold start to first page",
            mine / bare,
            "yardstick",
            "<= 1.5",
            seconds=round(mine, 2),
            yardstick=round(bare, 2),
        )

    def memory(self, when: str) -> None:
        mine, bare = self.place.product.memory(), self.place.yardstick.memory()
        self.add(f"memory, {when}", mine / bare, "yardstick", "<= 1.5", mib=mine, yardstick=bare)

    def intake(self, when: str, clients: int) -> None:
        """Forms sent by some clients, in short runs with the yardstick before and after each."""
        port, bare = self.place.product.port, self.place.yardstick.port
        runs, marks = [], [self._mark(bare, clients)]
        for _ in range(self.pace.turns):
            runs.append(client.load(port, client.reports(port), clients=clients, seconds=self.pace.seconds, wanted=303))
            marks.append(self._mark(bare, clients))
        ratios = [run.per_second / statistics.mean(marks[at : at + 2]) for at, run in enumerate(runs)]
        raw = {
            "per_second": round(statistics.median(run.per_second for run in runs), 1),
            "yardstick": round(statistics.median(marks), 1),
        }
        raw |= {
            "p50_ms": round(statistics.median(run.p50 for run in runs), 1),
            "p95_ms": round(statistics.median(run.p95 for run in runs), 1),
        }
        goal = ">= 0.38, aim 0.5" if clients == 4 else "no error"
        self.add(
            f"intake, {clients} clients, {when}",
            statistics.median(ratios),
            "yardstick",
            goal,
            errors=sum(run.errors for run in runs),
            **raw,
        )

    def _mark(self, port: int, clients: int) -> float:
        return client.load(port, client.inserts, clients=clients, seconds=self.pace.seconds, wanted=200).per_second

    def update(self, when: str) -> None:
        """Status and comment by four clerks, with the yardstick before and after each run."""
        port, bare = self.place.product.port, self.place.yardstick.port
        cookie = client.logged_in(port, **self.account)
        numbers = self._numbers(cookie)
        cookie, token = client.form_token(port, f"/cases/{numbers[0]}/", cookie)
        runs, marks, make = [], [self._mark(bare, 4)], client.updates(cookie, token, numbers)
        for _ in range(self.pace.turns):
            runs.append(client.load(port, make, clients=4, seconds=self.pace.seconds, wanted=302))
            marks.append(self._mark(bare, 4))
        ratios = [run.per_second / statistics.mean(marks[at : at + 2]) for at, run in enumerate(runs)]
        raw = {"per_second": round(statistics.median(run.per_second for run in runs), 1)}
        raw |= {"yardstick": round(statistics.median(marks), 1), "errors": sum(run.errors for run in runs)}
        self.add(f"update, 4 clients, {when}", statistics.median(ratios), "yardstick", ">= 0.4", **raw)

    def _numbers(self, cookie: str) -> list[str]:
        """Open cases of the first pages of the list."""
        found: list[str] = []
        for number in range(1, 9):
            _headers, body = client.page(self.place.product.port, f"/cases/?page={number}", cookie)
            found += CASES.findall(body.decode())
        return sorted(set(found))

    def crowd(self, staff: int = 20, residents: int = 200) -> None:
        """Staff and residents at once, at people's pace, on one process with the worker in it where it is SQLite."""
        port = self.place.product.port
        cookie = client.logged_in(port, **self.account)
        paths = ["/cases/", "/today/", "/cases/?show=all", "/log/book", f"/cases/{self._numbers(cookie)[0]}/"]
        people = [client.clerk(cookie, paths)] * staff + [client.resident(port)] * residents
        seen = client.crowd(port, people, seconds=15 * self.pace.seconds)
        raw = {
            "lists_p95_ms": seen.p95("list"),
            "submissions_p95_ms": seen.p95("submission"),
            "errors": len(seen.wrong),
        }
        raw |= {name: len(found) for name, found in seen.times.items()}
        self.add(f"{staff} staff, {residents} residents", None, "", "p95 300 / 200 ms, 0 errors", **raw)

    def fill(self, count: int) -> None:
        began = time.perf_counter()
        filled = json.loads(self.place.run("-m", "bench.filling", "cases", str(count)))["filled"]
        self.add(
            f"filled up to {count:,} cases", None, "", rows_per_second=round(filled / (time.perf_counter() - began))
        )

    def pages(self, count: int) -> None:
        """The staff pages in turn with constant pages of the same app, one client."""
        port = self.place.product.port
        cookie = client.logged_in(port, **self.account)
        month = time.strftime("%Y-%m")
        paths = {"healthz": "/healthz", "log-in page": "/log-in", "list": "/cases/", "all": "/cases/?show=all"}
        paths |= {word: f"/search/?q={quote(word)}" for word in words.SEARCHED}
        paths |= {
            "month's report": f"/figures/?month={month}",
            "year's figures": "/figures/?period=12",
            "today": "/today/",
        }
        paths |= {
            "case page": f"/cases/{self._numbers(cookie)[0]}/",
            "duties": "/duties/",
            "duty book": "/log/book",
            "directory": "/directory/",
        }
        p50 = {
            name: statistics.median(times)
            for name, times in client.in_turn(port, paths, cookie, rounds=self.pace.rounds).items()
        }
        at = f"{count:,} cases"
        self.add(
            f"list page, {at}",
            p50["list"] / p50["log-in page"],
            "log-in page",
            "<= 3",
            p50_ms=round(p50["list"], 2),
            constant=round(p50["log-in page"], 2),
            healthz=round(p50["healthz"], 2),
        )
        for name in list(paths)[3:]:
            goal = "<= 1 list + 3 queries" if name == "month's report" else ""
            self.add(f"{name}, {at}", p50[name] / p50["list"], "list page", goal, p50_ms=round(p50[name], 2))
        self._complete(cookie, at)

    def _complete(self, cookie: str, at: str) -> None:
        """What the search page says it found against what looking at every text finds."""
        wanted = json.loads(self.place.run("-m", "bench.filling", "expected"))
        for word, count in wanted.items():
            _headers, body = client.page(self.place.product.port, f"/search/?q={quote(word)}", cookie)
            said = SEEN.search(body.decode())
            found = int(said[1].replace(",", "")) if said else 0
            self.add(
                f"search {word} found, {at}",
                found / count if count else None,
                "expected",
                "= 1",
                found=found,
                expected=count,
            )

    def handbooks(self, count: int) -> None:
        """The procedures of many sites: counting ten years of them, and the company's matrix beside the list page."""
        said = json.loads(self.place.run("-m", "bench.companies", "expansion"))
        name = f"ten years of five handbooks, {said['sites']:,} sites"
        self.add(name, None, "", "< 10 s of one core", seconds=said["seconds"], duties=said["duties"])
        filled = json.loads(self.place.run("-m", "bench.companies", "sites", str(count)))
        port = self.place.product.port
        cookie = client.logged_in(port, filled["username"], filled["password"])
        paths = {"list": "/cases/", "matrix": "/matrix/sites", "one": "/matrix/?site=yulan", "today": "/today/"}
        times = client.in_turn(port, paths, cookie, rounds=self.pace.rounds)
        p50 = {name: statistics.median(times[name]) for name in paths}
        for name, called, goal in (
            ("matrix", "sites x months", "<= 3"),
            ("one", "clauses x months", ""),
            ("today", "today", ""),
        ):
            raw = {"p50_ms": round(p50[name], 2), "list": round(p50["list"], 2), "duties": filled["duties"]}
            self.add(f"{called}, {count:,} sites", p50[name] / p50["list"], "list page", goal, **raw)

    def weights(self) -> None:
        """Bytes of a page with everything it loads, gzip as sent or, where the server sends it plain, as a proxy would send it."""
        port = self.place.product.port
        cookie = client.logged_in(port, **self.account)
        self._weigh("portal: report form", "/s/yulan/report", "", "<= 15 KiB")
        self._weigh("portal: track", self._tracked(), "", "<= 15 KiB")
        self._weigh("desk: list, cold", "/cases/", cookie, "<= 45 KiB, 3 requests")
        self._weigh("desk: list, warm", "/cases/", cookie, "<= 17 KiB", warm=True)

    def _tracked(self) -> str:
        port = self.place.product.port
        connection = client.http.client.HTTPConnection("127.0.0.1", port)
        _status, headers, _body = client.ask(connection, next(client.reports(port)(1)))
        return str(headers["Location"])

    def _weigh(self, name: str, path: str, cookie: str, goal: str, *, warm: bool = False) -> None:
        port = self.place.product.port
        headers, body = client.page(port, path, cookie, Accept_Encoding="gzip")
        plain = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
        paths = [] if warm else sorted(set(ASSETS.findall(plain.decode())))
        sizes, sent = [_zipped(headers, body)], len(body)
        for asset in paths:
            asset_headers, asset_body = client.page(port, asset, Accept_Encoding="gzip")
            sizes.append(_zipped(asset_headers, asset_body))
            sent += len(asset_body)
        kib = {"kib": round(sum(sizes) / 1024, 1), "html": round(sizes[0] / 1024, 1), "as_sent": round(sent / 1024, 1)}
        self.add(f"weight, {name}", None, "", goal, requests=1 + len(paths), **kib)

    def bring_in(self) -> None:
        """`huiyin import contacts` of a made-up spreadsheet, while the server is up."""
        file = str(self.place.home / "past.xlsx")
        self.place.run("-m", "bench.filling", "sheet", file, str(self.pace.sheet))
        before = self._mark(self.place.yardstick.port, 1)
        began = time.perf_counter()
        done = json.loads(self.place.run("-m", "huiyin", "import", "contacts", file, "--site", "hengtai", "--json"))
        rate = done["imported"] / (time.perf_counter() - began)
        after = self._mark(self.place.yardstick.port, 1)
        self.add(
            "import of messages with answers",
            rate / statistics.mean((before, after)),
            "yardstick, 1 client",
            ">= 100 rows/s",
            rows_per_second=round(rate),
            rows=done["imported"],
        )


def _zipped(headers: Any, body: bytes) -> int:
    return len(body) if headers.get("Content-Encoding") else len(gzip.compress(body, 6))


def as_json(rows: list[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def table(rows: list[Row], say: Callable[[str], None]) -> None:
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:g} x {row.against}"
        raw = "  ".join(
            f"{name} {value:,}" if isinstance(value, int | float) else f"{name} {value}"
            for name, value in row.raw.items()
        )
        say(f"{row.name:42} {ratio:28} {row.goal:24} {raw}")
