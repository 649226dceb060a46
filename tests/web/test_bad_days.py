"""Bad input and bad days: COVERED says which tests cover each; here are those of no one part."""

import ast
import io
import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from tests.web.killed_in_writing import DEEDS
from tests.web.test_backup import MAKE

from wayhome.web.audit.chain import Actor, breaks, record
from wayhome.web.audit.models import Event
from wayhome.web.cases.models import Note

HERE = Path(__file__).parent
ROOT = str(HERE.parents[1])
database = pytest.mark.django_db(databases=["default", "keyring"])
LEAST_WRITES = 2
# What happens: the tests that cover it, FILE::TEST.
COVERED = {
    "two people edit one case": [
        "test_cases_facts.py::test_it_tells_the_second_of_two_who_edit_at_once",
        "test_cases_pages.py::test_it_tells_the_second_of_two_who_edit_and_loses_nothing",
        "test_api_tokens.py::test_it_states_a_fact_once_and_says_when_somebody_was_first",
        "test_review_findings.py::test_it_takes_two_findings_at_the_same_moment",
    ],
    "a double submit": [
        "test_cases_pages.py::test_it_keeps_once_what_was_sent_twice",
        "test_casework_daily.py::test_it_keeps_once_what_was_sent_twice",
        "test_files_documents.py::test_it_keeps_a_file_once_that_was_sent_twice",
        "test_casework_intake.py::test_it_takes_a_row_in_once_though_two_press_at_once",
        "test_casework_sharing.py::test_it_takes_over_once_though_it_is_sent_twice",
        "test_journey_steps.py::test_it_keeps_the_first_day_when_a_step_is_sent_twice",
        "test_portal_walk.py::test_an_answer_sent_twice_is_kept_once",
        "test_portal_walk.py::test_the_form_that_begins_sent_twice_begins_one_case",
        "test_portal_operator.py::test_the_form_sent_twice_takes_in_one_case",
    ],
    "a lost connection in the middle of a form": [
        "test_bad_days.py::test_it_keeps_nothing_of_a_form_that_broke_off",
        "test_protection_files.py::test_it_leaves_nothing_when_the_upload_breaks_off",
    ],
    "a 300 MB upload": [
        "test_files_documents.py::test_it_reads_300_mb_to_the_end_and_holds_none_of_it",
        "test_files_documents.py::test_it_refuses_what_is_too_large_having_read_no_more",
    ],
    "a zip bomb, a polyglot file, an SVG with a script": [
        "test_files_kinds.py::test_it_refuses_with_a_plain_sentence",
        "test_files_kinds.py::test_it_refuses_a_picture_that_swells",
        "test_files_kinds.py::test_it_outlives_a_file_that_swells",
        "test_files_documents.py::test_it_leaves_nothing_of_a_file_that_it_refuses",
    ],
    "a name in Arabic, Ge'ez and emoji": [
        "test_portal_walk.py::test_a_name_in_any_script_stays_what_it_is",
        "test_cases_search.py::test_it_finds_a_name_in_another_script_or_spelling",
        "test_files_documents.py::test_it_keeps_a_title_in_any_script_without_tricks",
        "test_export_round_trip.py::test_it_brings_everything_back_as_it_was",
        "../papers/test_hostile_text.py::*",
    ],
    "a passphrase guessed 1,000 times": [
        "test_portal_door.py::test_a_passphrase_guessed_a_thousand_times_is_looked_at_few_times",
        "test_portal_door.py::test_a_thousand_guesses_at_the_pace_of_the_lock_take_more_than_a_month",
        "test_portal_door.py::test_many_guesses_at_once_are_not_looked_at_for_one",
        "test_portal_operator.py::test_words_cannot_be_guessed_by_the_operators_pages",
        "test_accounts_pages.py::test_it_locks_out_after_five_wrong_passwords_even_with_the_right_one",
        "test_accounts_pages.py::test_it_counts_wrong_second_factors",
        "test_accounts_pages.py::test_it_takes_no_code_twice_for_as_long_as_it_is_good",
    ],
    "a reviewer who is given the link to the other finding": [
        "test_review_pages.py::test_it_gives_a_blind_reviewer_404_at_every_link_to_the_other_finding",
        "test_export_round_trip.py::test_it_keeps_readers_blind_to_findings_of_a_round_that_is_not_decided",
        "test_export_round_trip.py::test_nothing_but_review_and_the_export_reads_findings",
    ],
    "a token used after revoke": [
        "test_api_tokens.py::test_it_fails_at_once_when_a_token_is_revoked",
        "test_backup.py::test_it_revokes_tokens_and_links_of_an_old_backup",
    ],
    "a clock changed": [
        "test_bad_days.py::test_it_keeps_the_log_whole_when_the_clock_is_set_back",
        "test_protection_erasure.py::test_it_believes_no_clock_that_does_not_fit_the_log",
        "test_accounts_pages.py::test_it_ends_a_session_by_silence_by_age_and_by_a_changed_clock",
        "test_protection_bad_days.py::test_it_finds_what_is_misconfigured",
    ],
    "the database gone for a minute": [
        "test_bad_days.py::test_it_keeps_once_what_was_sent_while_the_database_was_gone",
        "test_bad_days.py::test_it_outlives_a_connection_that_the_server_ended",
        "test_protection_bad_days.py::test_it_tells_of_a_database_that_is_away_on_a_page_that_needs_none",
        "test_daily.py::test_it_says_what_was_not_done_and_does_the_rest",
    ],
    "the disk full": [
        "test_files_documents.py::test_it_keeps_nothing_when_the_disk_is_full",
        "test_protection_files.py::test_it_leaves_the_old_file_when_the_disk_is_full",
        "test_backup.py::test_it_leaves_nothing_of_a_backup_when_the_disk_is_full",
        "test_export_round_trip.py::test_it_writes_over_nothing_and_leaves_nothing_half_written",
        "test_protection_bad_days.py::test_it_says_what_to_do_and_nothing_of_what_happened",
    ],
    "a killed process in every write path": [
        "test_files_documents.py::test_it_keeps_all_or_nothing_when_it_is_killed_in_the_middle",
        "test_protection_files.py::test_it_keeps_the_whole_old_file_when_the_process_is_killed",
        "test_bad_days.py::test_it_puts_no_export_in_its_place_and_takes_no_import_in_when_killed",
        "test_backup.py::test_it_leaves_no_half_backup_when_it_is_killed",
        "test_backup.py::test_it_can_be_restored_again_after_being_killed",
        "test_protection_keys.py::test_it_goes_on_after_being_killed_at_any_step",
        "test_casework_intake.py::test_it_leaves_whole_cases_when_it_is_killed_and_goes_on",
        "test_casework_sharing.py::test_it_stays_whole_where_it_was_when_it_is_killed",
        "test_protection_erasure.py::test_it_finishes_an_erasure_that_was_killed",
        "test_audit_log.py::test_it_stays_whole_when_processes_write_at_once_and_some_are_killed",
        "test_bad_days.py::test_it_keeps_all_or_nothing_when_killed_after_any_of_its_writes",
    ],
    "migration up and back with data": [
        "test_bad_days.py::test_it_keeps_every_row_when_migrated_back_to_the_first_and_up_again",
    ],
}


