"""From a folder of programs to a rulebook, with every fault of every file reported at once.

A folder of programs holds one folder a program, each with `rules.yaml` and, if it needs them,
`tables.yaml` (see docs/how-to/write-a-rule.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from wayhome.law.conditions import RuleHolds, walk
from wayhome.law.faults import Fault, FaultyRulebook
from wayhome.law.reading import ConditionReader
from wayhome.law.reading_rules import RuleDraft, draft_rules, finish_rule
from wayhome.law.reading_tables import read_tables
from wayhome.law.rules import Rule, Rulebook
from wayhome.law.tables import Table
from wayhome.law.vocabulary import Vocabulary, did_you_mean, load_vocabulary, nearest_spelling
from wayhome.law.yaml_lines import UnreadableYaml, read_yaml

RULES_FILE, TABLES_FILE = "rules.yaml", "tables.yaml"


def load_rulebook(folder: Path, vocabulary: Vocabulary | None = None) -> Rulebook:
    """The rulebook in a folder of programs. Raises FaultyRulebook with every fault found."""
    vocabulary = vocabulary or load_vocabulary()
    faults: list[Fault] = []
    programs = _program_folders(folder, faults)
    tables = _load_tables(programs, vocabulary, faults)
    drafts = [d for p in programs for d in _load_drafts(p, faults)]
    _report_repeated(drafts, faults)
    rules = _finish(drafts, vocabulary, tables, faults)
    _report_circles(rules, faults)
    _report_unknown_bars(rules, faults)
    if faults:
        raise FaultyRulebook(faults)
    return Rulebook(vocabulary, tuple(p.name for p in programs), rules, tables)


def _program_folders(folder: Path, faults: list[Fault]) -> list[Path]:
    found = sorted(p.parent for p in folder.glob(f"*/{RULES_FILE}"))
    if not found:
        message = f"No program here: a program is a folder with a {RULES_FILE}."
        faults.append(Fault(str(folder), "", 0, 0, message))
    return found


def _yaml(path: Path, faults: list[Fault]) -> object:
    try:
        return read_yaml(path)
    except UnreadableYaml as error:
        faults.append(Fault(_shown(path), "", error.line, 0, f"This is not YAML: {error}."))
    except OSError as error:
        faults.append(Fault(_shown(path), "", 0, 0, f"It cannot be opened: {error.strerror}."))
    return None


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _load_tables(
    programs: Iterable[Path], vocabulary: Vocabulary, faults: list[Fault]
) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for program in programs:
        path = program / TABLES_FILE
        if not path.exists():
            continue
        for table in read_tables(
            _yaml(path, faults), program.name, _shown(path), vocabulary, faults
        ):
            if table.name in tables:
                first = tables[table.name].file
                message = f"There is a table {table.name!r} in {first} already."
                faults.append(Fault(table.file, table.name, 0, 0, message))
            tables.setdefault(table.name, table)
    return tables


def _load_drafts(program: Path, faults: list[Fault]) -> Iterator[RuleDraft]:
    path = program / RULES_FILE
    content = _yaml(path, faults)
    yield from draft_rules(content, program.name, _shown(path), faults)


def _report_repeated(drafts: Iterable[RuleDraft], faults: list[Fault]) -> None:
    first: dict[str, RuleDraft] = {}
    for draft in drafts:
        earlier = first.setdefault(draft.id, draft)
        if earlier is not draft:
            message = (
                f"Two rules have the id {draft.id!r}; the first is in {earlier.file}, "
                f"line {earlier.entry.line}. Give this one another id."
            )
            faults.append(draft.fault("id", message))


def _finish(
    drafts: list[RuleDraft],
    vocabulary: Vocabulary,
    tables: Mapping[str, Table],
    faults: list[Fault],
) -> dict[str, Rule]:
    reader = ConditionReader(vocabulary, tables, frozenset(d.id for d in drafts))
    finished = (finish_rule(draft, reader, faults) for draft in drafts)
    return {rule.id: rule for rule in finished if rule is not None}


def _report_circles(rules: Mapping[str, Rule], faults: list[Fault]) -> None:
    """A rule may not refer to itself, straight or through others."""
    names = {
        rule.id: {c.rule for c in walk(rule.condition) if isinstance(c, RuleHolds)}
        for rule in rules.values()
    }
    for rule in rules.values():
        circle = _circle_from(rule.id, names)
        if circle:
            shown = " → ".join(circle)
            message = f"The rule refers to itself: {shown}. Write the condition out instead."
            faults.append(Fault(rule.file, rule.id, rule.line, 0, message))


def _circle_from(start: str, names: Mapping[str, set[str]]) -> list[str] | None:
    paths = [[start]]
    seen: set[str] = set()
    while paths:
        path = paths.pop()
        for name in sorted(names.get(path[-1], ())):
            if name == start:
                return [*path, start]
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return None


def _report_unknown_bars(rules: Mapping[str, Rule], faults: list[Fault]) -> None:
    """What a bar stands before is a route or a rule that exists; so is a waiver named by id."""
    for rule in rules.values():
        for name in (*rule.stands_before, *rule.waivers):
            if _looks_like_id(name, rule) and name not in rules:
                near = nearest_spelling(name, rules)
                hint = did_you_mean(near)
                message = f"There is no rule {name!r}.{hint}"
                faults.append(Fault(rule.file, rule.id, rule.line, 0, message))


def _looks_like_id(name: str, rule: Rule) -> bool:
    return name.startswith(f"{rule.program}.") and " " not in name
