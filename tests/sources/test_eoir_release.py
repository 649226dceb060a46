"""Finding and opening the courts' release, and saying in a sentence why it cannot be."""

import shutil
import struct
import zipfile
from pathlib import Path

import pytest
from eoir_by_hand import CASES, PROCEEDINGS, facts_of, write_tables

from wayhome.sources.eoir import release as release_module
from wayhome.sources.eoir.importing import import_release
from wayhome.sources.eoir.release import ReleaseProblem, open_release

ROWS = {CASES: [{"IDNCASE": str(n), "NAT": "HA"} for n in range(1, 4001)]}


@pytest.fixture
def folder(tmp_path):
    return write_tables(tmp_path / "EOIR Case Data", ROWS)


def zipped(folder: Path, inside="", method=zipfile.ZIP_DEFLATED, level=None) -> Path:
    target = folder.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", method, compresslevel=level) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, inside + path.relative_to(folder).as_posix())
    return target


def as_deflate64(archive: Path) -> Path:
    """Mark every entry as Deflate64. Stored blocks, which level 0 makes, are the same in both."""
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            struct.pack_into("<H", data, entry.header_offset + 8, 9)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<H", data, place + 10, 9)
        place = data.find(b"PK\x01\x02", place + 4)
    archive.write_bytes(data)
    return archive


def cases_in(source: Path, tmp_path: Path) -> int:
    return len(facts_of(import_release(source, tmp_path / "store").store))


@pytest.mark.parametrize("inside", ["", "EOIR Case Data/", "EOIR/Data [June]/"])
def test_it_reads_a_zip_with_or_without_a_folder_in_it(folder, tmp_path, inside):
    assert cases_in(zipped(folder, inside), tmp_path) == 4000


@pytest.mark.skipif(not shutil.which("unzip"), reason="needs the system's unzip")
@pytest.mark.parametrize("inside", ["", "EOIR Case Data/", "EOIR/Data [June]*?/"])
def test_it_reads_deflate64_through_unzip(folder, tmp_path, inside):
    archive = as_deflate64(zipped(folder, inside, level=0))
    with zipfile.ZipFile(archive) as opened, pytest.raises(NotImplementedError):
        opened.open(opened.infolist()[0])
    assert cases_in(archive, tmp_path) == 4000


def test_it_names_unzip_when_deflate64_needs_it_and_it_is_not_there(folder, monkeypatch):
    archive = as_deflate64(zipped(folder, level=0))
    monkeypatch.setattr(release_module.shutil, "which", lambda name: None)
    release = open_release(archive)
    with pytest.raises(ReleaseProblem, match="Deflate64, which needs the program `unzip`"):
        release.open(release.file_of(CASES)).__enter__()


@pytest.mark.skipif(not shutil.which("unzip"), reason="needs the system's unzip")
def test_it_says_so_when_deflate64_is_damaged(folder, tmp_path):
    archive = as_deflate64(zipped(folder, level=0))
    data = archive.read_bytes()
    spoilt = data.replace(b"\t".join([b"77", *[b""] * 5, b"HA"]), b"\t" * 6 + b"HAHA", 1)
    assert spoilt != data
    archive.write_bytes(spoilt)
    with pytest.raises(ReleaseProblem, match=r"A_TblCase.csv in .* is damaged or cut short"):
        cases_in(archive, tmp_path)


def test_it_says_so_when_a_file_in_the_zip_is_damaged(folder, tmp_path):
    archive = zipped(folder, method=zipfile.ZIP_STORED)
    data = archive.read_bytes()
    archive.write_bytes(data.replace(b"\n77\t", b"\n78\t", 1))
    with pytest.raises(ReleaseProblem, match=r"A_TblCase.csv in .* is damaged or cut short"):
        cases_in(archive, tmp_path)


