"""Case files: people's facts from a spreadsheet (CSV, XLSX) or JSON Lines. See README.md."""

from wayhome.sources.case_files.case_file import BadRow, CaseFile, CaseRow, read_case_file
from wayhome.sources.case_files.fact_table import fact_table
from wayhome.sources.case_files.faults import CaseFileProblem, Fault
from wayhome.sources.case_files.template import write_case_file_template

__all__ = [
    "BadRow",
    "CaseFile",
    "CaseFileProblem",
    "CaseRow",
    "Fault",
    "fact_table",
    "read_case_file",
    "write_case_file_template",
]
