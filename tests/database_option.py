"""Which database the web application's tests run on. Loaded before Django reads its settings."""

import os
import tempfile
from pathlib import Path

import pytest

# What a test has a database by, its own or that of another process.
ASKING = {"db", "transactional_db", "new_database", "new_home"}


def pytest_addoption(parser):
    parser.addoption(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="for the web application's tests; postgresql brings up a server of its own",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    wanted = parser.parse_known_args(args).database
    os.environ["DJANGO_SETTINGS_MODULE"] = "wayhome.web.settings"
    os.environ["WAYHOME_HOME"] = home = tempfile.mkdtemp(prefix="wayhome-tests-")
    (Path(home) / "static").mkdir()  # as `wayhome serve` would have collected it
    os.environ["WAYHOME_HTTPS"] = "0"
    os.environ["WAYHOME_DEMO"] = "0"
    os.environ["WAYHOME_SECRET_KEY"] = "only for tests"
    if wanted == "postgresql":
        os.environ["WAYHOME_DATABASE_URL"] = _server(early_config)


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what asks a database: the rest has run on SQLite, and asks neither."""
    if config.getoption("--database") == "postgresql":
        config.hook.pytest_deselected(items=[i for i in items if not _asks_a_database(i)])
        items[:] = filter(_asks_a_database, items)


def _asks_a_database(item):
    return item.get_closest_marker("django_db") or not ASKING.isdisjoint(item.fixturenames)


def _server(config):
    """A PostgreSQL server for this run, one for all its processes."""
    import pgserver

    folder = os.environ.get("WAYHOME_TEST_POSTGRESQL")
    if not folder:
        folder = tempfile.mkdtemp(prefix="wayhome-postgresql-")
        os.environ["WAYHOME_TEST_POSTGRESQL"] = folder
    config.wayhome_server = pgserver.get_server(folder)
    return config.wayhome_server.get_uri()
