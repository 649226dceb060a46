"""The page of figures: `python -m bench.page bench-output/bench.json docs/benchmarks.md`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from bench.measuring import CASES

HEAD = """<!-- Made by `python -m bench.page`; do not edit. -->

# How fast, how much memory

Both sides of every comparison ran in turn in one run, after a round that is not counted. The figure
is the median of the ratios of the rounds. Cases are SYNTHETIC or random: nobody in them exists.
The public pages and the closing plan were measured with published figures. `make bench` measures
it all again and writes `bench-output/bench.json`; `python -m bench --help` says how to measure a
part.
"""


def page(measurements: Sequence[dict[str, Any]]) -> str:
    """The page of one or more measurements, in their order."""
    parts = [HEAD, *(part for told in measurements for part in _measurement(told))]
    return "\n".join(parts) + "\n"


def _measurement(told: dict[str, Any]) -> Iterator[str]:
    """A part for each thing that was measured in the run, as its findings say themselves."""
    for of in dict.fromkeys(_of(finding) for finding in told["findings"]):
        yield f"## {_heading(told, of)}\n"
        yield from _machine(told)
        yield "| what | measured | must be | met | seconds (median) |"
        yield "| --- | --- | --- | --- | --- |"
        yield from (_row(finding) for finding in told["findings"] if _of(finding) == of)
        yield ""


def _of(finding: dict[str, Any]) -> str:
    return str(finding.get("of", CASES))  # runs of before do not say it: they were of cases


def _heading(told: dict[str, Any], of: str) -> str:
    if of == CASES:
        return f"{told['cases']:,} cases, {told['rounds']} rounds"
    return "The public pages and the closing plan"


def _machine(told: dict[str, Any]) -> Iterator[str]:
    machine = told["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    command = re.sub(r"/\S*/", "", told.get("command", "python -m bench"))
    yield f"`{command}` on {machine['processor']}, {machine['cores']} cores, "
    yield f"{machine['memory_gb']} GB, {machine['system']}, Python {machine['python']}; {versions}."
    yield f"Load before: {', '.join(str(load) for load in machine['load_before'])}.\n"


def _row(finding: dict[str, Any]) -> str:
    times = "; ".join(f"{n}: {median(taken):.3f}" for n, taken in finding["seconds"].items())
    met = "yes" if finding["is_met"] else "**no**"
    more = "; ".join(f"{name}: {value}" for name, value in finding["more"].items())
    how = f"{finding['how']} {more}".strip()
    measured = f"**{finding['ratio']:,.2f}** {finding['unit']}"
    cells = (f"{finding['what']}. {how}", measured, finding["mark"], met, times)
    return "| " + " | ".join(" ".join(str(c).split()).replace("|", "\\|") for c in cells) + " |"


def main() -> None:
    *sources, target = map(Path, sys.argv[1:])
    told = [json.loads(source.read_text(encoding="utf-8")) for source in sources]
    target.write_text(page(told), encoding="utf-8")


if __name__ == "__main__":
    main()
