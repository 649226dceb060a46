"""Opening strangers' files in a process of its own, which has little memory, little time, no keys.

A file that makes the library crash, hang or swell takes that process with it and nothing else. Run
as a program, this module reads a file from its input and writes what is safe of it to its output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

from wayhome.web.files.kinds import SafeFile, safe_file
from wayhome.web.files.what_is_taken import Refused, Why

MOST_MEMORY, MOST_SECONDS = 1_500_000_000, 25
AT_ONCE = 2
CANNOT = "This file cannot be opened safely. Save it anew as a PDF or a photo, and send that."
BUSY = "Many files are being read at the moment. Nothing was kept: send it again in a minute."
_SOURCES = str(Path(__file__).parents[3])
_places = BoundedSemaphore(AT_ONCE)


def safe_file_apart(data: bytes) -> SafeFile:
    """As `safe_file`, in a process of its own. Raises Refused."""
    if not _places.acquire(timeout=MOST_SECONDS):
        raise Refused(BUSY, Why.BUSY)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "wayhome.web.files.apart"],
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            env={"PYTHONPATH": _SOURCES, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused(CANNOT, Why.UNSAFE) from None
    finally:
        _places.release()
    return _understood(done)


def _understood(done: subprocess.CompletedProcess[bytes]) -> SafeFile:
    head, separator, data = done.stdout.partition(b"\n")
    if done.returncode or not separator:
        raise Refused(CANNOT, Why.UNSAFE)
    said = json.loads(head)
    if "refused" in said:
        raise Refused(said["refused"], Why(said["why"]))
    return SafeFile(said["content_type"], data)


def _limit() -> None:
    """What this process may use of the machine; nothing of it may be written to a file."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    _limit()
    said: dict[str, str]
    try:
        found = safe_file(sys.stdin.buffer.read())
        said, data = {"content_type": found.content_type}, found.data
    except Refused as refusal:
        said, data = {"refused": str(refusal), "why": refusal.why}, b""
    except (MemoryError, RecursionError):
        said, data = {"refused": CANNOT, "why": Why.UNSAFE}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + data)


if __name__ == "__main__":
    main()
