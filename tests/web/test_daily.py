"""`wayhome daily` and `wayhome web reindex`: one command for the day, one for the index of names."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from wayhome.web import daily
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Case, Person, SearchWord
from wayhome.web.cases.reindexing import reindex
from wayhome.web.cases.search import search
from wayhome.web.journey.models import Step

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])


def told(now=None):
    return {line.told: line.needs_somebody for line in daily.daily_work(now or timezone.now())}


def of(lines, words):
    return [needs for said, needs in lines.items() if words in said]


def test_it_does_the_days_work_and_says_what_needs_somebody(clinic, new_case, files):
    now = timezone.now()
    later = now + timedelta(hours=2)  # of the next day, where it is late in the evening
    fresh = new_case(name="Quetzal Invented", removed=True)
    travelling, over = new_case(state="travelling"), new_case(state="home")
    with scope(organization=clinic):
        Case.objects.filter(pk=fresh.pk).update(state_since=now - timedelta(days=9))
        Case.objects.filter(pk=over.pk).update(state_since=now - timedelta(days=9000))
        Step.objects.create(case=travelling, kind="fee", due=now.date() - timedelta(days=1))
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    (stray,) = [files / str(fresh.pk) / "half.part"]
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"half")
    lines = told(later)
    assert of(lines, "2 cases screened by today's law") == [False]
    assert of(lines, "1 cases are late in their state") == [True]
    assert of(lines, "1 steps of ways home are late") == [True]
    assert of(lines, "time of 1 cases is over soon, of 1 already") == [True]
    assert of(lines, "stray files removed: 1") == [False]
    assert not Session.objects.filter(session_key="old").exists()
    assert not stray.exists()
    assert "Quetzal" not in "".join(lines)
    with scopes_disabled():
        assert Case.objects.get(pk=fresh.pk).screened_on == later.date()
    assert Event.objects.filter(deed="did the daily work").count() == 1


def test_it_says_what_was_not_done_and_does_the_rest(clinic, new_case, monkeypatch):
    def away(*_):
        raise OperationalError("gone, with the name of Quetzal Invented")

    monkeypatch.setattr(daily, "tend_files", away)
    new_case(removed=True)
    lines = told()
    assert of(lines, "NOT DONE: files (OperationalError).") == [True]
    assert of(lines, "1 cases screened") == [False]
    assert "Quetzal" not in "".join(lines)


def test_it_screens_nothing_twice_on_a_day(clinic, new_case):
    new_case(removed=True)
    told()
    assert of(told(), "0 cases screened") == [False]


def test_it_finds_everybody_again_after_names_are_read_in_another_way(
    clinic, other_clinic, new_case
):
    case = new_case(name="ሰላም Invented")
    theirs = new_case(name="Somebody Else", organization=other_clinic)
    with scopes_disabled():
        SearchWord.objects.create(
            organization=clinic, case=case, kind="word", digest=b"of an older folding"
        )
        SearchWord.objects.create(
            organization=other_clinic, case=theirs, kind="word", digest=b"of theirs"
        )
    assert list(reindex(clinic.pk)) == [1]
    with scope(organization=clinic):
        assert [found.case.pk for found in search(clinic.pk, "ሰላም")] == [case.pk]
        assert not SearchWord.objects.filter(digest=b"of an older folding").exists()
    with scopes_disabled():
        assert SearchWord.objects.filter(digest=b"of theirs").exists()
        assert Person.objects.get(case=case).name == "ሰላም Invented"
