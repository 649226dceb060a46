"""The application with a million invented cases: what people wait for, as a server answers it.

PostgreSQL, the application (`wayhome serve`, two workers) and the people share the machine's cores;
how much processor time each of the three took is said with every figure.
"""

# What Django holds can be imported only once the installation is there.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from uuid import uuid4

import psutil

from bench.browsing import Browser, Log, Step, at_once, fact_asked, path_of
from bench.commands import COMMAND
from bench.installation import SLUG, Installation, installation
from bench.measuring import Finding
from wayhome.law.days_to_come import MAY_LIE_AHEAD
from wayhome.law.vocabulary import load_vocabulary

STAFF, VISITORS = 20, 100
MOST_STAFF_MS, MOST_PORTAL_MS, MOST_NEXT_MS = 150, 200, 50
MOST_QUERIES = 15
MOST_START_SECONDS, DEMO_CASES = 20, 500
# Nobody reads a page in less; with no pause at all is told beside it.
STAFF_PAUSE, PORTAL_PAUSE, NO_PAUSE = (1.0, 3.0), (3.0, 7.0), (0.0, 0.0)
SECONDS, SECONDS_WITHOUT_PAUSE = 60.0, 15.0
PATIENCE = 120


def findings(folder: Path, cases: int) -> Iterator[Finding]:
    """Every mark of the application; the installation stands in the folder for the next time."""
    with installation(folder / "web", cases) as made:
        yield _queries(made)
        yield _next_question(made)
        with _serving(made.home) as server:
            yield from _staff(made, server)
            yield from _portal(made, server)
    yield _start_of_demo()


class Server:
    """`wayhome serve` and its PostgreSQL: where it listens, and the processor time it has taken."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], database: int) -> None:
        self.port, self._process, self._database = port, process, database

    def seconds(self) -> dict[str, float]:
        """Processor seconds so far, of each of the three that share the cores."""
        return {
            "application": _processor_seconds(self._process.pid),
            "PostgreSQL": _processor_seconds(self._database),
            "the people (load)": time.process_time(),
        }


def _processor_seconds(root: int) -> float:
    """Of a process, those below it, and those below it that have ended."""
    whole = 0.0
    process = psutil.Process(root)
    for each in (process, *process.children(recursive=True)):
        try:
            spent = each.cpu_times()
        except psutil.NoSuchProcess:
            continue
        whole += spent.user + spent.system
        whole += spent.children_user + spent.children_system
    return whole


@contextmanager
def _serving(home: Path) -> Iterator[Server]:
    port = _free_port()
    process = _serve(port, "--workers", "2")
    try:
        _wait_for(port, process)
        database = int((home.parent / "postgresql" / "postmaster.pid").read_text().split()[0])
        yield Server(port, process, database)
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def serving_empty_home(home: Path) -> Iterator[int]:
    """`wayhome serve` with one worker on a new home: its port."""
    port = _free_port()
    own = {"WAYHOME_HOME": str(home), "WAYHOME_DATABASE_URL": "", "WAYHOME_KEYRING_URL": ""}
    process = _serve(port, "--demo", "--cases", "1", "--workers", "1", **own)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _serve(port: int, *options: str, **environment: str) -> subprocess.Popen[bytes]:
    command = [str(COMMAND), "serve", "--port", str(port), *options]
    return subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=None
    )


def _free_port() -> int:
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        return int(own.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until the first page is answered."""
    end = time.monotonic() + PATIENCE
    while Browser(port).get("/").status != 200:
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("The application did not start.")
        time.sleep(0.05)


# --- staff ---------------------------------------------------------------------------------------


def _staff(made: Installation, server: Server) -> Iterator[Finding]:
    paths = _paths()
    people = [
        _worker(Browser(server.port, {"sessionid": session}), paths) for session in _sessions()
    ]
    log, shares = _measured(server, people, SECONDS, STAFF_PAUSE)
    hurried, _ = _measured(server, people, SECONDS_WITHOUT_PAUSE, NO_PAUSE)
    for kind in ("worklist", "search", "case page"):
        yield _waiting(
            f"{kind}, {STAFF} people at once, {made.cases:,} cases",
            MOST_STAFF_MS,
            log,
            kind,
            {**shares, "without any pause": _told(hurried, kind, SECONDS_WITHOUT_PAUSE)},
            "Each reads for {:.0f} to {:.0f} s, then asks for the next.".format(*STAFF_PAUSE),
        )


def _worker(browser: Browser, paths: dict[str, list[Any]]) -> Step:
    def step(draw: Random, log: Log) -> None:
        kind = draw.choices(("worklist", "search", "case page"), (3, 2, 5))[0]
        chosen = draw.choice(paths[kind])
        if kind == "search":
            sent = browser.post(paths["search form"][0], chosen)
            log.add("search, sending it", sent)
            chosen = path_of(sent.location)
        log.add(kind, browser.get(chosen))

    return step


