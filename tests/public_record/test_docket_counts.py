"""Counts of a docket for everybody: what they are of, and that nobody can be worked out from them."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.public_record.docket_counts import count_docket, interval
from wayhome.public_record.publishing.docket import docket_rows
from wayhome.public_record.publishing.folder import write_tables
from wayhome.report.suppression import OTHER, SMALLEST, kept_apart
from wayhome.sources.eoir.store import DocketStore

AS_OF = date(2026, 6, 1)


def store_of(folder, *sorts):
    """A store whose cases are given as (number, facts)."""
    cases = [facts for number, facts in sorts for _ in range(number)]
    schema = {
        "court": pa.dictionary(pa.uint8(), pa.string()),
        "country_of_citizenship": pa.dictionary(pa.uint8(), pa.string()),
        "nta_date": pa.date32(),
        "represented": pa.bool_(),
        "case_pending": pa.bool_(),
        "detained": pa.bool_(),
        "order_outcome": pa.dictionary(pa.uint8(), pa.string()),
        "ordered_in_absentia": pa.bool_(),
    }
    table = pa.table(
        {name: pa.array([c.get(name) for c in cases], type) for name, type in schema.items()}
    )
    path = str(folder / "docket_cases.arrow")
    with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=64)
    return DocketStore(Path(folder), {}, (), True, AS_OF)


def case(**facts):
    told = {"court": "NYC", "country_of_citizenship": "HN", "nta_date": date(2020, 5, 1)}
    return {**told, **facts}


CLOSED = {"case_pending": False, "order_outcome": "removal", "ordered_in_absentia": False}


def rows_of(store, table, measure, by):
    rows = count_docket(store, "docket")[table]
    return {
        row["group"]: row
        for row in rows
        if row["measure"] == measure and row["by"] == by and not row["suppressed"]
    }


def test_it_counts_pending_cases_of_those_of_which_it_is_known(tmp_path):
    store = store_of(
        tmp_path,
        (30, case(case_pending=True)),
        (20, case(**CLOSED)),
        (15, case()),
        (40, case(court="BOS", case_pending=True)),
        (12, case(court="BOS", **CLOSED)),
    )
    found = rows_of(store, "docket_counts", "pending", "court")
    assert (found["NYC"]["count"], found["NYC"]["denominator"]) == (30, 50)
    assert (found["BOS"]["count"], found["BOS"]["denominator"]) == (40, 52)
    (whole,) = [
        row
        for row in count_docket(store, "docket")["docket_counts"]
        if row["measure"] == "pending" and row["by"] is None
    ]
    assert (whole["count"], whole["denominator"]) == (70, 102)


def test_it_takes_what_nobody_wrote_down_for_unknown_and_not_for_no(tmp_path):
    store = store_of(
        tmp_path,
        (40, case(case_pending=True, detained=True, represented=True)),
        (60, case(case_pending=True, detained=False)),
        (70, case(case_pending=True, represented=True)),
        (25, case(case_pending=True, detained=False, represented=True)),
        (20, case(case_pending=True, detained=True)),
    )
    found = rows_of(store, "docket_disparities", "detained", "represented")
    assert set(found) == {"yes", "not known"}
    assert (found["yes"]["count"], found["yes"]["denominator"]) == (40, 65)
    assert (found["not known"]["count"], found["not known"]["denominator"]) == (20, 80)


def test_it_tells_orders_in_absence_of_closed_cases_and_grants_of_those_decided(tmp_path):
    absent = {**CLOSED, "ordered_in_absentia": True}
    store = store_of(
        tmp_path,
        (30, case(**absent)),
        (50, case(**CLOSED)),
        (20, case(**{**CLOSED, "order_outcome": "relief"})),
        (15, case(**{**CLOSED, "order_outcome": "termination"})),
        (99, case(case_pending=True, order_outcome="removal", ordered_in_absentia=True)),
    )
    (absence,) = rows_of(store, "docket_disparities", "in_absentia", "nationality").values()
    assert (absence["count"], absence["denominator"]) == (30, 115)
    (granted,) = rows_of(store, "docket_disparities", "granted", "nationality").values()
    assert (granted["count"], granted["denominator"]) == (20, 100)


def test_it_counts_small_groups_together_and_says_which(tmp_path):
    store = store_of(
        tmp_path,
        (60, case(case_pending=True)),
        (60, case(**CLOSED)),
        (50, case(country_of_citizenship="MX", case_pending=True)),
        (40, case(country_of_citizenship="MX", **CLOSED)),
        (7, case(country_of_citizenship="NR", case_pending=True)),
        (30, case(country_of_citizenship="NR", **CLOSED)),
    )
    rows = [
        row
        for row in count_docket(store, "docket")["docket_counts"]
        if row["measure"] == "pending" and row["by"] == "nationality"
    ]
    shown = {row["group"]: row.get("count") for row in rows if not row["suppressed"]}
    # Nauru's 7 alone would be 117 less the others: Mexico, the next smallest, hides them.
    assert shown == {"HN": 60, OTHER: 57}
    assert {row["group"] for row in rows if row["suppressed"]} == {"MX", "NR"}
    assert all("count" not in row for row in rows if row["suppressed"])


def test_it_shows_nothing_of_a_docket_that_is_small_itself(tmp_path):
    store = store_of(tmp_path, (30, case(case_pending=True)), (5, case(**CLOSED)))
    assert count_docket(store, "docket")["docket_counts"] == []


# Newcombe (1998), Statistics in Medicine 17, table I: Wilson's interval without correction.
@pytest.mark.parametrize(
    ("count", "of", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)]
)
def test_its_intervals_are_wilsons(count, of, low, high):
    assert interval(count, of) == pytest.approx((low, high), abs=5e-5)


def test_there_is_no_interval_of_nothing():
    assert interval(0, 0) == (None, None)


groups = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2),
    st.tuples(*[st.integers(0, 60)] * 3),
    min_size=1,
    max_size=9,
)


@settings(max_examples=200, deadline=None)
@given(groups)
def test_no_number_that_is_shown_nor_any_difference_of_them_is_small(cells):
    """Whatever is shown, each answer of each group has SMALLEST cases or no case at all has it."""
    under = kept_apart(cells)
    whole = [sum(column) for column in zip(*cells.values(), strict=True)]
    if under is None:
        assert not any(whole) or any(0 < one < SMALLEST for one in whole)
        return
    together = {}
    for key, own in cells.items():
        kept = together.setdefault(under[key], [0] * 3)
        kept[:] = [a + b for a, b in zip(kept, own, strict=True)]
    assert [sum(column) for column in zip(*together.values(), strict=True)] == whole
    for shown in together.values():
        for number, of_all in zip(shown, whole, strict=True):
            assert number >= SMALLEST or of_all == 0


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory):
    from wayhome.sources.eoir.importing import import_release
    from wayhome.sources.eoir.synthetic import MAIN_TABLES, write_release

    release = write_release(
        tmp_path_factory.mktemp("release"), cases=3_000, seed=5, tables=MAIN_TABLES
    )
    return import_release(release, tmp_path_factory.mktemp("store") / "SYNTHETIC-docket").store


def test_the_counts_of_an_invented_docket_say_so_and_none_is_small(synthetic, tmp_path):
    rows = docket_rows(synthetic, AS_OF)
    (source,) = rows["sources"]
    assert source["synthetic"] is True
    assert "SYNTHETIC" in source["file"]
    assert source["address"] is None
    written = write_tables(tmp_path, rows)
    assert {"docket_counts", "docket_disparities", "docket_simulation"} <= set(written)
    for table in ("docket_counts", "docket_disparities"):
        for row in rows[table]:
            if not row["suppressed"]:
                assert row["count"] >= SMALLEST
                assert row["denominator"] - row["count"] >= SMALLEST
    for row in rows["docket_simulation"]:
        assert row["count"] == 0 or row["count"] >= SMALLEST
        assert row["law_on"] == AS_OF


def test_each_demand_counts_every_case_once(synthetic):
    rows = docket_rows(synthetic, AS_OF)["docket_simulation"]
    sums = {}
    for row in rows:
        if row["by"] == "court":
            sums[row["demand"]] = sums.get(row["demand"], 0) + row["count"]
    whole = {row["demand"]: row["denominator"] for row in rows if row["by"] is None}
    assert sums
    assert all(sums[demand] == whole[demand] for demand in sums)
