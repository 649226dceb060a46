"""The way home on the page of a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from wayhome.web.cases.case_panels import Mark, Panel
from wayhome.web.cases.models import Case
from wayhome.web.journey.checklist import HAVE_JOURNEY, missing_for_home, step_lines
from wayhome.web.journey.models import Step
from wayhome.web.journey.queries import late_cases
from wayhome.web.review.days import happened_elsewhere, newest_first
from wayhome.web.review.models import StateChange


def journey(request: Any, case: Case) -> Mapping[str, Any]:
    """The checklist, what waits for what, and what still keeps the case from being home."""
    today = timezone.now().date()
    steps = list(Step.objects.filter(case=case).select_related("owner"))
    lines = step_lines(steps, case.state, today)
    return {
        "before": [line for line in lines if line.kind.is_before_home],
        "afterwards": [line for line in lines if not line.kind.is_before_home],
        "late": sum(line.is_late for line in lines),
        "missing": missing_for_home(steps) if steps else [],
        "days": list(reversed([c for c in newest_first(case) if _is_of_journey(c)])),
        "has_journey": case.state in HAVE_JOURNEY,
    }


def _is_of_journey(change: StateChange) -> bool:
    """A grant, a departure or an arrival: of a journey that was put off, every one."""
    return happened_elsewhere(change) and change.to_state in HAVE_JOURNEY


PANELS = (Panel("journey", "The way home", "journey/panel.html", journey, order=80),)
MARKS = (Mark("late on the way home", "urgent", late_cases),)
