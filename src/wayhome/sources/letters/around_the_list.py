"""What stands around a pasted list: lines of the e-mail, addresses, telephone numbers, formulas."""

from __future__ import annotations

import re

from wayhome.sources.letters.contact import without_contact
from wayhome.sources.letters.one_line import NAME_WORD, bare, says_only_place_or_kind
from wayhome.sources.letters.words import initials, says_organization, words_of

_THANKS = (
    r"(?:(?:so |very )?(?:many|much|muchas|mil) )?(?:thanks|thank you|gracias)\b\s*"
    r"(?:$|[:,!.]|(?:so|very|again|all|everyone|everybody|much|in advance|a (?:lot|million|ton)|"
    r"to (?:all|every\w+)|for (?:your|all|the|signing|reading|everything)|por|a tod[oa]s|"
    r"y saludos)\b)"
    r"|.*[,.!] (?:thanks|thank you|gracias)[.!]*$"
)
_CLOSING = (
    r"(?:(?:all|the|my|with|in|yours|many|kind|kindest|warm|warmest|best|un|much|very|cordiales) )*"
    r"(?:best|regards|wishes|warmly|cheers|sincerely|yours|truly|gratitude|gratefully|"
    r"respectfully|saludos|atentamente|cordialmente|abrazos?|take care|talk soon|"
    r"(?:in|with) (?:solidarity|peace|love|hope|gratitude))\b\s*(?:[,!.]+(?:\s*\w+){0,2}$|$)"
)
_SIGN_OFF = re.compile(f"{_THANKS}|{_CLOSING}", re.IGNORECASE)
_OF_MAIL = re.compile(
    r"(?:hi|hello|hey|hola|dear|from|to|cc|subject|date|re|fwd?|in solidarity|sent from)\b\s*"
    r"(?:[:,!.]|all\b|everyone\b|my\b|$)|"
    r"(?:hi|hello|hey|hola|dear|good (?:morning|afternoon|evening))(?: \w+){0,2}\s*[,!]$|"
    r"(?:sent|bcc|reply-to|attachments?|importance|from|to|subject|date|fw|para|de|asunto|fecha|"
    r"enviado(?: el)?)\*?\s*:|"
    r"(?:begin )?(?:forwarded|original) message\b|mensaje (?:reenviado|original)\b|"
    r"on\b.*\d.*(?:\bwrote\b|\bat \d|\d:\d\d|<)|el\b.*\d.*escribió|.*\b(?:wrote|escribió):?$|"
    r"sent from (?:my|mail|outlook)\b|get outlook for\b|enviado desde\b|unsubscribe\b",
    re.IGNORECASE,
)
_STREET = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|place|pl|court|ct|"
    r"highway|hwy|plaza|broadway)"
)
_ZIP = r"\s+\d{5}(?:-\d{4})?"
_NO_NAMES = (
    ("an address of mail", re.compile(r"\S+@\S+\.\S+|<?mailto:\S+")),
    ("an address of the web", re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)),
    (
        "a telephone number",
        re.compile(r"((tel|phone|fax|cell)\w*[.:]?\s*)?[+(]?[\d\s().+/x-]{7,}", re.I),
    ),
    (
        "a formula of a spreadsheet",
        re.compile(r"=.*|[+@-]\s*[A-Za-z]+\(.*|#(REF|N/A|NAME|VALUE).*"),
    ),
    (
        "a street address",
        re.compile(
            rf"\d[\w-]*\s+.*,?\s[A-Z]{{2}}\.?,?{_ZIP}|"
            rf"\d[\w-]*(?:\s+[\w.'’-]+){{1,4}}?\s+(?i:{_STREET})\b\.?"
            r"(?:,.*|\s(?i:suite|ste|apt|unit|floor|[ns]?[ew]|[ns])\b.*|\s#.*)?|"
            r"(?i:p\.?\s?o\.? box)\s+\d.*"
        ),
    ),
)
SIGNED_IN_WORDS = 3
SAID_IN_WORDS = 5
_NOT_YET = re.compile(
    r"\b(not yet|pending|awaiting|waiting (?:for|on|to hear)|unconfirmed|t\.?b\.?[acd]|"
    r"to be (?:confirmed|decided|determined)|a[uú]n no|todav[ií]a no|pendiente|por confirmar)\b"
    r"|\(\?+\)|\?+$",
    re.IGNORECASE,
)
# Words that somebody says of themselves or to somebody: in small letters, no part of a name.
_SAID_TO_SOMEBODY = re.compile(
    r"\b(?:us|we|i|i'm|me|my|our|you|your|please|also|too|is|are|was|were|will|would|can|could|"
    r"should|have|has|add|sign|signing|count|think|know|let|favor|nos|también|quiere|queremos)\b"
)
_BEGINS_WHAT_IS_SAID = frozenset({"please", "sorry"})
# "Please also add us: ", before a name: behind the first words none has a capital, as in a name.
_PLEA = re.compile(
    r"(?:(?i:please|pls|kindly|also|sorry|por favor|tambi[eé]n)\b[^:A-ZÀ-Þ]{0,60}"
    r"|(?i:add|include|count|put|list|sign)\s+(?:us|me|our|these|this|them|also|too|on|in)\b"
    r"[^:A-ZÀ-Þ]{0,60}):(?=\s*\S)"
)
_SMALL_WORD = re.compile(r"[a-zß-ÿ]")


