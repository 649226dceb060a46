"""The templates of papers: Markdown files in each program's `papers/` folder, read and checked.

A template begins with a few lines of YAML between two lines of `---` (title, about, for_rules) and
is filled by Jinja2. How to write one: docs/how-to/write-a-paper.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from jinja2 import TemplateSyntaxError, nodes

from wayhome.engine.findings import Finding
from wayhome.law.faults import Fault, FaultyRulebook
from wayhome.law.rules import Rule, Rulebook
from wayhome.law.vocabulary import did_you_mean, nearest_spelling
from wayhome.papers.filling import BORDERS, environment
from wayhome.papers.naming import PERSON
from wayhome.programs import FOLDER, rulebook

PAPERS = "papers"
_HEADINGS = ("title", "about", "for_rules")


class UnknownTemplate(KeyError):
    """A template id that there is none of."""

    def __str__(self) -> str:
        return str(self.args[0])


class FaultyTemplates(FaultyRulebook):
    """Templates that cannot be used, with every fault found."""


@dataclass(frozen=True)
class Template:
    """One paper: `id` is program/file; it is for whoever one of `for_rules` holds for.

    A paper for no rule in particular is for everybody. `body` is Markdown for Jinja2.
    """

    id: str
    program: str
    title: str
    about: str
    for_rules: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class Suited:
    """A template beside one case: which of its grounds hold (on the law, or asked for)."""

    template: Template
    grounds: tuple[Rule, ...]

    @property
    def is_called_for(self) -> bool:
        return bool(self.grounds)


@cache
def templates() -> tuple[Template, ...]:
    """Every template, in the order of programs and file names. Raises FaultyTemplates."""
    return read_templates(FOLDER, rulebook())


def template_of(template_id: str) -> Template:
    """Raises UnknownTemplate with the nearest spelling."""
    by_id = {template.id: template for template in templates()}
    if template_id in by_id:
        return by_id[template_id]
    hint = did_you_mean(nearest_spelling(template_id, by_id))
    raise UnknownTemplate(f"There is no paper {template_id!r}.{hint}")


def suited(findings: Iterable[Finding]) -> list[Suited]:
    """All templates: first those whose grounds hold, then those for everybody, then the rest."""
    holding = {rule.id: rule for finding in findings for rule in finding.grounds}
    found = [
        Suited(template, tuple(holding[r] for r in template.for_rules if r in holding))
        for template in templates()
    ]
    return sorted(found, key=lambda s: (not s.is_called_for, bool(s.template.for_rules)))


def read_templates(folder: Path, book: Rulebook) -> tuple[Template, ...]:
    """The templates in a folder of programs. Raises FaultyTemplates with every fault found."""
    faults: list[Fault] = []
    read = []
    for path in sorted(folder.glob(f"*/{PAPERS}/*.md")):
        template = _read(path, faults)
        if template is not None:
            read.append(template)
            faults += _faults_of(template, book, path)
    if faults:
        raise FaultyTemplates(faults)
    order = {name: place for place, name in enumerate(book.programs)}
    return tuple(sorted(read, key=lambda t: (t.program != "return_home", order[t.program])))


def _read(path: Path, faults: list[Fault]) -> Template | None:
    program, name = path.parent.parent.name, path.stem
    text = path.read_text(encoding="utf-8")
    _, _, rest = text.partition("---\n")
    head, _, body = rest.partition("\n---\n")
    try:
        said = yaml.safe_load(head)
    except yaml.YAMLError as error:
        said = str(error)
    shown = f"{program}/{PAPERS}/{path.name}"
    if not isinstance(said, dict) or not said.get("title") or not body.strip():
        message = "It must begin with ---, title: and about: in YAML, and --- before the text."
        faults.append(Fault(shown, "", 1, 0, message))
        return None
    for key in set(said) - set(_HEADINGS):
        hint = did_you_mean(nearest_spelling(key, _HEADINGS))
        faults.append(Fault(shown, "", 1, 0, f"There is no {key!r} before the text.{hint}"))
    return Template(
        id=f"{program}/{name}",
        program=program,
        title=str(said["title"]),
        about=str(said.get("about", "")),
        for_rules=tuple(said.get("for_rules") or ()),
        body=body.strip() + "\n",
    )


def _faults_of(template: Template, book: Rulebook, path: Path) -> Iterator[Fault]:
    shown = f"{template.program}/{PAPERS}/{path.name}"
    above = path.read_text(encoding="utf-8").partition(template.body.rstrip())[0].count("\n")
    if any(border in template.body for border in BORDERS):
        yield Fault(shown, "", 0, 0, "It holds a character that marks filled places.")
    for rule in template.for_rules:
        if rule not in book.rules:
            yield Fault(shown, rule, 1, 0, f"No such rule.{_near(rule, book.rules)}")
    try:
        tree = environment().parse(template.body)
    except TemplateSyntaxError as error:
        yield Fault(shown, "", above + error.lineno, 0, f"Jinja2 cannot read this: {error.message}")
        return
    for name, line in _attributes(tree, "facts"):
        if name not in book.vocabulary:
            near = did_you_mean(book.vocabulary.nearest(name))
            yield Fault(shown, "", above + line, 0, f"There is no fact {name!r}.{near}")
    for name, line in _attributes(tree, "person"):
        if name not in PERSON:
            yield Fault(
                shown, "", above + line, 0, f"A person has no {name!r}.{_near(name, PERSON)}"
            )
    for name, line in _rules_called(tree):
        if name not in book.rules:
            yield Fault(
                shown, "", above + line, 0, f"No such rule: {name!r}.{_near(name, book.rules)}"
            )


def _near(word: str, known: Iterable[str]) -> str:
    return did_you_mean(nearest_spelling(word, known))


def _attributes(tree: nodes.Template, of: str) -> Iterator[tuple[str, int]]:
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == of:
            yield node.attr, node.lineno


def _rules_called(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in (
            "rule",
            "law",
            "once",
            "deadlines",
        ):
            for word in call.args:
                if isinstance(word, nodes.Const):
                    yield str(word.value), call.lineno
