"""The web application's tests: on SQLite, or with `--database postgresql` on a server of their own.

Every test has a fresh home, invented people only, and a clock that it sets itself where days count.
"""

import os
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from django_scopes import scope
from tests.web.migrated import DATABASE, copy_home, migrated_home, put_in_memory


@pytest.fixture(scope="session")
def migrated(request):
    """The folder of a home with tables and nothing in them; not to be written in."""
    return migrated_home(getattr(request.config, "wayhome_server", None))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, migrated):
    """The tests' databases are copies of the migrated ones; `migrate` then finds nothing to do."""
    from django.conf import settings
    from django.core import management
    from django.db import connections

    call = management.call_command

    def call_on_a_copy(name, *args, **options):
        if name == "migrate" and connections[options["database"]].vendor == "sqlite":
            put_in_memory(connections[options["database"]], migrated)
        return call(name, *args, **options)

    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        connections["default"].settings_dict["TEST"]["TEMPLATE"] = DATABASE
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(management, "call_command", call_on_a_copy)
        yield


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_hashed_cheaply():
    """Argon2 still, with its smallest cost: what it costs in earnest is asserted by its own test."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    costs = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    with pytest.MonkeyPatch.context() as patched:
        for name, cost in costs.items():
            patched.setattr(Argon2PasswordHasher, name, cost)
        yield


@pytest.fixture(autouse=True)
def _keys_are_forgotten():
    from wayhome.web.protection.keys import forget_opened_keys

    forget_opened_keys()
    yield
    forget_opened_keys()


@pytest.fixture(autouse=True, scope="session")
def _audit_log_can_be_emptied_between_tests():
    """The database refuses to empty the log; a test that commits has to be cleaned up after."""
    from django.db import connection
    from django.test import TransactionTestCase

    from wayhome.web.audit.append_only import guard, unguard

    clean_up = TransactionTestCase._fixture_teardown

    def clean_up_the_log_too(case):
        unguard(connection)
        clean_up(case)
        guard(connection)

    TransactionTestCase._fixture_teardown = clean_up_the_log_too
    yield
    TransactionTestCase._fixture_teardown = clean_up


@pytest.fixture
def clinic(db, transactional_keyring):
    from wayhome.web.accounts.models import Organization

    return Organization.objects.create(name="Harbor Clinic", slug="harbor")


@pytest.fixture
def other_clinic(clinic):
    from wayhome.web.accounts.models import Organization

    return Organization.objects.create(name="Hill Clinic", slug="hill")


@pytest.fixture
def transactional_keyring(django_db_blocker, request):
    request.applymarker(pytest.mark.django_db(databases=["default", "keyring"]))


@pytest.fixture
def member(clinic):
    """Makes a member of staff, who has a second factor: `member("attorney")`."""
    from allauth.mfa.models import Authenticator

    from wayhome.web.accounts.models import Membership, User

    def make(role, organization=None, name=None):
        made = f"{role}-{uuid.uuid4().hex[:6]}"
        user = User.objects.create_user(
            email=f"{made}@example.org", password="a long enough secret", name=name or made
        )
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        return Membership.objects.create(user=user, organization=organization or clinic, role=role)

    return make


@pytest.fixture
def new_case(clinic):
    """Makes a case with its key and person: `new_case(name="Marie Invented", removed=True)`."""
    from wayhome.web.cases.models import Case, Person, Statement
    from wayhome.web.protection.keys import new_case_key

    def make(name="Invented Person", organization=None, state="received", **facts):
        own = organization or clinic
        now = timezone.now()
        case_id = uuid.uuid4()
        new_case_key(case_id, own.id)
        with scope(organization=own):
            case = Case.objects.create(
                id=case_id,
                organization=own,
                state=state,
                state_since=now,
                received_at=now,
                is_invented=True,
            )
            Person.objects.create(case=case, name=name)
            for fact, value in facts.items():
                Statement.objects.create(
                    case=case,
                    fact=fact,
                    value=value if isinstance(value, bool | int | str) else str(value),
                    source="applicant",
                    said_on=now.date(),
                    recorded_at=now,
                )
        return case

    return make


@pytest.fixture
def files(tmp_path, settings):
    settings.FILES = tmp_path / "files"
    return Path(os.fspath(settings.FILES))


class OwnHome:
    """A home of its own, on files, used by processes of its own as an office would."""

    def __init__(self, folder, database_url=""):
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        self.environment = os.environ | {
            "WAYHOME_HOME": str(folder),
            "WAYHOME_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "wayhome.web.settings",
        }

    def run(self, *words, check=True, **more):
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment | more,
            check=False,
            capture_output=True,
            text=True,
        )
        assert not check or done.returncode == 0, done.stderr + done.stdout
        return done

    def start(self, *words):
        return subprocess.Popen(
            [sys.executable, *words],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wayhome(self, *words, check=True, **more):
        command = "from wayhome.cli import main; main()"
        return self.run("-c", command, *words, check=check, **more)


@pytest.fixture(scope="session")
def new_database(request, migrated):
    """Makes databases beside the tests' own where they run on PostgreSQL; else names none.

    `new_database()` is empty, `new_database(url)` a copy.
    """
    server = getattr(request.config, "wayhome_server", None)
    if server is None:
        return lambda template="": ""

    def make(template=""):
        name = f"home_{uuid.uuid4().hex[:12]}"
        copied = urlsplit(template).path.lstrip("/") or "template1"
        server.psql(f"CREATE DATABASE {name} TEMPLATE {copied};")
        return server.get_uri(database=name)

    return make


@pytest.fixture(scope="session")
def new_home(migrated, new_database, request):
    """Makes homes with tables and nothing in them, for processes of their own."""
    server = getattr(request.config, "wayhome_server", None)

    def make(folder):
        copy_home(migrated, folder)
        return OwnHome(folder, new_database(server.get_uri(database=DATABASE)) if server else "")

    return make


@pytest.fixture
def own_home(new_home, tmp_path):
    return new_home(tmp_path / "home")
