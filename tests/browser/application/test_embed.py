"""A letter in a frame on somebody else's page, as that page is told to show it."""

import re
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from tests.browser.application.conftest import LAPTOP

LETTER = "/letters/invented-harbor/hundred-days/"
GIVEN = re.compile(r'<p class="code">(&lt;iframe .+?&lt;/iframe&gt;)</p>')


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        """Nobody reads it."""


@pytest.fixture
def elsewhere(tmp_path):
    """The address of another site, on a port of its own, and the folder that it shows."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", tmp_path
    server.shutdown()
    server.server_close()


def test_the_frame_has_its_own_look_on_another_site(demo, browser, elsewhere):
    address, folder = elsewhere
    context = browser.new_context(viewport=LAPTOP, base_url=demo)
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(LETTER)
    frame = unescape(GIVEN.search(page.content())[1])
    head = '<!DOCTYPE html><title>Elsewhere</title><link rel="icon" href="data:,">'
    (folder / "index.html").write_text(head + frame)
    page.goto(address)
    shown = page.frame_locator("iframe")
    status = shown.locator(".status").first
    status.wait_for()
    look = "element => getComputedStyle(element)"
    assert shown.locator("main.embed li").first.evaluate(f"{look}.display") == "flex"
    assert shown.locator("main.embed").evaluate(f"{look}.fontFamily").startswith("system-ui")
    assert not complaints
    assert "103 were named by the organizers" in shown.locator("main").inner_text()
    context.close()
