"""A rulebook as it stands in a folder, or as it stood in a revision of a git repository."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from wayhome.law.loading import RULES_FILE, load_rulebook
from wayhome.law.rules import Rulebook
from wayhome.law.vocabulary import Fact, FactType, Vocabulary, load_vocabulary
from wayhome.programs import FOLDER

# Where the vocabulary lies, seen from the folder that holds the folder of programs.
_VOCABULARY = "law/facts.csv"


class NoSuchEdition(ValueError):
    """What was named is neither a folder of programs nor a revision that holds one."""


@dataclass(frozen=True)
class Edition:
    """A rulebook under the name that a person gave it.

    `words` are its rules' sentences, by rule and by key. `own_vocabulary` says whether the facts
    were read from the edition's own list, and not from the one that ships with this version.
    """

    name: str
    rulebook: Rulebook
    words: Mapping[str, Mapping[str, str]]
    own_vocabulary: bool


def open_edition(name: str, folder: Path | None = None) -> Edition:
    """The edition in a folder of programs of this name, or else in a git revision.

    A revision is one of the repository that `folder` (the programs built in) lies in. Raises
    NoSuchEdition; FaultyRulebook where it cannot be read by this version of Wayhome.
    """
    path = Path(name)
    if path.is_dir():
        if not any(path.glob(f"*/{RULES_FILE}")):
            message = f"{name} holds no program: a program is a folder with a {RULES_FILE}."
            raise NoSuchEdition(message)
        return edition_in(path, name)
    with TemporaryDirectory(prefix="wayhome-edition-") as made:
        return edition_in(_revision(name, folder or FOLDER, Path(made)), name)


def edition_in(folder: Path, name: str) -> Edition:
    """The edition in a folder of programs. Raises FaultyRulebook."""
    own = folder.parent / _VOCABULARY
    is_own = own.is_file() and folder.resolve() != FOLDER.resolve()
    vocabulary = _vocabulary(own.read_text(encoding="utf-8")) if is_own else load_vocabulary()
    return Edition(name, load_rulebook(folder, vocabulary), _words(folder), is_own)


def _words(folder: Path) -> dict[str, dict[str, str]]:
    """Every sentence of every rule: by rule, then by the keys that lead to it."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*/words.yaml")):
        try:
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise NoSuchEdition(f"{path.parent.name}/{path.name} is not YAML: {error}") from error
        for rule, sentences in content.items() if isinstance(content, dict) else ():
            found[rule] = _flattened(sentences)
    return found


def _flattened(sentences: Any, above: str = "") -> dict[str, str]:
    if not isinstance(sentences, dict):
        return {above or "words": str(sentences)}
    found: dict[str, str] = {}
    for key, below in sentences.items():
        found |= _flattened(below, f"{above} {key}".strip())
    return found


def _vocabulary(text: str) -> Vocabulary:
    """The facts of another edition, without the questions, which no rule reads."""
    facts = {}
    for row in csv.DictReader(io.StringIO(text)):
        kind, said = FactType(row["type"]), row["values_or_unit"]
        values = tuple(said.split("|")) if kind is FactType.CATEGORY else ()
        unit = "" if values else said
        name, meaning, source = row["fact"], row["meaning"], row["docket_source"]
        facts[name] = Fact(name, kind, values, unit, meaning, source)
    return Vocabulary(facts)


# --- revisions -----------------------------------------------------------------------------


def _revision(revision: str, folder: Path, into: Path) -> Path:
    """A revision's folder of programs, with its vocabulary, laid out in another folder."""
    if shutil.which("git") is None:
        raise NoSuchEdition(
            f"{revision} is no folder of programs, and there is no git to look for a revision "
            "of that name: name a folder."
        )
    top = Path(_git(folder, "rev-parse", "--show-toplevel", why=_no_checkout(revision, folder)))
    why = f"{revision} is neither a folder of programs nor a revision of {top.name}."
    commit = _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{}}", why=why)
    programs = folder.resolve().relative_to(top.resolve())
    listed = _git(top, "ls-tree", "-r", "--name-only", commit, "--", programs.as_posix(), why=why)
    if not any(line.endswith(f"/{RULES_FILE}") for line in listed.splitlines()):
        raise NoSuchEdition(f"The revision {revision} has no programs in {programs}.")
    vocabulary = (programs.parent / _VOCABULARY).as_posix()
    known = _git(top, "ls-tree", "-r", "--name-only", commit, "--", vocabulary, why=why)
    wanted = [programs.as_posix(), *([vocabulary] if known else [])]
    packed = _run(top, "archive", "--format=tar", commit, "--", *wanted)
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(into, filter="data")
    return into / programs


def _no_checkout(revision: str, folder: Path) -> str:
    return (
        f"{revision} is no folder of programs, and no revision either: {folder.name} does not lie "
        "in a git repository. Name a folder, or give --rulebook FOLDER that lies in one."
    )


def _git(folder: Path, *words: str, why: str) -> str:
    done = _run(folder, *words)
    if done.returncode:
        raise NoSuchEdition(why)
    return done.stdout.decode(errors="replace").strip()


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)
