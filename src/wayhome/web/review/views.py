"""The pages of review: my seats, a case to judge, findings side by side, and what the lead does."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may, may
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases.case_page import fact_lines, screening_context
from wayhome.web.cases.case_views import changes_case, head_context, reads_case
from wayhome.web.cases.facts import facts_in, statements_of
from wayhome.web.cases.models import Case, State
from wayhome.web.cases.queries import case_for
from wayhome.web.cases.screening import screened
from wayhome.web.protection.keys import open_case_keys
from wayhome.web.review import actions, correcting, queries
from wayhome.web.review.agreement import FEWEST_PAIRS, agreement_of
from wayhome.web.review.blindness import findings_for
from wayhome.web.review.clocks import overdue
from wayhome.web.review.days import NotThatDay, newest_first, read_day
from wayhome.web.review.finding_form import FindingForm
from wayhome.web.review.list_pages import list_page
from wayhome.web.review.models import AlreadyRecorded, Assignment, Round, Seat, StateChange
from wayhome.web.review.rota import TooFewReviewers
from wayhome.web.review.staff_load import staff_load
from wayhome.web.review.state_form import StateForm, before_step
from wayhome.web.review.states import NotNow, change_state, due_at, steps_open_to
from wayhome.web.review.taxonomy import taxonomy

# How many lines of each list a page shows.
_LINES = 50
_VACANCIES = 5


def says_why_not(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where a thing cannot be done now, goes back to the case (or the rota) and says why."""

    @wraps(view)
    def saying(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (NotNow, NotThatDay, TooFewReviewers, AlreadyRecorded, actions.Incomplete) as why:
            messages.error(request, str(why))
        if may(request.member, Deed.ASSIGN) and request.POST.get("back") == "rota":
            return redirect("rota")
        if "case_id" in kwargs:
            return redirect("case_panel", kwargs["case_id"], "review")
        return redirect("reviews" if may(request.member, Deed.REVIEW) else "rota")

    return saying


@require_GET
@login_required
def reviews(request: Any) -> HttpResponse:
    """My seats: what awaits my finding, by its clock, and what I have recorded."""
    check_may(request.member, Deed.REVIEW)
    now = timezone.now()
    mine = queries.seats(request.member.organization).filter(reviewer=request.member.user_id)
    context = {
        "lines": queries.seat_lines(mine, now),
        "recorded": list_page(request, "recorded", queries.recorded_by(request.member), _LINES),
    }
    return render(request, "review/reviews.html", context)


@require_http_methods(["GET", "POST"])
@says_why_not
@reads_case
def review_case(request: Any, case: Case) -> HttpResponse:
    """The complete file, and the form of my finding; for the third reader both findings too."""
    check_may(request.member, Deed.REVIEW)
    seat = queries.seat_of(request.member, case)
    if seat is None:
        raise Http404("You have no seat in this case.")
    if hasattr(seat, "finding"):
        return redirect("findings", case.pk)
    current = Round.objects.get(case=case, number=seat.round)
    draft = getattr(seat, "draft", None)
    form = FindingForm(
        current.grounds or [],
        request.POST if request.method == "POST" else None,
        draft.answers if draft else None,
    )
    asked = request.POST.get("do")
    if request.method == "POST" and form.is_valid() and asked != "change":
        try:
            if asked == "record":
                return _asked_once_more(request, seat, form, current)
            return _keep_finding(request, seat, form)
        except actions.Incomplete as lacking:
            form.tell(lacking.faults)
    context = {**_file_context(request, case, current), "form": form, "seat": seat, "draft": draft}
    if seat.seat == Seat.THIRD:
        both = queries.comparisons(request.member, case)
        context["both"] = [c for c in both if c.number == seat.round]
    return render(request, "review/review_case.html", context, status=400 if form.errors else 200)


def _asked_once_more(
    request: Any, seat: Assignment, form: FindingForm, current: Round
) -> HttpResponse:
    """What will be recorded, to read again: nothing is recorded yet, and a draft is kept."""
    said = form.answers()
    actions.check_complete(said, current.grounds or [])
    actions.save_draft(actor_of(request), request.member, seat, said, timezone.now())
    context = {
        **head_context(request, seat.case, "review"),
        "form": form,
        "seat": seat,
        "lines": form.told(),
        "has_no_cause": not said.causes,
    }
    return render(request, "review/record_finding.html", context)


def _keep_finding(request: Any, seat: Assignment, form: FindingForm) -> HttpResponse:
    """Saves the draft, or records the finding that was shown once more. Raises Incomplete."""
    member, now = request.member, timezone.now()
    if request.POST.get("do") != "record for good":
        actions.save_draft(actor_of(request), member, seat, form.answers(), now)
        messages.success(request, "Your draft is saved. Nobody else can read it.")
        return redirect("review_case", seat.case_id)
    actions.record_finding(actor_of(request), member, seat, form.answers(), now)
    messages.success(request, "Your finding is recorded.")
    return redirect("findings", seat.case_id)


def _file_context(request: Any, case: Case, current: Round) -> dict[str, Any]:
    statements = statements_of(case, with_writers=True)
    screening = screened(case, current.as_of, facts_in(statements))
    return {
        **head_context(request, case, "review"),
        **screening_context(screening),
        "groups": fact_lines(statements),
        "documents": case.documents.order_by("-added_at"),
        "on_day": f"?as_of={current.as_of}",
        "round": current,
        "due": due_at(case),
        "taxonomy": taxonomy(),
        "reasons": actions.REASONS,
    }


@require_GET
@reads_case
def findings(request: Any, case: Case) -> HttpResponse:
    """Every finding of the case that I may see, side by side; nothing else is there for me."""
    rounds = queries.comparisons(request.member, case)
    if not rounds:
        raise Http404("There is no finding here for you.")
    newest = Round.of(case)
    is_waiting = newest.closed_at is None
    context = {
        **head_context(request, case, "review"),
        "rounds": rounds,
        "newest": newest,
        "is_waiting": is_waiting,
        "is_alone": is_waiting and len(rounds[0].findings) == 1,
    }
    return render(request, "review/findings.html", context)


@require_GET
@login_required
def finding(request: Any, finding_id: int) -> HttpResponse:
    """One finding by its link. Whoever may not see it is told that there is none."""
    check_may(request.member, Deed.SEE_CASE)
    found = get_object_or_404(findings_for(request.member), pk=finding_id)
    case = case_for(request.member, found.case_id)
    record(actor_of(request), "read case", case=case.pk, details={"page": "finding"})
    rounds = [queries.compared(found.assignment.round, [found])]
    context = {**head_context(request, case, "review"), "rounds": rounds}
    return render(request, "review/findings.html", context)


@says_why_not
@changes_case
def step_case(request: Any, case: Case) -> HttpResponse:
    """Takes the case to another state by hand."""
    member, now, to = request.member, timezone.now(), request.POST.get("to", "")
    step = next((s for s in steps_open_to(member, case) if s.to == to), None)
    told: dict[str, Any] = {}
    if step is not None:
        form = StateForm(
            step, before_step(case, [step], newest_first(case), now.date()), request.POST
        )
        if not form.is_valid():
            context = {**head_context(request, case, "review"), "form": form}
            return render(request, "review/step.html", context, status=400)
        told = form.told()
    change_state(actor_of(request), member, case, to, now, **told)
    messages.success(request, f"The case is now {State(case.state).label}.")
    return redirect("case_panel", case.pk, "review")


@says_why_not
@changes_case
def correct_day(request: Any, case: Case, change_id: int) -> HttpResponse:
    """Puts right on which day a step happened."""
    change = get_object_or_404(StateChange, pk=change_id, case=case)
    correcting.check_may_correct(request.member, change)
    change.case = case
    day = read_day(request.POST.get("on", ""))
    if day is None:
        raise NotThatDay("Nothing was changed: write the day on which it happened.")
    correcting.correct_day(actor_of(request), request.member, change, day, timezone.now())
    messages.success(request, "The day is put right; the log keeps both.")
    return redirect("case_panel", case.pk, "review")


@says_why_not
@changes_case
def declare_conflict(request: Any, case: Case) -> HttpResponse:
    """Says that I have a conflict with a case; a seat of mine goes to somebody else."""
    reason = request.POST.get("reason", "")
    actions.declare_conflict(actor_of(request), request.member, case, reason, timezone.now())
    if may(request.member, Deed.REVIEW):
        messages.success(request, "Noted. You will not review this case, nor read it.")
        return redirect("reviews")
    messages.success(
        request,
        "Noted. You will not be asked to review this case. If you should not work on it either, "
        "ask the lead to give it to somebody else: it stays open to you until then.",
    )
    return redirect("case_panel", case.pk, "review")


@says_why_not
@changes_case
def note_conflict(request: Any, case: Case) -> HttpResponse:
    """The lead writes down the conflict of somebody else."""
    check_may(request.member, Deed.ASSIGN)
    staff = Membership.objects.filter(organization=request.member.organization_id)
    wanted = request.POST.get("whose", "")
    whose = get_object_or_404(staff, pk=wanted) if wanted.isdecimal() and len(wanted) < 19 else None
    if whose is None:
        raise actions.Incomplete({"whose": "Choose whose conflict it is."})
    now, reason = timezone.now(), request.POST.get("reason", "")
    actions.note_conflict_of(actor_of(request), request.member, case, whose, reason, now)
    messages.success(request, f"Noted: {whose.user} will not review this case.")
    return redirect("case_panel", case.pk, "review")


@require_GET
@login_required
def rota(request: Any) -> HttpResponse:
    """For the lead: what is late, what waits for reviewers, and who sits where."""
    check_may(request.member, Deed.ASSIGN)
    now = timezone.now()
    organization = request.member.organization
    late = overdue(request.member, now).select_related("assigned_to", "person")
    pages = {
        "late": list_page(request, "late", late, _LINES),
        "ready": list_page(request, "ready", queries.ready(organization), _LINES),
        "vacant": list_page(request, "vacant", queries.vacancies(organization), _VACANCIES),
        "seats": list_page(request, "seats", queries.seats(organization), _LINES),
    }
    named = {*(case.pk for name in ("late", "ready") for case in pages[name].rows)}
    named |= {row.case_id for name in ("vacant", "seats") for row in pages[name].rows}
    if named:
        open_case_keys(named)
        record(actor_of(request), "read rota", details={"cases": sorted(map(str, named))})
    context = {
        "pages": pages,
        "late": [(case, due_at(case)) for case in pages["late"].rows],
        "ready": [(case, due_at(case)) for case in pages["ready"].rows],
        "now": now,
        "vacancies": queries.vacancy_lines(pages["vacant"].rows),
        "lines": queries.seat_lines(pages["seats"].rows, now),
    }
    return render(request, "review/rota.html", context)


@require_GET
@login_required
def loads(request: Any) -> HttpResponse:
    """For the lead: how many open cases, emergencies and late ones each member of the staff has."""
    check_may(request.member, Deed.ASSIGN)
    context = {"loads": staff_load(request.member, timezone.now())}
    return render(request, "review/loads.html", context)


@says_why_not
@changes_case
def begin_review(request: Any, case: Case) -> HttpResponse:
    actions.begin_review(actor_of(request), request.member, case, timezone.now())
    messages.success(request, f"Two reviewers were asked to read case {case.code}.")
    return redirect("rota")


@says_why_not
@changes_case
def fill_seats(request: Any, case: Case) -> HttpResponse:
    actions.fill_seats(actor_of(request), request.member, case, timezone.now())
    messages.success(request, f"Case {case.code} has all its readers.")
    return redirect("rota")


@require_POST
@login_required
@says_why_not
def reassign(request: Any, seat_id: int) -> HttpResponse:
    check_may(request.member, Deed.ASSIGN)
    seat = get_object_or_404(Assignment.objects.select_related("case"), pk=seat_id)
    case_for(request.member, seat.case_id)
    new = actions.reassign(actor_of(request), request.member, seat, timezone.now())
    seat_name = Seat(new.seat).label
    messages.success(request, f"{new.reviewer} is now {seat_name} of case {seat.case.code}.")
    return redirect("rota")


@require_GET
@login_required
def agreement(request: Any) -> HttpResponse:
    """How far first and second reviewers agree, question by question."""
    context = {"lines": agreement_of(request.member), "fewest": FEWEST_PAIRS}
    return render(request, "review/agreement.html", context)


@require_GET
@login_required
def differing(request: Any) -> HttpResponse:
    """For the lead: the decided cases in which the first two reviewers differed."""
    check_may(request.member, Deed.ASSIGN)
    rows = queries.differed(request.member.organization)
    page = list_page(request, "cases", rows, _LINES)
    open_case_keys({row.case_id for row in page.rows})
    lines = queries.differing_lines(request.member, page.rows)
    if lines:
        cases = sorted({str(line.round.case_id) for line in lines})
        record(actor_of(request), "read where reviewers differed", details={"cases": cases})
    return render(request, "review/differing.html", {"page": page, "lines": lines})


@require_GET
@login_required
def causes(request: Any) -> HttpResponse:
    """What went wrong: every cause with its definition and its rules."""
    check_may(request.member, Deed.SEE_WORKLIST)
    return render(request, "review/causes.html", {"taxonomy": taxonomy()})
