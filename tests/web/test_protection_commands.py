"""The commands, as whoever runs an installation types them: people, keys, retention, doctor, serve."""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from wayhome.cli.home import reached_at
from wayhome.cli.problems import Problem
from wayhome.cli.serve import _listener

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


INSTALLATION_KEY = """
import django
django.setup()
from wayhome.web.protection.keys import installation_key
installation_key()
"""


# A minute is a second here: the command waits as it does, and the test not so long.
SETTLED_SOON = """
from datetime import timedelta
import django
django.setup()
from wayhome.web.protection import rotation
rotation.SETTLED = timedelta(seconds=1)
from wayhome.cli import main
main()
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
    assert "paper copy of the master key is OUT OF DATE" in (
        office.wayhome("keys", "new", "second").stdout
    )
    assert office.wayhome("keys", "retire", "first", check=False).returncode == 3
    assert "does not hold second is OUT OF DATE" in office.wayhome("keys", "rotate-master").stdout
    office.wayhome("keys", "retire", "first", "--confirm", "first")
    lines = (office.folder / "master.key").read_text().split()
    assert [line.split(":")[0] for line in lines] == ["second"]
    assert (office.folder / "master.key").stat().st_mode & 0o077 == 0
    assert office.wayhome("keys", "retire", "second", check=False).returncode == 3
    office.wayhome("keys", "rotate-organization")


@pytest.mark.parametrize("words", [(), ("--confirm", "second")])
def test_it_asks_before_it_makes_older_backups_unreadable(office, tmp_path, words):
    file = tmp_path / "backup"
    office.wayhome("backup", str(file))
    assert "the master key 'first'" in office.wayhome("verify", str(file)).stdout
    office.wayhome("keys", "new", "second")
    office.wayhome("keys", "rotate-master")
    held = (office.folder / "master.key").read_text()
    refused = office.wayhome("keys", "retire", "first", *words, check=False)
    assert refused.returncode == 2
    assert "EVERY BACKUP that first sealed becomes unreadable" in refused.stderr
    assert (office.folder / "master.key").read_text() == held
    assert office.wayhome("verify", str(file)).returncode == 0
    office.wayhome("keys", "retire", "first", "--confirm", "first")
    said = office.wayhome("verify", str(file), check=False)
    assert "needs the master key 'first', which is not here" in said.stderr


def test_it_leaves_the_master_key_out_of_the_keyrings_copy(office, own_home, new_home, tmp_path):
    """One organization and its case; what the installation has of its own is no organization."""
    file, said = tmp_path / "keys", {"WAYHOME_PASSPHRASE": PASSPHRASE}
    office.run("-c", INSTALLATION_KEY)
    office.wayhome("keys", "rotate-organization")
    without = office.wayhome("keys", "export", str(file), **said).stdout
    assert "keys of 1 organization, 1 case." in without
    assert "The master key is not in it" in without
    home = new_home(tmp_path / "without")
    put_in = home.wayhome("keys", "import", str(file), **said).stdout
    assert "open with the master key first, which is not here yet" in put_in
    assert str(home.folder / "master.key") in put_in
    assert not (home.folder / "master.key").exists()
    told = office.wayhome("keys", "export", str(file), "--with-master", **said).stdout
    assert "1 case, and the master keys." in told
    home = new_home(tmp_path / "with")
    home.wayhome("keys", "import", str(file), **said)
    keys = [(one.folder / "master.key").read_text().split() for one in (home, office)]
    assert keys[0] == keys[1]


def test_it_makes_the_master_key_with_the_organization_and_says_once_where(own_home):
    key = own_home.folder / "master.key"
    said = own_home.wayhome("people", "organization", "Harbor Clinic", "--slug", "harbor")
    assert key.exists()
    assert f"The master key was made: {key}" in said.stderr
    assert "COPY IT NOW" in said.stderr
    again = own_home.wayhome("people", "organization", "Hill Clinic", "--slug", "hill")
    assert "master key" not in again.stderr


def test_it_makes_no_other_master_key_while_the_stick_is_out(office):
    (office.folder / "master.key").rename(office.folder / "on-the-stick")
    said = office.wayhome("people", "organization", "Hill", "--slug", "hill", check=False)
    assert said.returncode == 3
    assert "put the stick in" in said.stderr
    assert not (office.folder / "master.key").exists()


def test_it_makes_the_link_for_the_address_that_people_use(own_home):
    way = {"WAYHOME_HOSTS": "way.example.org", "WAYHOME_ORIGINS": "https://way.example.org"}
    said = own_home.wayhome("people", "organization", "Harbor", "--slug", "harbor", **way).stdout
    next_words = said.strip().removeprefix("Next: wayhome ").replace("EMAIL", "admin@example.org")
    link = own_home.wayhome(*next_words.split(), **way).stdout
    assert link.startswith("https://way.example.org/join/")


@pytest.mark.parametrize("command", ["doctor", "daily", "verify", "backup", "web", "people"])
def test_it_begins_no_home_for_a_command_that_only_uses_one(own_home, tmp_path, command):
    nowhere = tmp_path / "mistyped"
    words = {
        "backup": (str(tmp_path / "out"),),
        "web": ("reindex",),
        "people": ("organization", "Harbor", "--slug", "harbor"),
    }
    said = own_home.wayhome(
        command, *words.get(command, ()), check=False, WAYHOME_HOME=str(nowhere)
    )
    assert said.returncode == 2
    assert f"no home of Wayhome at {nowhere}" in said.stderr
    assert "WAYHOME_HOME" in said.stderr
    assert not nowhere.exists()
    said = own_home.wayhome("doctor", check=False, WAYHOME_HOME="", HOME=str(tmp_path))
    assert f"{tmp_path / '.wayhome'} (WAYHOME_HOME is not set" in said.stderr
    assert not (tmp_path / ".wayhome").exists()


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
    anywhere = ("serve", "--host", "0.0.0.0", "--port", str(free_port()))
    done = own_home.wayhome(*anywhere, check=False, WAYHOME_HTTPS="0")
    assert done.returncode == 2
    assert "HTTPS" in done.stderr


@pytest.mark.parametrize(
    ("origins", "hosts", "reached"),
    [
        ([], ["localhost", "127.0.0.1", "[::1]"], "http://127.0.0.1:8000/"),
        (["https://way.example.org"], ["way.example.org"], "https://way.example.org/"),
        ([], ["way.example.org"], "https://way.example.org/"),
        ([], ["*"], "http://127.0.0.1:8000/"),
    ],
)
def test_it_names_the_address_by_which_it_is_reached(settings, origins, hosts, reached):
    settings.CSRF_TRUSTED_ORIGINS, settings.ALLOWED_HOSTS = origins, hosts
    settings.IS_SECURE = True
    assert reached_at("http://127.0.0.1:8000/") == reached


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


def test_it_holds_the_port_that_it_prints_and_takes_no_other_program_s():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match="choose another --port"):
            _listener("127.0.0.1", port, take_the_next=False)
        with _listener("127.0.0.1", port, take_the_next=True) as ours:
            held = ours.getsockname()[1]
            assert held > port
            with _listener("127.0.0.1", held, take_the_next=True) as next_one:
                assert next_one.getsockname()[1] > held


def test_it_invents_nobody_in_an_office_s_own_home(own_home):
    own_home.wayhome("people", "organization", "Harbor Clinic", "--slug", "harbor")
    refused = own_home.wayhome("serve", "--demo", "--port", str(free_port()), check=False)
    assert refused.returncode == 2
    assert "invented people do not go into it" in refused.stderr


def answer_of(url, server):
    for _ in range(120):
        assert server.poll() is None
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return answer.read()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise AssertionError("It did not answer.")


def test_it_finds_the_case_whose_key_changes_by_its_code(office):
    code = office.run(
        "-c",
        "import django; django.setup()\n"
        "from wayhome.web.cases.models import Case\n"
        "print(Case._base_manager.get().code)\n",
    ).stdout.strip()
    wrong = office.wayhome("keys", "rotate-case", "ZZZZ-ZZZZ", check=False)
    assert wrong.returncode == 2
    assert "No case has the code ZZZZ-ZZZZ" in wrong.stderr
    typed = code.lower().replace("-", " ")
    done = office.run("-c", SETTLED_SOON, "keys", "rotate-case", typed)
    assert "Waiting a minute" in done.stderr
    assert "1 cases have new keys" in done.stdout
