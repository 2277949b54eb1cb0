"""The client: plain http.client, connections kept, one process each. The same for the product and the yardstick."""

import html
import http.client
import multiprocessing
import re
import secrets
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from bench import words

Request = tuple[str, str, bytes, dict[str, str]]  # method, path, body, headers
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Load:
    """What a run of some clients gave: requests that did what they should, those that did not, the times in ms."""

    per_second: float
    errors: int
    p50: float
    p95: float


@dataclass(frozen=True)
class Crowd:
    """What a crowd saw: times in ms by what it was, and what went wrong."""

    times: dict[str, list[float]]
    wrong: list[str]

    def p95(self, name: str) -> float:
        found = self.times.get(name, [0.0])
        return round(found[int(len(found) * 0.95)] if len(found) > 1 else found[0], 1)


def ask(connection: http.client.HTTPConnection, request: Request) -> tuple[int, http.client.HTTPMessage, bytes]:
    method, path, body, headers = request
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def _one(
    port: int,
    make: Callable[[int], Iterator[Request]],
    seed: int,
    seconds: float,
    wanted: int,
    out: "multiprocessing.Queue[tuple[list[float], int]]",
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    requests, times, errors = make(seed), [], 0
    until = time.perf_counter() + seconds
    for request in requests:
        began = time.perf_counter()
        if began > until:
            break
        try:
            status, _headers, _body = ask(connection, request)
        except (OSError, http.client.HTTPException):
            connection.close()
            status = 0
        times.append((time.perf_counter() - began) * 1000)
        errors += status != wanted
    out.put((times, errors))


def load(port: int, make: Callable[[int], Iterator[Request]], *, clients: int, seconds: float, wanted: int) -> Load:
    """Let some clients send what `make(seed)` yields for some seconds; `wanted` is the status of success."""
    processes = multiprocessing.get_context("fork")
    out: multiprocessing.Queue[tuple[list[float], int]] = processes.Queue()
    seeds = [secrets.randbits(32) for _ in range(clients)]
    started = [processes.Process(target=_one, args=(port, make, seed, seconds, wanted, out)) for seed in seeds]
    for process in started:
        process.start()
    found = [out.get() for _ in started]
    for process in started:
        process.join()
    times = sorted(one for part, _errors in found for one in part)
    errors = sum(count for _times, count in found)
    return Load((len(times) - errors) / seconds, errors, statistics.median(times), times[int(len(times) * 0.95)])


def inserts(seed: int) -> Iterator[Request]:
    """The yardstick's requests: the same words as plain bodies."""
    random, serial = Random(seed), 0
    while True:
        serial += 1
        _building, place = words.room(random)
        text = words.message(random, place, random.choice(words.CATEGORIES), serial)
        yield "POST", "/insert", text.encode(), {"Content-Type": "text/plain"}


def reports(port: int) -> Callable[[int], Iterator[Request]]:
    """Forms of 报事 as a browser sends them, without photos; every fourth person leaves a name and a number."""

    def make(seed: int) -> Iterator[Request]:
        cookie, token = form_token(port, "/s/yulan/report")
        random, serial = Random(seed), 0
        while True:
            serial += 1
            building, place = words.room(random)
            category = random.choice(words.CATEGORIES)
            said = {
                "csrfmiddlewaretoken": token,
                "situation": words.message(random, place, category, serial + random.randint(0, 9999)),
            }
            said |= {
                "place": place,
                "kind": random.choice(("opinion", "complaint", "repair_request")),
                "category": category,
            }
            said |= {"remedy_sought": "", "name": "", "phone": "", "key": secrets.token_urlsafe(16)}
            if serial % 4 == 0:
                said |= {"name": words.name(random), "phone": f"199{random.randint(10_000_000, 99_999_999)}"}
            yield "POST", f"/s/yulan/report?b={building}", *_multipart(said, cookie)

    return make


def updates(cookie: str, token: str, numbers: list[str]) -> Callable[[int], Iterator[Request]]:
    """A new status with its words: a solution written on one of the open cases, by a clerk's session."""

    def make(seed: int) -> Iterator[Request]:
        random = Random(seed)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        while True:
            said = {
                "csrfmiddlewaretoken": token,
                "plan": f"请维修部明天上午上门看，{random.randint(1, 9)} 日前办好，联系人陈敏。",
            }
            yield "POST", f"/cases/{random.choice(numbers)}/solve", urlencode(said).encode(), headers

    return make


def crowd(port: int, people: list[Callable[[int], Iterator[tuple[str, Request, int, float]]]], seconds: float) -> Crowd:
    """Many people at once, each at their own pace: (what it is, request, wanted status, seconds of thought before it)."""
    times: dict[str, list[float]] = {}
    wrong: list[str] = []
    lock = threading.Lock()
    until = time.perf_counter() + seconds

    def live(person: Callable[[int], Iterator[tuple[str, Request, int, float]]], seed: int) -> None:
        for name, request, wanted, thought in person(seed):
            if time.perf_counter() + thought > until:
                return
            time.sleep(thought)
            began = time.perf_counter()
            try:
                status = ask(http.client.HTTPConnection("127.0.0.1", port, timeout=30), request)[0]
            except (OSError, http.client.HTTPException):
                status = 0
            took = (time.perf_counter() - began) * 1000
            with lock:
                times.setdefault(name, []).append(took)
                if status != wanted:
                    wrong.append(f"{request[1]} {status}")

    threads = [threading.Thread(target=live, args=(person, seed)) for seed, person in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Crowd({name: sorted(found) for name, found in times.items()}, wrong)


def resident(port: int) -> Callable[[int], Iterator[tuple[str, Request, int, float]]]:
    """Opens the form, writes for a while, sends it; then comes back with something else."""

    def live(seed: int) -> Iterator[tuple[str, Request, int, float]]:
        random, said = Random(seed), None
        while True:
            yield "form", ("GET", "/s/yulan/report", b"", {}), 200, random.uniform(0, 20)
            said = said or reports(port)(seed)
            yield "submission", next(said), 303, random.uniform(5, 20)

    return live


def clerk(cookie: str, paths: list[str]) -> Callable[[int], Iterator[tuple[str, Request, int, float]]]:
    """Turns from page to page, a few seconds on each."""

    def live(seed: int) -> Iterator[tuple[str, Request, int, float]]:
        random = Random(seed)
        while True:
            yield "list", ("GET", random.choice(paths), b"", {"Cookie": cookie}), 200, random.uniform(1, 6)

    return live


def _multipart(fields: dict[str, str], cookie: str) -> tuple[bytes, dict[str, str]]:
    edge = "----huiyin" + secrets.token_hex(8)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    parts.append(
        f'--{edge}\r\nContent-Disposition: form-data; name="photos"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n'
    )
    body = ("".join(parts) + f"--{edge}--\r\n").encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={edge}", "Cookie": cookie}


def form_token(port: int, path: str, cookie: str = "") -> tuple[str, str]:
    """The cookies and the token of a form."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    _status, headers, body = ask(connection, ("GET", path, b"", {"Cookie": cookie} if cookie else {}))
    found = TOKEN.search(body.decode())
    return cookies(headers, cookie), html.unescape(found[1]) if found else ""


def cookies(headers: http.client.HTTPMessage, before: str = "") -> str:
    jar = dict(pair.split("=", 1) for pair in before.split("; ") if pair)
    jar |= dict(line.split(";", 1)[0].split("=", 1) for line in headers.get_all("Set-Cookie", []))
    return "; ".join(f"{name}={value}" for name, value in jar.items())


def logged_in(port: int, username: str, password: str) -> str:
    """The cookies of somebody who logged in."""
    cookie, token = form_token(port, "/log-in")
    body = urlencode({"csrfmiddlewaretoken": token, "username": username, "password": password}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    status, answered, _body = ask(
        http.client.HTTPConnection("127.0.0.1", port, timeout=30), ("POST", "/log-in", body, headers)
    )
    if status != 302:
        raise SystemExit(f"log-in answered {status}")
    return cookies(answered, cookie)


def in_turn(port: int, pages: dict[str, str], cookie: str, *, rounds: int) -> dict[str, list[float]]:
    """Ask the pages one after the other, again and again, over one connection: times in ms by name."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(rounds + 3):
        for name, path in pages.items():
            began = time.perf_counter()
            status, _headers, _body = ask(connection, ("GET", path, b"", {"Cookie": cookie}))
            if status != 200:
                raise SystemExit(f"{path} answered {status}")
            if turn >= 3:
                times[name].append((time.perf_counter() - began) * 1000)
    return times


def page(port: int, path: str, cookie: str = "", **headers: str) -> tuple[http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    given = {name.replace("_", "-"): value for name, value in headers.items()} | ({"Cookie": cookie} if cookie else {})
    _status, answered, body = ask(connection, ("GET", path, b"", given))
    return answered, body
