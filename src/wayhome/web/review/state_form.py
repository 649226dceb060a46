"""What is asked of whoever takes a case to another state: the day, papers, a reason, once more.

Nothing is forbidden that the table of states allows. What is missing is said beside the button, and
a box is to be ticked, or a reason to be given, before the step is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.dateformat import format as date_in_words
from django.utils.html import format_html

from wayhome.web.cases.models import Case, Document, State
from wayhome.web.journey.checklist import is_settled, missing_for_home
from wayhome.web.journey.models import Step
from wayhome.web.review.days import LEFT_EMPTY, NotThatDay, check_day, earliest_day, read_day
from wayhome.web.review.models import StateChange
from wayhome.web.review.states import Filed, Transition

LONGEST_NAME = 200
LONGEST_SAID = 500
_WHICH_DAY = {
    State.FILED: "On which day it was filed",
    State.GRANTED: "On which day it was granted",
    State.DENIED: "On which day it was denied or taken back",
    State.TRAVELLING: "On which day the person left",
    State.HOME: "On which day the person arrived",
}
_SURE = {
    State.GRANTED: "The office or court granted it",
    State.FILED: "The person was asked, and wants this to be filed",
}
_NOTHING_CHANGED = "Nothing was changed yet"


@dataclass(frozen=True)
class Before:
    """What a case's steps can be told by: the first day that can be, papers, and what is open."""

    earliest: date
    today: date
    papers: Sequence[Document] = ()
    journey: Sequence[Step] = ()


def before_step(
    case: Case, steps: Sequence[Transition], history: Iterable[StateChange], today: date
) -> Before:
    """What the forms of these steps need to know of the case. `history`: the newest step first."""
    wanted = {step.to for step in steps}
    is_dated = any(step.happens_elsewhere for step in steps)
    papers = case.documents.filter(is_held_apart=False).order_by("-added_at", "pk")
    return Before(
        earliest=earliest_day(case, history) if is_dated else today,
        today=today,
        papers=list(papers) if State.FILED in wanted else (),
        journey=list(Step.objects.filter(case=case)) if State.TRAVELLING in wanted else (),
    )


class OwnPapers(forms.MultipleChoiceField):
    """Papers of the case. Another is passed over: it may have been taken away meanwhile."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return True


class StateForm(forms.Form):
    """The form of one step; fields that the step does not ask for are not there.

    `missing` is what is open before the step: told, and no hindrance.
    """

    filed_to = forms.CharField(
        required=False,
        max_length=LONGEST_NAME,
        label="To which office or court",
        help_text="The applicant reads this on their page. Left empty, their page says that it was "
        "not written down.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    paper = OwnPapers(
        required=False,
        label="Papers that went along",
        help_text="The applicant reads their names, too.",
    )
    on = forms.CharField(required=False, max_length=40, help_text=LEFT_EMPTY)
    said = forms.CharField(
        max_length=LONGEST_SAID, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    sure = forms.BooleanField(error_messages={"required": f"{_NOTHING_CHANGED}: tick this too."})

    def __init__(self, step: Transition, before: Before, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{step.to}_%s")
        self.step, self.before, self.missing = step, before, list[str]()
        self._ask_where_filed()
        self._ask_for_day()
        self._ask_in_words()
        self._ask_once_more()

    def _ask_where_filed(self) -> None:
        if self.step.to != State.FILED:
            del self.fields["filed_to"], self.fields["paper"]
            return
        if not self.data.get("filed_to", "").strip():
            self.missing.append("to which office or court")
        if not self.before.papers:
            del self.fields["paper"]
            self.missing.append("papers: the case holds none")
            return
        papers = [(str(paper.pk), _line_of(paper)) for paper in self.before.papers]
        self.fields["paper"].choices = papers  # type: ignore[attr-defined]
        if "paper" not in self.data:
            self.missing.append("which papers went along")

    def _ask_for_day(self) -> None:
        if not self.step.happens_elsewhere:
            del self.fields["on"]
            return
        days = {"type": "date", "min": self.before.earliest, "max": self.before.today}
        self.fields["on"].widget = forms.DateInput(attrs=days)
        self.fields["on"].label = _WHICH_DAY[self.step.to]

    def _ask_in_words(self) -> None:
        """Of a grant, which paper was seen; of a departure with nothing done, why all the same."""
        said = self.fields["said"]
        if self.step.to == State.TRAVELLING:
            self.missing += missing_for_home(self.before.journey)
        if (self.step.start, self.step.to) == (State.FILED, State.GRANTED):
            said.label = "Which paper you saw"
            said.error_messages["required"] = f"{_NOTHING_CHANGED}: write which paper you saw."
            said.help_text = "Its name, date or number. If you saw none: who told you, and how."
        elif self.step.to == State.TRAVELLING and not any(map(is_settled, self.before.journey)):
            said.label = "Why the person leaves although no step of the way home is done"
            said.error_messages["required"] = f"{_NOTHING_CHANGED}: write why."
        else:
            del self.fields["said"]

    def _ask_once_more(self) -> None:
        if self.step.meaning or self.step.to == State.FILED:
            self.fields["sure"].label = _SURE.get(self.step.to, "Yes, that is so")
        else:
            del self.fields["sure"]

    def clean_on(self) -> date | None:
        try:
            day = read_day(self.cleaned_data["on"])
            if day is not None:
                check_day(day, self.before.earliest, self.before.today)
        except NotThatDay as why:
            raise forms.ValidationError(str(why)) from why
        return day

    def told(self) -> dict[str, Any]:
        """What `change_state` keeps of it."""
        held = self.cleaned_data
        return {
            "on": held.get("on"),
            "said": held.get("said", ""),
            "filed": self._filed() if self.step.to == State.FILED else None,
        }

    def _filed(self) -> Filed:
        held, chosen = self.cleaned_data, set(self.cleaned_data.get("paper", ()))
        titles = [str(paper.title) for paper in self.before.papers if str(paper.pk) in chosen]
        to = " ".join(held["filed_to"].split())
        return Filed(to, tuple(dict.fromkeys(titles)), person_was_asked=held["sure"])


def _line_of(paper: Document) -> str:
    added = date_in_words(paper.added_at, "M j, Y, H:i")
    return format_html('<bdi>{}</bdi> <span class="quiet">added {}</span>', str(paper.title), added)
