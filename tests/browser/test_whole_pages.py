"""A test never looks at half of the page that a click brought (see `whole_pages`)."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class _InPieces(BaseHTTPRequestHandler):
    """A page whose second half comes a while after its first."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for piece in (b"<!doctype html><a href='next'>Go on</a>", b"<p id=end>The end</p>"):
            self.wfile.write(piece)
            self.wfile.flush()
            time.sleep(0.3)

    def log_message(self, *_):
        pass


@pytest.fixture
def slow_page(browser):
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), _InPieces) as server,
        browser.new_context() as context,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        yield page
        server.shutdown()


def test_after_a_click_the_whole_page_is_there(slow_page):
    slow_page.get_by_role("link").click()
    assert slow_page.locator("#end").count() == 1


def test_after_a_key_the_whole_page_is_there(slow_page):
    slow_page.get_by_role("link").press("Enter")
    assert slow_page.locator("#end").count() == 1
