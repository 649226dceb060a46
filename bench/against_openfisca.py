"""`planes` against openfisca-core with the same rules, over cases without unknowns.

OpenFisca has no "unknown", so every fact is known here. It runs in an environment of its own. Its
clock starts with the facts in memory as arrays, words as numbers, and date arithmetic solved for
the date; it takes in a simulation with these facts and the calculation of every rule. The clock of
planes takes in opening the file and planning. Counts of every rule must be equal.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa

from bench.inputs import Docket
from bench.measuring import Finding, RivalIsMissing, interleaved
from wayhome.engine.fact_tables import open_fact_table
from wayhome.engine.graph import Graph
from wayhome.engine.narrowing import narrowed
from wayhome.engine.planes import Screening, screen
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    Holds,
    Is,
    IsKnown,
    Known,
    Literal,
    Not,
    OneOf,
    Shifted,
    Term,
)

RELEASE = "46.0.1"
MARK = 5.0
RUNNER = Path(__file__).with_name("openfisca_country.py")
EPOCH = date(1970, 1, 1)


def finding(docket: Docket, graph: Graph, name: str, rounds: int, folder: Path) -> Finding:
    """The ratio of OpenFisca's time to that of planes, both on one round of rules after another."""
    python = environment(folder / ".venv-openfisca", f"openfisca-core=={RELEASE}")
    table = open_fact_table(docket.arrow)
    narrow = narrowed(graph, table.facts)
    rules, facts = folder / f"{name}-rules.json", folder / f"{name}-facts.npz"
    words = _write_facts(docket, facts)
    rules.write_text(json.dumps(_rules(narrow, words)), encoding="utf-8")
    theirs: list[dict[str, Any]] = []
    ours: list[Screening] = []
    runs: dict[str, Callable[[], object]] = {
        "planes": lambda: ours.append(screen(graph, open_fact_table(docket.arrow), outcomes=False)),
        "openfisca": lambda: theirs.append(_run(python, rules, facts)),
    }
    seconds = interleaved(runs, rounds)
    # Its own clock leaves out the start of Python and the reading of its arrays.
    seconds["openfisca"] = [median(told["seconds"]) for told in theirs[1:]]
    ratio = median(t / o for t, o in zip(seconds["openfisca"], seconds["planes"], strict=True))
    different = _different(theirs[-1]["counts"], ours[-1])
    return Finding(
        what=f"planes against openfisca-core {RELEASE}, {name} rulebook, no unknowns",
        mark=f"at least {MARK:g} times faster",
        ratio=ratio,
        unit="times faster",
        is_met=ratio >= MARK and not different,
        how=f"{docket.rows:,} cases; {len(narrow.rules)} rules; counts per rule; trace off; "
        f"a new simulation each round; {len(different)} rules differ",
        seconds=seconds,
    )


def environment(folder: Path, package: str) -> Path:
    """The Python of an environment with just one package. Raises RivalIsMissing."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    installed = subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", package],
        capture_output=True,
        text=True,
        check=False,
    )
    if installed.returncode:
        raise RivalIsMissing(f"{package} cannot be installed: {installed.stderr.splitlines()[-1]}")
    return python


def _run(python: Path, rules: Path, facts: Path) -> dict[str, Any]:
    command = [str(python), str(RUNNER), str(rules), str(facts), "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RivalIsMissing(f"OpenFisca stopped: {done.stderr.splitlines()[-1]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _different(theirs: dict[str, int], ours: Screening) -> list[str]:
    return [rule for rule, counts in ours.rules.items() if theirs[_name(rule)] != counts.true]


def _name(rule: str) -> str:
    return rule.replace(".", "__")


# --- the cases as arrays ---------------------------------------------------------------------


def _write_facts(docket: Docket, path: Path) -> dict[str, list[str]]:
    """Writes every fact as an array, and returns the words of those that are words."""
    with pa.memory_map(str(docket.arrow)) as mapped:
        table = pa.ipc.open_file(mapped).read_all().unify_dictionaries().combine_chunks()
    table = table.select([n for n in table.column_names if n not in ("case_id", "court")])
    words: dict[str, list[str]] = {}
    arrays = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_dictionary(column.type):
            words[name] = column.dictionary.to_pylist()
            arrays[name] = column.indices.to_numpy(zero_copy_only=False).astype(np.int32)
        else:
            arrays[name] = column.to_numpy(zero_copy_only=False)
    if not path.exists():
        np.savez(path, **arrays)
    return words


# --- the rules as NumPy ----------------------------------------------------------------------


def _rules(graph: Graph, words: dict[str, list[str]]) -> dict[str, Any]:
    kinds = dict.fromkeys(words, "word")
    for node in graph.nodes:
        for term in _terms(node):
            kinds.setdefault(term[0], term[1])
    rules = {_name(r): _expression(graph.nodes[i], words) for r, i in graph.rules.items()}
    return {"facts": kinds, "rules": rules}


def _terms(node: Condition) -> list[tuple[str, str]]:
    match node:
        case Holds(fact):
            return [(fact, "bool")]
        case Compare(_, left, right):
            terms = [t for t in (left, right) if not isinstance(t, Literal)]
            kind = "int" if left.type == "int" else "date"
            return [(_fact(t), kind) for t in terms]
        case _:
            return []


def _fact(term: Term) -> str:
    return _fact(term.term) if isinstance(term, Shifted) else term.fact  # type: ignore[union-attr]


_SIGNS = {Comparison.EQUAL: "==", Comparison.NOT_EQUAL: "!="}


def _expression(node: Condition, words: dict[str, list[str]]) -> str:
    match node:
        case Known(value):
            return repr(bool(value))
        case IsKnown(_):
            return "True"
        case Holds(fact):
            return f"f({fact!r})"
        case Not(part):
            return f"(~{_expression(part, words)})"
        case Is(part, wanted):
            inner = _expression(part, words)
            return "False" if wanted is None else inner if wanted else f"(~{inner})"
        case AllOf(parts):
            return "(" + " & ".join(_expression(p, words) for p in parts) + ")"
        case AnyOf(parts):
            return "(" + " | ".join(_expression(p, words) for p in parts) + ")"
        case OneOf(term, values):
            listed = words[_fact(term)]
            codes = [listed.index(str(v)) for v in values if v in listed] or [-1]
            same = (f"(f({_fact(term)!r}) == {code})" for code in codes)
            return "(" + " | ".join(same) + ")"
        case Compare(comparison, left, right):
            sign = _SIGNS.get(comparison, str(comparison))
            return f"({_value(left)} {sign} {_value(right)})"
    raise ValueError(f"{node} is not written for OpenFisca")


def _value(term: Term) -> str:
    match term:
        case Literal(value, _) if isinstance(value, date):
            return f"np.datetime64({value.isoformat()!r})"
        case Literal(value, _):
            return repr(value)
        case Shifted(inner, count, unit) if unit == "day":
            return f"({_value(inner)} + np.timedelta64({count}, 'D'))"
        case Shifted():
            raise ValueError("Only days are shifted here; the rest is solved by narrowing")
        case _:
            return f"f({_fact(term)!r})"
