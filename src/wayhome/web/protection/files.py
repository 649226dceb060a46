"""Sealed files: a document's bytes, in chunks, each bound to its case, document, number and end.

A file is `magic (4) | salt (16)`, then for each chunk `length (4, big-endian) | sealed chunk`. Its
key is derived from the case's key and the salt, so chunks of two editions never mix. The last
chunk says that it is the last: a file that was cut short does not open.
"""

from __future__ import annotations

import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from wayhome.web.protection.keys import case_key, case_keys
from wayhome.web.protection.sealing import CannotOpen, derived, seal, unseal

MAGIC, SALT_BYTES, CHUNK = b"WHF1", 16, 256 * 1024
UNFINISHED = ".part"
_LENGTH = struct.Struct(">I")


def keep_file(case: UUID, document: UUID, chunks: Iterable[bytes]) -> int:
    """Seals and keeps a document's bytes; says how many. Nothing is left of one that failed.

    Call it before the row is saved: a file without a row is swept away, a row without its file
    would be a loss. Raises OSError where the disk is full.
    """
    return _write(case, document, case_key(case), chunks)


def read_file(case: UUID, document: UUID) -> Iterator[bytes]:
    """A document's bytes, chunk by chunk. Raises Erased, CannotOpen, or FileNotFoundError."""
    for key in case_keys(case):
        with path_of(case, document).open("rb") as file:
            chunks = _opened(file, key, case, document)
            try:
                first = next(chunks)
            except CannotOpen:
                continue
            yield first
            yield from chunks
            return
    raise CannotOpen("None of the case's keys opens this file.")


def file_bytes(case: UUID, document: UUID) -> bytes:
    """All of a document's bytes."""
    return b"".join(read_file(case, document))


def reseal_file(case: UUID, document: UUID) -> None:
    """Seals a file anew with the case's newest key."""
    _write(case, document, case_key(case), read_file(case, document))


def is_sealed_with(case: UUID, document: UUID, key: bytes) -> bool:
    """Whether a file opens with this key."""
    with path_of(case, document).open("rb") as file:
        try:
            next(_opened(file, key, case, document))
        except CannotOpen:
            return False
    return True


def remove_file(case: UUID, document: UUID) -> None:
    """Removes one document's file, if there is one."""
    path_of(case, document).unlink(missing_ok=True)


def remove_files(case: UUID) -> int:
    """Removes every file of a case, unfinished ones too; says how many there were."""
    folder = _folder(case)
    found = list(folder.iterdir()) if folder.is_dir() else []
    for path in found:
        path.unlink(missing_ok=True)
    if folder.is_dir():
        folder.rmdir()
    return len(found)


def documents_on_disk(case: UUID) -> list[UUID]:
    """The ids of a case's finished files."""
    folder = _folder(case)
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [UUID(path.name) for path in found if path.suffix != UNFINISHED]


def path_of(case: UUID, document: UUID) -> Path:
    """Where a document's file lies."""
    return _folder(case) / str(document)


def _folder(case: UUID) -> Path:
    return Path(settings.FILES) / str(case)


def _write(case: UUID, document: UUID, key: bytes, chunks: Iterable[bytes]) -> int:
    path = path_of(case, document)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with open(beside, "xb", opener=for_the_owner_only) as file:
            size = _seal_into(file, key, case, document, chunks)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return size


def for_the_owner_only(path: str, flags: int) -> int:
    """For `open(..., opener=)`: nobody else may read the file."""
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Makes a rename last through a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal_into(
    file: BinaryIO, case_key_: bytes, case: UUID, document: UUID, chunks: Iterable[bytes]
) -> int:
    salt = secrets.token_bytes(SALT_BYTES)
    key = _file_key(case_key_, salt)
    file.write(MAGIC + salt)
    size = 0
    for number, (chunk, is_last) in enumerate(_of_one_size(chunks)):
        sealed = seal(key, chunk, _place(case, document, number, is_last))
        file.write(_LENGTH.pack(len(sealed)) + sealed)
        size += len(chunk)
    return size


def _of_one_size(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in chunks of CHUNK, each with whether it is the last; at least one."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > CHUNK:
            yield bytes(held[:CHUNK]), False
            del held[:CHUNK]
    yield bytes(held), True


def _opened(file: BinaryIO, case_key_: bytes, case: UUID, document: UUID) -> Iterator[bytes]:
    head = file.read(len(MAGIC) + SALT_BYTES)
    if head[: len(MAGIC)] != MAGIC:
        raise CannotOpen("This file was not sealed by this version of Wayhome.")
    key = _file_key(case_key_, head[len(MAGIC) :])
    number, sealed = 0, _next_sealed(file)
    while sealed is not None:
        following = _next_sealed(file)
        yield unseal(key, sealed, _place(case, document, number, following is None))
        number, sealed = number + 1, following
    if number == 0:
        raise CannotOpen("This file was cut short.")


def _next_sealed(file: BinaryIO) -> bytes | None:
    head = file.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise CannotOpen("This file was cut short.")
    (length,) = _LENGTH.unpack(head)
    sealed = file.read(length) if length <= CHUNK + 64 else b""
    if len(sealed) != length:
        raise CannotOpen("This file was cut short.")
    return sealed


def _file_key(case_key_: bytes, salt: bytes) -> bytes:
    return derived(case_key_, f"file {salt.hex()}")


def _place(case: UUID, document: UUID, number: int, is_last: bool) -> str:
    return f"file {case} {document} {number} {'last' if is_last else 'more'}"
