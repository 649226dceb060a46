"""A backup is one sealed file without keys; it is put back whole or not at all."""

import errno
import os
import shutil
import subprocess
import sys
import uuid

import pytest
from tests.web.conftest import OwnHome

from wayhome.web.protection import sealed_stream
from wayhome.web.protection.backup import verify_backup
from wayhome.web.protection.sealed_stream import (
    FRAME,
    NotWhole,
    OpeningReader,
    SealingWriter,
    WrongKey,
    new_header,
)

PASSPHRASE = "six words that nobody else would guess"
MAKE = """
import sys, uuid
import django
django.setup()
from datetime import UTC, datetime
from django.utils import timezone
from django_scopes import scope
from wayhome.web.accounts.models import *
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.models import *
from wayhome.web.protection import files
from wayhome.web.protection.keys import new_case_key
now = timezone.now()
clinic = Organization.objects.create(name="Harbor", slug="harbor")
user = User.objects.create_user("lead@example.org", "a long enough secret", name="Lead Invented")
Membership.objects.create(user=user, organization=clinic, role="lead")
for number in range(int(sys.argv[1])):
    case = uuid.UUID(int=number + 1)
    new_case_key(case, clinic.pk)
    with scope(organization=clinic):
        Case.objects.create(id=case, organization=clinic, state_since=now, received_at=now, is_invented=True)
        Person.objects.create(case_id=case, name=f"ይሁን Invented{number}", birth_date="1990-01-02")
        Statement.objects.create(case_id=case, fact="removed", value=True, source="applicant", said_on=now.date(), recorded_at=now)
        Document.objects.create(id=uuid.UUID(int=number + 1), case_id=case, title="letter", content_type="application/pdf", size=9, added_at=now)
    files.keep_file(case, uuid.UUID(int=number + 1), [b"a letter " * 50_000])
    record(Actor("command:test", clinic.pk), "took in a case", case=case)
"""
READ = """
import uuid
import django
django.setup()
from django_scopes import scopes_disabled
from wayhome.web.accounts.models import User
from wayhome.web.audit.chain import breaks
from wayhome.web.cases.models import *
from wayhome.web.protection import files
from wayhome.web.protection.sealing import CannotOpen
with scopes_disabled():
    for person in Person.objects.order_by("case_id"):
        try:
            print(person.name, person.birth_date, len(files.file_bytes(person.case_id, uuid.UUID(int=int(person.case_id)))))
        except CannotOpen as error:
            print("cannot open")
    print(Statement.objects.filter(value__isnull=False).count(), User.objects.get().check_password("a long enough secret"), list(breaks()))
    Case.objects.create(organization=User.objects.get().memberships.get().organization, state_since=User.objects.get().date_joined, received_at=User.objects.get().date_joined)
    Task.objects.create(case=Case.objects.last())
"""


@pytest.fixture(scope="session")
def first_office(new_home, tmp_path_factory):
    """An office with three cases, made once; tests work on copies of it."""
    home = new_home(tmp_path_factory.mktemp("first") / "office")
    home.run("-c", MAKE, "3")
    return home


@pytest.fixture
def office(first_office, new_database, tmp_path):
    folder = tmp_path / "office"
    shutil.copytree(first_office.folder, folder)
    url = first_office.environment["WAYHOME_DATABASE_URL"]
    return OwnHome(folder, new_database(url) if url else "")


@pytest.fixture
def homes(new_home, new_database, tmp_path):
    """Makes empty homes, with or without the master key of another: `homes("new")`."""

    def make(name, keys_of=None, is_new=False):
        folder = tmp_path / name
        home = OwnHome(folder, new_database()) if is_new else new_home(folder)
        if keys_of is not None:
            (home.folder / "master.key").write_bytes((keys_of.folder / "master.key").read_bytes())
        return home

    return make


def copy_keyring(office, home, tmp_path):
    keys = tmp_path / "keys.sealed"
    office.wayhome("keys", "export", str(keys), WAYHOME_PASSPHRASE=PASSPHRASE)
    home.wayhome("keys", "import", str(keys), WAYHOME_PASSPHRASE=PASSPHRASE)


LETTER = 9 * 50_000
ALL = [f"ይሁን Invented{number} 1990-01-02 {LETTER}" for number in range(3)] + ["3 True []"]


def test_it_brings_everything_back_in_an_empty_home(office, homes, tmp_path):
    file = tmp_path / "backup"
    said = office.wayhome("backup", str(file)).stdout
    assert "3 documents" in said
    assert file.stat().st_mode & 0o077 == 0
    assert office.wayhome("verify", str(file)).returncode == 0
    home = homes("new", keys_of=office)
    home.wayhome("restore", str(file))
    copy_keyring(office, home, tmp_path)
    assert home.run("-c", READ).stdout.splitlines() == ALL
    assert home.wayhome("verify").stdout.startswith("The log is whole")


