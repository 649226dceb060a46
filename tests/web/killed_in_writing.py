"""Writing, killed after the first of its writes, then after the second, and so on until it is done.

A process of its own does this in a home of its own: it makes what is needed, then forks once for
each write; the child counts what it writes and sends itself SIGKILL. A write is an INSERT, UPDATE
or DELETE, a COMMIT, a file synced or put in its place. After each kill the log must be whole, and
what is kept must be what was kept before or the whole deed; then it is begun again.
"""

import json
import os
import shutil
import signal
import sys
import traceback
from base64 import b64encode
from contextlib import redirect_stdout
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.core.management.color import no_style
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.test.utils import setup_test_environment
from django.utils import timezone
from django_scopes import scopes_disabled
from tests.web.portal_visitor import Visitor
from tests.web.review_cases import answers

from wayhome.cli import build
from wayhome.report.suppression import SMALLEST
from wayhome.web.accountability.actions import publish
from wayhome.web.accountability.models import FindingRow, Publication
from wayhome.web.accounts.models import Membership, Organization
from wayhome.web.api.tokens import Scope, make_token
from wayhome.web.audit.actors import actor_of_member
from wayhome.web.audit.append_only import guard, unguard
from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases.actions import receive_case
from wayhome.web.cases.invented import invented_staff
from wayhome.web.cases.models import Case, Document, Person, Statement
from wayhome.web.files.sweep import tend_files
from wayhome.web.journey.actions import begin_journey, finish_step
from wayhome.web.journey.models import Step
from wayhome.web.papers import actions as papers
from wayhome.web.papers.models import Batch, KeptDraft
from wayhome.web.protection import rotation
from wayhome.web.protection.erasure import held_of
from wayhome.web.protection.files import documents_on_disk, file_bytes
from wayhome.web.protection.keys import case_key, forget_opened_keys
from wayhome.web.protection.master_keys import master_keys, new_master_key
from wayhome.web.protection.models import CaseKey, OrganizationKey
from wayhome.web.review.actions import begin_review, record_finding
from wayhome.web.review.models import Assignment, Finding, Round, StateChange
from wayhome.web.review.states import change_state

# Each of the first, then every third: its kind was killed before.
WRITES = (*range(1, 13), *range(13, 120, 3))
NAME = "Marie Invented"
RESCIND = "return_home/motion_to_rescind"
# A second factor's deadline, sessions and counts of guesses are not what was written.
_NOT_KEPT = ("django_", "audit_", "axes_", "shared_counts", "sqlite_", "auth_")
READY = {
    "removed": True,
    "ordered_in_absentia": True,
    "notice_received": False,
    "proceeding_type": "removal",
    "in_us_now": False,
    "country_of_citizenship": "HT",
    "order_date": "2019-05-02",
}


class Deed:
    """What is done in one transaction, with its `event` in the log: all of it is kept or nothing.

    `besides`: tables that may hold something though nothing of the deed is kept, and why.
    """

    event = ""
    besides = ()

    def __init__(self):
        self.now = timezone.now()
        self.office = Organization.objects.create(name="Harbor Clinic", slug="harbor")
        invented_staff(self.office)
        self.prepare()
        self.before = kept(self.besides)

    def prepare(self):
        """Makes what the deed needs."""

    def do(self):
        raise NotImplementedError

    def is_done(self):
        raise NotImplementedError

    def check_killed(self):
        """That what is kept is as it was, or all that the deed keeps."""
        events = Event.objects.filter(deed=self.event).count()
        if kept(self.besides) == self.before:
            assert events == 0, f"the log tells of {self.event}, which is not kept"
        else:
            assert self.is_done(), "something is half-written"
            assert events == 1

    def went_through(self):
        """Whether the killed process had done it all, so that there is nothing to do again."""
        return kept(self.besides) != self.before

    def member(self, role):
        return Membership.objects.filter(organization=self.office, role=role).order_by("pk").first()

    def case(self, state="received", **facts):
        actor = Actor("command:test", self.office.pk)
        said = {"person": {"name": NAME}, "facts": facts, "source": "record", "language": "en"}
        case = receive_case(actor, self.office, now=self.now, is_invented=True, **said)
        Case.objects.filter(pk=case.pk).update(state=state)
        case.refresh_from_db()
        return case


