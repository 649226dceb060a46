"""One sealed file for anything that leaves the installation: a backup, a copy of the keyring.

    magic | length (4) | header (JSON, readable) | then frames: length (4) | sealed

The header says what it is and which key opens it, and is bound into every frame. Frames are
numbered and the last one says so: a file that was cut, altered or put together does not open.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from wayhome.web.protection.master_keys import current_master_key, master_keys
from wayhome.web.protection.sealing import CannotOpen, derived, seal, unseal

MAGIC = b"WAYHOME SEALED 1\n"
FRAME = 1024 * 1024
_LENGTH = struct.Struct(">I")
_LONGEST_HEADER = 10_000
# Scrypt at 128 MB: a guess costs a third of a second.
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}


class NotWhole(Exception):
    """The file was cut short or altered, or is none of ours; nothing of it is used."""


class WrongKey(Exception):
    """The file is whole as far as one can see, but this passphrase or master key is not its own."""


@dataclass(frozen=True)
class Header:
    """What a sealed file says of itself without being opened."""

    kind: str
    made_at: str
    salt: str
    master_key: str | None = None
    scrypt: Mapping[str, int] | None = None

    def key(self, passphrase: str | None) -> bytes:
        """The key of the file. Raises WrongKey where what it needs is not there."""
        salt = bytes.fromhex(self.salt)
        if self.scrypt is not None:
            if not passphrase:
                raise WrongKey("This file is sealed with a passphrase.")
            return Scrypt(salt=salt, length=32, **self.scrypt).derive(passphrase.encode())
        name = self.master_key or ""
        if name not in master_keys():
            raise WrongKey(f"This file needs the master key {name!r}, which is not here.")
        return derived(master_keys()[name], f"{self.kind} {self.salt}")


def new_header(kind: str, made_at: str, passphrase: str | None) -> Header:
    """A header for a file sealed with a passphrase, or else with the current master key."""
    salt = secrets.token_hex(16)
    if passphrase is not None:
        return Header(kind, made_at, salt, scrypt=_SCRYPT)
    return Header(kind, made_at, salt, master_key=current_master_key()[0])


class SealingWriter:
    """A file to write plain bytes to, which come out sealed. `finish` marks the end."""

    def __init__(self, file: BinaryIO, header: Header, passphrase: str | None) -> None:
        self._file, self._held, self._number = file, bytearray(), 0
        said = json.dumps(header.__dict__, sort_keys=True).encode()
        self._key, self._about = header.key(passphrase), hashlib.sha256(said).hexdigest()
        file.write(MAGIC + _LENGTH.pack(len(said)) + said)

    def write(self, plain: bytes) -> int:
        self._held += plain
        while len(self._held) > FRAME:
            self._put(bytes(self._held[:FRAME]), "more")
            del self._held[:FRAME]
        return len(plain)

    def finish(self) -> None:
        self._put(bytes(self._held), "last")

    def _put(self, plain: bytes, which: str) -> None:
        sealed = seal(self._key, plain, f"{self._about} {self._number} {which}")
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


class OpeningReader:
    """Reads the plain bytes of a sealed file; raises NotWhole where it is not whole."""

    def __init__(self, file: BinaryIO, kind: str, passphrase: str | None) -> None:
        self.header, about = read_header(file, kind)
        self._pieces = _frames(file, self.header.key(passphrase), about)
        self._held = bytearray()

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        size = len(self._held) if size < 0 else size
        given = bytes(self._held[:size])
        del self._held[:size]
        return given

    def read_to_the_end(self) -> None:
        """Goes through what is left, so that every frame was looked at."""
        while self.read(FRAME):
            pass


def read_header(file: BinaryIO, kind: str) -> tuple[Header, str]:
    """The header of a sealed file, and the hash that its frames are bound to."""
    if file.read(len(MAGIC)) != MAGIC:
        raise NotWhole("This is not a file that Wayhome sealed.")
    (length,) = _LENGTH.unpack(_exactly(file, _LENGTH.size))
    if length > _LONGEST_HEADER:
        raise NotWhole("The beginning of this file was altered.")
    said = _exactly(file, length)
    try:
        header = Header(**json.loads(said))
        bytes.fromhex(header.salt)
    except (ValueError, TypeError):
        raise NotWhole("The beginning of this file was altered.") from None
    if header.scrypt is not None and dict(header.scrypt) != _SCRYPT:
        raise NotWhole("The beginning of this file was altered.")
    if header.kind != kind:
        raise NotWhole(f"This is a {header.kind}, not a {kind}.")
    return header, hashlib.sha256(said).hexdigest()


def _frames(file: BinaryIO, key: bytes, about: str) -> Iterator[bytes]:
    number, sealed = 0, _frame(file)
    if sealed is None:
        raise NotWhole("This file was cut short.")
    while sealed is not None:
        following = _frame(file)
        which = "last" if following is None else "more"
        try:
            yield unseal(key, sealed, f"{about} {number} {which}")
        except CannotOpen:
            if number == 0:
                raise WrongKey(
                    "The passphrase or master key is not the one, or the file was altered."
                ) from None
            raise NotWhole(f"This file was cut short or altered (part {number + 1}).") from None
        number, sealed = number + 1, following


def _frame(file: BinaryIO) -> bytes | None:
    head = file.read(_LENGTH.size)
    if not head:
        return None
    if len(head) < _LENGTH.size:
        raise NotWhole("This file was cut short.")
    (length,) = _LENGTH.unpack(head)
    if length > FRAME + 64:
        raise NotWhole("This file was altered.")
    return _exactly(file, length)


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) < size:
        raise NotWhole("This file was cut short.")
    return found
