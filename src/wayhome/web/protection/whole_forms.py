"""A form that broke off on its way is refused, not kept as far as it came.

A telephone loses its line in the middle of a sentence. What has arrived by then reads like a whole
form: half an answer would be saved as the answer. So a body that ends before its length is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, UnreadablePostError

from wayhome.web.protection.faults import bad_request

# The longest message is 4,000 letters, of at most 12 bytes each as a browser writes them.
LONGEST_FORM = 64 * 1024
_PORTAL, _WITH_FILES = ("/p/", "/month/"), "/p/f/"


class BrokeOff(ConnectionError):
    """The body of a request ended before its length."""


class TooLong(ValueError):
    """A stranger sent more than any form of the portal holds."""


class _Whole:
    """A stream of which every byte that was announced must come."""

    def __init__(self, stream: Any, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int | None = None) -> bytes:
        """As much as is asked for, or all that is left. Raises BrokeOff where less comes."""
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        came = bytearray()
        while len(came) < wanted:
            piece = self._stream.read(wanted - len(came))
            if not piece:
                raise BrokeOff("The request ended before its length.")
            came += piece
        self._left -= len(came)
        return bytes(came)

    def readline(self, *size: int) -> bytes:
        came: bytes = self._stream.readline(*size)
        if not came and self._left > 0 and size != (0,):
            raise BrokeOff("The request ended before its length.")
        self._left -= len(came)
        return came

    def close(self) -> None:
        self._stream.close()


class WholeFormsMiddleware:
    """Before everything that reads a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        if _is_too_long(request):
            return bad_request(request, TooLong("The form is longer than anybody's words."))
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.method not in ("GET", "HEAD") and length.isdecimal():
            request._stream = _Whole(request._stream, int(length))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Where nobody else has read the form before its page does."""
        return bad_request(request, error) if isinstance(error, UnreadablePostError) else None


def _is_too_long(request: HttpRequest) -> bool:
    """Whether a form of the portal that takes no files says that it is longer than any is."""
    if not request.path_info.startswith(_PORTAL) or request.path_info == _WITH_FILES:
        return False
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdecimal() and int(length) > LONGEST_FORM
