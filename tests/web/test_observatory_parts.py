"""How the modules of the observatory hang together."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from wayhome.web import observatory

FOLDER = Path(observatory.__file__).parent
PACKAGE = observatory.__name__


def _imports(path):
    """The modules of the observatory that a file names, also for types alone."""
    named = [
        each for each in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(each, ast.ImportFrom) and (each.module or "").startswith(PACKAGE)
    ]  # fmt: skip
    for each in named:
        below = [f"{each.module}.{name.name}" for name in each.names]
        yield from (name for name in below if _file(name).exists())
        yield each.module


def _file(module):
    return FOLDER.joinpath(*module.removeprefix(PACKAGE).strip(".").split(".")).with_suffix(".py")


def test_no_module_needs_itself_by_way_of_others():
    modules = {
        ".".join((PACKAGE, *path.relative_to(FOLDER).with_suffix("").parts)): set(_imports(path))
        for path in FOLDER.rglob("*.py")
        if path.name != "__init__.py"
    }
    assert any(modules.values())
    TopologicalSorter(modules).prepare()  # raises CycleError, which names the circle
