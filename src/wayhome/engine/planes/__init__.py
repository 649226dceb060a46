"""The planes reader: every case of a table at once, two bits a condition and case.

`screen` and `case_answers` are the ways in. A graph is narrowed to the facts of the table
(`engine.narrowing`), lowered to planes (`lowering`, `algebra`), and planned (`plan`); then each
block of cases is worked out (`columns`, `evaluation`) and counted (`counting`).
"""

from wayhome.engine.planes.case_answers import case_answers
from wayhome.engine.planes.screening import Counts, GroupOutcomes, Screening, screen

__all__ = ["Counts", "GroupOutcomes", "Screening", "case_answers", "screen"]