def _paths() -> dict[str, list[Any]]:
    """What the staff asks for: the worklist with filters, names, cases anywhere in the caseload."""
    from django.urls import reverse
    from django_scopes import scopes_disabled

    from wayhome.web.cases.models import Case, Person, State

    worklist = reverse("worklist")
    with scopes_disabled():
        # The first case after a number drawn by lot: anywhere among them, found at once.
        in_order = Case.objects.order_by("pk").values_list("pk", flat=True)
        cases = [in_order.filter(pk__gte=uuid4()).first() or in_order[0] for _ in range(400)]
        people = Person.objects.filter(case_id__in=cases).select_related("case")
        names = [{"text": " ".join(str(p.name).split()[:2])} for p in people]
        numbers = [{"text": str(p.a_number)} for p in people if p.a_number]
    states = [f"{worklist}?state={state}" for state in (State.RECEIVED, State.PREPARING, "open")]
    return {
        "worklist": [worklist, worklist, *states, f"{worklist}?assigned=me&state=open"],
        "search": [*names, *numbers[:100]],
        "case page": [reverse("case", args=[case]) for case in cases],
        "search form": [reverse("search")],
    }


def _sessions() -> list[str]:
    """Sessions of twenty people who have signed in with both factors."""
    from allauth.mfa.models import Authenticator
    from django.test import Client

    from wayhome.web.accounts.models import Membership, Organization, Role, User

    unit = Organization.objects.get(slug=SLUG)
    roles = (Role.CASEWORKER, Role.CASEWORKER, Role.ATTORNEY, Role.LEAD)
    found = []
    for number in range(STAFF):
        email, name = f"staff{number}@{SLUG}.example", f"Invented Staff {number}"
        user, _ = User.objects.get_or_create(email=email, defaults={"name": name})
        role = roles[number % len(roles)]
        Membership.objects.get_or_create(user=user, organization=unit, defaults={"role": role})
        Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        found.append(client.cookies["sessionid"].value)
    return found


# --- the portal ----------------------------------------------------------------------------------


def _portal(made: Installation, server: Server) -> Iterator[Finding]:
    people = [_visitor(begun_visit(server.port)) for _ in range(VISITORS)]
    log, shares = _measured(server, people, SECONDS, PORTAL_PAUSE)
    yield _waiting(
        f"portal page, {VISITORS} people at once, {made.cases:,} cases",
        MOST_PORTAL_MS,
        log,
        None,
        {
            **shares,
            **{kind: _told(log, kind, SECONDS) for kind in log.seconds},
            "errors": len(log.faults),
        },
        "Each answers a question and is led to the next, after "
        f"{PORTAL_PAUSE[0]:.0f} to {PORTAL_PAUSE[1]:.0f} s of reading.",
    )


def begun_visit(port: int) -> Browser:
    """Somebody who has agreed and said for whom, and stands before the first question."""
    browser = Browser(port)
    browser.get("/p/1/")
    browser.post("/p/1/", {"consent": "agree"})
    begun = browser.post("/p/2/", {"who": "self"})
    if begun.status != 302:
        raise RuntimeError(f"A visit could not begin: {begun.status}.")
    return browser


def _visitor(browser: Browser) -> Step:
    at = {"path": "/p/q/", "fact": ""}

    def step(draw: Random, log: Log) -> None:
        if at["fact"]:
            sent = browser.post(at["path"], {"fact": at["fact"], **answer_to(at["fact"], draw)})
            log.add("keeping an answer", sent)
            at["path"] = path_of(sent.location) or "/p/q/"
        for _ in range(3):
            page = browser.get(at["path"])
            log.add("next question" if page.status == 200 else "on the way to it", page)
            if page.status != 302:
                break
            at["path"] = path_of(page.location)
        at["fact"] = fact_asked(page.body) or ""

    return step


def answer_to(fact: str, draw: Random) -> dict[str, str]:
    """What a form sends for an answer; a fifth do not know."""
    if draw.random() < 0.2:
        return {"said": "unknown"}
    match str(load_vocabulary()[fact].type):
        case "bool":
            return {"said": draw.choice(("yes", "no"))}
        case "date":
            # A hearing or a removal is ahead: of a day that has passed the portal asks once more.
            year = 2028 if fact in MAY_LIE_AHEAD else draw.randrange(2005, 2026)
            return {"year": str(year), "month": "3", "day": "9"}
        case "int":
            return {"value": str(draw.randrange(30))}
        case "category":
            return {"value": draw.choice(load_vocabulary()[fact].values)}
        case _:
            return {"said": "unknown"}


# --- one at a time -------------------------------------------------------------------------------


