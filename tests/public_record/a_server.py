"""A web server on this computer that behaves badly in the ways that real ones do."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


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

    scheme = "http"

    def address(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}{path}"


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
def a_server(certificate: Path | None = None) -> Iterator[Server]:
    """A running server; with a certificate (its key in the same file), over TLS."""
    server = Server()
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.scheme = "https"
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


def a_certificate(path: Path) -> Path:
    """A certificate for this computer that nobody else has signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + secret)
    return path
