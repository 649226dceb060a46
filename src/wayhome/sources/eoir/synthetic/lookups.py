"""The `Lookup/` folder of a synthetic release: the code tables, some with NUL bytes.

Each table has the real one's first columns; addresses, telephone numbers and printer settings are
left out. The judges are invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from wayhome.sources.eoir.codes import (
    codes_of,
    court_decisions,
    courts,
    hearing_locations,
)
from wayhome.sources.eoir.layout import LOOKUP_FOLDER, SYNTHETIC_PREFIX
from wayhome.sources.eoir.synthetic.chunk import JUDGES

Lines = Iterable[tuple[str, ...]]

_MADE = "2002-11-30 00:00:00.000"

# Tables whose columns are a number, the code and its description, and what their columns are
# called in the real release where not strCode and strDescription.
_PLAIN = {
    "tblLanguage": ("idnLang", "strCode", "strDescription"),
    "tblLookUp_Appln": ("idnAppln", "strCode", "strDescription"),
    "tblLookUpCaseIdentifier": ("idnCaseID", "strCode", "strDescription"),
    "tblLookupAlienNat": ("idnNat", "strCode", "strDescription"),
    "tblLookupBIADecision": ("idnBIADec", "strCode", "strDescription"),
    "tblLookupBIADecisionType": ("idnBIADecType", "strCode", "strDescription"),
    "tblLookupCaseType": ("idnCaseType", "strCode", "strDescription"),
    "tblLookupCourtAppDecisions": (
        "idnCourtApplnDec",
        "strCourtApplnDecCode",
        "strCourtApplnDecDesc",
    ),
    "tblLookupCustodyStatus": ("idnCustodyStatus", "strCode", "strDescription"),
    "tblLookupFedCourtDecision": ("idnFedCourtDec", "strCode", "strDescription"),
    "tblLookupFiledBy": ("idnFiledBy", "strCode", "strDescription"),
    "tblLookupFiling_Method": (
        "idnFilingMethod",
        "strFilingMethodCode",
        "strFilingMethodDescription",
    ),
    "tblLookupFiling_Method_Party": (
        "idnFilingParty",
        "strFilingPartyCode",
        "strFilingPartyDescription",
    ),
    "tblLookupMotionType": ("idnMotionType", "strMotionCode", "strMotionDesc"),
    "tblLookupService_Method": ("idnServiceMethod", "strCode", "strDescription"),
    "tblLookupSex": ("idnSex", "strCode", "strDescription"),
    "tblLookupState": ("idnState", "strCode", "strDescription"),
    "tblLookup_CasePriority": ("idnCasePriority", "strCode", "strDescription"),
    "tbllookupAppealType": ("idnAppealType", "strApplCode", "strApplDescription"),
    "tbllookupCal_Type": ("idnCalType", "strCalTypeCode", "strCalTypeDescription"),
    "tbllookupCharges": ("idnCharges", "strCode", "strCodeDescription"),
    "tbllookupSchedule_Type": ("idnScheduleType", "strCode", "strDescription"),
}

# In these, as in some of the real ones, NUL bytes stand between the words.
_WITH_NUL = ("tblLanguage", "tblLookupAlienNat", "tblLookupHloc")


def _judges() -> Lines:
    yield ("idnJudge", "JUDGE_CODE", "JUDGE_NAME", "datCreatedOn", "blnActive")
    for number, code in enumerate(JUDGES, start=1):
        yield (str(number), code, f"SYNTHETIC JUDGE {code}", _MADE, "1")


def _base_cities() -> Lines:
    yield ("idnBaseCity", "BASE_CITY_CODE", "BASE_CITY_NAME", "BASE_CITY", "BASE_STATE")
    for number, court in enumerate(courts().values(), start=1):
        place = court.place.upper()
        yield (str(number), court.base_city, "IMMIGRATION COURT", place, court.state)


def _hearing_locations() -> Lines:
    header = ("idnHloc", "HEARING_LOC_CODE", "HEARING_LOC_NAME", "HEARING_STATE")
    yield (*header, "HEARING_BASE_CITY", "blnActive")
    for number, place in enumerate(hearing_locations().values(), start=1):
        yield (str(number), place.code, place.name, place.state, place.base_city, "1")


def _decisions() -> Lines:
    header = ("idnCourtDecision", "strCaseType", "strDecCode", "strDecDescription", "strDecType")
    yield (*header, "blnActive", "datCreatedOn")
    for number, one in enumerate(court_decisions(), start=1):
        decision = (one.case_type, one.code, one.description, one.type)
        yield (str(number), *decision, "1", _MADE)


def _juvenile() -> Lines:
    yield ("idnJuvenile", "strCode", "strDescription", "datCreatedOn", "datModifiedOn")
    for number, text in (codes_of("tblLookup_Juvenile") or {}).items():
        code, _, description = text.partition(": ")
        yield (number, code, description, _MADE, "")


_SPECIAL: dict[str, Callable[[], Lines]] = {
    "tblLookupBaseCity": _base_cities,
    "tblLookupCourtDecision": _decisions,
    "tblLookupHloc": _hearing_locations,
    "tblLookupJudge": _judges,
    "tblLookup_Juvenile": _juvenile,
}


def _plain(lookup: str) -> Lines:
    yield (*_PLAIN[lookup], "datCreatedOn", "datModifiedOn", "blnActive")
    for number, (code, description) in enumerate((codes_of(lookup) or {}).items(), start=1):
        yield (str(number), code, description, _MADE, "", "1")


def write_lookups(folder: Path) -> None:
    """Write the code tables into `folder/Lookup`."""
    target = folder / LOOKUP_FOLDER
    target.mkdir()
    for lookup in sorted({*_PLAIN, *_SPECIAL}):
        rows = _SPECIAL[lookup]() if lookup in _SPECIAL else _plain(lookup)
        text = "".join("\t".join(row) + "\n" for row in rows)
        data = text.encode()
        if lookup in _WITH_NUL:
            header, _, rest = data.partition(b"\n")
            data = header + b"\n" + rest.replace(b" ", b" \x00")
        (target / f"{SYNTHETIC_PREFIX}{lookup}.csv").write_bytes(data)
