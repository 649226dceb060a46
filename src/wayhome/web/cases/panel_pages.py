"""A panel's page after a form in it was not right: the same page, with what was written in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from wayhome.web.accounts.permissions import check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.case_panels import all_panels
from wayhome.web.cases.case_views import head_context
from wayhome.web.cases.models import Case


def panel_page(
    request: HttpRequest, case: Case, name: str, status: int = 400, **more: Any
) -> HttpResponse:
    """The panel's page; `more` takes the place of what its context says, such as the form."""
    panel = next(panel for panel in all_panels() if panel.name == name)
    check_may(getattr(request, "member", None), panel.deed)
    head = head_context(request, case, name)
    shown = {**head, **(panel.context(request, case) or {}), **more}
    details = {"page": "case_panel", "panel": name}
    record(actor_of(request), "read case", case=case.pk, details=details)
    body = render_to_string(panel.template, shown, request)
    page = {**head, "panel": panel, "body": body}
    return render(request, "cases/panel.html", page, status=status)
