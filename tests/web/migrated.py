"""Databases whose tables are there and empty, migrated once and copied.

Migrating takes longer than most tests. It is done from the first migration to the last, once for
the migrations as they are; the tests' own databases and the homes of other processes are copies.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

DATABASE = "wayhome_migrated"
_WEB = Path(__file__).parents[2] / "src" / "wayhome" / "web"
_FILES = {"default": "wayhome.sqlite3", "keyring": "keyring.sqlite3"}
_COMMANDS = (
    ("migrate", "--database", "default"),
    ("migrate", "protection", "--database", "keyring"),
)
_LONGEST = 900


def migrated_home(server=None):
    """The folder of a home that was migrated. With a server: DATABASE there is migrated too."""
    folder = Path(server.pgdata).with_suffix(".migrated") if server else _kept()
    folder.mkdir(mode=0o700, exist_ok=True)
    home, making, ready = folder / "home", folder / "making", folder / "ready"
    while not ready.exists():
        if _is_first(making):
            _migrate(home, server)
            ready.touch()
        time.sleep(0.2)
    return home


def _kept():
    """Where runs of these very migrations find one another's work."""
    said = hashlib.sha256(
        " ".join(map(version, ("django", "django-allauth", "django-axes"))).encode()
    )
    for path in sorted([*_WEB.glob("*/migrations/*.py"), _WEB / "audit" / "append_only.py"]):
        said.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"wayhome-migrated-{os.getuid()}-{said.hexdigest()[:16]}"


def _is_first(making):
    """Whether it is this process that migrates; also where another one was killed over it."""
    try:
        making.mkdir()
    except FileExistsError:
        if time.time() - making.stat().st_mtime < _LONGEST:
            return False
        os.utime(making)
    return True


def _migrate(home, server):
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(mode=0o700)
    environment = os.environ | {"WAYHOME_HOME": str(home), "WAYHOME_DATABASE_URL": ""}
    if server is not None:
        server.psql(f"CREATE DATABASE {DATABASE};")
        environment["WAYHOME_DATABASE_URL"] = server.get_uri(database=DATABASE)
    for words in _COMMANDS:
        subprocess.run([sys.executable, "-m", "django", *words], env=environment, check=True)


def put_in_memory(connection, home):
    """The tables of a migrated home, in the SQLite database of the tests."""
    connection.ensure_connection()
    with closing(sqlite3.connect(home / _FILES[connection.alias])) as file:
        file.backup(connection.connection)


def copy_home(home, folder):
    """A new home with tables and no key but its own."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in _FILES.values():
        if (home / name).exists():
            shutil.copy(home / name, folder / name)
            (folder / name).chmod(0o600)