def test_it_holds_no_key_and_nothing_readable(office, homes, tmp_path):
    file = tmp_path / "backup"
    office.wayhome("backup", str(file), "--passphrase", WAYHOME_PASSPHRASE=PASSPHRASE)
    held = file.read_bytes()
    for secret in ("Invented", "lead@example.org", "removed", "harbor"):
        assert secret.encode() not in held
    home = homes("new")
    home.wayhome("restore", str(file), WAYHOME_PASSPHRASE=PASSPHRASE)
    assert "Invented" not in home.run("-c", READ, check=False).stdout


def test_it_does_not_bring_an_erased_case_back(office, homes, tmp_path):
    """The old backup, and the keyring of today."""
    file = tmp_path / "old-backup"
    office.wayhome("backup", str(file))
    office.run(
        "-c",
        "import django, uuid; django.setup()\n"
        "from django.utils import timezone\n"
        "from django_scopes import scopes_disabled\n"
        "from wayhome.web.audit.actors import applicant_of\n"
        "from wayhome.web.cases.models import Case\n"
        "from wayhome.web.protection.erasure import Why, erase_case\n"
        "with scopes_disabled():\n"
        "    case = Case.objects.get(pk=uuid.UUID(int=2))\n"
        "    erase_case(applicant_of(case), None, case, timezone.now(), why=Why.ASKED)\n",
    )
    home = homes("new", keys_of=office)
    copy_keyring(office, home, tmp_path)
    home.wayhome("restore", str(file))
    read = home.run("-c", READ).stdout
    assert "Invented0" in read
    assert "Invented1" not in read
    assert not (home.folder / "files" / str(uuid.UUID(int=2))).exists()


@pytest.fixture(scope="session")
def first_backup(first_office, tmp_path_factory):
    """One backup of the first office, sealed with a passphrase."""
    file = tmp_path_factory.mktemp("first") / "backup"
    first_office.wayhome("backup", str(file), "--passphrase", WAYHOME_PASSPHRASE=PASSPHRASE)
    return file


HARM = {
    "cut": lambda held: held[:-1],
    "cut at a frame": lambda held: held[: -4 - last_frame(held)],
    "altered": lambda held: held[:-500_000] + bytes([held[-500_000] ^ 1]) + held[-499_999:],
    "altered header": lambda held: held.replace(b'"made_at": "20', b'"made_at": "19', 1),
    "no backup": lambda held: b"PK\x03\x04" + held,
    "two put together": lambda held: held + held,
    "empty": lambda held: b"",
}


@pytest.mark.parametrize("harm", HARM)
def test_it_finds_every_harm(first_backup, tmp_path, harm):
    file = tmp_path / "harmed"
    file.write_bytes(HARM[harm](first_backup.read_bytes()))
    with pytest.raises((NotWhole, WrongKey)):
        verify_backup(file, PASSPHRASE)
    assert verify_backup(first_backup, PASSPHRASE).files == 3


def test_it_refuses_a_harmed_backup_whole(first_backup, homes, tmp_path):
    file = tmp_path / "harmed"
    file.write_bytes(HARM["cut at a frame"](first_backup.read_bytes()))
    home = homes("new", is_new=True)
    done = home.wayhome("restore", str(file), check=False, WAYHOME_PASSPHRASE=PASSPHRASE)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert not (home.folder / "files").exists()
    assert not (home.folder / "wayhome.sqlite3").exists()


def last_frame(held):
    """The length of the last frame: found by walking through them."""
    place = len(sealed_stream.MAGIC)
    place += 4 + int.from_bytes(held[place : place + 4])
    length = 0
    while place < len(held):
        length = int.from_bytes(held[place : place + 4])
        place += 4 + length
    return length


def test_it_restores_into_an_empty_home_only(office, first_backup):
    done = office.wayhome("restore", str(first_backup), check=False, WAYHOME_PASSPHRASE=PASSPHRASE)
    assert done.returncode == 3
    assert "empty" in done.stderr
    assert office.run("-c", READ).stdout.splitlines() == ALL


def test_it_overwrites_no_file(office, tmp_path):
    file = tmp_path / "backup"
    file.write_text("precious")
    assert office.wayhome("backup", str(file), check=False).returncode == 2
    assert file.read_text() == "precious"


