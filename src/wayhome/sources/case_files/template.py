"""An empty case file to start from: an Excel workbook with lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from wayhome.law.vocabulary import CASE_ID, SCREENING_DATE, Fact, FactType, load_vocabulary
from wayhome.sources.case_files.countries import country_names
from wayhome.sources.case_files.faults import file_problem

LAST_ROW = 1000
EXAMPLE = {CASE_ID: "SYNTHETIC-1", "country_of_citizenship": "HT", "detained": "yes"}
EXAMPLE_NOTE = "SYNTHETIC example, nobody's case. Delete this row."

# Typed by a person, "0012" stays "0012" and 2019-03 is not taken for a formula.
NUMBER_FORMATS = {
    FactType.DATE: "yyyy-mm-dd",
    FactType.DATETIME: "yyyy-mm-dd hh:mm",
    FactType.INT: "0",
}
AS_TEXT = "@"

# The question and the line of help of each fact by its name.
Asked = Mapping[str, tuple[str, str]]


def write_case_file_template(path: Path, spanish: Asked | None = None) -> None:
    """Write a workbook with every fact as a column, its question as a comment, and its meaning.

    `spanish` has the question and the help of each fact by its name; without it all is English.
    Raises CaseFileProblem if `path` exists (it may hold somebody's clients) or is no .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        raise file_problem(path.name, "a template is an Excel workbook: name it .xlsx.")
    if path.exists():
        raise file_problem(path.name, "it exists already. Name a new file for the template.")
    beside = path.with_name(f".{path.name}.unfinished")
    try:
        _workbook(spanish or {}).save(beside)
        beside.replace(path)
    except OSError as error:
        raise file_problem(path.name, f"it cannot be written: {error.strerror}.") from error
    finally:
        beside.unlink(missing_ok=True)


def _workbook(spanish: Asked) -> Workbook:
    workbook = Workbook()
    cases = workbook.worksheets[0]
    cases.title = "cases"
    lists = workbook.create_sheet("lists")
    for column, fact in enumerate(load_vocabulary(), start=1):
        _add_column(cases, lists, column, fact, spanish)
    cases.freeze_panes = "B2"
    _add_meanings(workbook.create_sheet("meanings", 1), spanish)
    _add_countries(workbook.create_sheet("countries", 2))
    lists.sheet_state = "hidden"
    return workbook


def _add_column(
    cases: Worksheet, lists: Worksheet, column: int, fact: Fact, spanish: Asked
) -> None:
    letter = get_column_letter(column)
    heading = cases.cell(1, column, fact.name)
    heading.font = Font(bold=True)
    heading.comment = Comment("\n".join(filter(None, _explanation(fact, spanish))), "Wayhome")
    cases.column_dimensions[letter].width = max(12, len(fact.name) + 2)
    number_format = NUMBER_FORMATS.get(fact.type, AS_TEXT)
    cases.column_dimensions[letter].number_format = number_format
    example = cases.cell(2, column, EXAMPLE.get(fact.name))
    example.number_format = number_format
    if fact.name == CASE_ID:
        example.comment = Comment(EXAMPLE_NOTE, "Wayhome")
    if words := _words(fact):
        # In cells of their own: a list written into the rule itself may hold 255 characters.
        for row, word in enumerate((fact.name, *words), start=1):
            lists.cell(row, column, word)
        cells = f"lists!${letter}$2:${letter}${len(words) + 1}"
        rule = DataValidation(type="list", formula1=cells, allow_blank=True)
        rule.error = "Choose from the list, or leave the cell empty if it is not known."
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
        cases.add_data_validation(rule)


def _words(fact: Fact) -> tuple[str, ...]:
    if fact.type is FactType.BOOL:
        return ("yes", "no")
    return tuple(country_names()) if fact.unit.startswith("ISO 3166-1") else fact.values


def _explanation(fact: Fact, spanish: Asked) -> tuple[str, ...]:
    if fact.name == SCREENING_DATE:
        return (f"{fact.meaning}. Empty: the date given to the command.",)
    return (fact.question or fact.meaning, fact.help, *spanish.get(fact.name, ()))


def _add_meanings(sheet: Worksheet, spanish: Asked) -> None:
    sheet.append(["fact", "kind", "values", "meaning", "question", "help", "pregunta", "ayuda"])
    for fact in load_vocabulary():
        values = ", ".join(_words(fact) if not fact.type.is_wordlike else fact.values) or fact.unit
        questions = (fact.question, fact.help, *spanish.get(fact.name, ("", "")))
        sheet.append([fact.name, fact.type.value, values, fact.meaning, *questions])
    _finish(sheet, widths=(34, 10, 40, 60, 60, 60, 60, 60))


def _add_countries(sheet: Worksheet) -> None:
    sheet.append(["code", "country", "país"])
    for code, names in country_names().items():
        sheet.append([code, *names])
    _finish(sheet, widths=(8, 40, 40))


def _finish(sheet: Worksheet, widths: tuple[int, ...]) -> None:
    sheet.freeze_panes = "A2"
    for column, width in enumerate(widths, start=1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
