"""A web server on this computer that behaves badly in the ways that real ones do."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """One address: `breaks_at` gives for each time it is asked after how many bytes the line is
    cut (None: not at all)."""

    content: bytes = b""
    status: int = 200
    tag: str = '"one"'
    sends_to: str | None = None
    ranges: bool = True
    breaks_at: list[int | None] = field(default_factory=list)


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, Served] = {}
        self.asked: list[tuple[str, str | None]] = []

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        self.server.asked.append((self.path, self.headers.get("Range")))
        page = self.server.pages.get(self.path, Served(status=404))
        if page.sends_to:
            self.send_response(302)
            self.send_header("Location", page.sends_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        begin = self._begin(page)
        if begin >= len(page.content) > 0:
            self.send_error(416)
            return
        rest = page.content[begin:]
        self.send_response(206 if begin else page.status)
        if begin:
            whole = len(page.content)
            self.send_header("Content-Range", f"bytes {begin}-{whole - 1}/{whole}")
        self.send_header("Content-Length", str(len(rest)))
        self.send_header("ETag", page.tag)
        self.end_headers()
        cut = page.breaks_at.pop(0) if page.breaks_at else None
        self.wfile.write(rest if cut is None else rest[:cut])

    def _begin(self, page: Served) -> int:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        same = self.headers.get("If-Range") in (None, page.tag)
        return int(asked[1]) if asked and same and page.ranges else 0

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def a_server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
