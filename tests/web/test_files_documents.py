"""Documents: kept sealed, whole or not at all, held apart until scanned, read with a trace."""

import errno
import os
import time
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from tests.web import files_made as made

from wayhome.web.audit.actors import applicant_of
from wayhome.web.audit.chain import Actor, breaks
from wayhome.web.audit.models import Event
from wayhome.web.cases import documents as module
from wayhome.web.cases.actions import Erased
from wayhome.web.cases.documents import (
    HeldApart,
    document_bytes,
    keep_document,
    read_document,
    remove_document,
    scan_document,
    title_of,
)
from wayhome.web.cases.models import Case, Document
from wayhome.web.files.kinds import safe_file
from wayhome.web.files.queries import documents_of
from wayhome.web.files.scanner import ScannerAway, Verdict, scan
from wayhome.web.files.sweep import tend_files
from wayhome.web.files.what_is_taken import PDF, Refused
from wayhome.web.protection import files as sealed_files

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
ACTOR = Actor("somebody")
ODD = "ማርያም مريم 👩🏽‍👧 José"


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch, files):
    """The process of its own has a test in test_files_kinds."""
    monkeypatch.setattr(module, "safe_file_apart", safe_file)


def keep(case, data=None, title="A paper", now=None, **more):
    file = BytesIO(made.pdf() if data is None else data)
    more.setdefault("from_applicant", True)
    return keep_document(ACTOR, case, file, title, "order", now or timezone.now(), **more)


def nothing_is_left(case, files):
    left = list(files.rglob("*")) if files.exists() else []
    with scopes_disabled():
        rows = Document.objects.filter(case=case).count()
    events = Event.objects.filter(case=case.pk, deed="kept document").count()
    return ([p for p in left if p.is_file()], rows, events) == ([], 0, 0)


def test_it_keeps_what_it_was_given_sealed(new_case, files):
    case = new_case()
    document = keep(case, made.photo(), title=ODD)
    data = document_bytes(document)
    assert data.startswith(b"%PDF-")
    assert document.content_type == PDF
    (path,) = (p for p in files.rglob("*") if p.is_file())
    assert b"PDF" not in path.read_bytes()
    with scope(organization=case.organization):
        assert Document.objects.get(pk=document.pk).title == ODD
        assert Document.objects.get(pk=document.pk).size == len(data)


def test_it_says_nothing_of_the_document_in_the_log(new_case):
    case = new_case()
    keep(case, title="Quetzal order")
    (event,) = Event.objects.filter(case=case.pk, deed="kept document")
    assert "Quetzal" not in str(event.details)


def test_it_keeps_versions_together_the_newest_first(new_case):
    case = new_case()
    now = timezone.now()
    first = keep(case, made.pdf(1), now=now)
    second = keep(case, made.pdf(2), now=now + timedelta(hours=1), version_of=first)
    third = keep(case, made.pdf(3), now=now + timedelta(hours=2), version_of=second)
    with scope(organization=case.organization):
        (found,) = documents_of(case)
    assert [found.newest, *found.earlier] == [third, second, first]
    assert document_bytes(first) != document_bytes(third)


def test_it_refuses_a_version_of_another_cases_document(new_case, files):
    document = keep(new_case())
    other = new_case()
    with pytest.raises(ValueError, match="case"):
        keep(other, version_of=document)
    assert not (files / str(other.pk)).exists()


def test_it_keeps_a_file_once_that_was_sent_twice(new_case):
    case = new_case()
    now = timezone.now()
    assert keep(case, now=now) == keep(case, now=now + timedelta(seconds=2))
    assert keep(case, now=now) != keep(case, made.pdf(2), now=now)
    assert keep(case, now=now) != keep(case, now=now + timedelta(hours=1))


@pytest.mark.parametrize("data", [made.SVG, made.zip_bomb(), made.photo() + made.office(), b""])
def test_it_leaves_nothing_of_a_file_that_it_refuses(new_case, files, data):
    case = new_case()
    with pytest.raises(Refused):
        keep(case, data)
    assert nothing_is_left(case, files)


