"""The endpoints under /api/: the same permissions and the same audit log as the pages."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope
from ninja import NinjaAPI, Query, Status
from ninja.security import HttpBearer

from wayhome import __version__
from wayhome.law.vocabulary import load_vocabulary
from wayhome.sources.case_files.answers import answer_reader
from wayhome.web.api import schemas as s
from wayhome.web.api.faults import CannotRead, add_faults
from wayhome.web.api.models import Token
from wayhome.web.api.tokens import Scope, check_scope, token_of
from wayhome.web.audit.actors import actor_of
from wayhome.web.audit.chain import record
from wayhome.web.cases import actions
from wayhome.web.cases.asking import facts_to_ask
from wayhome.web.cases.facts import (
    Answer,
    NoAnswer,
    counting,
    disagreements_in,
    facts_in,
    statements_of,
    value_in,
)
from wayhome.web.cases.models import Case, Statement
from wayhome.web.cases.people_around import other_names_of
from wayhome.web.cases.queries import case_for
from wayhome.web.cases.screening import CaseScreening, screened
from wayhome.web.cases.worklist import worklist_page


class Bearer(HttpBearer):
    """`Authorization: Bearer wayhome_...`; sets `request.token`, or answers 401."""

    def authenticate(self, request: Any, token: str) -> Token | None:
        request.token = token_of(token, timezone.now())
        return request.token  # type: ignore[no-any-return]


api = NinjaAPI(
    title="Wayhome",
    urls_namespace="api",
    version=__version__,
    description="Cases, facts, screening and deadlines of one organization. A lead, not advice.",
    auth=Bearer(),
    # Its page would fetch scripts from another host.
    docs_url=None,
)
add_faults(api)
_ANSWERS = dict.fromkeys((400, 401, 403, 404, 409, 422, 429, 503), s.Wrong)
AsOf = Annotated[s.Day | None, Query(description="the day of the law; today if left out")]


def needs(*scopes: Scope) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Lets a call through if the token has the scopes, within its organization."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def allowed(request: Any, *args: Any, **kwargs: Any) -> Any:
            for wanted in scopes:
                check_scope(request.token, wanted)
            with scope(organization=request.token.organization):
                return view(request, *args, **kwargs)

        return allowed

    return decorate


def _has(request: Any, wanted: Scope) -> bool:
    return wanted in request.token.scopes


def _read(request: Any, case_id: UUID, page: str) -> Case:
    """A case that the maker of the token may see; that it was read is written down."""
    case = case_for(request.token.made_by, case_id)
    record(actor_of(request), "read case", case=case.pk, details={"page": f"api {page}"})
    return case


@api.get("/cases", response={200: s.CasePage, **_ANSWERS}, tags=["cases"])
@needs(Scope.READ_CASES)
def list_cases(
    request: HttpRequest,
    state: s.StateName | None = None,
    emergency: bool = False,
    after: Annotated[str, Query(max_length=400)] = "",
) -> Any:
    """Cases in the order of work, 25 at a time, without names."""
    filters = {"state": state or "", "emergency": emergency}
    member = request.token.made_by  # type: ignore[attr-defined]
    page = worklist_page(member, filters, timezone.now().date(), after)
    if page.cases:
        shown = {"cases": [str(case.pk) for case in page.cases]}
        record(actor_of(request), "read worklist", details=shown)
    return {"cases": page.cases, "after": page.after}


@api.post("/cases", response={201: s.CaseLine, **_ANSWERS}, tags=["cases"])
@needs(Scope.TAKE_IN)
def take_in(request: HttpRequest, new: s.NewCase) -> Any:
    """Takes in a case. Nothing is kept where any of it is wrong."""
    birth = new.person.birth_date
    person = {**new.person.dict(), "birth_date": birth.isoformat() if birth else ""}
    token: Token = request.token  # type: ignore[attr-defined]
    case = actions.receive_case(
        actor_of(request),
        token.organization,
        person=person,
        facts={name: _answer(name, said) for name, said in new.facts.items()},
        source=new.source,
        language=new.language,
        now=timezone.now(),
        member=token.made_by,
    )
    case.refresh_from_db()
    return Status(201, case)


@api.get("/cases/{uuid:case_id}", response={200: s.CaseDetail, **_ANSWERS}, tags=["cases"])
@needs(Scope.READ_CASES)
def read_case(request: HttpRequest, case_id: UUID) -> Any:
    """One case; with the person's name only for persons:read."""
    case = _read(request, case_id, "case")
    shown: dict[str, Any] = {**s.CaseLine.from_orm(case).dict(), "person": None}
    if _has(request, Scope.READ_PERSONS):
        check_scope(request.token, Scope.READ_PERSONS)  # type: ignore[attr-defined]
        person = case.person
        shown["person"] = {
            "name": person.name,
            "other_names": other_names_of(person),
            "birth_date": person.birth_date,
            "where": person.where,
            "a_number": person.a_number if _has(request, Scope.READ_A_NUMBERS) else None,
        }
    return {**shown, "assigned_to_id": case.assigned_to_id}