def test_it_needs_the_right_master_key_or_passphrase(office, first_backup, homes, tmp_path):
    file = tmp_path / "backup"
    office.wayhome("backup", str(file))
    keyless = homes("keyless", is_new=True)
    done = keyless.wayhome("restore", str(file), check=False)
    assert done.returncode == 3
    assert "'first', which is not here" in done.stderr
    assert not (keyless.folder / "master.key").exists()
    stranger = homes("stranger")
    stranger.wayhome("people", "organization", "Strangers", "--slug", "strangers")
    done = stranger.wayhome("restore", str(file), check=False)
    assert done.returncode == 3
    assert "not the one" in done.stderr
    with pytest.raises(WrongKey):
        verify_backup(first_backup, "wrong" * 5)


WRITE_ON = """
import sys, time, uuid
import django
django.setup()
from django.db import transaction
from django.utils import timezone
from django_scopes import scopes_disabled
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.models import *
with scopes_disabled():
    for number in range(100_000):
        with transaction.atomic():
            for text in ("one", "two"):
                Note.objects.create(case_id=uuid.UUID(int=1), text=text, written_at=timezone.now())
            record(Actor("command:test"), "wrote two notes")
        print("written", flush=True)
"""


def test_it_is_consistent_while_people_go_on_working(office, homes, tmp_path):
    """Two notes and an event are one transaction: in the backup there are both or none."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITE_ON], env=office.environment, stdout=subprocess.PIPE, text=True
    )
    for _ in range(5):
        writer.stdout.readline()
    file = tmp_path / "backup"
    office.wayhome("backup", str(file))
    assert writer.poll() is None
    writer.kill()
    writer.wait()
    writer.stdout.close()
    home = homes("new", keys_of=office)
    home.wayhome("restore", str(file))
    counted = home.run(
        "-c",
        "import django; django.setup()\n"
        "from django_scopes import scopes_disabled\n"
        "from wayhome.web.audit.chain import breaks\n"
        "from wayhome.web.audit.models import Event\n"
        "from wayhome.web.cases.models import Note\n"
        "with scopes_disabled():\n"
        "    print(Note.objects.count(), Event.objects.filter(deed='wrote two notes').count(), list(breaks()))",
    ).stdout.split()
    assert int(counted[0]) == 2 * int(counted[1]) >= 10
    assert counted[2] == "[]"


@pytest.mark.parametrize("when", ["put_part", "_put_files"])
def test_it_can_be_restored_again_after_being_killed(office, homes, tmp_path, when):
    file = tmp_path / "backup"
    office.wayhome("backup", str(file))
    home = homes("new", keys_of=office)
    module = "backup_tables" if when == "put_part" else "backup"
    killed = home.run(
        "-c",
        "import django, os, sys; django.setup()\n"
        "from pathlib import Path\n"
        "from django.utils import timezone\n"
        f"from wayhome.web.protection import backup, {module}\n"
        f"done = {module}.{when}\n"
        f"{module}.{when} = lambda *a: (done(*a), os.kill(os.getpid(), 9))\n"
        "backup.restore_backup(Path(sys.argv[1]), timezone.now())\n",
        str(file),
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    home.wayhome("restore", str(file))
    copy_keyring(office, home, tmp_path)
    assert home.run("-c", READ).stdout.splitlines() == ALL


def test_it_leaves_nothing_of_a_backup_when_the_disk_is_full(office, tmp_path):
    file = tmp_path / "backup"
    done = office.run(
        "-c",
        "import django, errno, sys; django.setup()\n"
        "from wayhome.cli import main\n"
        "from wayhome.web.protection import sealed_stream\n"
        "def full(self, *a): raise OSError(errno.ENOSPC, 'No space left on device')\n"
        "sealed_stream.SealingWriter._put = full\n"
        "main()",
        "backup",
        str(file),
        check=False,
    )
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["office"]


@pytest.mark.parametrize("when", ["_add_table", "_add_files"])
def test_it_leaves_no_half_backup_when_it_is_killed(office, tmp_path, when):
    """Killed half-way: no file of that name, nothing else hurt; the next run leaves one, whole."""
    file = tmp_path / "backup"
    others = tmp_path / f"other.{os.getpid()}.part"
    others.write_text("somebody else's")
    killed = office.run(
        "-c",
        "import django, os, sys; django.setup()\n"
        "from pathlib import Path\n"
        "from django.utils import timezone\n"
        "from wayhome.web.protection import backup\n"
        f"done = backup.{when}\n"
        f"backup.{when} = lambda *a: (done(*a), os.kill(os.getpid(), 9))\n"
        "backup.write_backup(Path(sys.argv[1]), timezone.now())\n",
        str(file),
        check=False,
    )
    assert killed.returncode == -9, killed.stderr
    assert not file.exists()
    assert office.run("-c", READ).stdout.splitlines() == ALL
    office.wayhome("backup", str(file))
    assert {path.name for path in tmp_path.iterdir()} == {"office", "backup", others.name}
    assert "3 documents" in office.wayhome("verify", str(file)).stdout


def test_it_says_what_it_does_not_understand(office, tmp_path):
    for words in (
        ["verify", str(tmp_path / "none")],
        ["verify", "--expect", "x"],
        ["people", "invite", "x"],
    ):
        done = office.wayhome(*words, check=False)
        assert done.returncode == 2, words
        assert "Traceback" not in done.stderr


def test_it_notices_a_log_that_was_tampered_with(office):
    noted = office.wayhome("verify").stdout.rsplit(" ", 1)[1].strip()
    assert office.wayhome("verify", "--expect", noted).returncode == 0
    office.run(
        "-c",
        "import django; django.setup()\n"
        "from django.db import connection\n"
        "from wayhome.web.audit.append_only import unguard\n"
        "unguard(connection)\n"
        "connection.cursor().execute(\"UPDATE audit_event SET actor = 'x' WHERE number = 2\")\n",
    )
    done = office.wayhome("verify", check=False)
    assert done.returncode == 1
    assert "Event 2" in done.stderr


def test_it_revokes_tokens_and_links_of_an_old_backup(office, homes, tmp_path):
    office.wayhome("people", "invite", "new@example.org")
    file = tmp_path / "backup"
    office.wayhome("backup", str(file))
    home = homes("new", keys_of=office)
    home.wayhome("restore", str(file))
    open_links = home.run(
        "-c",
        "import django; django.setup()\n"
        "from wayhome.web.accounts.models import Invitation\n"
        "print(Invitation.objects.filter(used_at=None, withdrawn_at=None).count())",
    )
    assert open_links.stdout.strip() == "0"


@pytest.mark.parametrize("size", [0, 1, FRAME, FRAME + 1, 2 * FRAME])
def test_it_seals_streams_of_every_size(tmp_path, size):
    path, plain = tmp_path / "sealed", os.urandom(size)
    with path.open("wb") as file:
        header = new_header("thing", "2026-11-22T00:00:00+00:00", PASSPHRASE)
        writer = SealingWriter(file, header, PASSPHRASE)
        for start in range(0, size, 70_001):
            writer.write(plain[start : start + 70_001])
        writer.finish()
    with path.open("rb") as file:
        assert OpeningReader(file, "thing", PASSPHRASE).read() == plain
    with path.open("rb") as file, pytest.raises(NotWhole):
        OpeningReader(file, "other thing", PASSPHRASE)
    with path.open("rb") as file:
        reader = OpeningReader(file, "thing", PASSPHRASE + "!")
        with pytest.raises(WrongKey):
            reader.read()


def test_it_takes_no_costly_header(tmp_path):
    """A stranger's file could ask for a terabyte of memory to derive its key."""
    path = tmp_path / "sealed"
    header = sealed_stream.Header("thing", "2026", "00" * 16, scrypt={"n": 2**40, "r": 8, "p": 1})
    said = b'{"kind":"thing","made_at":"2026","salt":"00","scrypt":{"n":1099511627776,"r":8,"p":1}}'
    path.write_bytes(sealed_stream.MAGIC + len(said).to_bytes(4) + said)
    assert header.scrypt
    with path.open("rb") as file, pytest.raises(NotWhole):
        OpeningReader(file, "thing", PASSPHRASE)


