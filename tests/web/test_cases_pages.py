"""The worklist, the page of a case and its forms, as a caseworker sees them."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django_scopes import scope

from wayhome.law.vocabulary import load_vocabulary
from wayhome.web.audit.chain import Actor
from wayhome.web.audit.models import Event
from wayhome.web.cases.actions import PREPARED, receive_case, state_fact
from wayhome.web.cases.fact_groups import label_of
from wayhome.web.cases.facts import facts_of, statements_of
from wayhome.web.cases.models import Case, Conflict, SavedView
from wayhome.web.cases.search import index_person
from wayhome.web.review.actions import declare_conflict

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
NOW = timezone.now()


def received(organization, name="Marie Invented", facts=None, **person):
    return receive_case(
        ACTOR,
        organization,
        person={"name": name, **person},
        facts=facts or {},
        source="applicant",
        language="ht",
        now=timezone.now(),
    )


@pytest.fixture
def staff(client, member, settings):
    """Signs somebody in: `staff("attorney")`. The second factor has tests of its own."""
    settings.SECOND_FACTOR_REQUIRED = False

    def sign_in(role="caseworker", organization=None):
        who = member(role, organization)
        client.force_login(who.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return who

    return sign_in


@pytest.fixture
def case(clinic):
    return received(
        clinic,
        facts={
            "removed": True,
            "removal_date": date(2019, 5, 1),
            "ordered_in_absentia": True,
            "notice_received": False,
            "born_in_us": True,
        },
    )


def test_it_shows_a_case_with_its_facts_findings_and_citations(client, staff, case):
    staff()
    html = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Marie Invented" in html
    assert "May 1, 2019" in html or "2019-05-01" in html
    assert "the applicant" in html
    assert "Coming home" in html
    assert re.search(r'<a href="https://[^"]+" rel="noreferrer external">8 U\.?S\.?C', html)


def test_it_asks_the_next_questions_and_links_each_to_its_fact(client, staff, case):
    staff()
    html = client.get(f"/cases/{case.pk}/?questions=1").content.decode()
    assert re.search(rf"/cases/{case.pk}/fact/\?fact=\w+", html)


def test_it_screens_on_another_day(client, staff, case):
    staff()
    then = client.get(f"/cases/{case.pk}/?as_of=2005-06-01")
    assert then.status_code == 200
    assert then.context["as_of"] == date(2005, 6, 1)
    assert client.get(f"/cases/{case.pk}/?as_of=03/04/2019").status_code == 400
    assert client.get(f"/cases/{case.pk}/?as_of=1901-01-01").status_code == 400


def test_it_explains_a_rule(client, staff, case):
    staff()
    rule = client.get(f"/cases/{case.pk}/").context["programs"][0]["grounds"][0]["rule"].id
    html = client.get(f"/cases/{case.pk}/why/{rule}/?as_of={NOW.date()}").content.decode()
    assert '<ul class="tree">' in html
    assert client.get(f"/cases/{case.pk}/why/return_home.nothing/").status_code == 404


def test_it_tells_beside_the_reasons_who_said_each_fact_and_how_sure_the_rule_is(
    client, staff, case
):
    staff()
    asked = {"as_of": "2026-11-21", "whole": "1"}
    page = client.get(f"/cases/{case.pk}/why/return_home.emergency_parole/", asked)
    tree = page.content.decode().split('<ul class="tree">')[1]
    said = re.search(r"<li>([^<]*) = <strong>yes</strong> <span class=\"meta\">([^<]*)<", tree)
    assert said, tree
    assert said[1] == label_of(load_vocabulary()["removed"])
    assert said[2].startswith("the applicant, ")
    assert "</span> removed<" not in tree
    rule = client.get(f"/cases/{case.pk}/why/return_home.joint_motion/", asked).content.decode()
    assert "Written from general knowledge, not yet read against the text" in rule


def test_it_shows_nobody_anothers_case(client, staff, other_clinic, case):
    staff("attorney", other_clinic)
    for page in ("", "fact/?fact=removed", "person/", "why/return_home.x/", "questions/"):
        assert client.get(f"/cases/{case.pk}/{page}").status_code == 404, page
    for page in ("assign/", "emergency/", "acknowledge/", "withdraw/1/", "duplicate/1/"):
        assert client.post(f"/cases/{case.pk}/{page}").status_code == 404, page
    assert "Marie" not in client.get("/worklist/").content.decode()
    assert client.get(f"/cases/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("role", ["analyst", "auditor", "administrator"])
def test_it_shows_no_case_to_roles_without_case_content(client, staff, case, role):
    staff(role)
    for page in (f"/cases/{case.pk}/", "/worklist/", "/search/"):
        assert client.get(page).status_code == 403, page


def test_it_asks_whoever_is_not_signed_in_to_sign_in(client, case):
    assert client.get(f"/cases/{case.pk}/").status_code == 302


def test_it_hides_a_case_from_a_reviewer_with_a_conflict(client, staff, case):
    who = staff("reviewer")
    assert client.get(f"/cases/{case.pk}/").status_code == 200
    declare_conflict(ACTOR, who, case, "counsel", NOW)
    assert client.get(f"/cases/{case.pk}/").status_code == 403
    assert "Marie" not in client.get("/worklist/").content.decode()
    searched = client.post("/search/", {"text": "Marie Invented"}, follow=True)
    assert case.code not in searched.content.decode()


def test_it_logs_who_read_a_case_and_nothing_that_it_says(client, staff, case):
    who = staff()
    client.get(f"/cases/{case.pk}/")
    event = Event.objects.get(case=case.pk, deed="read case")
    assert event.actor == f"staff:{who.user_id}"
    client.get("/worklist/")
    assert Event.objects.filter(deed="read worklist").last().details == {"cases": [str(case.pk)]}
    assert "Marie" not in str([e.details for e in Event.objects.all()])


def say(client, case, fact="detained", **changes):
    form = {
        "answer": "yes",
        "source": "record",
        "said_on": str(NOW.date()),
        "note": "",
        "edition": Case.objects.get(pk=case.pk).edition if "edition" not in changes else 0,
    }
    return client.post(f"/cases/{case.pk}/fact/?fact={fact}", {**form, **changes})


@pytest.fixture
def _scoped(clinic):
    with scope(organization=clinic):
        yield


@pytest.mark.usefixtures("_scoped")
def test_it_keeps_a_fact_and_notes_who_prepared_the_case(client, staff, case):
    who = staff()
    assert say(client, case).status_code == 302
    assert facts_of(case)["detained"] is True
    assert Conflict.objects.get(case=case).user == who.user
    assert Conflict.objects.get(case=case).reason == PREPARED


@pytest.mark.usefixtures("_scoped")
@pytest.mark.parametrize(
    ("fact", "answer", "kept"),
    [
        ("removal_date", "2018-02", date(2018, 2, 1)),
        ("prior_removals", "2", 2),
        ("sex", "female", "female"),
        ("country_of_birth", "HT", "HT"),
        ("detained", "?unknown", None),
        ("sex", "?declined", None),
    ],
)
def test_it_reads_each_type_of_answer(client, staff, new_case, fact, answer, kept):
    staff()
    case = new_case()
    assert say(client, case, fact, answer=answer).status_code == 302
    assert facts_of(case).get(fact) == kept
    assert len(statements_of(case)) == 1


@pytest.mark.usefixtures("_scoped")
@pytest.mark.parametrize(
    ("fact", "wrong"),
    [
        ("removal_date", {"answer": "03/04/2019"}),
        ("removal_date", {"answer": ""}),
        ("removal_date", {"answer": "2019-01-01", "instead": "?unknown"}),
        ("prior_removals", {"answer": "-1"}),
        ("detained", {"answer": ""}),
        ("detained", {"source": ""}),
        ("detained", {"source": "lawyer"}),
        ("detained", {"said_on": str(NOW.date() + timedelta(days=2))}),
    ],
)
def test_it_says_what_is_wrong_and_keeps_what_was_typed(client, staff, new_case, fact, wrong):
    staff()
    case = new_case()
    page = say(client, case, fact, note="from the letter of May", **wrong)
    assert page.status_code == 400
    assert "from the letter of May" in page.content.decode()
    assert 'class="errors"' in page.content.decode()
    assert not statements_of(case)


@pytest.mark.usefixtures("_scoped")
def test_it_tells_the_second_of_two_who_edit_and_loses_nothing(client, staff, case):
    staff()
    edition = case.edition
    state_fact(ACTOR, case, "sex", "female", "record", NOW.date(), timezone.now())
    page = say(client, case, edition=edition, note="my own words")
    html = page.content.decode()
    assert page.status_code == 409
    assert "my own words" in html
    assert "Somebody else changed this case" in html
    assert "female" in html
    assert "detained" not in facts_of(case)
    again = re.search(r'name="edition" value="(\d+)"', html)[1]
    assert say(client, case, edition=again, note="my own words").status_code == 302
    assert facts_of(case)["detained"] is True


@pytest.mark.usefixtures("_scoped")
def test_it_keeps_once_what_was_sent_twice(client, staff, case):
    staff()
    edition = case.edition
    before = len(statements_of(case))
    assert say(client, case, edition=edition).status_code == 302
    assert say(client, case, edition=edition).status_code == 302
    assert len(statements_of(case)) == before + 1


def test_it_lets_only_the_lawyer_speak_as_the_lawyer(client, staff, case):
    staff("attorney")
    assert say_scoped(client, case, source="lawyer").status_code == 302


def say_scoped(client, case, **changes):
    with scope(organization=case.organization_id):
        return say(client, case, **changes)


def test_it_changes_nothing_for_a_reviewer(client, staff, case):
    staff("reviewer")
    assert say_scoped(client, case).status_code == 403
    assert client.post(f"/cases/{case.pk}/emergency/", {"is_emergency": "yes"}).status_code == 403
    assert client.post(f"/cases/{case.pk}/acknowledge/").status_code == 403
    assert (
        "Take this back" not in client.get(f"/cases/{case.pk}/fact/?fact=removed").content.decode()
    )


@pytest.mark.usefixtures("_scoped")
def test_it_obeys_an_emergency_decided_by_hand_until_it_is_taken_back(client, staff, new_case):
    staff()
    case = new_case()
    client.post(f"/cases/{case.pk}/emergency/", {"is_emergency": "yes", "why": "a call"})
    say(client, case, answer="no")
    assert Case.objects.get(pk=case.pk).is_emergency is True
    client.post(f"/cases/{case.pk}/emergency/", {"is_emergency": ""})
    assert Case.objects.get(pk=case.pk).is_emergency is False


@pytest.mark.usefixtures("_scoped")
def test_it_makes_a_near_removal_an_emergency(client, staff, new_case):
    staff()
    case = new_case()
    day = NOW.date() + timedelta(days=14)
    say(client, case, "removal_scheduled_date", answer=str(day))
    assert Case.objects.get(pk=case.pk).is_emergency is True


@pytest.mark.usefixtures("_scoped")
@pytest.mark.parametrize("to", ["x", "\0", "00000000-0000-0000-0000-000000000000"])
def test_it_gives_a_case_to_nobody_who_is_not_there(client, staff, case, to):
    staff("lead")
    assert client.post(f"/cases/{case.pk}/assign/", {"to": to}).status_code == 404
    staff("caseworker")
    assert client.post(f"/cases/{case.pk}/assign/", {"to": to}).status_code == 403


@pytest.mark.usefixtures("_scoped")
def test_it_gives_a_case_to_somebody_who_can_work_on_it(client, staff, member, case):
    worker, auditor = member("caseworker"), member("auditor")
    staff("lead")
    client.post(f"/cases/{case.pk}/assign/", {"to": str(worker.user_id)})
    assert Case.objects.get(pk=case.pk).assigned_to == worker.user
    refused = client.post(f"/cases/{case.pk}/assign/", {"to": str(auditor.user_id)})
    assert refused.status_code == 403
    assert Case.objects.get(pk=case.pk).assigned_to == worker.user


@pytest.mark.usefixtures("_scoped")
def test_it_acknowledges_once(client, staff, case):
    staff()
    client.post(f"/cases/{case.pk}/acknowledge/")
    first = Case.objects.get(pk=case.pk).acknowledged_at
    client.post(f"/cases/{case.pk}/acknowledge/")
    assert Case.objects.get(pk=case.pk).acknowledged_at == first
    assert Event.objects.filter(deed="acknowledged case").count() == 1


@pytest.mark.usefixtures("_scoped")
def test_it_writes_the_person_and_finds_them_by_the_new_name(client, staff, case):
    staff()
    form = {"name": "Nadège Étienne", "a_number": "A 098-765-432", "edition": case.edition}
    assert client.post(f"/cases/{case.pk}/person/", form).status_code == 302
    assert client.post(f"/cases/{case.pk}/person/", form).status_code == 409
    found = client.post("/search/", {"text": "Etienne Nadege"}, follow=True).content.decode()
    assert "Nadège" in found


def test_it_puts_no_name_in_an_address(client, staff, case):
    staff()
    for page in ("/search/", "/worklist/"):
        response = client.post(page, {"text": "Marie Invented"})
        assert response.status_code == 302
        assert "Marie" not in response["Location"]
        assert "Marie Invented" in client.get(response["Location"]).content.decode()


def test_it_saves_a_view_without_the_text_that_was_searched(client, staff, case):
    who = staff()
    address = client.post("/worklist/", {"text": "Marie", "state": "all"})["Location"]
    html = client.get(address).content.decode()
    query = re.search(r'name="query" value="([^"]*)"', html)[1]
    assert query == "state=all"
    client.post("/worklist/views/", {"name": "Everybody", "query": query})
    with scope(organization=who.organization):
        (view,) = SavedView.objects.filter(user=who.user)
        assert "Everybody" in client.get("/worklist/").content.decode()
        client.post(f"/worklist/views/{view.pk}/drop/")
        assert not SavedView.objects.exists()


def test_it_answers_nonsense_in_the_address_of_the_worklist(client, staff, case):
    staff()
    for query in ("after=nonsense", "after=WzEsMl0=", "text=AAAA", "state=open"):
        assert client.get(f"/worklist/?{query}").status_code == 200, query
    for query in ("assigned=nobody-such", "within=abc", "outcome=ground", "state=x", "program=x"):
        assert client.get(f"/worklist/?{query}").status_code == 400, query


def test_it_needs_few_queries(client, staff, clinic, django_assert_max_num_queries):
    staff("lead")
    cases = [received(clinic, f"Person {n} Invented", {"removed": True}) for n in range(30)]
    with scope(organization=clinic):
        for case in cases:
            index_person(case)
    sealed = client.post("/search/", {"text": "Invented"})["Location"]
    pages = [
        "/worklist/",
        f"/cases/{cases[0].pk}/",
        sealed,
        f"/cases/{cases[0].pk}/fact/?fact=removed",
    ]
    for page in pages:
        with django_assert_max_num_queries(15):
            assert client.get(page).status_code == 200, page


def test_it_finds_a_fact_by_part_of_its_meaning_or_its_name(client, staff, case):
    staff()
    where = f"/cases/{case.pk}/fact/"
    every = client.get(where).content.decode()
    for name in load_vocabulary().facts:
        assert (f'?fact={name}"' in every) == (name not in ("case_id", "screening_date"))
    assert "2019-05-01" in every
    assert "nothing said yet" in every
    found = client.get(where, {"q": "REMOV date"}).content.decode()
    assert "?fact=removal_date" in found
    assert "?fact=born_in_us" not in found
    assert "?fact=removal_date" in client.get(where, {"q": "al_da"}).content.decode()
    nothing = client.get(where, {"q": "<zebra>"}).content.decode()
    assert "No fact is called so" in nothing
    assert "<zebra>" not in nothing
    assert client.get(where, {"fact": "zebra"}).status_code == 404
    assert client.post(where).status_code == 404
    assert where in client.get(f"/cases/{case.pk}/").content.decode()


def test_the_worklist_says_what_its_marks_mean(client, staff, case):
    staff()
    page = client.get("/worklist/").content.decode()
    legend = re.search(r'<details class="legend">.*?</details>', page, re.S)[0]
    for told in ("emergency", "14 days", "new", "late", "swatch ground", "swatch ground_with_bar"):
        assert told in legend


def test_the_choices_of_a_fact_are_words_and_no_keys(client, staff, case):
    staff()
    for fact in load_vocabulary():
        if fact.type == "category":
            page = client.get(f"/cases/{case.pk}/fact/?fact={fact.name}").content.decode()
            seen = re.sub(r"<code>.*?</code>|<script.*?</script>|<[^>]*>", " ", page, flags=re.S)
            assert not [v for v in fact.values if "_" in v and v in seen]
    page = client.get(f"/cases/{case.pk}/fact/?fact=daca_status").content.decode()
    assert "Eligible, not requested" in page
    assert "Held at removal" in page


def test_a_caseworker_takes_a_case_that_nobody_has(client, member, new_case, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    worker, other, case = member("caseworker"), member("caseworker"), new_case()
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(worker.user, backend=backend)
    page = client.get(f"/cases/{case.pk}/").text
    assert "Take this case" in page
    client.post(f"/cases/{case.pk}/assign/", {"to": str(worker.user_id)})
    case.refresh_from_db()
    assert case.assigned_to_id == worker.user_id
    assert "Take this case" not in client.get(f"/cases/{case.pk}/").text
    assert client.post(f"/cases/{case.pk}/assign/", {"to": str(other.user_id)}).status_code == 403
    client.force_login(other.user, backend=backend)
    late = client.post(f"/cases/{case.pk}/assign/", {"to": str(other.user_id)}, follow=True).text
    assert "Somebody else took this case" in late
    case.refresh_from_db()
    assert case.assigned_to_id == worker.user_id
