"""From `tables.yaml` to dated tables, every fault reported."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from wayhome.law.faults import Fault
from wayhome.law.rules import Confidence
from wayhome.law.tables import FROM, THEN, TO, Column, Row, Table
from wayhome.law.vocabulary import (
    EARLIEST_DATE,
    LARGEST_COUNT,
    LATEST_DATE,
    FactType,
    Value,
    Vocabulary,
    did_you_mean,
    nearest_spelling,
)
from wayhome.law.yaml_lines import Entry

_TABLE_FIELDS = ("title", "key", "columns", "rows", "note")
_ROW_FIELDS = ("confidence", "source", "check", "note")
_THEN_VALUES = ("ended", "unknown")


def read_tables(
    content: object, program: str, file: str, vocabulary: Vocabulary, faults: list[Fault]
) -> Iterator[Table]:
    """The tables of one file; a faulty table is reported and still read as far as it goes."""
    if content is None:
        return
    if not isinstance(content, Entry):
        faults.append(Fault(file, "", 1, 0, "A tables file is a list of `name:` and its table."))
        return
    for name, body in content.items():
        reader = _TableReader(name, program, file, vocabulary, faults)
        if not isinstance(body, Entry):
            reader.wrong(content.line_of(name), "A table has title, key, columns and rows.")
            continue
        table = reader.read(body)
        if table is not None:
            yield table


class _TableReader:
    def __init__(
        self, name: str, program: str, file: str, vocabulary: Vocabulary, faults: list[Fault]
    ) -> None:
        self.name, self.program, self.file = name, program, file
        self.vocabulary, self.faults = vocabulary, faults

    def wrong(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.file, self.name, line, 0, message))

    def read(self, body: Entry) -> Table | None:
        self._check_fields(body, _TABLE_FIELDS, "a table")
        columns = self._columns(body)
        key = str(body.get("key", ""))
        if key not in columns:
            hint = nearest_spelling(key, columns)
            near = did_you_mean(hint)
            self.wrong(body.line_of("key"), f"The key {key!r} is not one of its columns.{near}")
            return None
        rows = body.get("rows")
        if not isinstance(rows, list) or not rows:
            self.wrong(body.line_of("rows"), "A table has a list of rows.")
            return None
        read = tuple(row for raw in rows if (row := self._row(raw, columns, body)) is not None)
        title = str(body.get("title", ""))
        if not title:
            self.wrong(body.line, "A table has a title.")
        return Table(self.name, title, key, columns, read, self.program, self.file)

    def _check_fields(self, entry: Entry, allowed: tuple[str, ...], what: str) -> None:
        for name, line in entry.repeated:
            self.wrong(line, f"{name!r} stands here twice.")
        for name in entry:
            if name not in allowed:
                near = nearest_spelling(name, allowed)
                hint = did_you_mean(near)
                self.wrong(entry.line_of(name), f"{name!r} is not a field of {what}.{hint}")

    def _columns(self, body: Entry) -> dict[str, Column]:
        columns = body.get("columns")
        if not isinstance(columns, Entry):
            self.wrong(body.line_of("columns"), "A table has columns: name and type of each.")
            return {}
        read = {name: self._column(name, spec, columns) for name, spec in columns.items()}
        return {name: column for name, column in read.items() if column is not None}

    def _column(self, name: str, spec: object, columns: Entry) -> Column | None:
        line = columns.line_of(name)
        if not isinstance(spec, Entry) or "type" not in spec:
            self.wrong(line, f"Column {name!r} needs a type, such as {{type: date}}.")
            return None
        self._check_fields(spec, ("type", "fact", "values", "meaning"), "a column")
        kinds = [kind.value for kind in FactType]
        if spec["type"] not in kinds:
            self.wrong(line, f"Column {name!r}: a type is one of {', '.join(kinds)}.")
            return None
        return Column(name, FactType(str(spec["type"])), self._column_values(name, spec, line))

    def _column_values(self, name: str, spec: Entry, line: int) -> tuple[str, ...]:
        fact = str(spec.get("fact", ""))
        if fact and fact not in self.vocabulary:
            hint = self.vocabulary.nearest(fact)
            near = did_you_mean(hint)
            self.wrong(line, f"Column {name!r}: there is no fact {fact!r}.{near}")
            return ()
        values = spec.get("values")
        if fact:
            return self.vocabulary[fact].values
        if name.endswith(THEN):
            return _THEN_VALUES
        return tuple(str(v) for v in values) if isinstance(values, list) else ()

    def _row(self, raw: object, columns: dict[str, Column], body: Entry) -> Row | None:
        if not isinstance(raw, Entry):
            self.wrong(body.line_of("rows"), "A row is written {column: value, ...}.")
            return None
        self._check_fields(raw, (*columns, *_ROW_FIELDS), f"table {self.name}")
        values = {name: self._value(column, raw) for name, column in columns.items()}
        self._check_ranges(values, raw)
        return Row(
            values=values,
            confidence=self._confidence(raw),
            source=self._sourced(raw),
            check=str(raw.get("check", "")),
            line=raw.line,
        )

    def _value(self, column: Column, raw: Entry) -> Value:
        value = raw.get(column.name)
        if value is None or value == "":
            return None
        if column.type.is_wordlike and isinstance(value, int | str) and not isinstance(value, bool):
            value = str(value)
        if not _fits(column.type, value):
            self.wrong(
                raw.line_of(column.name),
                f"{column.name}: {value!r} is not a {column.type}{_ADVICE.get(column.type, '')}.",
            )
            return None
        if column.values and value not in column.values:
            near = nearest_spelling(str(value), column.values)
            hint = did_you_mean(near)
            self.wrong(raw.line_of(column.name), f"{column.name}: {value!r} is not allowed.{hint}")
        return value  # type: ignore[return-value]

    def _check_ranges(self, values: dict[str, Value], raw: Entry) -> None:
        for name, start in values.items():
            end = values.get(name.removesuffix(FROM) + TO) if name.endswith(FROM) else None
            if isinstance(start, date) and isinstance(end, date) and end <= start:
                self.wrong(raw.line, f"{name} {start} is not before its end {end}.")

    def _confidence(self, raw: Entry) -> str:
        confidence = str(raw.get("confidence", ""))
        if confidence not in set(Confidence):
            self.wrong(raw.line, f"A row's confidence is one of {', '.join(Confidence)}.")
        if confidence == Confidence.CHECK and not raw.get("check"):
            self.wrong(raw.line, "With confidence: check, say why in check:.")
        return confidence

    def _sourced(self, raw: Entry) -> str:
        source = str(raw.get("source") or "")
        if not source:
            self.wrong(raw.line, "A row names its source.")
        return source


_ADVICE = {
    FactType.DATE: f" (YYYY-MM-DD between {EARLIEST_DATE} and {LATEST_DATE})",
    FactType.BOOL: " (true or false)",
    FactType.INT: " (a whole number)",
}


def _fits(kind: FactType, value: object) -> bool:
    match kind:
        case FactType.BOOL:
            return isinstance(value, bool)
        case FactType.INT:
            return (
                isinstance(value, int)
                and not isinstance(value, bool)
                and abs(value) <= LARGEST_COUNT
            )
        case FactType.DATE:
            is_day = isinstance(value, date) and not isinstance(value, datetime)
            return is_day and EARLIEST_DATE <= value <= LATEST_DATE  # type: ignore[operator]
        case FactType.DATETIME:
            return isinstance(value, datetime)
    return isinstance(value, str)
