"""This house's own rules: small, loud, and about the whole repository."""

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from wayhome.programs import FOLDER, rulebook

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "wayhome").rglob("*.py"))
LONGEST_FUNCTION, LONGEST_FILE = 80, 600
PROGRAMS = [p for p in sorted(FOLDER.iterdir()) if (p / "__init__.py").exists()]


def committed_files():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_it_keeps_functions_short():
    long = [
        f"{path.relative_to(ROOT)}:{f.lineno} {f.name} has {f.end_lineno - f.lineno + 1} lines"
        for path in SOURCES
        for f in functions(path)
        if f.end_lineno - f.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_it_keeps_files_short():
    long = {
        str(p.relative_to(ROOT)): n
        for p in SOURCES
        if (n := len(p.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long


def test_it_reads_the_clock_only_at_the_edge():
    clock = re.compile(r"\b(date\.today|datetime\.(now|utcnow|today)|time\.time)\(")
    inside = [
        p for p in SOURCES if "cli" not in p.relative_to(ROOT).parts and clock.search(p.read_text())
    ]
    # The time an import took and when it ran are part of its provenance record.
    assert [p.name for p in inside if "sources" not in p.parts] == []


@pytest.mark.parametrize("word", ["duckdb", "pyarrow"])
def test_it_keeps_law_free_of_data_engines(word):
    law = [p for p in SOURCES if "law" in p.relative_to(ROOT).parts]
    assert law
    assert [p.name for p in law if f"import {word}" in p.read_text()] == []


def test_it_imports_duckdb_only_where_many_rows_are_read():
    users = {
        p.relative_to(ROOT / "src" / "wayhome").parts[0]
        for p in SOURCES
        if "import duckdb" in p.read_text()
    }
    assert users <= {"engine", "sources", "public_record"}


def test_it_has_no_rooms_without_a_name():
    vague = {"utils", "helpers", "common", "misc", "manager", "util", "helper"}
    assert [p for p in SOURCES if p.stem in vague or set(p.parts) & vague] == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.name)
def test_it_gives_every_program_its_files(program):
    for name in ("README.md", "rules.yaml", "words.yaml", "examples"):
        assert (program / name).exists(), f"{program.name} has no {name}"


def test_it_sources_and_dates_every_rule():
    for rule in rulebook().rules.values():
        assert rule.cites, f"{rule.id} cites nothing"
        assert rule.in_force, f"{rule.id} is never in force"
        assert rule.source, f"{rule.id} names no source"


def test_it_says_who_is_not_a_person():
    """Person-first words everywhere but where a source's own field or title is named."""
    harsh = re.compile(r"\b(illegals?|illegal (alien|immigrant)s?|aliens)\b", re.IGNORECASE)
    texts = [*SOURCES, *FOLDER.rglob("*.yaml"), *FOLDER.rglob("*.md")]
    assert [str(p) for p in texts if harsh.search(p.read_text(encoding="utf-8"))] == []


def test_it_names_no_registry_and_no_machine():
    # Put together here so that this file does not find itself.
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "crates" + ".io"]
    paths = ["/work" + "/main", "/work" + "/shared", "/root" + "/"]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in committed_files()
        if path.suffix not in (".png", ".ico", ".xlsx", ".parquet", ".arrow")
        for word in hosts + paths
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert not found


def test_it_locks_dependencies_with_hashes_and_no_address():
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text()
        assert "://" not in text
        pinned = re.findall(
            r"^[a-z0-9][^\n]*?==[^\n]*(?:\n    --hash=sha256:[0-9a-f]{64}[^\n]*)+", text, re.M
        )
        assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.M)), (
            f"{path.name}: a line without a hash"
        )


def test_no_two_files_of_tests_have_one_name():
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_it_starts_processes_anew_and_never_forks_beside_threads():
    """A forked process may wait for ever for a lock that another thread held at that moment."""
    calls = [
        (path.relative_to(ROOT), call)
        for path in SOURCES
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("ProcessPoolExecutor")
    ]
    assert calls
    assert [p for p, call in calls if "mp_context" not in {k.arg for k in call.keywords}] == []
    assert [p for p in SOURCES if "register_at_fork" in p.read_text(encoding="utf-8")] == []