def test_it_says_so_when_the_zip_was_cut_short(folder):
    archive = zipped(folder)
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) // 2])
    with pytest.raises(ReleaseProblem, match="the download was cut short"):
        open_release(archive)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda at: at / "nowhere.zip", "There is nothing at .*nowhere.zip"),
        (lambda at: Path(), "No release was named"),
        (lambda at: written(at / "empty.zip", b""), r"is empty \(0 bytes\)"),
        (lambda at: written(at / "page.zip", b"<html>"), "neither a zip nor a folder"),
    ],
)
def test_it_says_what_is_wrong_with_the_path(tmp_path, make, message):
    with pytest.raises(ReleaseProblem, match=message):
        open_release(make(tmp_path))


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_it_refuses_a_file_that_is_there_twice(folder):
    archive = zipped(folder)
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("old/A_TBLCASE.CSV", "IDNCASE\n")
    with pytest.raises(ReleaseProblem, match=r"holds A_TBLCASE.CSV twice \(.*old/A_TBLCASE"):
        open_release(archive)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_it_refuses_a_name_that_is_twice_in_the_zip(folder):
    archive = zipped(folder)
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("A_TblCase.csv", "IDNCASE\n")
    with pytest.raises(ReleaseProblem, match=r"A_TblCase\.csv twice"):
        open_release(archive)


def test_it_refuses_a_release_without_cases_and_names_what_comes_near(folder):
    (folder / "A_TblCase.csv").rename(folder / "A_TblCases.csv")
    with pytest.raises(ReleaseProblem, match=r"holds no A_TblCase.csv.* A_TblCases.csv is there"):
        open_release(folder)


def test_it_refuses_an_empty_folder(tmp_path):
    with pytest.raises(ReleaseProblem, match=r"holds no A_TblCase.csv"):
        open_release(tmp_path)


def test_it_says_what_to_do_with_a_locked_zip(folder, tmp_path):
    archive = zipped(folder)
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as opened:
        for entry in opened.infolist():
            struct.pack_into("<H", data, entry.header_offset + 6, 1)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<H", data, place + 8, 1)
        place = data.find(b"PK\x01\x02", place + 4)
    archive.write_bytes(data)
    with pytest.raises(ReleaseProblem, match="locked with a password"):
        cases_in(archive, tmp_path)


def test_it_passes_over_the_litter_of_another_system(folder):
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "._A_TblCase.csv").write_bytes(b"x")
    (folder / "._A_TblCase.csv").write_bytes(b"x")
    (folder / "README.pdf").write_bytes(b"x")
    assert open_release(folder).tables == (CASES, PROCEEDINGS)


def test_it_finds_files_by_name_in_any_case_and_below_any_folder(folder):
    (folder / "Data").mkdir()
    (folder / "A_TblCase.csv").rename(folder / "Data" / "a_tblcase.CSV")
    assert CASES in open_release(folder).tables


@pytest.mark.parametrize(
    "text",
    [
        "A_TblCase\t4000\nB_TblProceeding\t12\n",
        "A_TblCase.csv\t4,000\r\nB_TblProceeding.csv\t12\r\n",
        "Rows of the release\n\nA_TBLCASE 4000 \n",
        "A\x00_TblCase\t4000\n",
    ],
)
def test_it_reads_count_txt(folder, text):
    (folder / "Count.txt").write_bytes(text.encode())
    assert open_release(folder).count_of(CASES) == 4000


def test_it_does_without_count_txt(folder):
    assert open_release(folder).count_of(CASES) is None


def test_it_knows_a_synthetic_release_by_its_file_names(folder):
    assert not open_release(folder).is_synthetic
    for path in list(folder.iterdir()):
        path.rename(path.with_name(f"SYNTHETIC_{path.name}"))
    release = open_release(folder)
    assert release.is_synthetic
    assert release.tables == (CASES, PROCEEDINGS)


def test_it_names_the_tables_that_are_missing(folder):
    assert "tblAppeal" in open_release(folder).missing_tables
