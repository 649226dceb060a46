"""Planes kept on disk, so that a rulebook with one rule changed is screened again in a moment.

A folder holds, for each table that was screened, files of planes and an index. A unit (a rule,
an outcome) is known by its content: the same condition over the same table has the same planes,
whatever its rule is called. A file of planes is written block by block, and in each block row by
row; it becomes part of the index only when it is whole.

Whoever has the planes of a table open holds a shared lock on their folder. Who opens them alone
first removes what an interrupted screening left behind: files that are not whole, or of which the
index knows nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from uuid import uuid4

import numpy as np

try:
    import fcntl
except ImportError:  # Windows: what is left behind stays.
    fcntl = None  # type: ignore[assignment]

from wayhome.engine.planes.algebra import EVERYWHERE, NOWHERE, Algebra
from wayhome.engine.planes.columns import Words
from wayhome.engine.planes.evaluation import Matrix
from wayhome.engine.planes.kept_groups import KeptGroups
from wayhome.engine.planes.leaves import Kept

# In the place of a row, for planes that hold no case or every case.
_CONSTANT_ROWS = {NOWHERE: -1, EVERYWHERE: -2}
_CONSTANT_PLANES = {row: plane for plane, row in _CONSTANT_ROWS.items()}


@dataclass(frozen=True)
class KeptUnit:
    """Where a unit's planes lie: the rows of a file. `counts` are the cases in each plane."""

    file: str
    rows: tuple[int, ...]
    counts: tuple[int, ...]


def row_of(plane: int, row: int | None) -> int:
    """What a kept unit says of a plane: its row in the file, or that it is constant."""
    return _CONSTANT_ROWS[plane] if row is None else row


class KeptPlanes:
    """The planes that were kept of one table. `words` gives the words of a plane in each block.

    They are to be read and added to between `__enter__` and `__exit__`.
    """

    def __init__(self, folder: Path, fingerprint: str, words: Sequence[int]) -> None:
        self.folder = folder / fingerprint
        self.words = words
        self.words_before = [0, *accumulate(words)]
        self.units: dict[str, KeptUnit] = {}
        self.heights: dict[str, int] = {}
        self._mapped: dict[str, Words] = {}

    def __enter__(self) -> KeptPlanes:
        self.folder.mkdir(parents=True, exist_ok=True)
        if fcntl is not None:
            self._lock = os.open(self.folder, os.O_RDONLY)
            if self._is_alone():
                self._read_index()
                self._remove_what_is_of_no_use()
            fcntl.flock(self._lock, fcntl.LOCK_SH)
        self._read_index()
        self._mapped = {file: self._map(file) for file in self.heights}
        self.groups = KeptGroups(self.folder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if fcntl is not None:
            os.close(self._lock)

    def _is_alone(self) -> bool:
        """Whether nobody else has these planes open; then nobody can open them either."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _remove_what_is_of_no_use(self) -> None:
        of_use = {unit.file for unit in self.units.values()}
        for path in self.folder.iterdir():
            is_planes = path.suffix == ".planes" and path.name not in of_use
            if is_planes or path.suffix == ".part":
                path.unlink()

    def _read_index(self) -> None:
        path = self.folder / "index.json"
        if not path.exists():
            return
        index = json.loads(path.read_text(encoding="utf-8"))
        for name, (file, rows, counts) in index["units"].items():
            self.units[name] = KeptUnit(file, tuple(rows), tuple(counts))
        of_use = {unit.file for unit in self.units.values()}
        self.heights = {file: n for file, n in index["heights"].items() if file in of_use}

    def _map(self, file: str) -> Words:
        path = self.folder / file
        # The planes of a table without cases are a file without bytes, which cannot be mapped.
        return (
            np.memmap(path, np.uint64, mode="r") if path.stat().st_size else np.empty(0, np.uint64)
        )

    def planes(self, name: str, algebra: Algebra) -> tuple[int, ...]:
        """A kept unit's planes, as leaves."""
        return tuple(
            _CONSTANT_PLANES[row] if row < 0 else algebra.leaf(Kept(name, number))
            for number, row in enumerate(self.units[name].rows)
        )

    def read(self, leaf: Kept, block: int) -> Words:
        """The words of a kept plane in a block."""
        unit, words = self.units[leaf.name], self.words[block]
        start = self._start(unit.file, block) + unit.rows[leaf.number] * words
        return self._mapped[unit.file][start : start + words]

    def _start(self, file: str, block: int) -> int:
        return self.heights[file] * self.words_before[block]

    def keep(self, file: str, height: int, units: Mapping[str, KeptUnit]) -> None:
        """Makes a whole file and its units part of what is kept."""
        self.units |= units
        self.heights[file] = height
        listed = {name: (unit.file, unit.rows, unit.counts) for name, unit in self.units.items()}
        beside = self.folder / "index.json.part"
        beside.write_text(json.dumps({"heights": self.heights, "units": listed}), encoding="utf-8")
        beside.replace(self.folder / "index.json")


class PlanesFile:
    """A new file of planes, written beside and put in place only when it is whole."""

    def __init__(self, kept: KeptPlanes, height: int) -> None:
        self.kept, self.height = kept, height
        self.name = f"{uuid4().hex}.planes"
        self.beside = kept.folder / f"{self.name}.part"

    def __enter__(self) -> PlanesFile:
        self._handle = os.open(self.beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY)
        return self

    def write(self, block: int, answers: Matrix) -> None:
        """Writes a block's answers. Any thread may write any block."""
        place = self.height * self.kept.words_before[block] * 8
        left = answers.reshape(-1).view(np.uint8).data
        while left:
            written = os.pwrite(self._handle, left, place)
            left, place = left[written:], place + written

    def keep(self, units: Mapping[str, KeptUnit]) -> None:
        """Puts the whole file in place."""
        self.beside.replace(self.kept.folder / self.name)
        self.kept.keep(self.name, self.height, units)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._handle)
        self.beside.unlink(missing_ok=True)
