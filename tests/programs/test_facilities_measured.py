"""The registry on the real files: rows, people, and how well it matches what a person judged."""

import re
import time
from pathlib import Path

import pytest

from wayhome.programs.facilities.registry.building import build_registry
from wayhome.programs.facilities.registry.measuring import answers, measures, read_pairs
from wayhome.sources.detention_stats.importing import KIND as STATISTICS
from wayhome.sources.detention_stats.importing import import_statistics
from wayhome.sources.import_folder import open_import
from wayhome.sources.population.importing import KIND as POPULATION
from wayhome.sources.population.importing import import_population

ROOT = Path(__file__).parents[2]
REAL = ROOT / "../shared/data"
PAIRS = read_pairs(Path(__file__).with_name("facility_pairs.csv"))
README = ROOT / "src/wayhome/programs/facilities/registry/README.md"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real files are not here")


@pytest.fixture(scope="module")
def imports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    import_statistics(sorted((REAL / "ice-detention-stats").glob("*.xlsx")), folder / "stats")
    import_population(sorted((REAL / "detention-population").iterdir()), folder / "people")
    return [open_import(folder / "stats", STATISTICS)], open_import(folder / "people", POPULATION)


@pytest.fixture(scope="module")
def registry(imports):
    return build_registry(*imports)


@pytest.fixture(scope="module")
def found(registry):
    return answers(registry, PAIRS)


def test_it_has_at_least_150_pairs_judged_by_hand_each_once():
    sides = {
        frozenset(((p.one["source"], p.one["row"]), (p.other["source"], p.other["row"])))
        for p in PAIRS
    }
    assert len(sides) == len(PAIRS) >= 150
    assert all(pair.one["source"] != pair.other["source"] and pair.why for pair in PAIRS)
    assert {pair.stratum for pair in PAIRS} == {"random", "hard", "near"}


@needs_real
def test_it_joins_none_of_the_pairs_that_differ_and_misses_none_without_asking(found):
    assert [answer.pair.number for answer in found if answer.is_wrong] == []


@needs_real
def test_it_finds_what_a_person_finds(found):
    for measure in measures(found):
        assert measure.precision >= 0.99, measure.sentence()
        assert measure.recall >= 0.9, measure.sentence()


@needs_real
def test_its_readme_states_what_is_measured(found):
    stated = re.findall(r"^- (.*pairs \(.*)$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert stated == [measure.sentence() for measure in measures(found)]


@needs_real
def test_it_holds_every_real_row_once_and_loses_nobody(registry):
    rows = {account.source: account.rows for account in registry.accounts}
    assert rows["facilities_2017.csv.gz"] == 1_532
    assert rows["facility_daily_population_2022-10_2026-03.parquet"] == 888_699
    assert rows["headcount_by_facility_fy12-24.csv.gz"] == 928_231
    assert sum(a.in_facilities for a in registry.accounts if a.sheet) == 142 + 109 + 203
    for account in registry.accounts:
        assert account.rows == account.in_facilities + account.set_aside
        assert account.people_before == account.people_after
    keys = [record.key for made in registry.facilities for record in made.records]
    assert len(keys) == len(set(keys))


@needs_real
@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("CCAHUTX", {"HUTTO CCA", "T. DON HUTTO DETENTION CENTER"}),
        ("POLKCTX", {"IAH SECURE ADULT DETENTION FACILITY (POLK)"}),
        ("FIPCDGA", {"FOLKSTON D RAY ICE PROCESSING CTR"}),
        ("JENADLA", {"LASALLE ICE PROCESSING CENTER (JENA)", "JENA/LASALLE DETENTION FACILITY"}),
        ("FRMVLVA", {"PRINCE EDWARD COUNTY (FARMVILLE)", "FARMVILLE DETENTION CENTER"}),
    ],
)
def test_it_knows_a_facility_by_its_code_and_all_its_names(registry, code, names):
    assert names <= {value.value for value in registry.by_code[code].names}


@needs_real
def test_it_keeps_apart_what_stands_side_by_side(registry):
    apart = ["FIPCMGA", "FIPCAGA", "FIPCDGA", "FLO", "FSF", "PIC", "RGS", "LPLCCAZ", "LPAPSAZ"]
    assert len({registry.by_code[code].id for code in apart}) == len(apart)


@needs_real
def test_it_is_built_within_half_a_minute(imports):
    started = time.monotonic()
    build_registry(*imports)
    assert time.monotonic() - started < 30
