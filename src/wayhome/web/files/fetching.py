"""What a Word or Excel file would fetch, or start, as soon as somebody opens it.

Its parts are read as XML, as Word reads them, and never as text: there are many ways of writing
one thing in XML. What cannot be read so is refused, because Word may read it otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

_READ_AS_XML = (".xml", ".rels", ".vml")
# The only relation that may lead elsewhere: it does nothing until somebody chooses it.
_HYPERLINKS = frozenset(
    f"http://{host}/relationships/hyperlink"
    for host in (
        "schemas.openxmlformats.org/officeDocument/2006",
        "purl.oclc.org/ooxml/officeDocument",
    )
)
_MAY_BE_CHOSEN = re.compile(r"(https?:|mailto:|#)", re.IGNORECASE)
# A writer's own template, on a drive of the writer's: no computer is asked for it.
_TEMPLATES = frozenset(kind.replace("hyperlink", "attachedTemplate") for kind in _HYPERLINKS)
_ON_A_DRIVE = re.compile(r"file:///[A-Za-z]:[\\/](?![\\/])", re.IGNORECASE)
_IS_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[\\/]{2}")
# Relations and elements that take in another file or another program's data.
_TAKES_IN = frozenset({"afchunk", "externallink", "externallinkpath", "frame"})
_ELEMENTS = frozenset({"altchunk", "ddelink", "externalbook", "olelink", "dbpr", "webpr"})
_FORMULAS = re.compile(r"\b(WEBSERVICE|IMAGE|RTD)\s*\(|\|\s*'", re.IGNORECASE)
_FIELDS = re.compile(r"\W*(DDE|DDEAUTO|LINK|IMPORT|INCLUDE\w*|DATABASE|RD)\b", re.IGNORECASE)


def fetches(name: str, part: bytes) -> bool:
    """Whether a part of a file fetches or starts something. Raises ValueError if it is not the XML
    that its name says; a part may be XML under any name, for Word goes by the list of types."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, LookupError) as error:
        if name.casefold().endswith(_READ_AS_XML) and part.strip():
            raise ValueError("A part of the file is no XML.") from error
        return False
    # A document type may define what is to be fetched; no program writes one here.
    if root.getroottree().docinfo.doctype:
        return True
    return any(_is_fetching(one) for one in root.iter(etree.Element)) or _has_field(root)


def _is_fetching(element: Any) -> bool:
    """An element that takes something in, or a relation to something elsewhere."""
    name = etree.QName(element).localname.casefold()
    if name in _ELEMENTS or (name == "f" and _FORMULAS.search(element.text or "")):
        return True
    if _IS_ELSEWHERE.match(element.get("src", "").strip()):
        return True
    if name != "relationship":
        return False
    said = {key.casefold(): value.strip() for key, value in element.attrib.items()}
    kind, target = said.get("type", ""), said.get("target", "")
    if kind in _HYPERLINKS:
        return _leads_elsewhere(said) and not _MAY_BE_CHOSEN.match(target)
    if kind in _TEMPLATES and _ON_A_DRIVE.match(target):
        return False
    return kind.rsplit("/", 1)[-1].casefold() in _TAKES_IN or _leads_elsewhere(said)


def _leads_elsewhere(said: dict[str, str]) -> bool:
    is_external = said.get("targetmode", "").casefold() not in ("", "internal")
    return is_external or bool(_IS_ELSEWHERE.match(said.get("target", "")))


def _has_field(root: Any) -> bool:
    return any(_FIELDS.match(field) for field in _fields(root))


def _fields(root: Any) -> Iterator[str]:
    """What each field of a text does, put together from the runs over which it is written."""
    open_fields: list[str] = []
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if name == "fldSimple":
            yield _attribute(element, "instr")
        elif name == "fldChar":
            kind = _attribute(element, "fldCharType")
            if kind == "begin":
                open_fields.append("")
            elif open_fields:
                yield open_fields[-1]
                if kind == "end":
                    open_fields.pop()
        elif name in ("instrText", "delInstrText"):
            text = "".join(element.itertext())
            if open_fields:
                open_fields[-1] += text
            else:
                yield text
    yield from open_fields


def _attribute(element: Any, name: str) -> str:
    return next((v for k, v in element.attrib.items() if etree.QName(k).localname == name), "")
