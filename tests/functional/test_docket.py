"""`wayhome synth`, `import` and `screen` on a docket, as an analyst types them."""

import csv
import json
import shutil
import zipfile

import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

CASES = 1_000


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release

    return write_release(
        tmp_path_factory.mktemp("release"), cases=CASES, seed=3, tables=MAIN_TABLES
    )


@pytest.fixture(scope="module")
def store(release, tmp_path_factory):
    from wayhome.sources.eoir.importing import import_release

    return import_release(release, tmp_path_factory.mktemp("store") / "SYNTHETIC-docket").store


def test_it_invents_imports_and_screens(wayhome, tmp_path):
    code, out, err = wayhome(
        "synth", "eoir", "--cases", CASES, "--out", tmp_path, "--tables", "main"
    )
    assert code == 0, err
    assert "SYNTHETIC" in out
    (made,) = [p for p in tmp_path.glob("SYNTHETIC-eoir-*") if p.is_dir()]
    code, out, err = wayhome("import", "eoir", made, "--out", tmp_path / "docket")
    assert code == 0, err
    assert "A_TblCase" in out
    assert "Count.txt" in out
    (store,) = tmp_path.glob("*docket")
    assert "SYNTHETIC" in store.name
    code, out, err = wayhome("screen", store, "--as-of", "2021-07-01")
    assert code == 0, err
    assert "SYNTHETIC" in out
    assert "not advice" in out


def test_it_counts_a_docket_as_json(wayhome, store):
    code, out, _ = wayhome(
        "screen", store, "--as-of", "2021-07-01", "--program", "stay", "--format", "json"
    )
    assert code == 0
    told = json.loads(out)
    (program,) = told["programs"]
    assert told["synthetic"] is True
    assert sum(program["outcomes"].values()) == told["cases"]
    for counts in program["rules"].values():
        assert sum(counts.values()) == told["cases"]
    for group in ("nationality", "court", "year"):
        rows = program["groups"][group].values()
        assert sum(sum(row.values()) for row in rows) == told["cases"]


@pytest.mark.parametrize("name", ["answers.parquet", "answers.arrow"])
def test_it_writes_every_answer(wayhome, store, tmp_path, name):
    path = tmp_path / name
    code, out, err = wayhome(
        "screen", store, "--as-of", "2021-07-01", "--program", "stay", "--out", path
    )
    assert code == 0, err
    path = path.with_name(f"SYNTHETIC-{name}")
    table = pq.read_table(path) if path.suffix == ".parquet" else ipc.open_file(path).read_all()
    with (store / "accounting.csv").open(encoding="utf-8") as lines:
        accounts = {row["table"]: row for row in csv.DictReader(lines)}
    account = accounts["A_TblCase"]
    assert table.num_rows == int(account["loaded"]) + int(account["repaired"])
    assert "stay.appeal_automatic" in table.schema.names
    assert "Written" in out


def test_it_keeps_what_was_worked_out_for_the_next_time(wayhome, store):
    words = ("screen", store, "--as-of", "2021-07-01", "--program", "stay", "--format", "json")
    once, kept, again = (wayhome(*words, *more) for more in ((), ("--keep",), ("--keep",)))
    assert (store.parent / f"{store.name}.planes").is_dir()
    assert once[1] == kept[1] == again[1]
    assert (once[0], kept[0], again[0]) == (0, 0, 0)


def test_it_draws_the_page(wayhome, store, tmp_path):
    page = tmp_path / "docket.html"
    code, _, err = wayhome(
        "screen", store, "--as-of", "2021-07-01", "--program", "docket", "--out", page
    )
    assert code == 0, err
    text = page.with_name("SYNTHETIC-docket.html").read_text(encoding="utf-8")
    assert "SYNTHETIC" in text
    assert "<svg" in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "<script" not in text


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda r: (r / "SYNTHETIC_A_TblCase.csv").unlink(), "A_TblCase"),
        (lambda r: (r / "SYNTHETIC_A_TblCase.csv").write_text(""), "A_TblCase"),
        (lambda r: [p.unlink() for p in r.glob("*.csv")], "A_TblCase"),
    ],
)
def test_it_says_what_a_release_lacks(wayhome, release, tmp_path, spoil, says):
    copy = tmp_path / release.name
    shutil.copytree(release, copy)
    spoil(copy)
    code, out, err = wayhome("import", "eoir", copy, "--out", tmp_path / "docket")
    assert code == 3
    assert says in err
    assert "Traceback" not in out + err
    assert not [p for p in tmp_path.glob("*docket*") if not p.name.startswith(".")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
        lambda path: path.write_bytes(b"not a zip at all"),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
    ],
    ids=["cut short", "not a zip", "empty", "missing"],
)
def test_it_says_what_is_wrong_with_a_zip(wayhome, release, tmp_path, spoil):
    path = tmp_path / "EOIR.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in release.iterdir():
            if file.is_file():
                archive.write(file, file.name)
    spoil(path)
    code, out, err = wayhome("import", "eoir", path, "--out", tmp_path / "docket")
    assert code == 3
    assert "EOIR.zip" in err
    assert "Traceback" not in out + err
    assert not [p for p in tmp_path.glob("*docket*") if not p.name.startswith(".")]


def test_it_says_that_a_folder_is_no_store(wayhome, tmp_path):
    code, _, err = wayhome("screen", tmp_path, "--as-of", "2021-07-01")
    assert code == 3
    assert str(tmp_path.name) in err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--cases", "10"), "1,000"),
        (("--cases", "1000", "--tables", "A_TblCas"), "A_TblCas"),
    ],
)
def test_it_says_what_is_wrong_with_an_order(wayhome, tmp_path, words, says):
    code, _, err = wayhome("synth", "eoir", "--out", tmp_path, *words)
    assert code == 2
    assert says in err
    assert not list(tmp_path.iterdir())


def test_it_demonstrates(wayhome, tmp_path):
    code, out, err = wayhome("demo", "--out", tmp_path / "demo", "--cases", CASES, "--no-open")
    assert code == 0, err
    assert "22 of 22 published answers" in out or "21 of 21 published answers" in out
    names = {p.name for p in (tmp_path / "demo").iterdir()}
    assert {"index.html", "published-cases.html", "SYNTHETIC-docket.html"} <= names
