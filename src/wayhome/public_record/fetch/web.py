"""Asking another computer for a file: TLS verified, no way back to plain HTTP."""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from http.client import HTTPMessage
from re import Pattern
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

import wayhome

SECONDS = 60
AGENT = f"wayhome/{wayhome.__version__}"
MOST_OF_A_PAGE = 4 << 20


class FetchProblem(Exception):
    """A sentence: what is not there or not what it should be."""


class OfflineProblem(FetchProblem):
    """The other computer cannot be reached at all."""


class BrokenOff(Exception):
    """The line broke while a file came in; what came is kept."""


class _NoWayBack(urllib.request.HTTPRedirectHandler):
    """A redirect from https to http is refused: it would no longer be verified who answers."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise FetchProblem(
                f"{req.full_url} sends on to {newurl}, which is not encrypted: refused."
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextmanager
def asked(address: str, headers: Mapping[str, str] | None = None) -> Iterator[Any]:
    """The answer to a request, an http.client.HTTPResponse. Status 416 is handed on as an answer.

    Raises FetchProblem for any other error that the server tells, OfflineProblem where it cannot
    be reached, BrokenOff where the line breaks."""
    if urlsplit(address).scheme not in ("https", "http"):
        raise FetchProblem(f"{address} is no address of a web server.")
    sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **(headers or {})}
    verified = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    opener = urllib.request.build_opener(verified, _NoWayBack)
    try:
        answer = opener.open(urllib.request.Request(address, headers=sent), timeout=SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == http.client.REQUESTED_RANGE_NOT_SATISFIABLE:
            with error:
                yield error
            return
        error.close()
        raise FetchProblem(f"{address} answers {error.code} ({error.reason}).") from error
    except urllib.error.URLError as error:
        raise _unreached(address, error.reason) from error
    except (OSError, http.client.HTTPException) as error:
        raise BrokenOff(str(error)) from error
    with answer:
        yield answer


def links_of(page: str, pattern: Pattern[str]) -> tuple[str, ...]:
    """The addresses on a page that match, each once, in their order. Raises as `asked`."""
    try:
        with asked(page) as answer:
            content = answer.read(MOST_OF_A_PAGE)
            base = answer.geturl()
    except (BrokenOff, OSError, http.client.HTTPException) as error:
        raise FetchProblem(f"The line broke while {page} was read: try again.") from error
    reader = _Links()
    reader.feed(content.decode("utf-8", errors="replace"))
    found = (urljoin(base, link.strip()).split("#")[0] for link in reader.links)
    return tuple(dict.fromkeys(link for link in found if pattern.search(link)))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links += [value for name, value in attrs if name == "href" and value]


def _unreached(address: str, reason: object) -> FetchProblem:
    host = urlsplit(address).hostname
    if isinstance(reason, ssl.SSLCertVerificationError):
        return FetchProblem(
            f"{host} cannot prove who it is ({reason.verify_message}): nothing is taken from it."
        )
    return OfflineProblem(f"{host} cannot be reached ({reason}): is this computer online?")
