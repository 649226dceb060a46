"""The database is really gone while people send and open things, and comes back.

Run in a home of its own. With SQLite its file cannot be opened; with WAYHOME_COPY_OF, the address
of a PostgreSQL database with empty tables, a server is brought up for a copy of it, and stopped.
"""

import os
import subprocess
import tempfile
from pathlib import Path


class File:
    """The SQLite file of this home, in the place of which there is something else for a while."""

    def __init__(self):
        self.file = Path(os.environ["WAYHOME_HOME"]) / "wayhome.sqlite3"
        self.elsewhere = self.file.with_name("elsewhere")

    def stop(self):
        self.file.rename(self.elsewhere)
        self.file.mkdir()

    def start(self):
        self.file.rmdir()
        self.elsewhere.rename(self.file)


class Server:
    """A PostgreSQL server of this process, with a copy of a database."""

    def __init__(self, copy_of):
        import pgserver

        self.server = pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
        tools = Path(pgserver.__file__).parent / "pginstall" / "bin"
        os.environ["WAYHOME_DATABASE_URL"] = self.server.get_uri()
        dump = subprocess.run([tools / "pg_dump", copy_of], check=True, capture_output=True)
        self.server.psql(dump.stdout.decode())

    def stop(self):
        self._control("-w", "-m", "immediate", "stop")

    def start(self):
        self.server.ensure_postgres_running()

    def _control(self, *words):
        from pgserver._commands import pg_ctl

        pg_ctl(list(words), pgdata=self.server.pgdata, user=self.server.system_user)


def worker():
    """Answers requests as a worker process does: connections are looked after between them."""
    from django.core.handlers.wsgi import WSGIRequest
    from django.core.signals import request_started
    from django.test.client import ClientHandler

    class Worker(ClientHandler):
        def __call__(self, environ):
            if self._middleware_chain is None:
                self.load_middleware()
            request_started.send(sender=type(self), environ=environ)
            request = WSGIRequest(environ)
            request._dont_enforce_csrf_checks = True
            response = self.get_response(request)
            response.wsgi_request = request
            response.close()
            return response

    return Worker()


def applicant(office):
    """Somebody in the portal, before the first question."""
    from tests.web.portal_visitor import Visitor

    visitor = Visitor(raise_request_exception=False)
    visitor.browser.handler = worker()
    visitor.begin()
    visitor.to_the_questions("Marie Invented")
    return visitor


def caseworker(office):
    """Somebody on the staff, signed in."""
    from django.test import Client

    from wayhome.web.accounts.models import Membership

    member = Membership.objects.get(organization=office, user__email__startswith="caseworker@")
    client = Client(raise_request_exception=False)
    client.force_login(member.user, "allauth.account.auth_backends.AuthenticationBackend")
    client.handler = worker()
    return client


def kept():
    """What there is of the answers, and of them in the log."""
    from django_scopes import scopes_disabled

    from wayhome.web.audit.chain import breaks
    from wayhome.web.audit.models import Event
    from wayhome.web.cases.models import Case, Statement

    assert list(breaks()) == []
    with scopes_disabled():
        said = [(one.fact, one.value) for one in Statement.objects.order_by("pk")]
        editions = [case.edition for case in Case.objects.all()]
    return said, editions, Event.objects.filter(deed="stated fact").count()


def is_told(visitor, staff):
    """That both are told in words, and of nothing that happened inside."""
    from django.urls import reverse

    from wayhome.web.portal.wording import say

    assert visitor.status == 503, visitor.status
    assert say("en", "fault.away") in visitor.page
    opened = staff.get(reverse("worklist"))
    assert opened.status_code == 503, opened.status_code
    assert "What you sent was not saved" in opened.text
    for page in (visitor.page, opened.text):
        assert "Traceback" not in page
        assert "OperationalError" not in page


def sent_while_away(visitor, staff, database):
    """The server stops before the form is sent; nothing of it is kept, and then it is, once."""
    from django.urls import reverse

    before = kept()
    sent, path = {"fact": visitor.fact, "said": "yes"}, visitor.path
    database.stop()
    visitor.send(sent, path=path)
    is_told(visitor, staff)
    database.start()
    assert kept() == before
    for _ in range(2):
        visitor.send(sent, path=path)
        assert visitor.status == 200
    check_kept_once(before, sent["fact"])
    assert staff.get(reverse("worklist")).status_code == 200


def stopped_in_the_middle(visitor, staff, database):
    """The server stops when half of the answer is written."""
    from django.db import connection

    before = kept()
    sent, path = {"fact": visitor.fact, "said": "no"}, visitor.path

    def stopping(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if "cases_statement" in sql and sql.startswith("INSERT"):
            database.stop()
        return done

    with connection.execute_wrapper(stopping):
        visitor.send(sent, path=path)
    is_told(visitor, staff)
    database.start()
    assert kept() == before
    visitor.send(sent, path=path)
    assert visitor.status == 200
    check_kept_once(before, sent["fact"])


def check_kept_once(before, fact):
    said, _, events = kept()
    assert len(said) == len(before[0]) + 1
    assert said[-1][0] == fact
    assert events == before[2] + 1


def main():
    copy_of = os.environ.get("WAYHOME_COPY_OF")
    database = Server(copy_of) if copy_of else File()
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    from wayhome.web.accounts.models import Organization
    from wayhome.web.cases.invented import invented_staff

    setup_test_environment()
    office = Organization.objects.create(name="Harbor Clinic", slug="harbor")
    invented_staff(office)
    visitor, staff = applicant(office), caseworker(office)
    sent_while_away(visitor, staff, database)
    if copy_of:
        stopped_in_the_middle(visitor, staff, database)
    print("kept once")
