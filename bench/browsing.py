"""People at browsers: each a thread with a connection and cookies, who reads and asks again."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode, urlsplit

# Sent as cookie and as header: what a form has in a hidden field.
_CSRF = "b" * 32
_OKAY = (200, 302)


@dataclass(frozen=True)
class Answer:
    """What the server gave back, and the seconds until its last byte."""

    status: int
    body: str
    location: str
    seconds: float


class Browser:
    """Asks for one page after the other, without the files that pages share."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies = {"csrftoken": _CSRF, **(cookies or {})}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Accept-Language": "ht",
            "Accept-Encoding": "identity",
            "X-CSRFToken": _CSRF,
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        try:
            response = self._sent(method, path, body, headers)
            text = response.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return Answer(0, "", "", time.perf_counter() - begun)
        seconds = time.perf_counter() - begun
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(response.status, text, response.headers.get("Location", ""), seconds)

    def _sent(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """A server may close a connection that was quiet; a browser then opens another."""
        try:
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._connection.close()
            self._connection.request(method, path, body, headers)
            return self._connection.getresponse()


@dataclass
class Log:
    """How long each page took, by kind, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, answer: Answer) -> None:
        with self._lock:
            self.seconds.setdefault(kind, []).append(answer.seconds)
            if answer.status not in _OKAY:
                self.faults.append(f"{kind}: {answer.status or 'no answer'}")

    @property
    def count(self) -> int:
        return sum(map(len, self.seconds.values()))

    def percentile(self, share: float, kind: str | None = None) -> float:
        """In milliseconds, of one kind of page or of all."""
        chosen = [kind] if kind else list(self.seconds)
        taken = sorted(s for name in chosen for s in self.seconds[name])
        return 1000 * taken[min(int(share * len(taken)), len(taken) - 1)]


Step = Callable[[Random, Log], None]


def at_once(people: Iterable[Step], seconds: float, pause: tuple[float, float]) -> Log:
    """Lets everybody take one step after another for so long, pausing between them.

    They begin spread over one pause, and a first tenth of the time is not counted.
    """
    counted, warm = Log(), Log()
    begun = time.monotonic()
    end, counts_from = begun + seconds, begun + seconds / 10

    def work(number: int, step: Step) -> None:
        draw = Random(number)
        time.sleep(draw.uniform(0, pause[1]))
        while (now := time.monotonic()) < end:
            step(draw, counted if now >= counts_from else warm)
            time.sleep(draw.uniform(*pause))

    threads = [threading.Thread(target=work, args=who) for who in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted.faults += warm.faults
    return counted


def path_of(location: str) -> str:
    """Where a redirect leads, on the same server."""
    parts = urlsplit(location)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def fact_asked(page: str) -> str | None:
    """The fact that a page of the portal asks for."""
    found = re.search(r'name="fact" value="(\w+)"', page)
    return found[1] if found else None
