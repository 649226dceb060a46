"""Read one list: find its columns by their headings, and say of every row what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from wayhome.law.vocabulary import nearest_spelling
from wayhome.sources.agreements.agreement_list import (
    Agreement,
    AgreementList,
    Became,
    RowAccount,
)
from wayhome.sources.agreements.meanings import (
    ENACTED,
    TOTAL,
    address_of,
    agency_type,
    day_of,
    is_known_model,
    known,
    models_of,
    published_day,
    state_code,
    state_codes,
)
from wayhome.sources.agreements.workbook import (
    SAID,
    Header,
    cell_of,
    header_of,
    opened,
    what_it_met,
)
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import fingerprint
from wayhome.sources.printed_text import cleaned


def read_list(path: Path) -> AgreementList:
    """Read a list of agreements from a workbook.

    Raises ReleaseProblem, a sentence, for a file that is no such list or does not tell its day.
    """
    told = published_day(path.stem)
    if told is None:
        raise ReleaseProblem(
            f"{path.name}: its name does not tell the day of publication. Rename it so that it "
            "does, as in participatingAgencies-20250328.xlsx."
        )
    book = opened(path)
    headers = {sheet.title: header_of(path, sheet) for sheet in book.worksheets}
    if not any(headers.values()):
        raise ReleaseProblem(f"{path.name}: {what_it_met(book)}")
    agreements: list[Agreement] = []
    rows: list[RowAccount] = []
    for sheet in book.worksheets:
        header = headers[sheet.title]
        if header is None:
            rows += _passed_over(sheet)
        else:
            for account, found in _rows(sheet, header):
                rows.append(account)
                agreements += found
    kept, rows = _once(agreements, rows)
    made = AgreementList(
        file=path.name,
        sha256=fingerprint(path),
        published=told[0],
        part=told[1],
        columns={
            sheet.title: _columns_said(sheet, header)
            for sheet in book.worksheets
            if (header := headers[sheet.title])
        },
        agreements=tuple(kept),
        rows=tuple(rows),
        notes=(),
    )
    if not made.agreements:
        raise ReleaseProblem(
            f"{path.name}: it has the columns of a list and no agreement below them."
        )
    return replace(made, notes=tuple(_notes(made)))


def _columns_said(sheet: Any, header: Header) -> dict[str, str]:
    return {
        field: f"{get_column_letter(c)} ({cleaned(sheet.cell(header.row, c).value)})"
        for field, c in header.columns.items()
    }


def _passed_over(sheet: Any) -> Iterator[RowAccount]:
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        is_blank = not any(cleaned(cell.value) for cell in cells)
        yield RowAccount(sheet.title, row, Became.BLANK if is_blank else Became.OTHER_SHEET)


def _rows(sheet: Any, header: Header) -> Iterator[tuple[RowAccount, tuple[Agreement, ...]]]:
    heading: list[str] = []
    for row, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [cleaned(cell.value) for cell in cells]
        if row == header.row:
            heading = texts
        if not any(texts):
            yield RowAccount(sheet.title, row, Became.BLANK), ()
        elif row <= header.row or texts == heading:
            yield RowAccount(sheet.title, row, Became.HEADING), ()
        else:
            yield _row(sheet, header, row, _Texts(heading, texts))


@dataclass(frozen=True)
class _Texts:
    """The texts of a row's cells, from column A on, and of the header's."""

    heading: list[str]
    cells: list[str]

    def said(self) -> list[str]:
        return [text for text in self.cells if text]

    def without_heading(self) -> list[str]:
        """The columns of cells over which nothing stands."""
        pairs = enumerate(zip(self.heading, self.cells, strict=True), start=1)
        return [get_column_letter(c) for c, (heading, text) in pairs if text and not heading]


def _row(
    sheet: Any, header: Header, row: int, texts: _Texts
) -> tuple[RowAccount, tuple[Agreement, ...]]:
    cells = {field: cell_of(sheet, row, column) for field, column in header.columns.items()}
    said = {field: cleaned(cell.value) for field, cell in cells.items()}
    account = _of_no_agreement(sheet.title, row, texts.said(), said)
    if account:
        return account, ()
    signed, mended = day_of(cells["signed"].value)
    if signed and signed < ENACTED:
        signed, mended = None, f"{signed} is before section 287(g) was law ({ENACTED})"
    links = {field: _link(cells.get(field)) for field in ("memorandum", "addendum")}
    code = state_code(said["state"])
    assert code is not None
    found = tuple(
        Agreement(
            state=code,
            agency=said["agency"],
            agency_type=agency_type(known(said.get("agency_type", ""))),
            county=known(said.get("county", "")),
            model=model,
            signed=signed,
            memorandum=links["memorandum"],
            addendum=links["addendum"],
            sheet=sheet.title,
            row=row,
            printed={field: _as_printed(cell.value) for field, cell in cells.items()},
        )
        for model in models_of(said["model"])
    )
    reasons = [f"column {SAID['signed']}: {mended}"] if mended else []
    reasons += [f"column {c} has no heading: not read" for c in texts.without_heading()]
    became = Became.MENDED if reasons else Became.READ
    return RowAccount(sheet.title, row, became, "; ".join(reasons)), found


def _of_no_agreement(
    sheet: str, row: int, texts: list[str], said: Mapping[str, str]
) -> RowAccount | None:
    """What the row is where it holds no agreement."""
    lacking = [SAID[f] for f in ("state", "agency", "model") if known(said[f]) is None]
    if lacking and any(TOTAL.match(text) for text in texts):
        return RowAccount(sheet, row, Became.TOTAL, " ".join(texts)[:200])
    if len(texts) == 1:
        is_state = state_code(texts[0]) is not None
        return RowAccount(sheet, row, Became.HEADING if is_state else Became.FOOTNOTE, texts[0])
    if lacking:
        reason = f"nothing stands in the column {' and '.join(lacking)}"
        return RowAccount(sheet, row, Became.SET_ASIDE, f"{reason}: {', '.join(texts)[:200]}")
    if state_code(said["state"]) is None:
        near = nearest_spelling(said["state"].casefold(), state_codes())
        hint = f"; did they mean {near.title()}?" if near else ""
        reason = f"column {SAID['state']}: {said['state']!r} is no state or territory{hint}"
        return RowAccount(sheet, row, Became.SET_ASIDE, reason)
    return None


def _as_printed(value: Any) -> str:
    """The cell with its stray spaces and quotes; a date as YYYY-MM-DD."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return "" if value is None else str(value)


