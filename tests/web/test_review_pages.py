"""The pages of review as reviewers, the lead and others see them, and what each may not open."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from tests.web.review_cases import Team, actor_for

from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, Document, Message, Statement
from wayhome.web.review import views
from wayhome.web.review.models import Finding, FindingDraft, Round
from wayhome.web.review.rota import eligible
from wayhome.web.review.staff_load import staff_load
from wayhome.web.review.taxonomy import court_names

pytest_plugins = ("tests.web.review_cases",)
pytestmark = [
    pytest.mark.django_db(databases=["default", "keyring"]),
    pytest.mark.usefixtures("in_scope"),
]


@pytest.fixture
def browse(settings):
    """A browser signed in as a member of staff."""
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(member):
        client = Client()
        client.force_login(
            member.user, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        return client

    return sign_in


def test_it_tells_what_is_open_before_a_case_is_called_ready(browse, member, new_case):
    case, worker = new_case(state="preparing", removed=True), member("caseworker")
    where = reverse("case_panel", args=[case.pk, "review"])
    Message.objects.create(case=case, text="news?", sent_at=timezone.now(), is_from_applicant=True)
    now = timezone.now()
    Statement.objects.create(
        case=case, fact="removed", value=False, source="record", said_on=now, recorded_at=now
    )
    page = browse(worker).get(where).content.decode()
    assert (
        "Still open: 1 unread message; 1 fact of which sources say different things; "
        "no document; nobody is assigned."
    ) in page
    assert 'value="ready"' in page
    Message.objects.update(read_at=now)
    Statement.objects.filter(source="record").update(withdrawn_at=now)
    Case.objects.filter(pk=case.pk).update(assigned_to=worker.user)
    Document.objects.create(case=case, title="An order", size=1, added_at=now)
    assert "Still open" not in browse(worker).get(where).content.decode()
    ahead = now.date() + timedelta(days=9)
    Case.objects.filter(pk=case.pk).update(outcomes={"stay": "open"}, next_deadline=ahead)
    page = browse(worker).get(where).content.decode()
    assert "questions that could still change what the rules say; a deadline on" in page


def test_a_grant_is_called_taken_back_only_by_who_says_so_twice(browse, member, new_case):
    case, client = new_case(state="granted"), browse(member("attorney"))
    where = reverse("case_panel", args=[case.pk, "review"])
    assert "the government took back what it had granted" in client.get(where).text
    answer = client.post(reverse("step_case", args=[case.pk]), {"to": "denied"}, follow=True)
    assert "Nothing was changed yet" in answer.text
    assert Case.objects.get(pk=case.pk).state == "granted"
    client.post(reverse("step_case", args=[case.pk]), {"to": "denied", "sure": "1"})
    assert Case.objects.get(pk=case.pk).state == "denied"


def form_of(case, *, recommends="yes", accept="yes", do="record for good", **other):
    grounds = Round.of(case).grounds
    said = {"do": do, "recommends": recommends, "reasons": "It is on paper.", **other}
    for number in range(len(grounds)):
        said |= {f"accepted_{number}": accept, f"reason_{number}": "It is on paper."}
    return said


def page(name, case):
    return reverse(name, args=[case.pk])


def test_it_shows_a_reviewer_their_seats_and_the_whole_file(team, ready_case, browse):
    case = ready_case(name="Marie Invented")
    team.open(case)
    client = browse(team.sitting(case, 1))
    assert case.code in client.get(reverse("reviews")).text
    text = client.get(page("review_case", case)).text
    assert "Removed in absence" in text or "absen" in text
    assert text.count("I do not accept it") == len(Round.of(case).grounds)
    assert text.count("Code it when") == 12
    assert Event.objects.filter(case=case.pk, deed="read case").exists()


def test_it_opens_the_form_to_those_who_sit_and_nobody_else(team, ready_case, browse, member):
    case = ready_case()
    team.open(case)
    sitting = {team.sitting(case, 1).pk, team.sitting(case, 2).pk}
    unseated = next(m for m in team.reviewers if m.pk not in sitting)
    assert browse(unseated).get(page("review_case", case)).status_code == 404
    for role in ("caseworker", "attorney", "lead", "analyst", "auditor", "administrator"):
        assert browse(member(role)).get(page("review_case", case)).status_code == 403


def test_it_keeps_a_draft_and_then_the_finding(team, ready_case, browse):
    case = ready_case()
    team.open(case)
    client = browse(team.sitting(case, 1))
    client.post(page("review_case", case), {"do": "draft", "reasons": "half a sentence"})
    assert FindingDraft.objects.count() == 1
    assert "half a sentence" in client.get(page("review_case", case)).text
    answer = client.post(page("review_case", case), form_of(case, causes=["notice"]))
    assert answer.status_code == 302
    assert Finding.objects.get().causes == ["notice"]
    again = client.post(page("review_case", case), form_of(case, recommends="no"))
    assert again.status_code == 302
    assert Finding.objects.get().recommends is True, "a double submit changes nothing"


def test_it_says_beside_its_field_what_a_finding_lacks(team, ready_case, browse):
    case = ready_case()
    team.open(case)
    client = browse(team.sitting(case, 1))
    answer = client.post(page("review_case", case), {"do": "record", "reasons": "kept words"})
    assert answer.status_code == 400
    assert "Say whether you accept this ground." in answer.text
    assert "kept words" in answer.text
    assert not Finding.objects.exists()


def test_it_gives_a_blind_reviewer_404_at_every_link_to_the_other_finding(team, ready_case, browse):
    case = ready_case()
    team.open(case)
    one = team.find(case, 1, recommends=False, causes=("retaliation",))
    second, lead = browse(team.sitting(case, 2)), browse(team.lead)
    for client in (second, lead):
        assert client.get(reverse("finding", args=[one.pk])).status_code == 404
        assert client.get(page("findings", case)).status_code == 404
    for name in ("review_case", "case"):
        text = second.get(page(name, case)).text
        assert "As the file shows." not in text
    panel = second.get(reverse("case_panel", args=[case.pk, "review"])).text
    assert "As the file shows." not in panel
    assert page("findings", case) not in panel
    own = browse(team.sitting(case, 1)).get(page("findings", case))
    assert "when both are in" in own.text
    team.find(case, 2)
    assert second.get(reverse("finding", args=[one.pk])).status_code == 200
    assert second.get(page("findings", case)).text.count("As the file shows.") >= 2


def test_it_shows_the_third_reader_both_findings_beside_the_form(team, ready_case, browse):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    team.find(case, 2, recommends=False)
    text = browse(team.sitting(case, 3)).get(page("review_case", case)).text
    assert "The two findings" in text
    assert "differ" in text
    answer = browse(team.sitting(case, 3)).post(page("review_case", case), form_of(case))
    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).state == "recommended"


def test_it_lets_the_lead_open_reviews_and_give_seats_away(team, ready_case, browse):
    case = ready_case()
    lead = browse(team.lead)
    assert case.code in lead.get(reverse("rota")).text
    lead.post(page("begin_review", case))
    assert Case.objects.get(pk=case.pk).state == "first_review"
    before = team.seat(case, 2)
    lead.post(reverse("reassign_seat", args=[before.pk]), {"back": "rota"})
    assert team.seat(case, 2).reviewer_id != before.reviewer_id


def test_it_shows_the_lead_a_seat_that_nobody_could_take(member, ready_case, browse):
    small = Team(member, reviewers=2)
    case, whole = ready_case(), ready_case()
    small.open(case)
    small.open(whole)
    small.find(case, 1)
    small.find(case, 2, recommends=False)
    lead = browse(small.lead)
    text = lead.get(reverse("rota")).text
    vacant = text[text.index("Without a reader") : text.index("Findings awaited")]
    assert case.code in vacant
    assert "third reader" in vacant
    assert whole.code not in vacant
    new = member("reviewer")
    lead.post(page("fill_seats", case))
    assert small.seat(case, 3).reviewer_id == new.user_id
    assert "Without a reader" not in lead.get(reverse("rota")).text


def test_it_says_why_a_review_cannot_be_opened(member, ready_case, browse):
    case, lead = ready_case(), browse(member("lead"))
    text = lead.post(page("begin_review", case), follow=True).text
    assert "needs 2 more reviewers" in text
    assert Case.objects.get(pk=case.pk).state == "ready"


def test_it_closes_the_case_to_a_reviewer_who_declares_a_conflict(team, ready_case, browse):
    case = ready_case()
    team.open(case)
    leaving = team.sitting(case, 1)
    client = browse(leaving)
    client.post(page("declare_conflict", case), {"reason": "counsel"})
    assert team.sitting(case, 1) != leaving
    for name in ("review_case", "case", "findings"):
        assert client.get(page(name, case)).status_code in (403, 404)


def test_it_asks_nobody_to_review_who_said_before_that_they_were_in_the_case(
    clinic, member, ready_case, browse
):
    """An attorney says it today; as a reviewer next year they are not asked, and read nothing."""
    case, lawyer = ready_case(), member("attorney")
    client = browse(lawyer)
    assert (
        "conflict of interest" in client.get(reverse("case_panel", args=[case.pk, "review"])).text
    )
    client.post(page("declare_conflict", case), {"reason": "counsel"})
    assert client.get(page("case", case)).status_code == 200
    lawyer.role = "reviewer"
    lawyer.save()
    assert client.get(page("case", case)).status_code == 403
    with scope(organization=clinic):
        assert lawyer.user not in eligible(case, 1)


def test_it_lets_the_lead_note_whose_case_it_was(clinic, team, member, ready_case, browse):
    case, lead = ready_case(), browse(team.lead)
    team.open(case)
    barred = team.sitting(case, 1)
    asked = {"whose": barred.pk, "reason": "adjudicator"}
    said = lead.post(page("note_conflict", case), asked, follow=True).text
    assert f"Noted: {barred.user} will not review this case." in said
    assert team.sitting(case, 1) != barred
    assert browse(barred).get(page("case", case)).status_code == 403
    panel = lead.get(reverse("case_panel", args=[case.pk, "review"])).text
    assert "decided something in the case" in panel
    assert str(barred.user) in panel
    with scope(organization=clinic):
        assert Event.objects.filter(deed="noted a conflict", case=case.pk).count() == 1


@pytest.mark.parametrize("asked", [{}, {"whose": "x"}, {"whose": "1" * 9}, {"reason": "because"}])
def test_it_notes_no_conflict_of_nobody_or_of_no_kind(clinic, team, ready_case, browse, asked):
    case, lead = ready_case(), browse(team.lead)
    whole = {"whose": team.reviewers[0].pk, "reason": "counsel"}
    answer = lead.post(page("note_conflict", case), whole | asked if asked else {})
    assert answer.status_code in (302, 404)
    with scope(organization=clinic):
        assert not case.conflicts.exists()


def test_it_notes_no_conflict_of_somebody_elsewhere(team, ready_case, browse, member, other_clinic):
    case, other = ready_case(), member("reviewer", other_clinic)
    answer = browse(team.lead).post(
        page("note_conflict", case), {"whose": other.pk, "reason": "counsel"}
    )
    assert answer.status_code == 404


def test_it_takes_a_case_on_by_hand_and_says_when_it_cannot(team, new_case, browse, member):
    case, client = new_case(), browse(member("caseworker"))
    client.post(page("step_case", case), {"to": "preparing"})
    assert Case.objects.get(pk=case.pk).state == "preparing"
    text = client.post(page("step_case", case), {"to": "granted"}, follow=True).text
    assert "cannot be made granted by hand" in text
    panel = client.get(reverse("case_panel", args=[case.pk, "review"])).text
    assert "began to prepare" not in panel
    assert "preparing" in panel


@pytest.mark.parametrize(
    "name",
    ["review_case", "findings", "step_case", "declare_conflict", "begin_review", "fill_seats"],
)
def test_it_finds_no_case_of_another_organization(
    team, new_case, other_clinic, browse, name, member
):
    case = new_case(organization=other_clinic, state="ready")
    for person in (team.lead, team.reviewers[0], member("attorney")):
        client = browse(person)
        answers = {
            client.get(page(name, case)).status_code,
            client.post(page(name, case)).status_code,
        }
        assert answers <= {403, 404, 405}
    assert Case._base_manager.get(pk=case.pk).state == "ready"


def test_it_asks_few_questions_of_the_database(
    team, ready_case, browse, django_assert_max_num_queries
):
    for _ in range(20):
        case = ready_case()
        team.open(case)
    reviewer, lead = browse(team.sitting(case, 1)), browse(team.lead)
    team.find(case, 2)
    visits = [
        (reviewer, reverse("reviews")),
        (reviewer, page("review_case", case)),
        (lead, reverse("rota")),
        (lead, reverse("agreement")),
        (lead, reverse("case_panel", args=[case.pk, "review"])),
    ]
    for client, address in visits:
        with django_assert_max_num_queries(15, info=address):
            assert client.get(address).status_code == 200


def test_it_shows_agreement_to_those_who_see_patterns(team, ready_case, browse, member):
    case = ready_case()
    team.open(case)
    team.find(case, 1)
    team.find(case, 2)
    for role in ("analyst", "lead"):
        assert "too few to say" in browse(member(role)).get(reverse("agreement")).text
    for role in ("reviewer", "caseworker", "auditor"):
        assert browse(member(role)).get(reverse("agreement")).status_code == 403
    assert actor_for(team.lead).name


def test_it_shows_every_late_case_of_the_rota_page_by_page_by_due_moment(
    team, ready_case, browse, monkeypatch
):
    monkeypatch.setattr(views, "_LINES", 2)
    now = timezone.now()
    # Ready for six days is three too many; a first review for nine, two. Not by how long they stood.
    days = {"ready": 6, "received": 9, "preparing": 31, "first_review": 9}
    cases = {state: ready_case(name=f"Marie {state}") for state in days}
    urgent = ready_case()
    for state, ago in days.items():
        since = now - timedelta(days=ago)
        Case.objects.filter(pk=cases[state].pk).update(state=state, state_since=since)
    since = now - timedelta(hours=2)
    Case.objects.filter(pk=urgent.pk).update(is_emergency=True, state_since=since)
    lead, codes = browse(team.lead), []
    for number in (1, 2, 3):
        text = lead.get(reverse("rota"), {"late": number}).text
        late = text[text.index('id="late"') : text.index('id="ready"')]
        assert "5 cases should have moved on" in late
        codes += re.findall(r"(?<![\w-])[A-Z0-9]{4}-[A-Z0-9]{4}(?![\w-])", late)
    order = [urgent, *(cases[s] for s in ("received", "ready", "first_review", "preparing"))]
    assert codes == [case.code for case in order]
    first = lead.get(reverse("rota")).text
    assert "1 to 2 of 5" in first
    assert "?late=2#late" in first
    assert "Marie received" in first
    assert Event.objects.filter(deed="read rota").exists()


def test_the_rota_counts_the_open_cases_of_each_member(browse, member, new_case):
    lead, worker, gone = member("lead"), member("caseworker", name="Ana Abel"), member("attorney")
    now = timezone.now()
    long_ago = now - timedelta(days=400)
    for fields in (
        {"state_since": long_ago},
        {"is_emergency": True},
        {"state": "home", "state_since": long_ago, "is_emergency": True},
    ):
        Case.objects.filter(pk=new_case().pk).update(assigned_to=worker.user, **fields)
    Case.objects.filter(pk=new_case().pk).update(assigned_to=gone.user)
    new_case()
    gone.is_active = False
    gone.save()
    loads = {load.name: load for load in staff_load(lead, now)}
    assert [count for _, count, _ in loads["Ana Abel"].counts()] == [1, 1, 2]
    assert loads["nobody"].all == 1
    assert loads[f"{gone.user} (takes no cases now)"].all == 1
    client = browse(lead)
    assert "Ana Abel" in client.get(reverse("rota")).text
    for _, count, address in [*loads["Ana Abel"].counts(), *loads["nobody"].counts()]:
        assert client.get(address).context["page"].count == count


def test_it_pages_seats_and_cases_that_are_ready(team, ready_case, browse, monkeypatch):
    monkeypatch.setattr(views, "_LINES", 2)
    for _ in range(3):
        ready_case()
        team.open(ready_case())
    text = browse(team.lead).get(reverse("rota"), {"seats": 3, "ready": 2}).text
    assert "Findings awaited: 6" in text
    assert "5 to 6 of 6" in text
    assert "Ready for review: 3" in text
    assert "3 to 3 of 3" in text
    assert "?seats=2&amp;ready=2#seats" in text


def test_it_names_each_court_once_with_its_code_and_no_test():
    names = court_names()
    assert names["POR"] == "Portland (POR)"
    assert names["POO"] == "Portland (POO)"
    assert len(set(names.values())) == len(names)
    assert not any("test" in name for name in names.values())


def test_it_asks_once_more_before_a_finding_is_recorded_for_good(team, ready_case, browse):
    case = ready_case()
    team.open(case)
    client, address = browse(team.sitting(case, 1)), page("review_case", case)
    said = form_of(case, do="record", conditions="two\nlines")
    shown = client.post(address, said)
    assert shown.status_code == 200
    assert "You recorded no cause" in shown.text
    assert "Portland" not in shown.text
    assert not Finding.objects.exists()
    assert FindingDraft.objects.get().answers["reasons"] == "It is on paper."
    held = {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.text)
        if name != "csrfmiddlewaretoken"
    }
    again = client.post(address, {**held, "do": "change"})
    assert again.status_code == 200
    assert "It is on paper." in again.text
    assert "Go on to recording" in again.text
    assert not Finding.objects.exists()
    ticked = client.post(address, {**said, "causes": ["notice", "counsel"], "court": "POR"}).text
    assert "You recorded no cause" not in ticked
    assert "Portland (POR)" in ticked
    assert ticked.count('name="causes"') == 2
    assert client.post(address, {**held, "do": "record for good"}).status_code == 302
    found = Finding.objects.get()
    assert (found.recommends, found.causes) == (True, [])
    assert found.conditions.split() == ["two", "lines"]


def test_it_leads_the_lead_to_decided_cases_in_which_the_first_two_differed(
    team, ready_case, browse, member
):
    alike, open_, decided = (ready_case() for _ in range(3))
    for case, second in ((alike, True), (open_, False), (decided, False)):
        team.open(case)
        team.find(case, 1)
        team.find(case, 2, recommends=second)
    team.find(decided, 3)
    lead, address = browse(team.lead), reverse("differing")
    assert address in lead.get(reverse("agreement")).text
    text = lead.get(address).text
    assert decided.code in text
    assert page("findings", decided) in text
    assert "recommendation" in text
    assert "1 decided review " in text
    assert alike.code not in text
    assert open_.code not in text
    assert address not in browse(member("analyst")).get(reverse("agreement")).text
    for role in ("analyst", "reviewer", "attorney", "auditor"):
        assert browse(member(role)).get(address).status_code == 403
