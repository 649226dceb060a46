"""Small invented detention statistics workbooks, in the layout of ICE's, to be spoilt by tests."""

from copy import deepcopy

import openpyxl

HEADINGS = [
    *["Name", "Address", "City", "State", "Zip", "AOR", "Type Detailed", "Male/Female"],
    *["FY30 ALOS", "Level A", "Level B", "Level C", "Level D"],
    *["Male Crim", "Male Non-Crim", "Female Crim", "Female Non-Crim"],
    *["ICE Threat Level 1", "ICE Threat Level 2", "ICE Threat Level 3", "No ICE Threat Level"],
    *["Mandatory", "Guaranteed Minimum"],
    *["Last Inspection Type", "Last Inspection End Date", "Last Inspection Standard"],
    "Last Final Rating",
]
NORTH = [
    *["NORTH JAIL", "1 MAIN ST", "RENO", "NV", 89501, "SLC", "IGSA", "Female/Male"],
    *[10.5, 4, 3, 2, 1, 5, 2, 2, 1, 1, 2, 3, 4, 6, 50, "ODO", "3/10/2030", "NDS 2019", "Pass"],
]
EAST = [
    *["EAST CENTER", "2 HILL RD", "BOSTON", "MA", 2360, "BOS", "CDF", "Male"],
    *[20, 10, 5, 3, 2, 12, 8, 0, 0, 5, 5, 5, 5, 9, None, "ODO", 47_500, "NDS 2019", "Fail"],
]
SOUTH = [
    *["SOUTH CAMP", "3 BAY AVE", "MIAMI", "FL", 33101, "MIA", "SPC", "Female"],
    *[30, 1, 1, 1, 2, 0, 0, 3, 2, 1, 1, 1, 2, 5, 5, None, "Scheduled FY31", None, None],
]
FACILITIES = [
    ["These statistics are made available to the public."],
    [],
    ["ICE FACILITIES DATA, FY30 YTD"],
    ["Source: ICE Integrated Decision Support (IIDS), 04/02/2030"],
    ["Facility Information", *[None] * 8, "FY30 ADP: Detainee Classification Level"],
    HEADINGS,
    NORTH,
    EAST,
    SOUTH,
]
FIRST = 6  # where the first facility stands, from 0

MONTHS = ["Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"]
NATION = [
    ["ICE DETENTION DATA, FY30 YTD"],
    [],
    ["ICE Average Daily Population by Facility Type and Month: FY2030 YTD"],
    ["Facility Type", *MONTHS, "FY Overall"],
    ["Total", 30, 40, *[0] * 10, 35],
    ["FRC", 5, 10, *[0] * 10, 7.5],
    ["Adult", 25, 30, *[0] * 10, 27.5],
    [],
    ["ICE Initial Book-Ins by Arresting Agency and Month: FY2030 YTD"],
    ["Agency", *MONTHS, "Total"],
    ["Total", 100, 200, *[0] * 10, 300],
    ["CBP", 40, 50, *[None] * 10, 90],
    ["ICE  ", 60, 150, *[None] * 10, 210],
    ["* Data are as of 04/02/2030."],
]


def facilities():
    return deepcopy(FACILITIES)


def nation():
    return deepcopy(NATION)


def save(path, sheets, merged=()):
    """Save sheets given as rows, by name; `merged` are (sheet, range) to merge."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column, value)
    for name, cells in merged:
        book[name].merge_cells(cells)
    book.save(path)
    return path
