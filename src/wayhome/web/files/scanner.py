"""The scanner for harmful files that an installation may have: WAYHOME_SCANNER.

clamd:/run/clamav/clamd.ctl      a clamd socket
clamd:scanner.internal:3310      clamd over a network
command:/usr/bin/clamdscan -     any program that reads the file from its input and ends with
                                 0 (clean) or 1 (harmful)
"""

from __future__ import annotations

import shlex
import socket
import struct
import subprocess
from dataclasses import dataclass

from django.conf import settings

_CLAMD, _COMMAND = "clamd:", "command:"
_SECONDS, _CHUNK = 60, 65_536


class ScannerAway(Exception):
    """The scanner does not answer, or not in words that are understood: nothing is known."""


@dataclass(frozen=True)
class Verdict:
    """Whether a file is clean, and else what the scanner calls what it found."""

    is_clean: bool
    found: str = ""


def has_scanner() -> bool:
    return bool(settings.SCANNER)


def scan(data: bytes) -> Verdict:
    """What the scanner says of a file. Raises ScannerAway."""
    where: str = settings.SCANNER
    try:
        if where.startswith(_COMMAND):
            return _by_command(shlex.split(where.removeprefix(_COMMAND)), data)
        if where.startswith(_CLAMD):
            return _by_clamd(where.removeprefix(_CLAMD), data)
    except (OSError, subprocess.SubprocessError) as error:
        raise ScannerAway(type(error).__name__) from error
    raise ScannerAway("WAYHOME_SCANNER begins with neither clamd: nor command:")


def _by_command(command: list[str], data: bytes) -> Verdict:
    done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
    if done.returncode not in (0, 1):
        raise ScannerAway(f"it ended with {done.returncode}")
    return Verdict(done.returncode == 0, "" if done.returncode == 0 else "something harmful")


def _by_clamd(where: str, data: bytes) -> Verdict:
    with _connected(where) as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
        answer = _answer(line)
    return _understood(answer)


def _connected(where: str) -> socket.socket:
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_SECONDS)
        line.connect(where)
        return line
    host, _, port = where.rpartition(":")
    if not host or not port.isdigit():
        raise ScannerAway("WAYHOME_SCANNER names no socket and no host:port")
    return socket.create_connection((host, int(port)), timeout=_SECONDS)


def _answer(line: socket.socket) -> str:
    held = b""
    while part := line.recv(4096):
        held += part
    return held.strip(b"\0\n ").decode(errors="replace")


def _understood(answer: str) -> Verdict:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict(True)
    if said.endswith(" FOUND"):
        return Verdict(False, said.removesuffix(" FOUND")[:80])
    raise ScannerAway("it answered neither OK nor FOUND")
