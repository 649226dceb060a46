"""A file of the release as blocks of whole lines, whatever its encoding and line ends.

A file in UTF-16 (with or without its mark) is turned into UTF-8 on the way; the mark of UTF-8 is
dropped; CR LF becomes LF. Everything else is left for `lines` to mend.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

from wayhome.sources.eoir.release import ByteStream, ReleaseProblem

Item = TypeVar("Item")

BLOCK_SIZE = 16 << 20
LONGEST_LINE = 512 << 20

UTF8_MARK = codecs.BOM_UTF8
UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True)
class Block:
    """Whole lines, each ended by LF. `read` is how many bytes of the file they were."""

    data: bytes
    read: int


def blocks_of(name: str, stream: ByteStream, size: int) -> Iterator[Block]:
    """The lines of a file, the header among them, in blocks of about `size` bytes.

    Raises ReleaseProblem when a line is longer than any table's could be.
    """
    rest = b""
    unreported = 0
    for piece, read in _utf8_pieces(stream, size):
        unreported += read
        end = piece.rfind(b"\n") + 1
        if end == 0:
            rest += piece
            _check_length(name, rest)
            continue
        yield Block(_with_plain_ends(rest + piece[:end]), unreported)
        rest, unreported = piece[end:], 0
    if rest:
        yield Block(_with_plain_ends(rest + b"\n"), unreported)


def ahead(
    items: Callable[[], AbstractContextManager[Iterator[Item]]],
) -> Generator[Item, None, None]:
    """The items, read by another thread while the caller works on the ones before.

    An exception of that thread is raised here. When the caller stops early, the thread stops too.
    """
    queue: Queue[Item | BaseException | None] = Queue(maxsize=2)
    stopped = Event()

    def read() -> None:
        try:
            with items() as iterator:
                for item in iterator:
                    queue.put(item)
                    if stopped.is_set():
                        return
            queue.put(None)
        except BaseException as error:
            queue.put(error)

    thread = Thread(target=read, daemon=True)
    thread.start()
    try:
        while (item := queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stopped.set()
        while thread.is_alive():
            while not queue.empty():
                queue.get()
            thread.join(0.01)


def _utf8_pieces(stream: ByteStream, size: int) -> Iterator[tuple[bytes, int]]:
    """Pieces of the file in UTF-8 (or what stands there), with the bytes that each was."""
    first = stream.read(size)
    encoding = _utf16_encoding(first)
    if encoding is None:
        yield first.removeprefix(UTF8_MARK), len(first)
        while piece := stream.read(size):
            yield piece, len(piece)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    piece = first
    while piece:
        text = decoder.decode(piece).removeprefix("\ufeff")
        yield text.encode("utf-8"), len(piece)
        piece = stream.read(size)
    yield decoder.decode(b"", final=True).encode("utf-8"), 0


def _utf16_encoding(first: bytes) -> str | None:
    """The UTF-16 that a file is in, if it is: told by its mark, or by a header full of NULs."""
    marked = UTF16_MARKS.get(first[:2])
    if marked:
        return marked
    header = first[:64]
    if len(header) == 64 and header[1::2].count(0) > 24:
        return "utf-16-le"
    if len(header) == 64 and header[0::2].count(0) > 24:
        return "utf-16-be"
    return None


def _with_plain_ends(lines: bytes) -> bytes:
    return lines.replace(b"\r\n", b"\n") if b"\r" in lines else lines


def _check_length(name: str, line: bytes) -> None:
    if len(line) > LONGEST_LINE:
        raise ReleaseProblem(
            f"{name} has a line longer than {LONGEST_LINE >> 20} MB, so it is no table of "
            "lines: fetch the release again."
        )