class TakeInACase(Deed):
    event = "received case"
    # A key is made before anything that it seals; one that opens nothing harms nobody.
    besides = ("protection_casekey", "protection_organizationkey")

    def do(self):
        self.case(**READY)

    def is_done(self):
        rows = list(Case.objects.all())
        said = Statement.objects.filter(case__in=rows, value__isnull=False).count()
        names = [Person.objects.get(case=case).name for case in rows]
        return names == [NAME] and said == len(READY)


class KeepAnAnswer(Deed):
    event = "stated fact"

    def prepare(self):
        self.visitor = Visitor()
        self.visitor.begin()
        self.visitor.to_the_questions(NAME)
        self.sent, self.path = {"fact": self.visitor.fact, "said": "yes"}, self.visitor.path

    def do(self):
        self.visitor.send(self.sent, path=self.path)
        assert self.visitor.status == 200

    def is_done(self):
        said = Statement.objects.get()
        return (said.fact, said.value) == (self.sent["fact"], True)


class RecordAFinding(Deed):
    event = "recorded a finding"

    def prepare(self):
        case, lead = self.case("ready", **READY), self.member("lead")
        begin_review(actor_of_member(lead), lead, case, self.now)
        self.find(1)

    def find(self, seat):
        seated = Assignment.objects.get(seat=seat)
        reader = Membership.objects.get(user=seated.reviewer_id)
        said = answers(seated.case)
        record_finding(actor_of_member(reader), reader, seated, said, self.now)

    def do(self):
        self.find(2)

    def is_done(self):
        decided = Round.objects.get(recommends=True, closed_at__isnull=False)
        rows = Finding.objects.count(), FindingRow.objects.count()
        return rows == (2, 1) and decided.case.state == "recommended"

    def check_killed(self):
        found = Finding.objects.count()
        assert Event.objects.filter(deed=self.event).count() == found
        assert kept() == self.before if found == 1 else self.is_done()


class TakeAStateStep(Deed):
    event = "called the file complete"

    def prepare(self):
        self.held = self.case("preparing", **READY)

    def do(self):
        member = self.member("caseworker")
        change_state(actor_of_member(member), member, self.held, "ready", self.now)

    def is_done(self):
        change = StateChange.objects.get()
        number = Event.objects.get(deed=self.event).number
        return (change.to_state, change.audit_number, change.case.state) == (
            "ready",
            number,
            "ready",
        )


class FinishAStep(Deed):
    event = "finished a step"

    def prepare(self):
        begin_journey(Actor("command:test", self.office.pk), self.case("granted"), self.now)

    def do(self):
        member, step = self.member("attorney"), Step.objects.get(kind="fee")
        finish_step(actor_of_member(member), member, step, self.now.date(), self.now)

    def is_done(self):
        return Step.objects.exclude(done_on=None).values_list("kind", flat=True).get() == "fee"


class StateAFactByTheApi(Deed):
    event = "stated fact"
    # A token notes when it was used, whatever comes of the call.
    besides = ("api_token",)

    def prepare(self):
        held, lead = self.case(), self.member("lead")
        made = make_token(actor_of_member(lead), lead, "test", list(Scope), 1, self.now)
        self.path = f"/api/cases/{held.pk}/facts"
        self.said = {"fact": "removed", "value": True, "source": "record", "edition": held.edition}
        self.said["said_on"] = self.now.date().isoformat()

        self.client = Client(headers={"authorization": f"Bearer {made.secret}"})
        assert self.client.get("/").status_code == 200  # what is loaded once, is loaded

    def do(self):
        answer = self.client.post(self.path, self.said, content_type="application/json")
        assert answer.status_code == 201, answer.text

    def is_done(self):
        return Statement.objects.get().value is True and bool(Case.objects.get().outcomes)


class PublishAnEdition(Deed):
    event = "published patterns"

    def prepare(self):
        for number in range(SMALLEST + 3):
            FindingRow.objects.create(
                organization=self.office,
                key=bytes([number]) * 32,
                decided_in=2026,
                recommends=True,
                is_by_panel=False,
            )

    def do(self):
        lead = self.member("lead")
        publish(actor_of_member(lead), lead, self.now)

    def is_done(self):
        counted = FindingRow.objects.filter(edition=1).count()
        return Publication.objects.get().cases == counted == SMALLEST + 3


