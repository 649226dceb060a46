"""The workbook that a caseworker starts from."""

import openpyxl
import pytest

from wayhome.law.vocabulary import load_vocabulary
from wayhome.sources.case_files import CaseFileProblem, read_case_file
from wayhome.sources.case_files.template import write_case_file_template

SPANISH = {
    "birth_date": ("¿Cuál es su fecha de nacimiento?", "Si solo sabe el mes, el primer día.")
}


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "clients.xlsx"
    write_case_file_template(path, SPANISH)
    return path


def test_it_reads_its_own_template(template):
    read = read_case_file(template)
    assert read.columns == tuple(fact.name for fact in load_vocabulary())
    assert [row.case_id for row in read.rows] == ["SYNTHETIC-1"]


def test_it_gives_each_fact_its_question_and_its_words_to_choose_from(template):
    workbook = openpyxl.load_workbook(template)
    cases, lists = workbook["cases"], workbook["lists"]
    choices = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in cases.data_validations.dataValidation
    }
    for column, fact in enumerate(load_vocabulary(), start=1):
        heading = cases.cell(1, column)
        assert fact.question in heading.comment.text
        assert all(text in heading.comment.text for text in SPANISH.get(fact.name, ()))
        below = cases.cell(2, column).coordinate
        if fact.values:
            _, cells = choices[below].split("!")
            assert tuple(cell.value for (cell,) in lists[cells.replace("$", "")]) == fact.values


def test_it_reads_what_a_caseworker_types_into_the_template(template):
    workbook = openpyxl.load_workbook(template)
    names = [fact.name for fact in load_vocabulary()]
    workbook["cases"].cell(3, 1, "0017")
    workbook["cases"].cell(3, names.index("sex") + 1, "female")
    workbook.save(template)
    row = read_case_file(template).rows[1]
    assert (row.case_id, row.facts) == ("0017", {"sex": "female"})


def test_it_never_writes_over_somebodys_clients(template):
    before = template.read_bytes()
    with pytest.raises(CaseFileProblem, match="it exists already"):
        write_case_file_template(template)
    assert template.read_bytes() == before


@pytest.mark.parametrize("name", ["clients.csv", "no/such/folder/clients.xlsx"])
def test_it_says_why_a_template_cannot_be_written(tmp_path, name):
    with pytest.raises(CaseFileProblem):
        write_case_file_template(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
