"""The application in a real browser: one server with an invented caseload, one Chromium.

Whatever a test opens is watched: no page may ask another host for anything, and the browser may
complain of nothing (a script that failed, a policy that was broken).
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from tests.browser.application.staff import SEED_SECOND_FACTORS, sign_in
from tests.web.invented_docket import TABLES as DOCKET
from tests.web.invented_record import write_record

CASES = 240  # enough that the accountability report has causes that are no small numbers
PHONE = {"width": 360, "height": 640}
LAPTOP = {"width": 1280, "height": 800}
PICTURES = Path(__file__).parents[3] / "docs" / "images" / "application"
LARGEST_PICTURE = 150 * 1024
_PATIENCE = 240
AXE = """(colours) => {
  if (!window.axe) window.loadAxe();
  return axe.run(document, {
    resultTypes: ['violations'], preload: false, rules: {'color-contrast': {enabled: colours}},
  });
}"""


class Office:
    """A home with an invented caseload, and the servers that run on it."""

    def __init__(self, folder):
        self.environment = os.environ | {
            "WAYHOME_HOME": str(folder),
            "WAYHOME_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "wayhome.web.settings",
        }
        self.servers = []

    def serve(self, *words):
        port = _free_port()
        command = [sys.executable, "-c", "from wayhome.cli import main; main()", "serve", *words]
        server = subprocess.Popen(
            [*command, "--port", str(port), "--workers", "1"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.servers.append(server)
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server)
        return address

    def run(self, text):
        command = [sys.executable, "-c", text]
        done = subprocess.run(
            command, env=self.environment, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def close(self):
        for server in self.servers:
            server.terminate()
        for server in self.servers:
            server.wait(timeout=40)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address, server):
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:  # not yet, or so busy that it took too long
            time.sleep(0.1)
    raise AssertionError(f"nothing answered at {address} in {_PATIENCE} seconds")


@pytest.fixture(scope="session")
def office(chromium, tmp_path_factory):
    """Made only where there is a browser to look at it."""
    office = Office(tmp_path_factory.mktemp("office") / "home")
    yield office
    office.close()


@pytest.fixture(scope="session")
def demo(office):
    """The address of the demonstration: every page says that everybody in it is invented."""
    address = office.serve("--demo", "--cases", str(CASES))
    office.run(SEED_SECOND_FACTORS)
    return address


@pytest.fixture(scope="session")
def address(office, demo):
    """The address of the same office as it works every day: a second factor is asked of all."""
    return office.serve()


@pytest.fixture(scope="session")
def invented(office, demo, tmp_path_factory):
    """The address of the same office with a record of invented sources, a docket among them."""
    folder = write_record(tmp_path_factory.mktemp("record") / "public-record", **DOCKET)
    office.environment["WAYHOME_PUBLIC_RECORD"] = str(folder)
    address = office.serve()
    del office.environment["WAYHOME_PUBLIC_RECORD"]
    return address


class Visits:
    """Opens pages in fresh contexts of the browser, and notes what they ask for and complain of."""

    def __init__(self, browser, axe):
        self.browser, self.axe, self.contexts = browser, axe, []
        self.elsewhere, self.complaints = [], []

    def open(self, base_url, **options):
        options = {"viewport": LAPTOP, "locale": "en-US", **options}
        context = self.browser.new_context(base_url=base_url, **options)
        context.set_default_timeout(20_000)
        context.add_init_script(self.axe)
        context.on("request", lambda request: self._asked(base_url, request))
        context.on("console", self._said)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.contexts.append(context)
        return context.new_page()

    def _asked(self, base_url, request):
        if urlsplit(request.url).scheme in ("data", "blob", "about"):
            return
        if not request.url.startswith(base_url + "/"):
            self.elsewhere.append(request.url)

    def _said(self, message):
        # That a page answers 403 or 404 is for the test to judge.
        is_answer = message.text.startswith("Failed to load resource: the server responded")
        if message.type == "error" and not is_answer:
            self.complaints.append(f"{message.page.url}: {message.text}")

    def close(self):
        for context in self.contexts:
            context.close()


@pytest.fixture
def visits(browser, axe):
    visits = Visits(browser, axe)
    yield visits
    visits.close()
    assert visits.elsewhere == []
    assert visits.complaints == []


@pytest.fixture(scope="session")
def cookies():
    """The session of everybody who has signed in: a code of the second factor works only once."""
    return {}


@pytest.fixture
def signed_in(visits, cookies):
    """A page of somebody on the staff: `signed_in("lead", address)`."""

    def open_for(who, base_url, **options):
        page = visits.open(base_url, **options)
        if who in cookies:
            page.context.add_cookies(cookies[who])
        else:
            sign_in(page, who)
            cookies[who] = page.context.cookies()
        return page

    return open_for


@pytest.fixture
def objections():
    """What axe finds on a page, each with where it is: by itself what is serious or critical.

    `colours`: its contrasts too, which take most of the time and are the same in each language.
    """

    def of(page, impacts=("serious", "critical"), colours=True):
        found = page.evaluate(AXE, colours)
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found["violations"]
            if each["impact"] in impacts
            for node in each["nodes"]
        ]

    return of


@pytest.fixture
def photograph():
    """Keeps a picture of a page for the manual, where WAYHOME_PICTURES=1 asks for it."""

    def take(page, name, **options):
        if os.environ.get("WAYHOME_PICTURES") != "1":
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{name}.png"
        taken = Image.open(BytesIO(page.screenshot(animations="disabled", **options)))
        taken.convert("RGB").quantize(128).save(path, optimize=True)
        assert path.stat().st_size < LARGEST_PICTURE, f"{path} is too large"

    return take