class OfKeys(Deed):
    """A command about keys: whenever it is killed, every case opens, and it can be given again."""

    words = ()
    file = property(lambda self: Path(settings.HOME) / "keys.sealed")
    master = property(lambda self: Path(settings.MASTER_KEY_FILE))

    def prepare(self):
        self.held = self.case(**READY)

    def do(self):
        master_keys.cache_clear()
        wayhome("keys", *self.words)

    def opens(self):
        master_keys.cache_clear()
        forget_opened_keys()
        return Person.objects.get(case=self.held).name == NAME

    def check_killed(self):
        assert self.opens()
        assert kept() == self.before
        assert self.masters() in (["first"], ["first", "second"], ["second", "first"], ["second"])

    def went_through(self):
        return self.is_done()

    def masters(self):
        master_keys.cache_clear()
        return list(master_keys())

    def is_done(self):
        strays = [*self.file.parent.glob("*.part"), *self.master.parent.glob("*.part")]
        return self.opens() and not strays


class NewMasterKey(OfKeys):
    words = ("new", "second")

    def is_done(self):
        return super().is_done() and self.masters() == ["second", "first"]


class RetireAMasterKey(OfKeys):
    words = ("retire", "first", "--confirm", "first")

    def prepare(self):
        super().prepare()
        held = self.master.read_text()
        self.master.write_text(f"{new_master_key('second')}\n{held}")
        master_keys.cache_clear()
        list(rotation.rewrap_for_master())

    def is_done(self):
        return super().is_done() and self.masters() == ["second"]


class ExportKeys(OfKeys):
    """An older copy is in the place: it stays whole until the new one takes it."""

    words = property(lambda self: ("export", str(self.file)))

    def prepare(self):
        super().prepare()
        self.do()
        self.older = self.file.read_bytes()
        self.case(**READY)

    def check_killed(self):
        super().check_killed()
        assert not self.went_through() or self.is_done()

    def went_through(self):
        return self.file.read_bytes() != self.older

    def is_done(self):
        return super().is_done() and self.went_through() and self.file.stat().st_size > 0


class ImportKeys(OfKeys):
    words = property(lambda self: ("import", str(self.file)))

    def prepare(self):
        super().prepare()
        wayhome("keys", "export", str(self.file), "--with-master")
        self.keys = kept()["protection_casekey"]
        CaseKey.objects.all().delete()
        OrganizationKey.objects.all().delete()
        self.master.unlink()

    def went_through(self):
        return CaseKey.objects.exists() and self.is_done()

    def check_killed(self):
        after = kept()
        assert after == self.before or (after["protection_casekey"] == self.keys and self.opens())

    def is_done(self):
        return super().is_done() and kept()["protection_casekey"] == self.keys


class SweepByRetention(Deed):
    """Each case is as it was, or is being erased and is finished by the next sweep."""

    def prepare(self):
        self.cases = [self.case(**READY) for _ in range(2)]
        past = self.now.date() - timedelta(days=3)
        Case.objects.update(keep_until=past)

    def do(self):
        left = Case.objects.filter(erased_at=None).count()
        wayhome("retention", "--erase", "--confirm", str(left))

    def check_killed(self):
        for case in Case.objects.all():
            events = Event.objects.filter(deed="erased case", case=case.pk).count()
            if case.erased_at is None:
                assert Person.objects.get(case=case).name == NAME
                assert Statement.objects.filter(case=case).count() == len(READY)
                assert case_key(case.pk)
                assert events == 0
            else:
                assert events == 1

    def went_through(self):
        return False

    def is_done(self):
        gone = [not held_of(case.pk) and not case.code for case in Case.objects.all()]
        wrapped = [bytes(key.wrapped) for key in CaseKey.objects.all()]
        events = Event.objects.filter(deed="erased case").count()
        erased = Case.objects.exclude(erased_at=None).count()
        return len(gone) == erased == events == 2 and wrapped == [b"", b""]


class DraftABatch(Deed):
    def prepare(self):
        cases = [self.case(**READY) for _ in range(3)]
        lead = self.lead = self.member("lead")
        actor, today = actor_of_member(lead), self.now.date()
        keys = [case.pk for case in cases]
        self.batch = papers.start_batch(actor, lead, RESCIND, keys, today, self.now)
        # Drawn once: how it is drawn is not what is killed here.
        files = papers._files(cases[0], papers.papers.template_of(RESCIND), today)
        papers._files = lambda *_: files

    def do(self):
        lead = self.lead
        assert not papers.continue_batch(
            actor_of_member(lead), lead, Batch.objects.get(), self.now, seconds=60.0
        )

    def check_killed(self):
        batch, drafts = Batch.objects.get(), KeptDraft.objects.all()
        assert batch.done == len(batch.drafts) == len(drafts)
        assert batch.left_out == 0
        assert Event.objects.filter(deed="made draft").count() == len(drafts)
        assert Document.objects.count() == 2 * len(drafts)
        for one in Document.objects.all():
            assert len(file_bytes(one.case_id, one.pk)) == one.size

    def went_through(self):
        return False

    def is_done(self):
        """With the day's sweep, which removes files that were kept and never came to have a row."""
        self.check_killed()
        tend_files(self.now + timedelta(hours=3))
        on_disk = {pk for case in Case.objects.all() for pk in documents_on_disk(case.pk)}
        named = set(Document.objects.values_list("pk", flat=True))
        return KeptDraft.objects.count() == 3 and on_disk == named


