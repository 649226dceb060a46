"""Referral and transfer: the panel of a case, what is offered to an organization, the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_scopes import scopes_disabled

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.accounts.models import Organization
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.case_views import changes_case
from wayhome.web.cases.duplicates import likely_same_as_each
from wayhome.web.cases.fact_form import value_text
from wayhome.web.cases.fact_groups import label_of
from wayhome.web.cases.facts import facts_of
from wayhome.web.cases.models import Case, Consent
from wayhome.web.cases.panel_pages import panel_page
from wayhome.web.cases.people_around import Somebody, named_in, person_by_names
from wayhome.web.cases.possible_conflicts import perhaps_conflicts_of_each
from wayhome.web.casework import sharing as acts
from wayhome.web.casework.consents import SHARING
from wayhome.web.casework.models import Sharing, SharingKind
from wayhome.web.protection.keys import open_case_keys
from wayhome.web.review.list_pages import list_page

_PERSON = ("name", "other_names", "birth_date", "a_number")
_OFFERS, _GONE = 10, 50


class ShareForm(forms.Form):
    to = forms.ChoiceField(label="To which organization")
    kind = forms.ChoiceField(choices=SharingKind.choices, widget=forms.RadioSelect, label="What")
    facts = forms.MultipleChoiceField(
        required=False,
        label="Facts that are referred",
        help_text="Name, birth date and A-number go along. A transfer takes everything.",
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        max_length=2000,
        label="Why, for those who decide there",
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organization.objects.exclude(pk=case.organization_id).order_by("name")
        self.others = list(others)
        fields: Any = self.fields
        fields["to"].choices = [("", "Choose"), *((str(o.pk), o.name) for o in self.others)]
        vocabulary, known = load_vocabulary(), facts_of(case)
        fields["facts"].choices = [
            (name, f"{label_of(vocabulary[name])}: {value_text(vocabulary[name], value)}")
            for name, value in known.items()
            if value is not None
        ]


def sharing(request: Any, case: Case) -> Mapping[str, Any]:
    agreed = Consent.objects.filter(
        case=case, text_version__startswith=SHARING, withdrawn_at=None
    ).exists()
    return {
        "sharings": acts.offered_by(case),
        "form": ShareForm(case=case),
        "is_agreed": agreed,
    }


@changes_case
def offer(request: Any, case: Case) -> HttpResponse:
    check_may(request.member, Deed.TRANSFER)
    form = ShareForm(request.POST, case=case)
    if form.is_valid():
        sent = form.cleaned_data
        try:
            acts.offer(
                actor_of(request),
                request.member,
                case,
                Organization.objects.get(pk=sent["to"]),
                sent["kind"],
                sent["facts"],
                sent["reason"],
                timezone.now(),
            )
        except acts.CannotShare as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "It was offered. Nothing goes over before they answer.")
            return redirect("case_panel", case.pk, "sharing")
    return panel_page(request, case, "sharing", form=form)


@changes_case
def take_back(request: Any, case: Case, sharing_id: int) -> HttpResponse:
    found = get_object_or_404(Sharing, pk=sharing_id, case=case)
    acts.take_back(actor_of(request), request.member, found, timezone.now())
    return redirect("case_panel", case.pk, "sharing")


@login_required
@require_GET
def offered(request: Any) -> HttpResponse:
    """What other organizations offer, with who the person is, to look for conflicts first."""
    check_may(request.member, Deed.TAKE_IN)
    organization = request.member.organization
    waiting, one = acts.offered_to(organization), request.GET.get("look", "")
    # Conflicts are looked for in one offer at a time: for a whole page it takes too long.
    looks = one.isdecimal() and len(one) < 19
    if looks:
        rows, pages = list(waiting.filter(pk=int(one))), {}
    else:
        page = list_page(request, "offers", waiting, _OFFERS)
        gone = list_page(request, "gone", acts.went_over(organization), _GONE)
        rows, pages = page.rows, {"page": page, "gone": gone}
    if rows:
        details = {"cases": sorted(str(one.case_id) for one in rows)}
        record(actor_of(request), "read offers", details=details)
    context = {"offers": _offers(organization, rows, looks), "looks": looks, **pages}
    return render(request, "casework/offered.html", context)


def _offers(
    organization: Organization, waiting: list[Sharing], looks: bool
) -> list[dict[str, Any]]:
    open_case_keys({one.case_id for one in waiting})
    people = [{name: getattr(one.case.person, name) for name in _PERSON} for one in waiting]
    # The list says whom one may know already; a look at one offer, who else may be concerned.
    nothing: list[list[Any]] = [[] for _ in waiting]
    known = nothing if looks else likely_same_as_each(organization.pk, people)
    named = _named_in_each(waiting) if looks else nothing
    perhaps = perhaps_conflicts_of_each(organization.pk, named)
    vocabulary = load_vocabulary()
    return [
        {
            "sharing": one,
            "person": one.case.person,
            "facts": [label_of(vocabulary[name]) for name in one.facts if name in vocabulary],
            "likely": likely,
            "perhaps": conflicts,
        }
        for one, likely, conflicts in zip(waiting, known, perhaps, strict=True)
    ]


def _named_in_each(waiting: list[Sharing]) -> list[list[Somebody]]:
    """Who would come with each offer: a referral brings the person alone, a transfer everybody."""
    with scopes_disabled():
        whole = [one.case for one in waiting if one.kind == SharingKind.TRANSFER]
        prefetch_related_objects(whole, "contacts", "household", "consents")
        return [
            named_in(one.case)
            if one.kind == SharingKind.TRANSFER
            else person_by_names(one.case.person)
            for one in waiting
        ]


@login_required
@require_POST
def answer(request: Any, sharing_id: int) -> HttpResponse:
    """Yes or no to what was offered."""
    check_may(request.member, Deed.TAKE_IN)
    offers = Sharing.offered.select_related("to_organization")
    found = get_object_or_404(offers, pk=sharing_id, to_organization=request.member.organization)
    actor, now = actor_of(request), timezone.now()
    if request.POST.get("answer") != "accept":
        acts.decline(actor, request.member, found, now)
        return redirect("offered")
    try:
        case = acts.accept(actor, request.member, found, now)
    except acts.CannotShare as why:
        messages.error(request, str(why))
        return redirect("offered")
    messages.success(request, "Taken over.")
    return redirect("case", UUID(str(case.pk)))
