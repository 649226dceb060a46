"""Documents lie sealed on the disk; what was cut, altered or moved does not open."""

import errno
import os
import subprocess
import sys
import uuid

import pytest

from wayhome.web.protection import files as sealed
from wayhome.web.protection import keys
from wayhome.web.protection.sealing import CannotOpen

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
TEXT = b"Mariam was here. " * 40_000


@pytest.fixture
def kept(new_case, files):
    case, document = new_case().pk, uuid.uuid4()
    sealed.keep_file(case, document, [TEXT])
    return case, document


@pytest.mark.parametrize(
    "size", [0, 1, sealed.CHUNK - 1, sealed.CHUNK, sealed.CHUNK + 1, 3 * sealed.CHUNK]
)
def test_it_gives_back_files_of_every_size(new_case, files, size):
    case, document = new_case().pk, uuid.uuid4()
    text = os.urandom(size)
    pieces = [text[i : i + 100_001] for i in range(0, size, 100_001)]
    assert sealed.keep_file(case, document, pieces) == size
    assert sealed.file_bytes(case, document) == text


def test_it_keeps_nothing_readable_on_the_disk_and_for_the_owner_only(kept):
    path = sealed.path_of(*kept)
    assert b"Mariam" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_it_reads_piece_by_piece(kept):
    pieces = list(sealed.read_file(*kept))
    assert len(pieces) == 3
    assert max(map(len, pieces)) == sealed.CHUNK


@pytest.mark.parametrize(
    "harm", ["cut at a chunk", "cut inside", "altered", "chunks changed places", "emptied"]
)
def test_it_opens_no_file_that_was_harmed(kept, harm):
    path = sealed.path_of(*kept)
    held = path.read_bytes()
    head, length = 20, 4 + sealed.CHUNK + 29
    first, second = held[head : head + length], held[head + length : head + 2 * length]
    rest = held[head + 2 * length :]
    path.write_bytes(
        {
            "cut at a chunk": held[:head] + first + second,
            "cut inside": held[:-1],
            "altered": held[:50_000] + bytes([held[50_000] ^ 1]) + held[50_001:],
            "chunks changed places": held[:head] + second + first + rest,
            "emptied": b"",
        }[harm]
    )
    with pytest.raises(CannotOpen):
        sealed.file_bytes(*kept)


def test_it_opens_no_file_under_another_name_or_case(kept, new_case):
    case, document = kept
    other = uuid.uuid4()
    sealed.path_of(case, document).rename(sealed.path_of(case, other))
    with pytest.raises(CannotOpen):
        sealed.file_bytes(case, other)
    stranger = new_case().pk
    sealed.path_of(stranger, document).parent.mkdir()
    sealed.path_of(case, other).rename(sealed.path_of(stranger, document))
    with pytest.raises(CannotOpen):
        sealed.file_bytes(stranger, document)


def test_it_leaves_the_old_file_when_the_disk_is_full(kept, monkeypatch):
    case, document = kept

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        sealed.keep_file(case, document, [b"new"])
    assert sealed.file_bytes(case, document) == TEXT
    assert [path.name for path in sealed.path_of(case, document).parent.iterdir()] == [
        str(document)
    ]


def test_it_leaves_nothing_when_the_upload_breaks_off(new_case, files):
    case, document = new_case().pk, uuid.uuid4()

    def broken():
        yield TEXT
        raise ConnectionError

    with pytest.raises(ConnectionError):
        sealed.keep_file(case, document, broken())
    assert list(sealed.path_of(case, document).parent.iterdir()) == []


KILLED = """
import os, signal, sys, uuid
from pathlib import Path
from unittest import mock
import django
from django.conf import settings
settings.configure(FILES=Path(sys.argv[1]), INSTALLED_APPS=["wayhome.web.protection"])
django.setup()
from wayhome.web.protection import files
case, document = uuid.UUID(int=1), uuid.UUID(int=2)
with mock.patch.object(files, "case_key", lambda case: b"k" * 32):
    files.keep_file(case, document, [b"whole"])
    def chunks():
        yield b"x" * 600_000
        os.kill(os.getpid(), signal.SIGKILL)
    files.keep_file(case, document, chunks())
"""


def test_it_keeps_the_whole_old_file_when_the_process_is_killed(tmp_path, monkeypatch, settings):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], check=False, capture_output=True
    )
    assert done.returncode == -9, done.stderr
    case, document = uuid.UUID(int=1), uuid.UUID(int=2)
    settings.FILES = tmp_path
    monkeypatch.setattr(sealed, "case_keys", lambda case: (b"k" * 32,))
    assert sealed.file_bytes(case, document) == b"whole"
    assert sealed.documents_on_disk(case) == [document]


def test_it_reads_no_file_of_an_erased_case(kept):
    keys.destroy_case_key(kept[0])
    with pytest.raises(keys.Erased):
        sealed.file_bytes(*kept)
