"""The English that everything else is translated from, as it stands beside the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wayhome.law.faults import Fault, FaultyRulebook
from wayhome.law.rules import Rulebook
from wayhome.law.vocabulary import did_you_mean, load_vocabulary, nearest_spelling
from wayhome.law.yaml_lines import Entry, UnreadableYaml, read_yaml
from wayhome.programs import FOLDER

WORDS_FILE, PAGE_FILE = "words.yaml", "page.yaml"
ANSWERS = {True: "holds", False: "does_not_hold", None: "cannot_tell"}


@dataclass(frozen=True)
class Text:
    """One English text: a sentence, a heading or a paragraph.

    `context` says which it is (`rule stay.tps_protects holds`), once in the whole; `group` is what
    is read as one: a program's rules, a program's page, the questions, the help.
    """

    context: str
    english: str
    group: str


@cache
def english_texts(folder: Path = FOLDER) -> tuple[Text, ...]:
    """Every text to translate: the facts in their order, then each program's page and rules.

    Raises FaultyRulebook with every fault of every file of words in a folder of programs.
    """
    faults: list[Fault] = []
    texts = tuple(_texts(folder, faults))
    if faults:
        raise FaultyRulebook(faults)
    return texts


@cache
def english_by_context(folder: Path = FOLDER) -> Mapping[str, str]:
    """The English of each context. Raises FaultyRulebook."""
    return {text.context: text.english for text in english_texts(folder)}


def words_faults(folder: Path, book: Rulebook) -> list[Fault]:
    """What is wrong with the words of a folder: unreadable, a rule without, or of no rule."""
    faults: list[Fault] = []
    for program in book.programs:
        path = folder / program / WORDS_FILE
        rules = [rule.id for rule in book.of_program(program)]
        content = _mapping(path, faults) if path.exists() else Entry(0)
        if content is None:
            continue
        list(_rules(content, path, faults))
        for rule in rules:
            if rule not in content:
                wanted = ", ".join(ANSWERS.values())
                message = f"There are no words for this rule. Write a sentence each for {wanted}."
                faults.append(Fault(shown(path), rule, 0, 0, message))
        for rule in content:
            if rule not in rules:
                hint = did_you_mean(nearest_spelling(rule, rules))
                message = f"There is no such rule in this program.{hint}"
                faults.append(Fault(shown(path), rule, content.line_of(rule), 0, message))
        if (folder / program / PAGE_FILE).exists():
            list(_page(folder / program / PAGE_FILE, program, faults))
    return sorted(faults, key=lambda fault: (fault.file, fault.line))


def shown(path: Path) -> str:
    """A file as it is named to people: `stay/words.yaml`."""
    return f"{path.parent.name}/{path.name}"


def _texts(folder: Path, faults: list[Fault]) -> Iterator[Text]:
    for fact in load_vocabulary():
        if fact.question:
            yield Text(f"fact {fact.name} question", fact.question, "questions")
        if fact.help:
            yield Text(f"fact {fact.name} help", fact.help, "help")
    for program in sorted(path.parent for path in folder.glob(f"*/{WORDS_FILE}")):
        if (program / PAGE_FILE).exists():
            yield from _page(program / PAGE_FILE, program.name, faults)
        content = _mapping(program / WORDS_FILE, faults)
        yield from _rules(content or Entry(0), program / WORDS_FILE, faults)


def _mapping(path: Path, faults: list[Fault]) -> Entry | None:
    """A file's content, or None and a fault."""
    try:
        content = read_yaml(path)
    except UnreadableYaml as error:
        faults.append(Fault(shown(path), "", error.line, 0, f"This is not YAML: {error}."))
        return None
    except OSError as error:
        faults.append(Fault(shown(path), "", 0, 0, f"It cannot be opened: {error.strerror}."))
        return None
    if content is None:
        return Entry(0)
    if not isinstance(content, Entry):
        faults.append(
            Fault(shown(path), "", 1, 0, "It must be names, each with a colon and a text.")
        )
        return None
    for name, line in content.repeated:
        faults.append(Fault(shown(path), name, line, 0, "It is written twice."))
    return content


def _rules(content: Entry, path: Path, faults: list[Fault]) -> Iterator[Text]:
    wanted = list(ANSWERS.values())
    for rule, sentences in content.items():
        line = content.line_of(rule)
        if not isinstance(sentences, Entry) or set(sentences) != set(wanted):
            message = f"A rule has a sentence each for {', '.join(wanted)}, and nothing else."
            faults.append(Fault(shown(path), rule, line, 0, message))
            continue
        for answer in wanted:
            english = sentences[answer]
            if isinstance(english, str) and english.strip():
                group = f"rules of {path.parent.name}"
                yield Text(f"rule {rule} {answer}", " ".join(english.split()), group)
            else:
                message = f"{answer}: {english!r} is not a sentence."
                faults.append(Fault(shown(path), rule, sentences.line_of(answer), 0, message))


def _page(path: Path, program: str, faults: list[Fault]) -> Iterator[Text]:
    content = _mapping(path, faults)
    if content is None:
        return
    texts = list(_page_texts(content, program))
    if set(content) != {"title", "summary", "sections"} or len(texts) < 4 or None in texts:
        message = (
            "A page has title, summary and sections: a list, each with heading and paragraphs "
            "(a list of texts)."
        )
        faults.append(Fault(shown(path), "", 1, 0, message))
        return
    yield from (text for text in texts if text)


def _page_texts(content: Entry, program: str) -> Iterator[Text | None]:
    """The texts of a page; None for each that is no text."""
    start, group = f"page {program}", f"page of {program}"
    found: list[tuple[str, object]] = [(k, content.get(k)) for k in ("title", "summary")]
    sections = content.get("sections")
    for number, section in enumerate(sections if isinstance(sections, list) else (), start=1):
        place = f"section {number}"
        is_section = isinstance(section, Entry) and set(section) == {"heading", "paragraphs"}
        paragraphs = section["paragraphs"] if is_section else None
        found.append((f"{place} heading", section["heading"] if is_section else None))
        for each, text in enumerate(paragraphs if isinstance(paragraphs, list) else [None], 1):
            found.append((f"{place} paragraph {each}", text))
    for what, text in found:
        is_text = isinstance(text, str) and bool(text.strip())
        yield Text(f"{start} {what}", " ".join(str(text).split()), group) if is_text else None
