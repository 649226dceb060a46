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


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A home as its first administrator finds it; the tests below go on with it, in order."""
    from tests.web.conftest import OwnHome

    home = OwnHome(tmp_path_factory.mktemp("commands") / "home")
    home.run("-m", "django", "migrate", "--database", "default")
    home.run("-m", "django", "migrate", "protection", "--database", "keyring")
    return home


def test_it_makes_an_organization_and_a_link_for_its_administrator(office):
    office.wayhome("people", "organization", "Harbor Clinic", "--slug", "harbor")
    again = office.wayhome("people", "organization", "Other", "--slug", "harbor", check=False)
    assert again.returncode == 2
    said = office.wayhome(
        "people", "invite", "admin@example.org", "--address", "https://way.example"
    )
    assert said.stdout.startswith("https://way.example/join/")
    assert "admin@example.org" not in said.stdout


def test_it_changes_the_master_key_and_retires_the_old_one(office):
    refused = office.wayhome("keys", "retire", "first", check=False)
    assert refused.returncode != 0
    office.run(
        "-c",
        "import django, uuid; django.setup()\n"
        "from wayhome.web.accounts.models import Organization\n"
        "from wayhome.web.protection.keys import new_case_key\n"
        "new_case_key(uuid.UUID(int=1), Organization.objects.get().pk)\n",
    )
    office.wayhome("keys", "new", "second")
    assert office.wayhome("keys", "retire", "first", check=False).returncode == 3
    office.wayhome("keys", "rotate-master")
    office.wayhome("keys", "retire", "first")
    lines = (office.folder / "master.key").read_text().split()
    assert [line.split(":")[0] for line in lines] == ["second"]
    assert (office.folder / "master.key").stat().st_mode & 0o077 == 0
    office.wayhome("keys", "rotate-organization")


def test_it_copies_the_keyring_over_the_older_copy(office, tmp_path):
    file = tmp_path / "keys"
    file.write_text("an older copy")
    office.wayhome("keys", "export", str(file), WAYHOME_PASSPHRASE=PASSPHRASE)
    assert b"older" not in file.read_bytes()
    assert b"second" not in file.read_bytes()
    short = office.wayhome("keys", "export", str(file), check=False, WAYHOME_PASSPHRASE="short")
    assert short.returncode == 2
    refused = office.wayhome(
        "keys", "import", str(file), check=False, WAYHOME_PASSPHRASE=PASSPHRASE
    )
    assert refused.returncode == 3
    assert "keys here already" in refused.stderr


def test_it_erases_only_what_was_confirmed(office):
    office.run(
        "-c",
        "import django, uuid; django.setup()\n"
        "from datetime import UTC, datetime\n"
        "from django_scopes import scopes_disabled\n"
        "from wayhome.web.accounts.models import Organization\n"
        "from wayhome.web.cases.models import Case, Person\n"
        "long_ago = datetime(2010, 1, 1, tzinfo=UTC)\n"
        "with scopes_disabled():\n"
        "    case = Case.objects.create(id=uuid.UUID(int=1), organization=Organization.objects.get(),\n"
        "        state='home', state_since=long_ago, received_at=long_ago, is_invented=True)\n"
        "    Person.objects.create(case=case, name='Long Ago Invented')\n",
    )
    listed = office.wayhome("retention").stdout
    assert "1 cases, 1 of them past their time" in listed
    assert office.wayhome("retention", "--erase", "--confirm", "2", check=False).returncode == 2
    assert "1 cases" in office.wayhome("retention").stdout
    office.wayhome("retention", "--erase", "--confirm", "1")
    assert "0 cases" in office.wayhome("retention").stdout


def test_it_looks_the_installation_over(office):
    done = office.wayhome("doctor", check=False, WAYHOME_SECRET_KEY="x" * 60)
    assert "Traceback" not in done.stderr
    assert "The log ends with event" in done.stdout
    (office.folder / "master.key").rename(office.folder / "elsewhere")
    try:
        broken = office.wayhome("doctor", check=False)
    finally:
        (office.folder / "elsewhere").rename(office.folder / "master.key")
    assert broken.returncode == 1
    assert "master key file master.key is missing" in broken.stdout


def test_it_refuses_to_listen_to_everybody_without_https(office):
    done = office.wayhome("serve", "--host", "0.0.0.0", check=False, WAYHOME_HTTPS="0")
    assert done.returncode == 2
    assert "HTTPS" in done.stderr


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_it_serves_and_stops(office):
    port = free_port()
    command = "from wayhome.cli import main; main()"
    server = subprocess.Popen(
        [sys.executable, "-c", command, "serve", "--port", str(port), "--workers", "1"],
        env=office.environment,
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