def _tests_in(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _may_fail(test):
    """Whether a test asserts something itself, and runs on every day and every database."""
    marks = [ast.unparse(mark) for mark in test.decorator_list]
    says = ast.unparse(test)
    is_left_out = any(word in mark for mark in marks for word in ("skip", "xfail"))
    asserts = any(isinstance(node, ast.Assert) for node in ast.walk(test)) or "raises(" in says
    return asserts and not is_left_out


@pytest.mark.parametrize("day", COVERED)
def test_it_has_a_test_of_every_bad_day_that_could_fail(day):
    for place in COVERED[day]:
        file, name = place.split("::")
        tests = _tests_in(HERE / file)
        wanted = [test for test in tests if test.startswith("test_")] if name == "*" else [name]
        assert wanted, place
        for one in wanted:
            assert one in tests, f"{place} is not there"
            assert _may_fail(tests[one]), f"{place} asserts nothing, or is left out"


@database
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_it_keeps_nothing_of_a_form_that_broke_off(member, new_case, client, settings, kind):
    """What came of it reads like a whole form: half a sentence would be kept as the sentence."""
    settings.SECOND_FACTOR_REQUIRED = False
    case = new_case()
    whose = member("caseworker").user
    client.force_login(whose, backend="allauth.account.auth_backends.AuthenticationBackend")
    said = "She is afraid of him. Do not call before noon."
    if kind.startswith("multipart"):
        part = '--X\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
        parts = (part.format("for_whom", "team"), part.format("text", said), "--X--\r\n")
        body = "".join(parts).encode()
        kind += "; boundary=X"
    else:
        body = urlencode({"for_whom": "team", "text": said}).encode()
    address = reverse("write_note", args=[case.pk])
    for came in (len(body) - 12, len(body) - 3, len(body) // 2, 0, len(body)):
        answer = Client.generic(
            client, "POST", address, body, content_type=kind,
            **{"wsgi.input": io.BytesIO(body[:came]), "CONTENT_LENGTH": str(len(body))},
        )  # fmt: skip
        with scope(organization=case.organization):
            kept = [note.text for note in Note.objects.filter(case=case)]
        if came < len(body):
            assert kept == []
            assert answer.status_code in (400, 403)
    assert kept == [said]


@database
def test_it_keeps_the_log_whole_when_the_clock_is_set_back(clinic):
    """The order of the log is that of its numbers; a clock that goes back breaks nothing in it."""
    now, actor = timezone.now(), Actor("command:test", clinic.pk)
    for days in (0, -400, 5, -1):
        record(actor, "deed", at=now + timedelta(days=days))
    assert not list(breaks())
    numbers = list(Event.objects.filter(deed="deed").values_list("number", flat=True))
    assert numbers == sorted(numbers)


GONE = f"""
import sys
sys.path.append({ROOT!r})
from tests.web.database_gone import main
main()
"""


def test_it_keeps_once_what_was_sent_while_the_database_was_gone(own_home):
    """See database_gone: its server is stopped, or its file cannot be opened."""
    url = own_home.environment["WAYHOME_DATABASE_URL"]
    said = own_home.run("-c", GONE, WAYHOME_DEMO="1", WAYHOME_COPY_OF=url).stdout
    assert said.splitlines()[-1] == "kept once"


@pytest.mark.django_db(databases=["default", "keyring"], transaction=True)
def test_it_outlives_a_connection_that_the_server_ended(client):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    connection.ensure_connection()
    settled = connection.settings_dict
    kept = {name: settled[name] for name in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS")}
    settled |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    page = Client(raise_request_exception=False)
    try:
        with connection.cursor() as cursor, pytest.raises(OperationalError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.close_if_unusable_or_obsolete()
        assert [page.get(reverse("account_login")).status_code for _ in range(2)] == [200, 200]
    finally:
        settled |= kept


KILLED = """
import os, sys
import django
django.setup()
from pathlib import Path
from django.utils import timezone
from wayhome.web.accounts.models import Organization
from wayhome.web.audit.chain import Actor
from wayhome.web.exports import exporting, importing
own = Organization.objects.get(slug=sys.argv[2])
def kill(*_): os._exit(9)
if sys.argv[4] == "killed":
    exporting._write_case_file = importing._Import._versions = kill
if sys.argv[1] == "export":
    exporting.export(Actor("command:test"), own, Path(sys.argv[3]), now=timezone.now())
else:
    importing.import_export(Actor("command:test"), own, Path(sys.argv[3]), timezone.now())
"""
SECOND = """
import django
django.setup()
from wayhome.web.accounts.models import Organization
Organization.objects.get_or_create(name="Second", slug="second")
"""
COUNTED = """
import django
django.setup()
from wayhome.web.accounts.models import Organization
from wayhome.web.audit.chain import breaks
from wayhome.web.cases.models import Case, Document
print([Case._base_manager.filter(organization__slug=s).count() for s in ("harbor", "second")],
      Document._base_manager.filter(case__organization__slug="second").count(), list(breaks()))
"""


def test_it_puts_no_export_in_its_place_and_takes_no_import_in_when_killed(own_home, tmp_path):
    own_home.run("-c", MAKE + SECOND.split("setup()")[1], "2")
    out = tmp_path / "out"
    dead = own_home.run("-c", KILLED, "export", "harbor", str(out), "killed", check=False)
    assert (dead.returncode, out.exists()) == (9, False)
    own_home.run("-c", KILLED, "export", "harbor", str(out), "")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    dead = own_home.run("-c", KILLED, "import", "second", str(out), "killed", check=False)
    assert dead.returncode == 9
    assert own_home.run("-c", COUNTED).stdout.strip() == "[2, 0] 0 []"
    own_home.run("-c", KILLED, "import", "second", str(out), "")
    assert own_home.run("-c", COUNTED).stdout.strip() == "[2, 2] 2 []"


WRITING = f"""
import sys
sys.path.append({ROOT!r})
import django
django.setup()
from tests.web.killed_in_writing import main
main()
"""


@pytest.fixture(scope="module")
def killed(new_home, tmp_path_factory):
    """How often each deed was killed before it was done, or what was wrong."""
    words = {"WAYHOME_DEMO": "1", "WAYHOME_PASSPHRASE": "six words that nobody would guess"}
    home = new_home(tmp_path_factory.mktemp("killed") / "home")
    said = home.run("-c", WRITING, **words).stdout
    return json.loads(said.splitlines()[-1])


@pytest.mark.parametrize("deed", DEEDS)
def test_it_keeps_all_or_nothing_when_killed_after_any_of_its_writes(killed, deed):
    """See killed_in_writing: the log is whole after each kill, and doing it again works."""
    assert isinstance(killed[deed], int), killed[deed]
    assert killed[deed] >= LEAST_WRITES


BACK_AND_UP = f"""
import sys
sys.path.append({ROOT!r})
import django
django.setup()
from tests.web.migrated_back import main
main()
"""
SEVERAL = {"accountability", "accounts", "api", "audit", "cases", "journey", "portal"}
SEVERAL |= {"protection", "review"}


def test_it_keeps_every_row_when_migrated_back_to_the_first_and_up_again(own_home):
    """See migrated_back. Apps with one migration have nothing before it to go back to.

    A table that came later, and tables that refer to it, cannot be held by the earlier state.
    """
    said = json.loads(own_home.run("-c", BACK_AND_UP).stdout.splitlines()[-1])
    assert said.pop("readable")
    assert said.keys() >= SEVERAL
    for app, told in said.items():
        assert told["faults"] == [], app
        assert told["empty"] == [], "a table without a row proves nothing"