@api.get("/cases/{uuid:case_id}/facts", response={200: s.Facts, **_ANSWERS}, tags=["facts"])
@needs(Scope.READ_FACTS)
def read_facts(request: HttpRequest, case_id: UUID) -> Any:
    """What was said, by whom and when, and what of it counts."""
    case = _read(request, case_id, "facts")
    said = statements_of(case)
    counts = {statement.pk for statement in counting(said).values()}
    facts = {name: _plain(value) for name, value in facts_in(said).items()}
    return {
        "edition": case.edition,
        "facts": facts,
        "statements": [_statement(one, one.pk in counts) for one in said],
        "disputed": [found.fact.name for found in disagreements_in(said)],
    }


@api.post("/cases/{uuid:case_id}/facts", response={201: s.Stated, **_ANSWERS}, tags=["facts"])
@needs(Scope.STATE_FACTS)
def state_fact(request: HttpRequest, case_id: UUID, said: s.NewStatement) -> Any:
    """Keeps that somebody says a fact. Nothing is overwritten: what counts is worked out."""
    token: Token = request.token  # type: ignore[attr-defined]
    case = case_for(token.made_by, case_id)
    made = actions.state_fact(
        actor_of(request),
        case,
        said.fact,
        _answer(said.fact, said),
        said.source,
        said.said_on,
        timezone.now(),
        edition=said.edition,
        member=token.made_by,
        note=said.note,
    )
    return Status(201, {"id": made.pk, "edition": case.edition})


@api.get(
    "/cases/{uuid:case_id}/screening", response={200: s.Screening, **_ANSWERS}, tags=["screening"]
)
@needs(Scope.READ_SCREENING)
def screening(
    request: HttpRequest, case_id: UUID, as_of: AsOf = None, questions: bool = False
) -> Any:
    """What the rules say of the case on a day."""
    case = _read(request, case_id, "screening")
    found = screened(case, as_of or timezone.now().date())
    return {
        "case": case.pk,
        "as_of": found.as_of,
        "is_emergency": found.emergency,
        "findings": [finding.as_json() for finding in found.findings],
        "deadlines": _deadlines(found),
        "questions": facts_to_ask(found.facts, found.as_of) if questions else None,
    }


@api.get(
    "/cases/{uuid:case_id}/deadlines", response={200: s.Deadlines, **_ANSWERS}, tags=["deadlines"]
)
@needs(Scope.READ_DEADLINES)
def deadlines(request: HttpRequest, case_id: UUID, as_of: AsOf = None) -> Any:
    """The deadlines of a case that have not passed on a day."""
    case = _read(request, case_id, "deadlines")
    found = screened(case, as_of or timezone.now().date())
    return {"case": case.pk, "as_of": found.as_of, "deadlines": _deadlines(found)}


@api.get("/deadlines", response={200: list[s.CaseDeadlineOut], **_ANSWERS}, tags=["deadlines"])
@needs(Scope.READ_DEADLINES)
def next_deadlines(
    request: HttpRequest,
    until: s.Day,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Any:
    """Each case's nearest deadline, as its last screening found it, up to a day."""
    token: Token = request.token  # type: ignore[attr-defined]
    today: date = timezone.now().date()
    found = Case.objects.filter(
        organization=token.organization_id, erased_at=None, due__gte=today, due__lte=until
    ).order_by("due", "pk")[:limit]
    lines = [
        {"case": c.pk, "code": c.code, "day": c.due, "is_emergency": c.is_emergency} for c in found
    ]
    if lines:
        shown = {"cases": [str(line["case"]) for line in lines]}
        record(actor_of(request), "read deadlines", details=shown)
    return lines


def _answer(fact: str, said: s.Answer) -> Answer:
    """What is said, as the actions take it. Raises CannotRead, UnknownFact."""
    known = load_vocabulary()[fact]
    told = (said.value is not None, said.is_unknown, said.is_declined)
    if sum(told) != 1:
        raise CannotRead(f"{fact}: say a value, or that it is unknown, or that it is declined.")
    if said.is_unknown:
        return NoAnswer.UNKNOWN
    if said.is_declined:
        return NoAnswer.DECLINED
    if not isinstance(said.value, str):
        return said.value  # type: ignore[return-value]
    value = answer_reader(known)(said.value.strip()) if said.value.strip() else None
    if value is None:
        raise CannotRead(f"{fact}: an empty text is no value; say is_unknown if it is not known.")
    return value


def _plain(value: Any) -> bool | int | str:
    return value.isoformat() if isinstance(value, date) else value  # type: ignore[no-any-return]


def _statement(said: Statement, counts: bool) -> dict[str, Any]:
    value = value_in(said)
    return {
        "id": said.pk,
        "fact": said.fact,
        "value": None if value is None else _plain(value),
        "is_unknown": said.is_unknown,
        "is_declined": said.is_declined,
        "source": said.source,
        "said_on": said.said_on,
        "recorded_at": said.recorded_at,
        "counts": counts,
    }


def _deadlines(found: CaseScreening) -> list[dict[str, Any]]:
    return [
        {"rule": d.rule.id, "title": d.rule.title, "day": d.day, "latest": d.latest}
        for d in found.deadlines
    ]
