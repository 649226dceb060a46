"""How every comparison is measured: the rivals one after the other, in turn, several times."""

from __future__ import annotations

import gc
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

PACKAGES = (
    *("wayhome", "numpy", "pyarrow", "duckdb", "sqlglot", "django", "gunicorn", "psycopg"),
    *("pgserver", "typst", "python-docx"),
)

# What a measurement is of: invented or random cases, or the publications themselves.
CASES, PUBLICATIONS = "cases", "publications"


class RivalIsMissing(RuntimeError):
    """A rival that could not be installed or would not run here; its comparison is left out."""


@dataclass(frozen=True)
class Finding:
    """One figure beside its mark. `ratio` is the figure that the mark is about; `of`, what was
    measured: CASES or PUBLICATIONS."""

    what: str
    mark: str
    ratio: float
    unit: str
    is_met: bool
    how: str
    seconds: Mapping[str, Sequence[float]] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    of: str = CASES


def interleaved(rivals: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Wall seconds of each rival in each round, after one round that is not counted.

    In each round every rival runs once, so that what else the machine does falls on all alike.
    """
    seconds: dict[str, list[float]] = {name: [] for name in rivals}
    for counted in range(-1, rounds):
        for name, run in rivals.items():
            taken = timed(run)
            if counted >= 0:
                seconds[name].append(taken)
    return seconds


def timed(run: Callable[[], object]) -> float:
    gc.collect()
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def ratio_of(seconds: Mapping[str, Sequence[float]], rival: str, ours: str) -> float:
    """How many times as long the rival takes: the median over rounds of the two side by side."""
    pairs = zip(seconds[rival], seconds[ours], strict=True)
    return median(theirs / own for theirs, own in pairs)


def peak_memory_of(code: str, *words: str) -> float:
    """The most memory that a Python program of its own held, in GB, mapped files included."""
    report = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}", *words],
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout.split()[-1]) * 1024 / 1e9


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": [round(load, 1) for load in os.getloadavg()],
        "versions": {name: _version(name) for name in PACKAGES},
    }


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text().splitlines() if listing.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def shown(finding: Finding) -> str:
    """A finding in a line, with the seconds it rests on."""
    met = "met" if finding.is_met else "NOT MET"
    lines = [f"{finding.what}: {finding.ratio:,.2f} {finding.unit} (must be {finding.mark}): {met}"]
    for name, taken in finding.seconds.items():
        spread = f"{min(taken):.3f} to {max(taken):.3f}"
        lines.append(f"    {name}: median {median(taken):.3f} s ({spread}, {len(taken)} rounds)")
    lines += [f"    {name}: {value}" for name, value in finding.more.items()]
    return "\n".join([*lines, f"    {finding.how}"])


def save(path: Path, about: Mapping[str, Any], findings: Sequence[Finding]) -> None:
    """Writes what was measured as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**about, "findings": [asdict(finding) for finding in findings]}
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(content, indent=2, default=str) + "\n", encoding="utf-8")
    beside.replace(path)
