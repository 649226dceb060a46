"""The log, for auditors and leads: who did and who read what. It holds no fact of a case."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wayhome.web.accounts.models import Membership, User
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import STAFF, actor_of
from wayhome.web.audit.chain import record
from wayhome.web.audit.models import Event
from wayhome.web.audit.queries import PAGE, LogFilter, events_of, names_of, staff_of
from wayhome.web.audit.told import case_of, codes_of, names_in, told
from wayhome.web.cases.models import code_as_compared
from wayhome.web.cases.search import opened_text, sealed_text
from wayhome.web.cases.searches_in_log import hashes_of
from wayhome.web.exports.cells import text_of
from wayhome.web.exports.tables import Holds

COLUMNS = (
    *("number", "at", "actor", "name", "email", "deed", "organization", "case", "case_code"),
    *("details", "previous", "hash"),
)
_AT_ONCE = 1000
# In the place of a text in an address that was not sealed here; no name looks like it.
_NOT_SEALED = "?"
_DAY = forms.DateInput(attrs={"type": "date"})


class LogForm(forms.Form):
    """What to look for in the log."""

    actor = forms.ChoiceField(label="Who", required=False)
    deed = forms.CharField(label="Did what", required=False, max_length=60)
    case = forms.CharField(label="Code or number of the case", required=False, max_length=40)
    since = forms.DateField(label="From", required=False, widget=_DAY)
    until = forms.DateField(label="To", required=False, widget=_DAY)
    searched = forms.CharField(
        label="Searched for (name, birth date, number or code)", required=False, max_length=100
    )

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = member.organization_id
        staff = member.organization.memberships.select_related("user").order_by("user__name")
        self.fields["actor"].choices = [  # type: ignore[attr-defined]
            ("", "anybody"),
            ("applicant", "applicants"),
            *((f"{STAFF}{each.user_id}", str(each.user)) for each in staff),
        ]

    def clean_deed(self) -> str:
        """Deeds are in the log's own words. Anything else may be a name, typed in the wrong place,
        and would stand in an address.
        """
        text: str = self.cleaned_data["deed"]
        if text and not events_of(self.organization, LogFilter(deed=text)).exists():
            raise forms.ValidationError("Nothing in the log is called so. Try one word of it.")
        return text

    def clean_case(self) -> UUID | None:
        text: str = self.cleaned_data["case"]
        found = case_of(self.organization, text) if text else None
        if text and found is None:
            raise forms.ValidationError(
                "No case here has this code. A code looks like K7QM-2XNP; the long number of a "
                "case finds it too, also when it was erased."
            )
        return found

    def clean_searched(self) -> str:
        text: str = self.cleaned_data["searched"]
        if text == _NOT_SEALED:
            raise forms.ValidationError("This address is not one of ours: type the text anew.")
        return text


@require_http_methods(["GET", "HEAD", "POST"])
def log(request: Any) -> HttpResponseBase:
    """The log with its filters; `format=csv` takes it away as a file.

    Filters are posted and come back in the address, the text that was searched for sealed.
    """
    check_may(request.member, Deed.SEE_LOG)
    if request.method == "POST":
        return _sent(request)
    form = LogForm(_opened(request) or None, member=request.member)
    if form.is_bound and not form.is_valid():
        return render(request, "audit/log.html", {"form": form, "is_wrong": True})
    wanted = _filter_of(form, request.member.organization_id)
    rows = events_of(request.member.organization_id, wanted)
    if request.GET.get("format") == "csv":
        return _as_csv(request, rows, wanted.case)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(number__lt=int(before))
    else:
        record(actor_of(request), "read the log", case=wanted.case)
    events = list(rows[: PAGE + 1])
    return render(request, "audit/log.html", {"form": form, **_page(request, events)})


def _sent(request: Any) -> HttpResponse:
    """To the address of what was looked for."""
    form = LogForm(request.POST, member=request.member)
    if not form.is_valid():
        return render(request, "audit/log.html", {"form": form, "is_wrong": True}, status=400)
    query = {name: request.POST[name] for name in form.fields if request.POST.get(name)}
    if found := form.cleaned_data["case"]:
        query["case"] = _number_or_code(query["case"], found)
    if text := form.cleaned_data["searched"]:
        query["searched"] = sealed_text(request.member.organization_id, text)
    return redirect(f"{reverse('log')}?{urlencode(query)}" if query else reverse("log"))


def _number_or_code(typed: str, found: UUID) -> str:
    return str(found) if typed.lower() == str(found) else code_as_compared(typed)


def _opened(request: Any) -> dict[str, str]:
    """What an address asks for, the text opened; one that does not open is no filter to go by."""
    asked: dict[str, str] = request.GET.dict()
    if sealed := asked.get("searched"):
        opened = opened_text(request.member.organization_id, sealed)
        asked["searched"] = opened or _NOT_SEALED
    return asked


def _filter_of(form: LogForm, organization: UUID) -> LogFilter:
    if not form.is_bound:
        return LogFilter()
    wanted = {name: value or None for name, value in form.cleaned_data.items()}
    if text := wanted["searched"]:
        wanted["searched"] = hashes_of(organization, text)
    return LogFilter(**wanted)


def _page(request: Any, events: list[Event]) -> dict[str, object]:
    shown, own = events[:PAGE], request.member.organization_id
    actors, names = names_of(event.actor for event in shown), names_in(own, shown)
    query = request.GET.copy()
    query.pop("format", None)
    as_csv = query.copy()
    as_csv["format"] = "csv"
    if len(events) > PAGE:
        query["before"] = str(shown[-1].number)
    return {
        "events": [
            (event, actors[event.actor], names.get(str(event.case)), told(event, names))
            for event in shown
        ],
        "next": f"?{query.urlencode()}" if len(events) > PAGE else "",
        "as_csv": f"?{as_csv.urlencode()}",
    }


class _Line:
    """What csv writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _as_csv(request: Any, rows: Any, case: UUID | None) -> HttpResponse:
    record(actor_of(request), "took the log away as a file", case=case)
    response = StreamingHttpResponse(
        _lines(request.member.organization_id, rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response  # type: ignore[return-value]


def _lines(organization: UUID, rows: Any) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    events = rows.iterator(chunk_size=_AT_ONCE)
    while chunk := list(islice(events, _AT_ONCE)):
        staff = staff_of({event.actor for event in chunk})
        codes = codes_of(organization, (event.case for event in chunk))
        for event in chunk:
            people = [event.actor, *_name_and_address(staff.get(event.actor))]
            case = [event.organization or "", event.case or "", codes.get(event.case, "")]
            said = [event.number, event.at.isoformat(), *people, event.deed, *case]
            chain = [json.dumps(event.details, sort_keys=True), event.previous, event.hash]
            yield writer.writerow([*said, *chain])


def _name_and_address(who: User | None) -> list[str]:
    return [text_of(Holds.TEXT, text) for text in ((who.name, who.email) if who else ("", ""))]
