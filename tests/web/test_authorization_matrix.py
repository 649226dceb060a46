"""Every role x every route x own, other organization's and conflicted case.

EXPECTED says who may open each named route of the URL conf; a new route fails here until it is
listed. A letter is a role: c caseworker, a attorney, r reviewer, l lead, n analyst, u auditor,
d administrator, o organizer of letters. PUBLIC needs no sign-in; SIGNED_IN is every member of staff; ELSEWHERE is allauth's
own page, whose rules its own tests hold; TOKEN is the API, which no session opens.

"Refused" is 403, 404 (what is not one's own looks as if it were not there), 401, or the way to the
sign-in page. Anything else, a form with faults among it, counts as let in. Both GET and POST are
tried; a method that a route does not have says nothing and is left out.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_scopes import scope
from tests.pages_of_observatory import ROUTES as OBSERVATORY

from wayhome.papers.templates import templates
from wayhome.web.accounts.models import Invitation, Role, SignIn
from wayhome.web.api.models import Token
from wayhome.web.audit.chain import Actor
from wayhome.web.cases.models import (
    Conflict,
    Consent,
    Contact,
    Document,
    Duplicate,
    PossibleConflict,
    SavedView,
    Statement,
    Task,
)
from wayhome.web.casework.models import CalendarFeed, HouseholdMember, Intake, Sharing
from wayhome.web.journey.actions import begin_journey
from wayhome.web.papers.models import Batch
from wayhome.web.protection.files import keep_file
from wayhome.web.protection.keys import new_case_key
from wayhome.web.review.models import StateChange

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

PUBLIC, SIGNED_IN, ELSEWHERE, TOKEN = "public", "carlnudo", "allauth", "token"
LETTERS = {
    "c": Role.CASEWORKER,
    "a": Role.ATTORNEY,
    "r": Role.REVIEWER,
    "l": Role.LEAD,
    "n": Role.ANALYST,
    "u": Role.AUDITOR,
    "d": Role.ADMINISTRATOR,
    "o": Role.ORGANIZER,
}
EXPECTED = {
    # The worklist and the search.
    "worklist": "carl",
    "save_view": "carl",
    "drop_view": "l",  # the view is the lead's own
    "search": "carl",
    # A case.
    "case": "carl",
    "case_questions": "carl",
    "case_why": "carl",
    "case_fact": {"GET": "carl", "POST": "cal"},
    "case_person": "cal",
    "case_panel": "carl",
    "assign_case": "l",
    "set_emergency": "cal",
    "acknowledge_case": "cal",
    "withdraw_statement": "cal",
    "settle_duplicate": "cal",
    "settle_fact": "cal",
    # Review.
    "reviews": "r",
    "rota": "l",
    "loads": "l",
    "agreement": "ln",
    "differing": "l",
    "causes": "carl",
    "reassign_seat": "l",
    "finding": "l",
    "review_case": "r",
    "findings": "cal",
    "step_case": "carl",  # each step asks for its own deed: test_review_states
    "correct_day": "al",  # of a grant: each step asks for its own deed
    "declare_conflict": "carl",
    "note_conflict": "l",
    "begin_review": "l",
    "settle_possible_conflict": "cal",
    "fill_seats": "l",
    # The report.
    "patterns": "ln",
    "export_patterns": "ln",
    "publish_patterns": "l",
    "take_patterns_back": "l",
    "public_patterns": PUBLIC,
    # Documents, messages and the rest of a case.
    "add_document": "cal",
    "download_document": "carl",
    "add_version": "cal",
    "remove_document": "cal",
    "scan_document": "cal",
    "send_message": "cal",
    "mark_messages_read": "cal",
    "write_note": "cal",
    "add_task": "cal",
    "change_task": "cal",
    "add_contact": "cal",
    "write_contact": "cal",
    "change_contact": "cal",
    "remove_contact": "cal",
    "add_household": "cal",
    "remove_household": "cal",
    "keep_consent": "cal",
    "withdraw_consent": "cal",
    "offer_case": "al",
    "take_offer_back": "al",
    "offered": "cal",
    "answer_offer": "cal",
    "tasks": "cal",
    "calendar_feeds": "carl",
    "revoke_calendar": "carl",  # only one's own: see the test below
    "calendar": PUBLIC,
    "intake": "cal",
    "intake_rows": "cal",
    "choose_rows": "cal",
    "take_intake": "cal",
    "bad_rows": "cal",
    "end_intake": "cal",
    # The way home.
    "journeys": "carl",
    "begin_journey": "cal",
    "journey_step": {"GET": "carl", "POST": "cal"},
    # Papers.
    "make_paper": "cal",
    "paper_words": "cal",
    "paper_exhibits": "cal",
    "many_papers": "cal",
    "paper_batch": "l",  # the batch is the lead's own
    "paper_batch_file": "l",
    # Accounts.
    "start": SIGNED_IN,
    "second_factor_needed": SIGNED_IN,
    "my_account": SIGNED_IN,
    "choose_organization": SIGNED_IN,
    "end_every_session": ELSEWHERE,  # ends in the sign-in page, whoever asks
    "end_session": SIGNED_IN,  # only one's own: see the test below
    "join": PUBLIC,
    "join_by_link": PUBLIC,
    "people": "d",
    "person": "d",
    "let_go": "d",
    "let_back_in": "d",
    "withdraw_invitation": "d",
    "organization_settings": "d",
    "account_login": ELSEWHERE,
    "account_logout": ELSEWHERE,
    "account_inactive": ELSEWHERE,
    "account_reauthenticate": ELSEWHERE,
    "account_change_password": ELSEWHERE,
    "mfa_index": ELSEWHERE,
    "mfa_authenticate": ELSEWHERE,
    "mfa_reauthenticate": ELSEWHERE,
    "mfa_activate_totp": ELSEWHERE,
    "mfa_deactivate_totp": ELSEWHERE,
    "mfa_view_recovery_codes": ELSEWHERE,
    "mfa_generate_recovery_codes": ELSEWHERE,
    "mfa_download_recovery_codes": ELSEWHERE,
    "mfa_list_webauthn": ELSEWHERE,
    "mfa_add_webauthn": ELSEWHERE,
    "mfa_reauthenticate_webauthn": ELSEWHERE,
    "mfa_remove_webauthn": ELSEWHERE,
    "mfa_edit_webauthn": ELSEWHERE,
    "mfa_login_webauthn": ELSEWHERE,
    # The log, what is held, erasure, keeping.
    "log": "lu",
    "held": "lu",
    "erase_case": "l",
    "keep_case": "l",
    "retention": "l",
    # The API and its tokens.
    "api:openapi-json": PUBLIC,
    "api:api-root": PUBLIC,
    "api:list_cases": TOKEN,
    "api:take_in": TOKEN,
    "api:read_case": TOKEN,
    "api:read_facts": TOKEN,
    "api:state_fact": TOKEN,
    "api:screening": TOKEN,
    "api:deadlines": TOKEN,
    "api:next_deadlines": TOKEN,
    "tokens": "l",
    "revoke_token": "l",
    # The portal: who holds the case's code and words; nothing of a case stands in an address.
    "portal_start": PUBLIC,
    "portal_choose": PUBLIC,
    "portal_consent": PUBLIC,
    "portal_who": PUBLIC,
    "portal_key": PUBLIC,
    "portal_person": PUBLIC,
    "portal_reach": PUBLIC,
    "portal_question": PUBLIC,
    "portal_next": PUBLIC,
    "portal_enough": PUBLIC,
    "portal_status": PUBLIC,
    "portal_answers": PUBLIC,
    "portal_messages": PUBLIC,
    "portal_papers": PUBLIC,
    "portal_erase": PUBLIC,
    "portal_erased": PUBLIC,
    "portal_door": PUBLIC,
    "portal_leave": PUBLIC,
    # Letters: pages for everybody, and those of organizers.
    **dict.fromkeys(
        (
            "public_letters",
            "public_letter",
            "sign_letter",
            "signed_letter",
            "letter_press",
            "letter_versions",
            "letter_timeline",
            "embed_letter",
            "frame_style",
            "letter_poster",
            "letter_picture",
            "letter_feed",
            "letter_calendar",
            "letter_signatories",
            "both_letters",
            "public_demand",
            "demand_picture",
            "evidence_file",
            "confirm_signature",
            "withdraw_signature",
        ),
        PUBLIC,
    ),
    **dict.fromkeys(
        (
            "letters",
            "new_letter",
            "run_letter",
            "date_letter",
            "letter_text",
            "preview_letter",
            "step_letter",
            "letter_messages",
            "compare_letters",
            "letter_queue",
            "paste_signatories",
            "decide_likeness",
            "letter_signature",
            "step_signature",
            "letter_demands",
            "letter_demand",
            "change_demand",
            "leave_demand",
        ),
        "lo",
    ),
    # The observatory: read by everybody, written by nobody.
    **dict.fromkeys(OBSERVATORY, PUBLIC),
    # The hotline.
    "calls": "cal",
    "new_call": "cal",
    "call": "cal",
    "call_person": "cal",
    "call_reach": "cal",
    "call_words": "cal",
    "call_pause": "cal",
    "call_question": "cal",
}
# Answered alike for everybody, and without effect on what is not one's own.
ONLY_ONES_OWN = {"revoke_calendar", "end_session"}


def _routes():
    """(name, pattern, names of its parts) of every route of the URL conf."""

    def walk(resolver, prefix, namespace, parts):
        for one in resolver.url_patterns:
            own = parts | set(one.pattern.converters)
            if hasattr(one, "url_patterns"):
                inner = namespace + (f"{one.namespace}:" if one.namespace else "")
                yield from walk(one, prefix + str(one.pattern), inner, own)
            else:
                yield f"{namespace}{one.name}", own | set(one.pattern.regex.groupindex)

    return dict(walk(get_resolver(), "", "", set()))


def test_it_lists_every_route_and_no_other():
    assert set(_routes()) == set(EXPECTED)


class World:
    """An organization with a case and something of every kind, and one person of every role."""

    def __init__(self, clinic, member, new_case):
        now = timezone.now()
        self.organization = clinic
        self.members = {letter: member(role, clinic) for letter, role in LETTERS.items()}
        lead = self.members["l"].user
        self.case = new_case(organization=clinic, state="granted", removed=True)
        other = new_case(organization=clinic)
        with scope(organization=clinic):
            own = {"case": self.case}
            begin_journey(Actor("test"), self.case, now)
            document = Document.objects.create(
                **own, title="x", content_type="application/pdf", size=3, added_at=now
            )
            keep_file(self.case.pk, document.pk, [b"pdf"])
            consent = Consent.objects.create(**own, text_version="1", language="en", given_at=now)
            sharing = Sharing.objects.create(
                **own, code=self.case.code, kind="referral", from_organization=clinic,
                to_organization=clinic, consent=consent, offered_at=now,
            )  # fmt: skip
            intake = Intake.objects.create(
                organization=clinic, made_at=now, source="family", language="en",
                made_by=lead,
            )  # fmt: skip
            new_case_key(intake.pk, clinic.pk)
            later = now + timedelta(days=1)
            self.parts = {
                "case_id": self.case.pk,
                "case": self.case.pk,
                "rule": "return_home.veteran_exiled",
                "name": "journey",
                "kind": "fee",
                "fact": "removed",
                "slug": clinic.slug,
                "secret": "guessed",
                "number": 1,
                "pk": 1,
                "key": "guessed",
                "statement_id": Statement.objects.get(**own).pk,
                "duplicate_id": Duplicate.objects.create(
                    **own, other=other, why="x", found_at=now
                ).pk,
                "change_id": StateChange.objects.create(
                    **own, from_state="filed", to_state="granted", at=now, audit_number=0
                ).pk,
                "possible_id": PossibleConflict.objects.create(
                    **own, other=other, here="person", there="contact", found_at=now
                ).pk,
                "view_id": SavedView.objects.create(
                    organization=clinic, user=lead, name="x", query=""
                ).pk,
                "document_id": document.pk,
                "task_id": Task.objects.create(**own, what="x").pk,
                "contact_id": Contact.objects.create(**own, name="x").pk,
                "somebody_id": HouseholdMember.objects.create(**own, name="x").pk,
                "consent_id": consent.pk,
                "sharing_id": sharing.pk,
                "intake_id": intake.pk,
                "feed_id": CalendarFeed.objects.create(
                    organization=clinic, user=lead, digest=f"x{clinic.slug}", made_at=now
                ).pk,
                "batch_id": Batch.objects.create(
                    organization=clinic,
                    user=lead,
                    template=templates()[0].id,
                    as_of=now.date(),
                    started_at=now,
                ).pk,
                "token_id": Token.objects.create(
                    organization=clinic,
                    made_by=self.members["l"],
                    name="x",
                    digest=f"y{clinic.slug}",
                    made_at=now,
                    expires_at=later,
                ).pk,
                "membership": self.members["c"].pk,
                "invitation": Invitation.objects.create(
                    organization=clinic,
                    kind="join",
                    email="x@example.org",
                    role="reviewer",
                    digest=f"z{clinic.slug}",
                    made_at=now,
                    expires_at=later,
                ).pk,
                "sign_in": SignIn.objects.create(
                    user=lead,
                    session_key=f"s{clinic.slug}",
                    browser="x",
                    started_at=now,
                    seen_at=now,
                ).pk,
            }
            self._in_review(new_case, clinic, now)
        self._letter(clinic, now)

    def _letter(self, clinic, now):
        from wayhome.web.campaign import demands, letters
        from wayhome.web.campaign.models import Signature

        own = Actor("test"), self.members["o"]
        told = {"title": "x", "recipient": "x", "text": "x"}
        letter = letters.make_letter(*own, now, slug="x", **told)
        demand = demands.write_demand(*own, letter, None, now, words="x", slug="x")
        letters.open_text(*own, letter, now)
        other = letters.make_letter(*own, now, slug="y", **told)
        with scope(organization=clinic):
            signature = Signature.objects.create(
                letter=letter, name="x", name_key="x", state="asked", came="form", asked_at=now,
                state_since=now,
            )  # fmt: skip
        self.parts |= {
            "letter_id": letter.pk, "other_id": other.pk, "signature_id": signature.pk,
            "demand_pk": demand.pk, "coalition": clinic.slug, "letter": "x", "other": "y",
            "demand": "x", "form": "csv", "language": "en",
        }  # fmt: skip

    def _in_review(self, new_case, clinic, now):
        from wayhome.web.review.models import Assignment, Finding, Round

        case = new_case(organization=clinic, state="first_review")
        Round.objects.create(
            case=case, number=1, opened_at=now, as_of=now.date(), grounds=[], edition=1
        )
        seats = [
            Assignment.objects.create(case=case, reviewer=m.user, seat=n, assigned_at=now)
            for n, m in ((1, self.members["r"]), (2, self.members["l"]))
        ]
        self.parts["seat_id"] = seats[0].pk
        Round.objects.create(
            case=self.case, number=1, opened_at=now, closed_at=now, as_of=now.date(), grounds=[],
            edition=1, recommends=True,
        )  # fmt: skip
        for n, m in ((1, self.members["a"]), (2, self.members["c"])):
            seat = Assignment.objects.create(
                case=self.case, reviewer=m.user, seat=n, assigned_at=now
            )
            Finding.objects.create(
                case=self.case, assignment=seat, recommends=True, grounds={}, recorded_at=now
            )
        found = Finding.objects.create(
            case=case, assignment=seats[1], recommends=True, grounds={}, recorded_at=now
        )
        self.parts["finding_id"] = found.pk
        # What a reviewer's own page is about.
        self.in_review = case.pk

    def url(self, name, parts):
        values = {part: self.parts[part] for part in parts}
        if name == "review_case":
            values["case_id"] = self.in_review
        if name == "export_patterns":
            values["kind"] = "csv"
        if name in ("letter_demand", "change_demand"):
            values["pk"] = self.parts["demand_pk"]
        return reverse(name, kwargs=values) + ("?fact=removed" if name == "case_fact" else "")


@pytest.fixture
def fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def world(fast_passwords, clinic, member, new_case, files):
    return World(clinic, member, new_case)


def _tried(client, method, url):
    """The status of a request whose changes are taken back, or None without such a method."""
    with transaction.atomic(), transaction.atomic(using="keyring"):
        response = client.generic(method, url)
        for database in (None, "keyring"):
            transaction.set_rollback(True, using=database)
    if response.status_code == 405:
        return None
    location = response.headers.get("Location", "")
    return 401 if response.status_code == 302 and "/sign-in/" in location else response.status_code


REFUSED = {401, 403, 404}


def _letters(name, method):
    held = EXPECTED[name]
    return held.get(method, "") if isinstance(held, dict) else held


@pytest.mark.parametrize("letter", LETTERS)
def test_it_lets_each_role_in_where_the_table_says_and_nowhere_else(world, client, letter):
    client.force_login(world.members[letter].user)
    wrong = []
    for name, parts in _routes().items():
        for method in ("GET", "POST"):
            expected = _letters(name, method)
            if expected in (PUBLIC, ELSEWHERE):
                continue
            status = _tried(client, method, world.url(name, parts))
            is_in = status is not None and status not in REFUSED
            may = expected != TOKEN and letter in expected
            if status is not None and (is_in != may or status >= 500):
                wrong.append(f"{LETTERS[letter]} {method} {name}: {status}, may {may}")
    assert not wrong, "\n".join(wrong)


def test_it_lets_nobody_in_who_is_not_signed_in(world, client):
    wrong = []
    for name, parts in _routes().items():
        for method in ("GET", "POST"):
            expected = _letters(name, method)
            if expected in (PUBLIC, ELSEWHERE):
                continue
            status = _tried(client, method, world.url(name, parts))
            if status is not None and status not in REFUSED:
                wrong.append(f"{method} {name}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("letter", LETTERS)
def test_it_shows_nobody_anything_of_another_organization(
    world, client, member, new_case, other_clinic, letter
):
    theirs = World(other_clinic, member, new_case)
    client.force_login(world.members[letter].user)
    wrong = []
    for name, parts in _routes().items():
        is_named = parts & set(theirs.parts) - {"kind", "slug"}
        if EXPECTED[name] in (PUBLIC, ELSEWHERE) or name in ONLY_ONES_OWN or not is_named:
            continue
        for method in ("GET", "POST"):
            status = _tried(client, method, theirs.url(name, parts))
            if status is not None and status not in REFUSED:
                wrong.append(f"{LETTERS[letter]} {method} {name}: {status}")
    assert not wrong, "\n".join(wrong)


def test_it_shows_a_reviewer_nothing_of_a_case_in_conflict(world, client):
    reviewer = world.members["r"].user
    for case in (world.case.pk, world.in_review):
        Conflict.objects.create(
            case_id=case, user=reviewer, reason="declared", found_at=timezone.now()
        )
    client.force_login(reviewer)
    wrong = []
    for name, parts in _routes().items():
        if not parts & {"case_id", "case"}:
            continue
        for method in ("GET", "POST"):
            status = _tried(client, method, world.url(name, parts))
            if status is not None and status not in REFUSED:
                wrong.append(f"{method} {name}: {status}")
    assert not wrong, "\n".join(wrong)
    assert world.case.code not in client.get("/worklist/?state=all").content.decode()


def test_it_ends_nobody_elses_session_and_revokes_nobody_elses_feed(world, client):
    client.force_login(world.members["a"].user)
    for name in ONLY_ONES_OWN:
        client.post(world.url(name, _routes()[name]))
    assert SignIn.objects.filter(pk=world.parts["sign_in"]).exists()
    with scope(organization=world.organization):
        assert CalendarFeed.objects.get(pk=world.parts["feed_id"]).revoked_at is None


def test_it_refuses_somebody_who_was_let_go(world, client):
    gone = world.members["l"]
    client.force_login(gone.user)
    gone.is_active = False
    gone.save()
    for name in ("worklist", "patterns", "tokens", "log"):
        assert _tried(client, "GET", reverse(name)) in REFUSED
