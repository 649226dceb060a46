"""How people were counted: every number of people names its way."""

from __future__ import annotations

from wayhome.public_record.record import PublicRecord

ICE, MIDNIGHT, ANY_HOUR, HEADCOUNT = "ice", "midnight", "any_hour", "headcount"
WAYS = (ICE, MIDNIGHT, ANY_HOUR, HEADCOUNT)
_BY_PUBLICATION = {"detention_stats": ICE, "headcount": HEADCOUNT, "population": ANY_HOUR}


def way_of(record: PublicRecord, source: str, note: str | None) -> str:
    """The way of counting of an average: by what it says of itself, else by its publication."""
    if (note or "").startswith("at midnight"):
        return MIDNIGHT
    return _BY_PUBLICATION.get(record.sources[source].publication, ICE)


def of_month(record: PublicRecord, source: str) -> str:
    """The way of counting of a month of a daily file; empty where it is no such file."""
    return {"population": MIDNIGHT, "headcount": HEADCOUNT}.get(
        record.sources[source].publication, ""
    )
