"""The form of a finding. A draft may lack anything; what a finding lacks is said by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from wayhome.law.rules import Rule
from wayhome.programs import rulebook
from wayhome.web.review.actions import Answers
from wayhome.web.review.taxonomy import Cause, court_names, taxonomy

_YES_NO = {"yes": True, "no": False}
_YES_OR_NO = {True: "yes", False: "no", None: ""}
_SILENT = "The file does not tell"
_LONGEST = 20_000


def _text(label: str, help_text: str = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _yes_no(label: str, yes: str, no: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        choices=[("yes", yes), ("no", no)],
        required=False,
        widget=forms.RadioSelect,
    )


class FindingForm(forms.Form):
    """`grounds`: rule ids of the round. Initial values come from a draft's Answers."""

    use_required_attribute = False

    def __init__(
        self, grounds: Sequence[str], data: Any = None, draft: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=_initial(grounds, draft or {}))
        self.grounds = list(grounds)
        for number, rule in enumerate(self.grounds):
            title = _title(rule)
            # With the ground in both labels: errors and screen readers name them by it.
            self.fields[f"accepted_{number}"] = _yes_no(title, "I accept it", "I do not accept it")
            self.fields[f"reason_{number}"] = _text(f"Why, or why not: {title}", rows=3)
        self.fields["causes"] = forms.MultipleChoiceField(
            label="What went wrong",
            choices=[(code, cause.name) for code, cause in taxonomy().causes.items()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["agency"] = _select(
            "Whose act it was", taxonomy().agencies, taxonomy().agency_rule
        )
        self.fields["court"] = _select("Which court", court_names(), taxonomy().court_rule)
        self.fields["recommends"] = _yes_no(
            "Do you recommend that this person may come back?",
            "Yes, I recommend it",
            "No, I do not",
        )
        self.fields["reasons"] = _text("Reasons for your recommendation", rows=6)
        self.fields["conditions"] = _text(
            "Conditions", "What should go with it, or be cleared up first. May be left empty."
        )

    def answers(self) -> Answers:
        """What was answered, whole or not. Call after `is_valid()`."""
        said = self.cleaned_data
        return Answers(
            recommends=_YES_NO.get(said["recommends"]),
            grounds={
                rule: {
                    "accepted": _YES_NO.get(said[f"accepted_{number}"]),
                    "reason": said[f"reason_{number}"],
                }
                for number, rule in enumerate(self.grounds)
            },
            causes=tuple(said["causes"]),
            agency=said["agency"],
            court=said["court"],
            reasons=said["reasons"],
            conditions=said["conditions"],
        )

    def tell(self, faults: Mapping[str, str]) -> None:
        """Shows what a finding lacks beside its fields (faults of Incomplete)."""
        for where, what in faults.items():
            kind, _, rule = where.partition(" ")
            field = f"{kind}_{self.grounds.index(rule)}" if rule in self.grounds else where
            self.add_error(field if field in self.fields else None, what)

    def told(self) -> Iterator[tuple[str, str, str]]:
        """Every question, what was answered, and the text beside it. Call after `is_valid()`."""
        said, known = self.answers(), taxonomy()
        yield "Recommends it", _YES_OR_NO[said.recommends], ""
        for rule, found in said.grounds.items():
            told = {True: "accepted", False: "not accepted", None: "not judged"}
            yield _title(rule), told[found["accepted"]], found["reason"]
        causes = [known.causes[code].name for code in said.causes]
        yield "What went wrong", "; ".join(causes) or "no cause", ""
        yield "Whose act it was", known.agencies.get(said.agency, _SILENT), ""
        yield "Court", court_names().get(said.court, _SILENT), ""
        yield "Reasons", "", said.reasons
        yield "Conditions", "" if said.conditions else "none", said.conditions

    def ground_fields(self) -> Iterator[tuple[Rule | str, Any, Any]]:
        """Each ground with its two fields."""
        for number, rule in enumerate(self.grounds):
            known = rulebook().rules.get(rule, rule)
            yield known, self[f"accepted_{number}"], self[f"reason_{number}"]

    def cause_boxes(self) -> Iterator[tuple[Cause, Any]]:
        """Each cause with its box."""
        boxes = list(self["causes"])
        yield from zip(taxonomy().causes.values(), boxes, strict=True)


def _title(rule: str) -> str:
    known = rulebook().rules.get(rule)
    return known.title if known else rule


def _select(label: str, names: Mapping[str, str], help_text: str) -> forms.ChoiceField:
    choices = [("", _SILENT), *names.items()]
    return forms.ChoiceField(label=label, choices=choices, required=False, help_text=help_text)


def _initial(grounds: Sequence[str], draft: Mapping[str, Any]) -> dict[str, Any]:
    initial = {key: draft.get(key, "") for key in ("agency", "court", "reasons", "conditions")}
    initial["causes"] = draft.get("causes", [])
    initial["recommends"] = _YES_OR_NO[draft.get("recommends")]
    for number, rule in enumerate(grounds):
        found = (draft.get("grounds") or {}).get(rule, {})
        initial[f"accepted_{number}"] = _YES_OR_NO[found.get("accepted")]
        initial[f"reason_{number}"] = found.get("reason", "")
    return initial