def _link(cell: Any) -> str | None:
    return address_of(cell.hyperlink.target) if cell is not None and cell.hyperlink else None


def _once(
    agreements: list[Agreement], rows: list[RowAccount]
) -> tuple[list[Agreement], list[RowAccount]]:
    """An agency has an agreement of a model once: of two rows, the one that was signed last."""
    kept: dict[tuple[tuple[str, str], str], Agreement] = {}
    twice: dict[tuple[str, int], str] = {}
    for found in agreements:
        place = found.key, found.model
        other = kept.get(place)
        if other is None:
            kept[place] = found
            continue
        last, first = sorted((found, other), key=lambda a: a.signed or date.min, reverse=True)
        if last.signed == first.signed:
            last, first = other, found
        kept[place] = last
        day = "" if last.signed == first.signed else ", with another date"
        where = f"row {last.row}" + ("" if last.sheet == first.sheet else f" of {last.sheet!r}")
        twice[first.sheet, first.row] = f"the agreement of {where}{day}"
    still = {(found.sheet, found.row) for found in kept.values()}
    accounts = [
        replace(account, became=Became.TWICE, reason=twice[account.sheet, account.row])
        if (account.sheet, account.row) in twice and (account.sheet, account.row) not in still
        else account
        for account in rows
    ]
    return list(kept.values()), accounts


def _notes(made: AgreementList) -> Iterator[str]:
    lacking = [
        said for field, said in SAID.items() if all(field not in c for c in made.columns.values())
    ]
    if lacking:
        yield f"{made.file}: it has no column {', '.join(lacking)}: what they tell is unknown."
    for model in sorted({a.model for a in made.agreements if not is_known_model(a.model)}):
        yield f"{made.file}: the support type {model!r} is not one that is known; kept as it is."
    late = [a.row for a in made.agreements if a.signed and a.signed > made.published]
    if late:
        yield (
            f"{made.file}: signed after the list was published ({made.published}): rows "
            f"{', '.join(map(str, late))}."
        )
    read = made.count(Became.READ) + made.count(Became.MENDED) + made.count(Became.TWICE)
    for account in made.rows:
        if account.became is Became.TOTAL:
            own = re.search(r"\d[\d,]*", account.reason)
            if own and int(own[0].replace(",", "")) != read:
                yield (
                    f"{made.file}, sheet {account.sheet!r}, row {account.row}: the list's own "
                    f"total is {own[0]}, and {read:,} rows were read."
                )