def _next_question(made: Installation) -> Finding:
    """Keeping an answer and making the page of the next question, nobody else there."""
    from django.test import Client
    from django.utils import timezone

    from wayhome.web.warming import warm_up

    warm_up(timezone.now().date())
    seconds: list[float] = []
    used: list[float] = []
    for seed in range(4):
        draw, client = Random(seed), Client(headers={"host": "localhost"})
        client.post("/p/1/", {"consent": "agree"})
        client.post("/p/2/", {"who": "self"})
        page = client.get("/p/q/", follow=True)
        while (fact := fact_asked(page.content.decode())) and len(seconds) < 40 * (seed + 1):
            path = page.request["PATH_INFO"]
            begun, spent = time.perf_counter(), time.process_time()
            sent = client.post(path, {"fact": fact, **answer_to(fact, draw)})
            page = client.get(path_of(sent.headers.get("Location", path)))
            seconds.append(time.perf_counter() - begun)
            used.append(time.process_time() - spent)
            if page.status_code == 302:
                page = client.get("/p/q/", follow=True)
    taken = sorted(seconds)
    p95 = 1000 * taken[int(0.95 * len(taken))]
    return Finding(
        "next question after an answer, on the server",
        f"p95 under {MOST_NEXT_MS}",
        p95,
        "ms",
        p95 < MOST_NEXT_MS,
        f"Keeping the answer and making the next page, one person, {made.cases:,} cases.",
        {"answer and next page": seconds},
        {
            "median": f"{1000 * median(taken):.0f} ms",
            "longest": f"{1000 * taken[-1]:.0f} ms",
            "processor time of the application": f"median {1000 * median(used):.0f} ms",
        },
    )


def _queries(made: Installation) -> Finding:
    """The most that one page asks the two databases, transactions and savepoints included."""
    from django.db import connection, connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = _sessions()[-1]
    paths = _paths()
    chosen = {
        "worklist": paths["worklist"][0],
        "search": path_of(
            client.post(paths["search form"][0], paths["search"][0]).headers["Location"]
        ),
        "case page": paths["case page"][0],
    }
    counts = {}
    for name, path in chosen.items():
        client.get(path)
        with (
            CaptureQueriesContext(connection) as own,
            CaptureQueriesContext(connections["keyring"]) as keys,
        ):
            answer = client.get(path)
            counts[name] = len(own.captured_queries) + len(keys.captured_queries)
        if answer.status_code != 200:
            raise RuntimeError(f"{name}: {answer.status_code}")
    most = max(counts.values())
    return Finding(
        "queries of a page, of both databases",
        f"at most {MOST_QUERIES}",
        most,
        "queries",
        most <= MOST_QUERIES,
        f"The most of one page, {made.cases:,} cases. Beginning and ending a transaction count.",
        {},
        counts,
    )


def _start_of_demo() -> Finding:
    """`wayhome serve --demo` in an empty home until its first page is there."""
    with tempfile.TemporaryDirectory() as folder:
        begun, port = time.perf_counter(), _free_port()
        own = {"WAYHOME_HOME": folder, "WAYHOME_DATABASE_URL": "", "WAYHOME_KEYRING_URL": ""}
        process = _serve(port, "--demo", "--cases", str(DEMO_CASES), **own)
        try:
            _wait_for(port, process)
            seconds = time.perf_counter() - begun
            used = _processor_seconds(process.pid)
        finally:
            process.terminate()
            process.wait(60)
    return Finding(
        f"start-up of the demo with {DEMO_CASES} invented cases",
        f"under {MOST_START_SECONDS}",
        seconds,
        "s",
        seconds < MOST_START_SECONDS,
        "From the command to the first page, in an empty home: databases made, cases invented.",
        {},
        {"processor seconds": round(used, 1)},
    )


# --- how it is told ------------------------------------------------------------------------------


def _measured(
    server: Server, people: Sequence[Step], seconds: float, pause: tuple[float, float]
) -> tuple[Log, dict[str, Any]]:
    """What everybody waited for, and who took the processor's time meanwhile."""
    before, load = server.seconds(), os.getloadavg()[0]
    log = at_once(people, seconds, pause)
    spent = {name: taken - before[name] for name, taken in server.seconds().items()}
    shares = ", ".join(f"{name} {taken:.1f} s" for name, taken in spent.items())
    return log, {
        "processor time": f"{shares}, of {seconds * (os.cpu_count() or 1):.0f} s there were",
        "pages": f"{log.count}, {log.count / (0.9 * seconds):.1f} a second",
        "load before": round(load, 1),
    }


def _waiting(
    what: str, most: int, log: Log, kind: str | None, more: dict[str, Any], how: str
) -> Finding:
    p95 = log.percentile(0.95, kind)
    return Finding(
        what,
        f"p95 under {most}, no error",
        p95,
        "ms",
        p95 < most and not log.faults,
        how,
        {
            kind or "every page": [
                s for k in ([kind] if kind else log.seconds) for s in log.seconds[k]
            ]
        },
        {**more, "errors": log.faults[:3] or "none"},
    )


def _told(log: Log, kind: str, seconds: float) -> str:
    times = ", ".join(
        f"{name} {log.percentile(share, kind):.0f} ms"
        for name, share in (("median", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    return f"{times}; {len(log.seconds[kind]) / (0.9 * seconds):.1f} a second"
