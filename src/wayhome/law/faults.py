"""What is wrong with a rulebook, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One fault. `line` and `column` are counted from 1; 0 means that they are not known."""

    file: str
    rule: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = self.file
        place += f", line {self.line}" if self.line else ""
        place += f", column {self.column}" if self.line and self.column else ""
        rule = f" {self.rule}:" if self.rule else ""
        return f"{place}:{rule} {self.message}"


class FaultyRulebook(ValueError):
    """A rulebook with faults, all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda f: (f.file, f.line, f.column))
        super().__init__("\n".join(str(f) for f in self.faults))
