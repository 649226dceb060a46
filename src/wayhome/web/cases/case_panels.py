"""What other parts add to a case's page: each app's `panels.py` lists its own; it is discovered.

    PANELS = (Panel("documents", "Documents", "cases/documents.html", documents, order=20),)

`context(request, case)` gives the template what it shows (with `case` and `request` in it already),
or None where there is nothing for whoever asks. A panel is a page of its own below the case's head
(`{% url 'case_panel' case.pk 'documents' %}`), so that no page does the work of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from django.apps import apps
from django.http import HttpRequest

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, may
from wayhome.web.cases.models import Case

_OURS = "wayhome.web."


@dataclass(frozen=True)
class Panel:
    """One panel. `deed` is what its reader must be allowed to do; lower `order` comes first."""

    name: str
    title: str
    template: str
    context: Callable[[HttpRequest, Case], Mapping[str, Any] | None]
    deed: Deed = Deed.SEE_CASE
    order: int = 100


@dataclass(frozen=True)
class Mark:
    """A small mark on the worklist; an app's `panels.py` lists its own as MARKS.

    `cases` says, of the cases of a page and for a day, which have it; with one query.
    """

    text: str
    kind: str
    cases: Callable[[Iterable[UUID], date], set[UUID]]


@cache
def all_panels() -> tuple[Panel, ...]:
    """Every panel of every app, in order."""
    return tuple(sorted(_listed("PANELS"), key=lambda panel: (panel.order, panel.name)))


@cache
def all_marks() -> tuple[Mark, ...]:
    """Every mark of every app."""
    return tuple(_listed("MARKS"))


def _listed(what: str) -> list[Any]:
    modules = (f"{app.name}.panels" for app in apps.get_app_configs() if app.name.startswith(_OURS))
    found = [import_module(name) for name in modules if find_spec(name)]
    return [one for module in found for one in getattr(module, what, ())]


def marks_of(cases: Iterable[UUID], today: date) -> dict[UUID, list[Mark]]:
    """The marks of the cases of a page of the worklist."""
    ids = list(cases)
    have = [(mark, mark.cases(ids, today)) for mark in all_marks()] if ids else []
    return {pk: [mark for mark, marked in have if pk in marked] for pk in ids}


def panels_for(member: Membership | None) -> tuple[Panel, ...]:
    return tuple(panel for panel in all_panels() if may(member, panel.deed))
