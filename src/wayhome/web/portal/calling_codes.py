"""The calling code of the country of a time zone, and a telephone number with it (ITU-T E.164)."""

from __future__ import annotations

from babel.core import get_global

# Of the countries in `time_zones.txt`.
CALLING_CODES = {
    **dict.fromkeys(("US", "CA", "PR", "DO", "JM", "TT", "GU"), "1"),
    **{"MX": "52", "GT": "502", "SV": "503", "HN": "504", "NI": "505", "CR": "506", "PA": "507"},
    **{"HT": "509", "BZ": "501", "CU": "53", "GY": "592", "CO": "57", "PE": "51", "EC": "593"},
    **{"VE": "58", "BO": "591", "BR": "55", "PY": "595", "AR": "54", "UY": "598", "CL": "56"},
    **{"CV": "238", "SN": "221", "GM": "220", "GN": "224", "SL": "232", "LR": "231", "CI": "225"},
    **{"GH": "233", "ML": "223", "MR": "222", "MA": "212", "DZ": "213", "TN": "216", "LY": "218"},
    **{"EG": "20", "SD": "249", "NG": "234", "CM": "237", "CD": "243", "AO": "244", "ZA": "27"},
    **{"UG": "256", "RW": "250", "KE": "254", "ET": "251", "ER": "291", "SO": "252", "SS": "211"},
    **{"TD": "235", "GB": "44", "FR": "33", "ES": "34", "PT": "351", "IT": "39", "DE": "49"},
    **{"PL": "48", "RO": "40", "UA": "380", "RU": "7", "TR": "90", "LB": "961", "SY": "963"},
    **{"JO": "962", "IL": "972", "IQ": "964", "SA": "966", "YE": "967", "IR": "98", "AF": "93"},
    **{"PK": "92", "IN": "91", "NP": "977", "BD": "880", "MM": "95", "TH": "66", "KH": "855"},
    **{"LA": "856", "VN": "84", "PH": "63", "ID": "62", "CN": "86", "HK": "852", "KR": "82"},
    **{"JP": "81", "UZ": "998", "FM": "691", "MH": "692"},
}
# Begins numbers inside a country, and is left out after the code; in Italy it is part of them.
_TRUNK, _KEEPS_TRUNK = "0", "39"
_SHORTEST_NUMBER = 7


def with_code(number: str, zone: str) -> str:
    """A number with the code of the country of a time zone; empty where it has one already, is no
    number, or the country is not known."""
    digits = "".join(c for c in number if c.isdecimal())
    code = CALLING_CODES.get(str(get_global("zone_territories").get(zone)), "")
    typed = number.strip()
    if not code or typed.startswith("+") or len(digits) < _SHORTEST_NUMBER:
        return ""
    if any(c.isalpha() or c == "@" for c in typed):
        return ""
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if digits.startswith(code) and len(digits) >= len(code) + _SHORTEST_NUMBER + (code == "1") * 2:
        return f"+{typed.lstrip()}"
    if code != _KEEPS_TRUNK and typed.startswith(_TRUNK):
        typed = typed.removeprefix(_TRUNK)
    return f"+{code} {typed}"
