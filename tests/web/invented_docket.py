"""The counts of a small invented docket, for tests of its pages."""

from tests.web.invented_record import SOURCES

DOCKET = {
    "id": "docket-2026", "publication": "docket", "title": "Invented docket",
    "file": "SYNTHETIC-eoir-3000-seed5", "sha256": "0a" * 32, "data_as_of": "2026-05-31",
    "synthetic": "yes",
}  # fmt: skip


def counted(measure, by, group, count, of, **other):
    told = {"measure": measure, "by": by, "group": group, "count": count, "denominator": of}
    share = {"share": round(count / of, 4), "low": round(count / of - 0.01, 4)}
    return {
        **told, **share, "high": round(count / of + 0.01, 4), "denominator_is": "cases",
        "suppressed": "no", "source": "docket-2026", **other,
    }  # fmt: skip


def left_out(measure, by, group):
    return {"measure": measure, "by": by, "group": group, "denominator_is": "cases",
            "suppressed": "yes", "source": "docket-2026"}  # fmt: skip


def reach(demand, by, group, *counts):
    return [
        {"demand": demand, "answer": answer, "law_on": "2026-06-01", "by": by, "group": group,
         "count": count, "denominator": sum(counts), "suppressed": "no", "source": "docket-2026"}
        for answer, count in zip(("true", "false", "cannot tell"), counts, strict=True)
    ]  # fmt: skip


TABLES = {
    "sources": [*SOURCES, DOCKET],
    "docket_counts": [
        counted("pending", "", "", 900, 3000),
        counted("pending", "court", "NYC", 300, 1000),
        counted("pending", "court", "all other", 600, 2000),
        left_out("pending", "court", "HLG"),
        counted("pending", "year", "2023", 500, 900),
        counted("pending", "year", "2024", 400, 600),
        counted("in_absentia", "", "", 250, 1900),
        counted("in_absentia", "nationality", "HN", 150, 1000),
        counted("in_absentia", "nationality", "not known", 100, 900),
    ],
    "docket_disparities": [
        counted("granted", "nationality", "HN", 40, 900),
        counted("granted", "nationality", "CN", 60, 700),
        counted("detained", "represented", "yes", 20, 400),
        counted("detained", "represented", "not known", 30, 500),
    ],
    "docket_simulation": [
        *reach("haiti_halt", "", "", 30, 2900, 70),
        *reach("haiti_halt", "court", "NYC", 30, 1900, 70),
    ],
}