DEEDS = {
    "a case": TakeInACase,
    "an answer in the portal": KeepAnAnswer,
    "a reviewer's finding": RecordAFinding,
    "a step of the state": TakeAStateStep,
    "a step of the journey": FinishAStep,
    "a fact by the API": StateAFactByTheApi,
    "an edition of the report": PublishAnEdition,
    "a new master key": NewMasterKey,
    "a master key retired": RetireAMasterKey,
    "a copy of the keyring": ExportKeys,
    "a copy of the keyring put in": ImportKeys,
    "the sweep of retention": SweepByRetention,
    "a batch of papers": DraftABatch,
}


def wayhome(*words):
    with redirect_stdout(StringIO()):
        build()(words, standalone_mode=False)


def kept(besides=()):
    """Every row of both databases as it stands there, but of the log and of who was here."""
    rows = {}
    for alias in connections:
        with connections[alias].cursor() as cursor:
            for table in connections[alias].introspection.table_names(cursor):
                if not table.startswith(_NOT_KEPT) and table not in besides:
                    cursor.execute(f'SELECT * FROM "{table}"')
                    found = sorted([_plain(value) for value in row] for row in cursor.fetchall())
                    rows[table] = [*rows.get(table, []), *found]
    return rows


def _plain(value):
    is_bytes = isinstance(value, bytes | memoryview)
    return b64encode(bytes(value)).decode() if is_bytes else repr(value)


class Killer:
    """Ends this process, by no word that it could answer, after so many writes."""

    def __init__(self, writes):
        self.left = writes

    def wrote(self):
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

    def query(self, execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.wrote()
        return done

    def then(self, do):
        def did(*args, **kwargs):
            done = do(*args, **kwargs)
            self.wrote()
            return done

        return did

    def watch(self):
        for alias in connections:
            connections[alias].execute_wrappers.append(self.query)
        for where, name in (
            (BaseDatabaseWrapper, "_commit"),
            (os, "fsync"),
            (os, "replace"),
            (os, "unlink"),
        ):
            patch.object(where, name, self.then(getattr(where, name))).start()


def is_killed(deed, writes):
    """Whether a process that does the deed was killed; False where it was done before that."""
    connections.close_all()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        try:
            Killer(writes).watch()
            deed.do()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), f"it failed: {status}"
    return status == signal.SIGKILL


def follow(name):
    """Does a deed, killed again and again until it is done; says how often it was killed."""
    deed, kills = DEEDS[name](), 0
    for writes in WRITES:
        was_killed = is_killed(deed, writes)
        kills += was_killed
        forget_opened_keys()
        master_keys.cache_clear()
        assert list(breaks()) == []
        deed.check_killed()
        if not was_killed or deed.went_through():
            break
    assert deed.is_done()
    return kills


def empty_the_home():
    """For the next deed: as it was, with tables and nothing in them."""
    unguard(connections["default"])
    for alias in connections:
        database = connections[alias]
        tables = set(database.introspection.django_table_names(only_existing=True))
        statements = database.ops.sql_flush(no_style(), sorted(tables), reset_sequences=True)
        database.ops.execute_sql_flush(statements)
    guard(connections["default"])
    forget_opened_keys()
    master_keys.cache_clear()
    Path(settings.MASTER_KEY_FILE).unlink(missing_ok=True)
    shutil.rmtree(settings.FILES, ignore_errors=True)


def main():
    """Prints, by its name, how often each deed was killed, or what went wrong."""
    setup_test_environment()
    told = {}
    with scopes_disabled():
        for name in sys.argv[1:] or DEEDS:
            try:
                told[name] = follow(name)
            except Exception:
                told[name] = traceback.format_exc()
            empty_the_home()
    print(json.dumps(told))