def is_of_mail(text: str) -> bool:
    """Whether it looks like a line of the e-mail around a list: a greeting, a head, thanks."""
    said = text.strip(" \t>-–—_*=")
    return any(form.match(said) for form in (_OF_MAIL, _SIGN_OFF)) or is_said_in_mail(text)


def is_said_in_mail(text: str) -> bool:
    """Whether a line is something that was said: "> Please add us too". A line that is not quoted
    with ">" has to be longer: a name may begin with "We" or end with "us"."""
    words = bare(text).replace("’", "'").split()
    if len(words) < SAID_IN_WORDS and not text.lstrip().startswith(">"):
        return False
    small = [word for word in words[1:] if _SMALL_WORD.match(word)]
    is_told = any(_SAID_TO_SOMEBODY.match(word.casefold()) for word in (*words[:1], *small))
    is_asked = words[:1] != [] and words[0].casefold().strip(",:") in _BEGINS_WHAT_IS_SAID
    return is_asked or (is_told and 2 * len(small) >= len(words))


def plea_before(text: str) -> str:
    """The words that ask for a name to be added, as printed before it: "Please also add us:". Empty
    where none stand there, or no name behind them."""
    found = _PLEA.match(bare(text))
    return found[0] if found else ""


def why_not_yet(text: str) -> str:
    """The words by which somebody does not sign yet ("pending", "TBC"); empty where there are none.

    Letters that stand for the very name, "Tampa Bay Coalition (TBC)", are its acronym.
    """
    said = bare(text)
    told = (
        found[0]
        for found in _NOT_YET.finditer(said)
        if initials(words_of(said[: found.start()])) != found[0].replace(".", "").casefold()
    )
    return next(told, "")


def is_sign_off(text: str) -> bool:
    """Whether an e-mail ends with it, so that the next line may be who wrote that."""
    return _SIGN_OFF.match(text.strip(" \t>*")) is not None


def may_have_signed_mail(text: str) -> bool:
    """Whether a line behind a sign-off may be the name of whoever wrote the e-mail."""
    words = bare(text).split()
    are_names = all(NAME_WORD.fullmatch(word) for word in words)
    return len(words) <= SIGNED_IN_WORDS and are_names and not says_organization(text)


def why_no_name(text: str) -> str:
    """What a line is that can be no organization: an address, a number, a formula; else empty."""
    said = text.strip(" \t>•*;,")
    if found := next((said_of for said_of, form in _NO_NAMES if form.fullmatch(said)), ""):
        return found
    if not without_contact(said)[0]:
        return "a telephone number or an address"
    place, has_zip, _ = re.sub(rf"({_ZIP})$", r"\n", said).partition("\n")
    return "a street address" if has_zip and says_only_place_or_kind(place) else ""
