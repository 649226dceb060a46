"""By whom a facility is run, from the type of contract that ICE prints."""

from __future__ import annotations

PRIVATE, JAIL, FEDERAL, OTHER = "private", "state or local", "federal", "other"

# As ICE prints it -> whose facility it is. DIGSA is an agreement with a county or city for a
# facility that holds only for ICE; nearly all are run by companies, but the contract is local.
CONTRACTS = {
    "CDF": PRIVATE,
    "USMS CDF": PRIVATE,
    "IGSA": JAIL,
    "DIGSA": JAIL,
    "USMS IGA": JAIL,
    "STATE": JAIL,
    "JUVENILE": JAIL,
    "SPC": FEDERAL,
    "BOP": FEDERAL,
    "DOD": FEDERAL,
    "HOLD": FEDERAL,
    "POE": FEDERAL,
    "BPS": FEDERAL,
    # Some are run by companies.
    "STAGING": OTHER,
    "AIRPORT": OTHER,
    "TRANSPORT": OTHER,
    "HOSPITAL": OTHER,
    "HEALTH": OTHER,
    "FAMILY": OTHER,
    "MIRP": OTHER,
    "OTHER": OTHER,
}


def contract_of(type: str | None) -> str | None:
    """private, state or local, federal or other; None where the type is unknown or new."""
    return CONTRACTS.get(type.strip().upper()) if type else None
