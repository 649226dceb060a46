"""The documents of a case, on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from wayhome.web.cases.case_panels import Panel
from wayhome.web.cases.models import Case
from wayhome.web.files.forms import DocumentForm, VersionForm
from wayhome.web.files.queries import documents_of
from wayhome.web.files.scanner import has_scanner


def documents(request: HttpRequest, case: Case) -> Mapping[str, Any]:
    return {
        "documents": documents_of(case),
        "form": DocumentForm(),
        "version_form": VersionForm(auto_id=False),
        "has_scanner": has_scanner(),
    }


PANELS = (Panel("documents", "Documents", "files/documents.html", documents, order=20),)
