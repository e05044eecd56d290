"""What somebody else wrote, without what nobody may see: a server can repeat the token that it was sent."""

from __future__ import annotations

import base64
from typing import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "***"
_SHORTEST = 4  # characters; a shorter one would mask ordinary words, and is no secret


def redacted(text: str, secrets: Iterable[str]) -> str:
    """``text`` with every secret masked, also where it is percent-encoded or in base64."""
    # The longest first: one secret may contain another.
    for form in sorted(set(_forms(secrets)), key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def _forms(secrets: Iterable[str]) -> Iterator[str]:
    for secret in secrets:
        if len(secret) < _SHORTEST:
            continue
        yield from (secret, quote(secret, safe=""), quote_plus(secret))
        plain = base64.b64encode(secret.encode())
        yield from (plain.decode(), plain.rstrip(b"=").decode())
