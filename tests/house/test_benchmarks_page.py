"""The page of figures says of what each was measured."""

from dataclasses import asdict
from pathlib import Path

from bench import closing_plan
from bench.measuring import CASES, PUBLICATIONS, Finding
from bench.page import page


def _run(command, *findings):
    machine = {
        **{"processor": "P", "cores": 2, "memory_gb": 4, "system": "S", "python": "3.11"},
        **{"versions": {"wayhome": "0.1"}, "load_before": [0.1]},
    }
    told = [asdict(finding) for finding in findings]
    return {
        **{"command": command, "machine": machine, "cases": 5000, "rounds": 3},
        "findings": told,
    }


def _finding(what, of=CASES):
    return Finding(what, "under 1", 0.5, "s", True, "How.", of=of)


def _parts(*runs):
    """The headings of the page, each with the first cells of its table."""
    parts = page(runs).split("\n## ")[1:]
    return [
        (part.splitlines()[0], [line.split(".")[0] for line in part.splitlines() if "How" in line])
        for part in parts
    ]


def test_it_says_of_a_run_of_both_what_is_of_cases_and_what_of_publications():
    run = _run("python -m bench", _finding("a plan", PUBLICATIONS), _finding("a screening"))
    assert _parts(run) == [
        ("The public pages and the closing plan", ["| a plan"]),
        ("5,000 cases, 3 rounds", ["| a screening"]),
    ]


def test_it_does_not_ask_the_words_of_the_command():
    renamed = _run("python -m bench --only pages", _finding("a page", PUBLICATIONS))
    named = _run("python -m bench --folder closing-plan-old", _finding("a screening"))
    headings = [heading for heading, _ in _parts(renamed, named)]
    assert headings == ["The public pages and the closing plan", "5,000 cases, 3 rounds"]


def test_a_run_of_before_is_of_cases():
    run = _run("python -m bench", _finding("a screening"))
    del run["findings"][0]["of"]
    assert _parts(run) == [("5,000 cases, 3 rounds", ["| a screening"])]


def test_the_closing_plan_says_that_it_is_of_publications(tmp_path, monkeypatch):
    class Roll:
        facilities = ()

    (tmp_path / "FY21.xlsx").touch()
    for name, answer in (("import_statistics", None), ("facilities_of", Roll), ("_plans", [])):
        monkeypatch.setattr(closing_plan, name, lambda *_, answer=answer: answer)
    (finding,) = closing_plan.findings(tmp_path, real=Path(tmp_path))
    assert finding.of == PUBLICATIONS
