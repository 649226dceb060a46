"""The log, for auditors and leads: who did and who read what. It holds nothing that a case says."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import STAFF, actor_of
from wayhome.web.audit.chain import record
from wayhome.web.audit.models import Event
from wayhome.web.audit.queries import PAGE, LogFilter, events_of, names_of

_DAY = forms.DateInput(attrs={"type": "date"})


class LogForm(forms.Form):
    """What to look for in the log."""

    actor = forms.ChoiceField(label="Who", required=False)
    deed = forms.CharField(label="Did what", required=False, max_length=60)
    case = forms.UUIDField(label="Number of the case", required=False)
    since = forms.DateField(label="From", required=False, widget=_DAY)
    until = forms.DateField(label="To", required=False, widget=_DAY)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = member.organization.memberships.select_related("user").order_by("user__name")
        self.fields["actor"].choices = [  # type: ignore[attr-defined]
            ("", "anybody"),
            ("applicant", "applicants"),
            *((f"{STAFF}{each.user_id}", str(each.user)) for each in staff),
        ]


def log(request: Any) -> HttpResponseBase:
    """The log with its filters; `format=csv` takes it away as a file."""
    check_may(request.member, Deed.SEE_LOG)
    form = LogForm(request.GET or None, member=request.member)
    wanted = _filter_of(form)
    rows = events_of(request.member.organization_id, wanted)
    if request.GET.get("format") == "csv":
        return _as_csv(request, rows)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(number__lt=int(before))
    else:
        record(actor_of(request), "read the log", case=wanted.case)
    events = list(rows[: PAGE + 1])
    return render(request, "audit/log.html", {"form": form, **_page(request, events)})


def _filter_of(form: LogForm) -> LogFilter:
    if not form.is_bound or not form.is_valid():
        return LogFilter()
    return LogFilter(**{name: value or None for name, value in form.cleaned_data.items()})


def _page(request: Any, events: list[Event]) -> dict[str, object]:
    shown = events[:PAGE]
    names = names_of(event.actor for event in shown)
    query = request.GET.copy()
    query.pop("format", None)
    as_csv = query.copy()
    as_csv["format"] = "csv"
    if len(events) > PAGE:
        query["before"] = str(shown[-1].number)
    return {
        "events": [(event, names[event.actor], _told(event)) for event in shown],
        "next": f"?{query.urlencode()}" if len(events) > PAGE else "",
        "as_csv": f"?{as_csv.urlencode()}",
    }


def _told(event: Event) -> str:
    """An event's details in a line; of a list of many cases, how many (the file has them all)."""
    said = (
        (key, f"{len(value)} of them" if isinstance(value, list) and len(value) > 3 else value)
        for key, value in event.details.items()
    )
    return "; ".join(f"{key}: {value}" for key, value in said)


class _Line:
    """What csv writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _as_csv(request: Any, rows: Any) -> HttpResponse:
    record(actor_of(request), "took the log away as a file")
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response  # type: ignore[return-value]


def _lines(rows: Any) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(["number", "at", "actor", "deed", "case", "details", "hash"])
    for event in rows.iterator(chunk_size=1000):
        said = [event.number, event.at.isoformat(), event.actor, event.deed]
        yield writer.writerow([*said, event.case or "", event.details, event.hash])