def test_it_refuses_what_is_too_large_having_read_no_more(new_case, files, settings):
    settings.LARGEST_UPLOAD = 100_000
    case = new_case()

    class Endless(BytesIO):
        handed_out = 0

        def read(self, size=-1):
            self.handed_out += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(Refused, match="more than"):
        keep_document(ACTOR, case, endless, "x", "other", timezone.now(), from_applicant=True)
    assert endless.handed_out < 300_000
    assert nothing_is_left(case, files)


def test_it_refuses_more_than_a_case_may_hold(new_case, settings):
    case = new_case()
    settings.MOST_OF_CASE = 10
    with pytest.raises(Refused, match="as much as it can"):
        keep(case)


def test_it_keeps_nothing_when_the_disk_is_full(new_case, files, monkeypatch):
    case = new_case()

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sealed_files.os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        keep(case)
    assert nothing_is_left(case, files)
    assert not list(breaks())


@pytest.mark.parametrize("place", ["record", "note_prepared", "keep_file"])
def test_it_keeps_all_or_nothing_when_it_is_killed_in_the_middle(
    new_case, files, monkeypatch, place
):
    case = new_case()

    def killed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, place, killed)
    with pytest.raises(KeyboardInterrupt):
        keep(case)
    assert nothing_is_left(case, files)
    assert not list(breaks())


def test_it_sweeps_a_file_whose_row_was_never_saved(new_case, files):
    case = new_case()
    kept = keep(case)

    class PowerCut(Exception):
        pass

    def cut():
        with transaction.atomic():
            keep(case, made.pdf(2))
            raise PowerCut

    with pytest.raises(PowerCut):
        cut()
    part = files / str(case.pk) / f"{uuid.uuid4()}.ab12.part"
    part.write_bytes(b"half")
    before = time.time() - 7200
    for path in (files / str(case.pk)).iterdir():
        os.utime(path, (before, before))
    assert len(list((files / str(case.pk)).iterdir())) == 3
    tend_files(timezone.now())
    assert [p.name for p in (files / str(case.pk)).iterdir()] == [str(kept.pk)]


def test_it_adds_nothing_to_an_erased_case(new_case, files):
    case = new_case()
    with scopes_disabled():
        Case.objects.filter(pk=case.pk).update(erased_at=timezone.now())
    with pytest.raises(Erased):
        keep(case)
    assert nothing_is_left(case, files)


def test_it_lets_only_those_add_who_may_change_a_case(new_case, member, files):
    case = new_case()
    with pytest.raises(PermissionDenied):
        keep(case, member=member("reviewer"))
    assert nothing_is_left(case, files)
    assert keep(case, member=member("caseworker"))


def test_it_bars_whoever_added_a_document_from_the_review(new_case, member):
    case, worker = new_case(), member("caseworker")
    keep(case, member=worker)
    with scope(organization=case.organization):
        assert case.conflicts.filter(user=worker.user, reason="prepared").exists()


def test_it_writes_down_who_read_a_document(new_case):
    case = new_case()
    document = keep(case)
    read = b"".join(read_document(applicant_of(case), None, document, timezone.now()))
    assert read == document_bytes(document)
    (event,) = Event.objects.filter(case=case.pk, deed="read document")
    assert (event.actor, event.details) == ("applicant", {"document": str(document.pk)})


def test_it_takes_a_document_out_and_keeps_the_rest_of_its_versions(
    new_case, member, files, django_capture_on_commit_callbacks
):
    case, worker = new_case(), member("caseworker")
    now = timezone.now()
    first = keep(case, made.pdf(1), now=now)
    second = keep(case, made.pdf(2), now=now, version_of=first)
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(ACTOR, worker, first, now)
    assert [p.name for p in (files / str(case.pk)).iterdir()] == [str(second.pk)]
    with scope(organization=case.organization):
        (left,) = documents_of(case)
    assert (left.newest, left.earlier) == (second, ())
    assert Event.objects.filter(case=case.pk, deed="removed document").count() == 1


# With a scanner.


@pytest.fixture
def scanner(settings):
    settings.SCANNER = "command:/bin/false-if-asked"


