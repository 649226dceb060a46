"""Authenticated encryption (AES-256-GCM), and what it is bound to.

A sealed value is `version (1 byte) | nonce (12 bytes) | ciphertext and tag`. It is bound to the
place where it stands, so that a value copied to another row or column does not open there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wayhome.law.normal_forms import normalized

VERSION = b"\x01"
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """The key is not the right one, or the bytes are not what was sealed."""


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """The plain bytes, sealed with a key for one place."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """What was sealed. Raises CannotOpen, which never holds any of it."""
    if sealed[:1] != VERSION:
        raise CannotOpen("These bytes were not sealed by this version of Wayhome.")
    start = 1 + _NONCE_BYTES
    try:
        return AESGCM(key).decrypt(sealed[1:start], sealed[start:], place.encode())
    except (InvalidTag, ValueError):
        raise CannotOpen("The key does not open this value.") from None


def unseal_with_one_of(keys: Sequence[bytes], sealed: bytes, place: str) -> bytes:
    """What was sealed with one of these keys; while a key is being changed there are two."""
    for key in keys[:-1]:
        try:
            return unseal(key, sealed, place)
        except CannotOpen:
            continue
    return unseal(keys[-1], sealed, place)


def derived(key: bytes, purpose: str) -> bytes:
    """Another key for another purpose (HKDF)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def blind(key: bytes, kind: str, word: str) -> bytes:
    """A keyed hash of a word, equal for equal words whatever their case, accents or width."""
    folded = normalized("NFKD", word).casefold()
    plain = "".join(c for c in folded if not unicodedata.combining(c)).strip()
    return hmac.new(key, f"{kind}\0{plain}".encode(), hashlib.sha256).digest()
