"""The commands, as whoever runs an installation types them: people, keys, retention, doctor, serve."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

PASSPHRASE = "six words that nobody else would guess"


ORGANIZATION = """
import django, uuid
django.setup()
from datetime import UTC, datetime
from django_scopes import scopes_disabled
from wayhome.web.accounts.models import Organization
from wayhome.web.cases.models import Case, Person
from wayhome.web.protection.keys import new_case_key
long_ago, case = datetime(2010, 1, 1, tzinfo=UTC), uuid.UUID(int=1)
made = Organization.objects.create(name="Harbor Clinic", slug="harbor")
new_case_key(case, made.pk)
with scopes_disabled():
    Case.objects.create(id=case, organization=made, state="home", state_since=long_ago,
        received_at=long_ago, is_invented=True)
    Person.objects.create(case_id=case, name="Long Ago Invented")
"""


@pytest.fixture
def office(own_home):
    """A home with an organization and one case, whose time is over. Each test has its own."""
    own_home.run("-c", ORGANIZATION)
    return own_home


def test_it_makes_an_organization_and_a_link_for_its_administrator(own_home):
    own_home.wayhome("people", "organization", "Harbor Clinic", "--slug", "harbor")
    again = own_home.wayhome("people", "organization", "Other", "--slug", "harbor", check=False)
    assert again.returncode == 2
    said = own_home.wayhome(
        "people", "invite", "admin@example.org", "--address", "https://way.example"
    )
    assert said.stdout.startswith("https://way.example/join/")
    assert "admin@example.org" not in said.stdout


def test_it_changes_the_master_key_and_retires_the_old_one(office):
    office.wayhome("keys", "new", "second")
    assert office.wayhome("keys", "retire", "first", check=False).returncode == 3
    office.wayhome("keys", "rotate-master")
    office.wayhome("keys", "retire", "first")
    lines = (office.folder / "master.key").read_text().split()
    assert [line.split(":")[0] for line in lines] == ["second"]
    assert (office.folder / "master.key").stat().st_mode & 0o077 == 0
    assert office.wayhome("keys", "retire", "second", check=False).returncode == 3
    office.wayhome("keys", "rotate-organization")


def test_it_copies_the_keyring_over_the_older_copy(office, tmp_path):
    file = tmp_path / "keys"
    file.write_text("an older copy")
    office.wayhome("keys", "export", str(file), WAYHOME_PASSPHRASE=PASSPHRASE)
    assert b"older" not in file.read_bytes()
    assert b"first" not in file.read_bytes()
    short = office.wayhome("keys", "export", str(file), check=False, WAYHOME_PASSPHRASE="short")
    assert short.returncode == 2
    refused = office.wayhome(
        "keys", "import", str(file), check=False, WAYHOME_PASSPHRASE=PASSPHRASE
    )
    assert refused.returncode == 3
    assert "keys here already" in refused.stderr


def test_it_erases_only_what_was_confirmed(office):
    refused = office.wayhome("retention", "--erase", "--confirm", "2", check=False)
    assert refused.returncode == 2
    assert "1 cases, 1 of them past their time" in refused.stdout
    erased = office.wayhome("retention", "--erase", "--confirm", "1")
    assert "Erased 1 cases" in erased.stdout
    assert "0 cases" in office.wayhome("retention").stdout


def test_it_looks_the_installation_over(office):
    # How much is free is the machine's: on a full one the doctor rightly says that it is wrong.
    done = office.wayhome("doctor", check=False, WAYHOME_SECRET_KEY="x" * 60)
    assert "Traceback" not in done.stderr
    assert "The log ends with event" in done.stdout
    (office.folder / "master.key").rename(office.folder / "elsewhere")
    broken = office.wayhome("doctor", check=False)
    assert broken.returncode == 1
    assert "master key file master.key is missing" in broken.stdout


def test_it_does_the_days_work(office):
    said = office.wayhome("daily").stdout.splitlines()
    assert "! Harbor Clinic: the time of 1 cases is over soon, of 1 already: /retention/" in said
    assert "Long Ago" not in "".join(said)
    assert "1 cases can be found again" in office.wayhome("web", "reindex").stdout


def test_it_refuses_to_listen_to_everybody_without_https(own_home):
    done = own_home.wayhome("serve", "--host", "0.0.0.0", check=False, WAYHOME_HTTPS="0")
    assert done.returncode == 2
    assert "HTTPS" in done.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_it_serves_and_stops(own_home):
    port = free_port()
    command = "from wayhome.cli import main; main()"
    server = subprocess.Popen(
        [sys.executable, "-c", command, "serve", "--port", str(port), "--workers", "1"],
        env=own_home.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        page = answer_of(f"http://127.0.0.1:{port}/sign-in/", server)
        assert b"Sign in" in page
        assert b"body" in answer_of(f"http://127.0.0.1:{port}/static/staff.css", server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(40)


def answer_of(url, server):
    for _ in range(120):
        assert server.poll() is None
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise AssertionError("It did not answer.")