def test_it_counts_a_full_disk_as_passing():
    from wayhome.web.protection.faults import _is_passing

    assert _is_passing(OSError(errno.ENOSPC, "full"))
    assert not _is_passing(OSError(errno.ENOENT, "none"))


def test_it_says_which_events_of_a_log_that_was_cut_off_are_gone(office):
    office.run(
        "-c",
        "import django; django.setup()\n"
        "from wayhome.web.audit.chain import Actor, record\n"
        "for _ in range(4): record(Actor('x'), 'deed')\n",
    )
    noted = office.wayhome("verify").stdout.rsplit(" ", 1)[1].strip()
    last = int(noted.partition(":")[0])
    office.run(
        "-c",
        "import django; django.setup()\n"
        "from wayhome.web.audit.append_only import guard, unguard\n"
        "from wayhome.web.audit.models import Event, Head\n"
        "from django.db import connection\n"
        "unguard(connection)\n"
        f"Event.objects.filter(number__gt={last - 3}).delete()\n"
        f"kept = Event.objects.get(number={last - 3})\n"
        "Head.objects.update(number=kept.number, hash=kept.hash)\n"
        "guard(connection)\n",
    )
    assert office.wayhome("verify").returncode == 0
    done = office.wayhome("verify", "--expect", noted, check=False)
    assert done.returncode == 1
    assert f"Events {last - 2} to {last} are gone" in done.stderr
    assert f"cut off after event {last - 3}" in done.stderr
