import sys

import pytest

from wayhome import cli


@pytest.fixture
def wayhome(monkeypatch, capsys):
    """Runs a command as a user types it: (exit code, what it printed, what it complained of).

    `columns`: how wide the terminal is; None where the output goes into a file.
    """

    def run(*words, columns="100"):
        monkeypatch.setattr(sys, "argv", ["wayhome", *map(str, words)])
        monkeypatch.delenv("COLUMNS", raising=False)
        if columns:
            monkeypatch.setenv("COLUMNS", columns)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


@pytest.fixture
def clients(tmp_path):
    """Writes a case file from rows of text."""

    def write(text, name="clients.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
