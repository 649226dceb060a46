"""What the API answers when something is wrong: a status, and a sentence without a person in it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from wayhome.engine.graph import NoLawInForce
from wayhome.law.vocabulary import UnknownFact
from wayhome.sources.case_files.answers import NotAnAnswer
from wayhome.web.api.tokens import CALLS_A_MINUTE, TooManyCalls
from wayhome.web.audit.refusals import note_refusal
from wayhome.web.cases.actions import Erased, Stale
from wayhome.web.cases.facts import NotAValue


class CannotRead(ValueError):
    """What was sent cannot be read; says which part and what would be right."""


_TOO_MANY = f"More than {CALLS_A_MINUTE} calls in this minute; try again in the next one."
_AWAY = "The database cannot be reached; try again in a minute."
_NOT_HERE = "There is no such case here."
# Each error's status, and its sentence where its own is not to be told.
_STATUS: dict[type[Exception], tuple[int, str]] = {
    PermissionDenied: (403, ""),
    Http404: (404, _NOT_HERE),
    Erased: (404, _NOT_HERE),
    Stale: (409, ""),
    NotAValue: (422, ""),
    NotAnAnswer: (422, ""),
    UnknownFact: (422, ""),
    NoLawInForce: (422, ""),
    CannotRead: (422, ""),
    TooManyCalls: (429, _TOO_MANY),
    OperationalError: (503, _AWAY),
    InterfaceError: (503, _AWAY),
}


def add_faults(api: NinjaAPI) -> None:
    """Tells the API how to answer each of them."""
    for kind, (status, sentence) in _STATUS.items():
        api.add_exception_handler(kind, _handler(api, status, sentence))
    api.add_exception_handler(ValidationError, _not_valid(api))


def _handler(api: NinjaAPI, status: int, sentence: str) -> Callable[..., HttpResponse]:
    def answer(request: Any, error: Exception) -> HttpResponse:
        if isinstance(error, PermissionDenied):
            note_refusal(request)
        said = sentence or str(error)
        response = api.create_response(request, {"detail": said}, status=status)
        if status in (429, 503):
            response.headers["Retry-After"] = "60"
        return response

    return answer


def _not_valid(api: NinjaAPI) -> Callable[..., HttpResponse]:
    def answer(request: Any, error: ValidationError) -> HttpResponse:
        """Names each field and what is wrong with it; what was sent is not repeated."""
        faults = (f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors)
        return api.create_response(request, {"detail": "; ".join(faults)}, status=422)

    return answer


def _place(loc: Any) -> str:
    return ".".join(str(part) for part in loc[1:]) or str(loc[0])
