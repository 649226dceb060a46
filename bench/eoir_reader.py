"""Runs in the environment of the package `eoir`, which has no Wayhome: its reader of one table.

`eoir_reader.py FILE` reads the file to its end and prints rows and processor seconds.
`eoir_reader.py FILE OUT` writes what becomes of each line: its number, a TAB, and the row.
"""

import csv
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import eoir.core.csv


class Lines:
    """The lines of a file for a CSV reader, counted.

    A line ends at LF alone. NUL bytes are gone, for `eoir clean` removes them beforehand.
    """

    def __init__(self) -> None:
        self.ended = 0

    def counted(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            yield line.replace("\0", "")
            self.ended += line.endswith("\n")


def time_reading(file: str) -> None:
    reader = eoir.core.csv.CleanCsv(file)
    begun = time.process_time()
    rows = sum(1 for _ in reader.csv_gen())
    print(rows, time.process_time() - begun)


def write_fates(file: str, out: str) -> None:
    reader = eoir.core.csv.CleanCsv(file)
    lines = Lines()
    eoir.core.csv.csv = SimpleNamespace(
        reader=lambda stream, **how: csv.reader(lines.counted(stream), **how),
        QUOTE_NONE=csv.QUOTE_NONE,
    )
    with Path(out).open("w", encoding="utf-8", newline="") as written:
        for row in reader.csv_gen():
            # The header is line 0, and the line that is being read has not been counted yet.
            written.write(f"{lines.ended}\t{row}")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        time_reading(sys.argv[1])
    else:
        write_fates(sys.argv[1], sys.argv[2])