@pytest.mark.usefixtures("scanner")
def test_it_holds_a_document_apart_until_it_is_found_clean(new_case):
    case = new_case()
    document = keep(case)
    assert document.is_held_apart
    with pytest.raises(HeldApart):
        document_bytes(document)
    with pytest.raises(HeldApart):
        read_document(ACTOR, None, document, timezone.now())
    assert scan_document(document, timezone.now(), lambda data: Verdict(True)).is_clean
    assert document_bytes(document)


@pytest.mark.usefixtures("scanner")
def test_it_empties_a_harmful_document_and_says_so(
    new_case, files, django_capture_on_commit_callbacks
):
    case = new_case()
    document = keep(case)
    with django_capture_on_commit_callbacks(execute=True):
        scan_document(document, timezone.now(), lambda data: Verdict(False, "Eicar-Test"))
    assert not [p for p in files.rglob("*") if p.is_file()]
    with pytest.raises(HeldApart):
        document_bytes(document)
    with scope(organization=case.organization):
        (found,) = documents_of(case)
    assert found.newest.scan.found == "Eicar-Test"


@pytest.mark.usefixtures("scanner")
def test_it_keeps_a_document_apart_while_the_scanner_is_away(
    new_case, monkeypatch, django_capture_on_commit_callbacks
):
    def away(data):
        raise ScannerAway

    case = new_case()
    with django_capture_on_commit_callbacks(execute=True):
        document = keep(case)
    assert scan_document(document, timezone.now(), away) is None
    with pytest.raises(HeldApart):
        document_bytes(document)
    monkeypatch.setattr("wayhome.web.cases.documents.scan", away)
    tend_files(timezone.now())
    with scopes_disabled():
        assert Document.objects.get(pk=document.pk).is_held_apart


def test_it_hands_a_file_to_any_program_that_scans(settings, tmp_path):
    program = tmp_path / "scan.sh"
    program.write_text("#!/bin/sh\ngrep -q harm && exit 1\nexit 0\n")
    program.chmod(0o700)
    settings.SCANNER = f"command:{program}"
    assert scan(b"all well").is_clean
    assert not scan(b"harm").is_clean
    for wrong in ("command:/nonexistent", "command:/bin/sh -c 'exit 7'", "what", "clamd:/no/sock"):
        settings.SCANNER = wrong
        with pytest.raises(ScannerAway):
            scan(b"all well")


def test_it_speaks_with_clamd(settings, tmp_path):
    import socket
    import threading

    path = str(tmp_path / "s")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    heard = []

    def serve():
        for answer in (b"stream: OK\0", b"stream: Eicar-Test FOUND\0", b"INSTREAM size limit\0"):
            line, _ = server.accept()
            with line:
                held = b""
                while not held.endswith(b"\0\0\0\0"):
                    held += line.recv(65_536)
                heard.append(held)
                line.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    settings.SCANNER = f"clamd:{path}"
    assert scan(b"x" * 70_000) == Verdict(True)
    assert scan(b"harm") == Verdict(False, "Eicar-Test")
    with pytest.raises(ScannerAway):
        scan(b"large")
    thread.join()
    server.close()
    assert heard[1] == b"zINSTREAM\0\0\0\0\x04harm\0\0\0\0"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (ODD, ODD),
        ("order\u202efdp.exe", "orderfdp.exe"),
        ("a\r\nb\0c", "abc"),
        ("  ", ""),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_it_keeps_a_title_in_any_script_without_tricks(typed, kept):
    assert title_of(typed) == kept


def test_a_document_without_a_title_is_named_by_its_kind_and_its_day(new_case):
    now = timezone.now()
    document = keep(new_case(), title="\u202e ", now=now)
    assert document.title == f"Order of a court or officer, {now:%Y-%m-%d}"


# The pages.


