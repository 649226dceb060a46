"""YAML that remembers its lines, so that a fault can say where it stands.

Only `true` and `false` are yes/no values here (as in YAML 1.2): `no` stays a word, because NO is
the code of Norway, and `yes` in an example is read by the fact's own type.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path

import yaml


class Entry(dict[str, object]):
    """A YAML mapping with the line of each of its keys (counted from 1)."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}
        self.repeated: list[tuple[str, int]] = []

    def line_of(self, key: str) -> int:
        """Where a key stands, or the mapping itself where the key is missing."""
        return self.lines.get(key, self.line)


class UnreadableYaml(ValueError):
    """A file that is not YAML, with the line where reading stopped."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


# libyaml's reader where PyYAML has it: ten times as fast, with the same lines.
_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc, valid-type]
    pass


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Entry:
    entry = Entry(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        name = str(key) if isinstance(key, Hashable) else repr(key)
        line = key_node.start_mark.line + 1
        if name in entry:
            entry.repeated.append((name, line))
        is_block = isinstance(value_node, yaml.ScalarNode) and value_node.style in ("|", ">")
        entry.lines[name] = value_node.start_mark.line + (2 if is_block else 1)
        entry[name] = loader.construct_object(value_node, deep=True)
    return entry


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _timestamp(loader: _Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        message = f"there is no day {node.value} ({error})"
        raise yaml.constructor.ConstructorError(None, None, message, node.start_mark) from error


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def read_yaml(path: Path) -> object:
    """The content of a YAML file; mappings are `Entry`. Raises UnreadableYaml, OSError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise UnreadableYaml(mark.line + 1 if mark else 1, str(error.problem)) from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UnreadableYaml(1, str(error).splitlines()[0]) from error
