"""Downloads: whole, the same file, never over another, told in the log."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.public_record.a_server import Served, Server, a_certificate, a_server
from typer.testing import CliRunner

from wayhome.cli import build
from wayhome.cli.problems import Problem
from wayhome.public_record.fetch.download import UNFINISHED, download, file_name
from wayhome.public_record.fetch.fetching import LOG, fetch
from wayhome.public_record.fetch.kinds import what_is_wrong
from wayhome.public_record.fetch.publications import Publication, publications
from wayhome.public_record.fetch.web import FetchProblem, _NoWayBack

ON = date(2026, 4, 9)
WORKBOOK = b"PK\x03\x04" + bytes(range(256)) * 4000
OTHER = b"PK\x03\x04" + b"another" * 1000


@pytest.fixture
def server() -> Iterator[Server]:
    with a_server() as running:
        yield running


def a_publication(
    server: Server, *files: str, kind: str = "workbook", **more: object
) -> Publication:
    return Publication(
        name="lists",
        title="Lists",
        kind=kind,
        known="",
        moved="Look elsewhere.",
        as_of=date(2026, 1, 1),
        files=tuple(map(server.address, files)),
        **more,  # type: ignore[arg-type]
    )


def log(folder: Path) -> list[dict[str, str]]:
    with (folder / LOG).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_brings_a_file_with_its_hash_day_and_headers(server: Server, tmp_path: Path) -> None:
    server.pages["/a%20list.xlsx"] = Served(WORKBOOK)
    came = fetch(a_publication(server, "/a%20list.xlsx"), tmp_path / "new", ON)
    assert not came.problems
    assert (tmp_path / "new" / "a-list.xlsx").read_bytes() == WORKBOOK
    (line,) = log(tmp_path / "new")
    assert line["sha256"] == hashlib.sha256(WORKBOOK).hexdigest()
    assert (line["fetched"], line["outcome"], line["etag"]) == ("2026-04-09", "new", '"one"')
    assert json.loads(line["headers"])["content-length"] == str(len(WORKBOOK))
    assert names(tmp_path / "new") == ["a-list.xlsx", LOG]


def test_it_goes_on_where_the_line_broke(server: Server, tmp_path: Path) -> None:
    server.pages["/list.xlsx"] = Served(WORKBOOK, breaks_at=[400_000, 300_000])
    came = download(server.address("/list.xlsx"), tmp_path, "workbook", ON)
    assert came.path.read_bytes() == WORKBOOK
    assert [asked for _, asked in server.asked] == [None, "bytes=400000-", "bytes=700000-"]
    assert names(tmp_path) == ["list.xlsx"]


def test_it_goes_on_in_the_next_run(server: Server, tmp_path: Path) -> None:
    server.pages["/list.xlsx"] = Served(WORKBOOK, breaks_at=[100_000] * 3)
    with pytest.raises(FetchProblem, match=r"list\.xlsx: the line broke 3 times .*300,000 bytes"):
        download(server.address("/list.xlsx"), tmp_path, "workbook", ON)
    assert names(tmp_path) == [UNFINISHED]
    came = download(server.address("/list.xlsx"), tmp_path, "workbook", ON)
    assert came.path.read_bytes() == WORKBOOK
    assert server.asked[-1][1] == "bytes=300000-"
    assert names(tmp_path) == ["list.xlsx"]


def test_it_never_joins_two_files_into_one(server: Server, tmp_path: Path) -> None:
    server.pages["/list.xlsx"] = Served(WORKBOOK, breaks_at=[100_000] * 3)
    with pytest.raises(FetchProblem):
        download(server.address("/list.xlsx"), tmp_path, "workbook", ON)
    server.pages["/list.xlsx"] = Served(OTHER * 100, tag='"two"')
    came = download(server.address("/list.xlsx"), tmp_path, "workbook", ON)
    assert came.path.read_bytes() == OTHER * 100


@pytest.mark.parametrize(
    "served", [Served(WORKBOOK, ranges=False), Served(WORKBOOK, tag='W/"weak"')]
)
def test_it_begins_again_where_a_server_cannot_go_on(
    server: Server, tmp_path: Path, served: Served
) -> None:
    served.breaks_at = [100_000]
    server.pages["/list.xlsx"] = served
    came = download(server.address("/list.xlsx"), tmp_path, "workbook", ON)
    assert came.path.read_bytes() == WORKBOOK


def test_it_begins_again_when_the_file_became_shorter(server: Server, tmp_path: Path) -> None:
    server.pages["/list.xlsx"] = Served(WORKBOOK, breaks_at=[300_000] * 3)
    with pytest.raises(FetchProblem):
        download(server.address("/list.xlsx"), tmp_path, "workbook", ON)
    server.pages["/list.xlsx"] = Served(OTHER)
    came = download(server.address("/list.xlsx"), tmp_path, "workbook", ON)
    assert came.path.read_bytes() == OTHER
    assert server.asked[-1][1] is None


def test_it_keeps_both_when_the_content_changed(server: Server, tmp_path: Path) -> None:
    publication = a_publication(server, "/list.xlsx")
    for content in (WORKBOOK, OTHER, OTHER, WORKBOOK, OTHER + b"again"):
        server.pages["/list.xlsx"] = Served(content)
        assert not fetch(publication, tmp_path, ON).problems
    assert (tmp_path / "list.xlsx").read_bytes() == WORKBOOK
    assert (tmp_path / "list-2026-04-09.xlsx").read_bytes() == OTHER
    assert (tmp_path / "list-2026-04-09-2.xlsx").read_bytes() == OTHER + b"again"
    outcomes = [line["outcome"] for line in log(tmp_path)]
    assert outcomes == ["new", "changed", "unchanged", "unchanged", "changed"]
    assert names(tmp_path) == [LOG, "list-2026-04-09-2.xlsx", "list-2026-04-09.xlsx", "list.xlsx"]


def test_it_follows_a_redirect_and_tells_where_to(server: Server, tmp_path: Path) -> None:
    server.pages["/list.xlsx"] = Served(sends_to="/moved/there.xlsx")
    server.pages["/moved/there.xlsx"] = Served(WORKBOOK)
    fetch(a_publication(server, "/list.xlsx"), tmp_path, ON)
    (line,) = log(tmp_path)
    assert line["final_address"].endswith("/moved/there.xlsx")
    assert line["file"] == "list.xlsx"


def test_it_refuses_a_way_back_to_plain_http() -> None:
    from email.message import Message
    from urllib.request import Request

    request = Request("https://example.org/list.xlsx")
    with pytest.raises(FetchProblem, match="not encrypted: refused"):
        _NoWayBack().redirect_request(request, None, 302, "", Message(), "http://example.org/x")  # type: ignore[arg-type]


def test_it_takes_nothing_from_one_who_cannot_prove_who_it_is(tmp_path: Path) -> None:
    with a_server(a_certificate(tmp_path / "certificate.pem")) as server:
        server.pages["/list.xlsx"] = Served(WORKBOOK)
        came = fetch(a_publication(server, "/list.xlsx"), tmp_path / "new", ON)
    assert "127.0.0.1 cannot prove who it is" in came.problems[0]
    assert not came.offline
    assert not (tmp_path / "new").exists()


def test_it_says_what_to_do_when_a_file_is_not_there(server: Server, tmp_path: Path) -> None:
    server.pages["/there.xlsx"] = Served(WORKBOOK)
    came = fetch(a_publication(server, "/gone.xlsx", "/there.xlsx"), tmp_path, ON)
    (problem,) = came.problems
    assert "gone.xlsx answers 404" in problem
    assert "Look elsewhere. (Addresses as known on 2026-01-01.)" in problem
    assert [file.path.name for file in came.files] == ["there.xlsx"]
    assert names(tmp_path) == [LOG, "there.xlsx"]


def test_it_keeps_no_web_page_in_place_of_a_workbook(server: Server, tmp_path: Path) -> None:
    page = b"\n<!-- x --><!DOCTYPE html><html><title>Access\n denied</title>"
    server.pages["/list.xlsx"] = Served(page)
    came = fetch(a_publication(server, "/list.xlsx"), tmp_path, ON)
    assert (
        "should be a workbook, but a web page came instead of it (Access denied)"
        in came.problems[0]
    )
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("first", "kind", "said"),
    [
        (b"PK\x03\x04", "workbook", None),
        (b"PAR1", "parquet", None),
        (b"a,b\n1,2\n", "csv", None),
        (b"", "csv", "empty"),
        (b"a,b\n1,2\n", "gzip", "does not begin as a gzip"),
        (b"<html><head>", "csv", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "gzip", "pointer"),
    ],
)
def test_it_knows_a_file_by_its_first_bytes(first: bytes, kind: str, said: str | None) -> None:
    wrong = what_is_wrong(first, kind)
    assert wrong is None if said is None else said in (wrong or "")


def test_it_finds_the_files_that_a_page_links(server: Server, tmp_path: Path) -> None:
    page = b"""<a href="/doc/list-04092026.xlsx">new</a> <a href='doc/list-04092026.xlsx#top'>again</a>
    <a href="/doc/pending.xlsx">no</a> <a name="x">nothing</a>"""
    server.pages["/page"] = Served(page)
    server.pages["/doc/list-04092026.xlsx"] = Served(WORKBOOK)
    found = a_publication(
        server, page=server.address("/page"), links=re.compile(r"/list-[^/]*\.xlsx$")
    )
    came = fetch(found, tmp_path, ON)
    assert [file.path.name for file in came.files] == ["list-04092026.xlsx"]


def test_it_says_that_a_page_has_no_such_link(server: Server, tmp_path: Path) -> None:
    server.pages["/page"] = Served(b"<p>drawn by a script</p>")
    found = a_publication(server, page=server.address("/page"), links=re.compile("xlsx$"))
    came = fetch(found, tmp_path / "new", ON)
    assert "has no link to a file of lists" in came.problems[0]
    assert not (tmp_path / "new").exists()


def test_it_writes_nothing_when_offline(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Publication(
        "lists", "", "csv", "", "", ON, files=(f"http://127.0.0.1:{port}/a.csv",) * 2
    )
    came = fetch(found, tmp_path / "new", ON)
    assert came.offline
    (problem,) = came.problems
    assert problem.startswith("127.0.0.1 cannot be reached")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.gov/EOIR%20Case%20Data.zip", "EOIR-Case-Data.zip"),
        ("https://a.gov/../../etc/passwd", "passwd"),
        ("https://a.gov/..%2f..%2fetc", "etc"),
        ("https://a.gov/%2e%2e", "file"),
        ("https://a.gov/", "file"),
        ("https://a.gov/x.csv?b=/c", "x.csv"),
    ],
)
def test_it_names_a_file_safely(address: str, name: str) -> None:
    assert file_name(address) == name


def test_it_knows_every_publication_whole() -> None:
    for publication in publications().values():
        assert publication.files or (publication.page and publication.links)
        addresses = (*publication.files, publication.page or "https:")
        assert all(address.startswith("https:") for address in addresses)
        assert publication.known
        assert publication.moved


@pytest.mark.parametrize(
    ("publication", "file", "is_it"),
    [
        ("detention-stats", "detention/FY26_detentionStats_04092026.xlsx", True),
        ("detention-stats", "detention/FY25_detentionStats09242025.xlsx", True),
        ("detention-stats", "detention/FY21-detentionstats.xlsx", True),
        ("detention-stats", "detention/Over72HourFacilities.xlsx", False),
        ("agreements", "about/offices/ero/287g/participatingAgencies12022025pm.xlsx", True),
        ("agreements", "about/offices/ero/287g/participatingAgencies-20250221.xlsx", True),
        ("agreements", "about/offices/ero/287g/pendingAgencies12022025pm.xlsx", False),
    ],
)
def test_it_knows_the_names_that_the_files_had(publication: str, file: str, is_it: bool) -> None:
    links = publications()[publication].links
    assert links
    assert bool(links.search(f"https://www.ice.gov/doclib/{file}")) is is_it


def test_it_lists_what_is_known_and_asks_for_a_folder() -> None:
    shown = CliRunner().invoke(build(), ["fetch", "--list"])
    assert shown.exit_code == 0
    assert "https://fileshare.eoir.justice.gov/EOIR%20Case%20Data.zip" in shown.output
    asked = CliRunner().invoke(build(), ["fetch", "tps"])
    assert isinstance(asked.exception, Problem)
    assert "--out" in str(asked.exception)
    nothing = CliRunner().invoke(build(), ["fetch", "--out", "x"])
    assert "Which? There are detention-stats," in str(nothing.exception)
    wrong = CliRunner().invoke(build(), ["fetch", "eior", "--out", "x"])
    assert "Did you mean eoir" in str(wrong.exception)
