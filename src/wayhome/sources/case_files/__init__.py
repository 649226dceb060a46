"""Case files: people's facts from a spreadsheet (CSV, XLSX) or JSON Lines. See README.md.

What needs pyarrow or openpyxl is imported from its own file: every command would wait for them.
"""

from wayhome.sources.case_files.case_file import BadRow, CaseFile, CaseRow, read_case_file
from wayhome.sources.case_files.faults import CaseFileProblem, Fault

__all__ = [
    "BadRow",
    "CaseFile",
    "CaseFileProblem",
    "CaseRow",
    "Fault",
    "read_case_file",
]
