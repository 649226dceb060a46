"""A docket in the record: its source, and its counts, none of them small."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from wayhome.programs import rulebook
from wayhome.public_record.docket_counts import count_docket
from wayhome.public_record.docket_simulation import simulate_docket
from wayhome.public_record.publishing.folder import Row, Rows
from wayhome.public_record.publishing.sources import source_row
from wayhome.sources.eoir.store import DocketStore, open_store


def docket_rows(path: Path, on: date) -> Rows:
    """The tables of a docket store; `on` is the day of the law for whom the demands reach.

    Raises ReleaseProblem where there is no store, FaultyFactTable where it is not whole.
    """
    store = open_store(path)
    source = _source(store)
    id = str(source["id"])
    simulated: list[Row] = list(simulate_docket(store, rulebook(), on, id))
    return {"sources": [source], **count_docket(store, id), "docket_simulation": simulated}


def _source(store: DocketStore) -> Row:
    """A release in one file has its hash. One of several: the hash of their names and hashes, as
    `sha256sum` lists them in the order of their names."""
    told = store.provenance
    whole = told.get("source_sha256")
    if not whole:
        files = sorted((file["name"], file["sha256"]) for file in told["files"])
        listed = "".join(f"{sha256}  {name}\n" for name, sha256 in files)
        whole = hashlib.sha256(listed.encode()).hexdigest()
    name = str(told["source"])
    row = source_row(
        "docket", name, whole, data_as_of=store.release_date, synthetic=store.is_synthetic
    )
    return {**row, **_INVENTED, "title": f"Invented docket, {name}"} if store.is_synthetic else row


_INVENTED = {
    "address": None,
    "licence": "Invented by `wayhome synth eoir` in the layout of the courts' release: of no real "
    "person, court or case. Its name tells the number of cases and the seed.",
}
