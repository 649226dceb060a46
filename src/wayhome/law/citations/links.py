"""Where each kind of citation can be read, in public and without paying."""

from __future__ import annotations

import re
from urllib.parse import quote

# The Federal Register's own pages begin with 1994; the Government Publishing Office has the rest.
FIRST_VOLUME_ONLINE = 59
# congress.gov has the text of public laws from this Congress (1995) on.
FIRST_CONGRESS_ONLINE = 104


def us_code(title: str, section: str, paragraphs: tuple[str, ...] = ()) -> str:
    place = f"#{'_'.join(paragraphs)}" if paragraphs else ""
    return f"https://www.law.cornell.edu/uscode/text/{title}/{section}{place}"


def regulation(title: str, section: str, paragraphs: tuple[str, ...] = ()) -> str:
    if "." not in section:
        return f"https://www.ecfr.gov/current/title-{title}/part-{section}"
    place = f"#p-{section}" + "".join(f"({p})" for p in paragraphs) if paragraphs else ""
    return f"https://www.ecfr.gov/current/title-{title}/section-{section}{place}"


def decision(volume: str, reporter: str, page: str) -> str:
    """CourtListener's page of a decision by its place in a reporter, the Board's too."""
    return f"https://www.courtlistener.com/c/{quote(reporter)}/{volume}/{page}/"


def federal_register(volume: str, page: str) -> str:
    if int(volume) < FIRST_VOLUME_ONLINE:
        return f"https://www.govinfo.gov/link/fr/{volume}/{page}"
    return f"https://www.federalregister.gov/citation/{volume}-FR-{page}"


def public_law(congress: str, number: str) -> str:
    if int(congress) < FIRST_CONGRESS_ONLINE:
        return f"https://uscode.house.gov/statutes/pl/{congress}/{number}.pdf"
    return f"https://www.congress.gov/{congress}/plaws/publ{number}/PLAW-{congress}publ{number}.htm"


_AMENDMENTS = {"fifth": 5, "fourteenth": 14, "fourth": 4, "eighth": 8, "first": 1, "sixth": 6}


def constitution(text: str) -> str:
    """The Constitution annotated; the amendment where the text names one that is known here."""
    named = re.search(r"(\w+) Amendment", text)
    number = _AMENDMENTS.get(named.group(1).lower()) if named else None
    place = f"amendment-{number}/" if number else ""
    return f"https://constitution.congress.gov/constitution/{place}"