@pytest.fixture
def signed_in(client, member, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    worker = member("caseworker")
    client.force_login(worker.user)
    return client


def upload(client, case, data, name="scan.pdf", title="An order", **more):
    file = SimpleUploadedFile(name, data)
    return client.post(
        f"/cases/{case.pk}/documents/", {"file": file, "title": title, "kind": "order", **more}
    )


def test_it_shows_and_hands_out_a_document_to_be_saved_only(signed_in, new_case):
    case = new_case()
    assert upload(signed_in, case, made.photo(), name="a.jpg", title=ODD).status_code == 302
    page = signed_in.get(f"/cases/{case.pk}/more/documents/")
    assert ODD in page.content.decode()
    with scope(organization=case.organization):
        document = Document.objects.get(case=case)
    answer = signed_in.get(f"/cases/{case.pk}/documents/{document.pk}/")
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"%PDF-")
    headers = answer.headers
    assert headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert int(headers["Content-Length"]) == len(data)


def test_it_tells_the_sender_in_a_sentence_what_is_wrong(signed_in, new_case):
    case = new_case()
    answer = upload(signed_in, case, made.SVG, name="order.pdf")
    assert answer.status_code == 400
    assert "SVG can hold programs" in answer.content.decode()
    assert "An order" in answer.content.decode()


def test_it_reads_300_mb_to_the_end_and_holds_none_of_it(signed_in, new_case, files):
    import tracemalloc

    case = new_case()
    edge = "--edge"
    head = f'{edge}\r\nContent-Disposition: form-data; name="title"\r\n\r\nBig\r\n{edge}\r\n'
    head += 'Content-Disposition: form-data; name="kind"\r\n\r\norder\r\n' + edge + "\r\n"
    head += 'Content-Disposition: form-data; name="file"; filename="big.pdf"\r\n\r\n%PDF-1.7'
    tail = f"\r\n{edge}--\r\n".encode()
    size = 300_000_000

    class Stream:
        def __init__(self):
            self.left = [head.encode(), size, tail]

        def read(self, wanted=-1):
            while self.left:
                first = self.left[0]
                if isinstance(first, int):
                    part = b"\x01" * min(first, wanted)
                    self.left[0] = first - len(part)
                else:
                    part, self.left[0] = first[:wanted], first[wanted:]
                if not self.left[0]:
                    self.left.pop(0)
                if part:
                    return part
            return b""

        readline = None

    tracemalloc.start()
    answer = signed_in.generic(
        "POST",
        f"/cases/{case.pk}/documents/",
        **{
            "wsgi.input": Stream(),
            "CONTENT_TYPE": "multipart/form-data; boundary=edge",
            "CONTENT_LENGTH": str(len(head) + size + len(tail)),
        },
    )
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 400
    assert "more than 25 MB" in answer.content.decode()
    assert most < 80_000_000
    assert nothing_is_left(case, files)


def test_it_hands_out_nothing_of_another_organization(
    client, member, new_case, other_clinic, settings
):
    settings.SECOND_FACTOR_REQUIRED = False
    case = new_case()
    document = keep(case)
    client.force_login(member("lead", organization=other_clinic).user)
    for page in (f"/cases/{case.pk}/more/documents/", f"/cases/{case.pk}/documents/{document.pk}/"):
        assert client.get(page).status_code == 404
    assert upload(client, case, made.pdf()).status_code == 404
    own = new_case(organization=other_clinic)
    assert client.get(f"/cases/{own.pk}/documents/{document.pk}/").status_code == 404


def test_it_takes_out_only_what_is_meant(signed_in, new_case):
    case = new_case()
    document = keep(case)
    page = f"/cases/{case.pk}/documents/{document.pk}/remove/"
    assert signed_in.post(page).status_code == 400
    assert signed_in.get(page).status_code == 405
    assert signed_in.post(page, {"is_meant": "yes"}).status_code == 302
    with scope(organization=case.organization):
        assert not Document.objects.filter(case=case).exists()


def test_it_keeps_a_new_version_from_the_page(signed_in, new_case):
    case = new_case()
    document = keep(case, title="An order")
    page = f"/cases/{case.pk}/documents/{document.pk}/version/"
    assert signed_in.post(page).status_code == 400
    assert signed_in.post(page, {"file": SimpleUploadedFile("a", made.HTML)}).status_code == 400
    assert signed_in.post(page, {"file": SimpleUploadedFile("a", made.pdf(2))}).status_code == 302
    assert (
        "1 earlier version" in signed_in.get(f"/cases/{case.pk}/more/documents/").content.decode()
    )
