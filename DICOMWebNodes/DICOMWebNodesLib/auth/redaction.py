"""What somebody else wrote, without what nobody may see: a server can repeat the token that it was sent."""

from __future__ import annotations

import base64
import re
from typing import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASK = "***"
_SHORTEST = 4  # characters; a shorter one would mask ordinary words, and is no secret
# A token that is not ours to know is still one: three parts of base64url, five when it is encrypted (RFC 7519).
_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{6,}(\.[A-Za-z0-9_-]*){2,4}")


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """``text`` with every secret masked, also where it is percent-encoded or in base64, and with it every JWT."""
    # The longest first: one secret may contain another.
    for form in sorted(set(_forms(secrets)), key=len, reverse=True):
        text = text.replace(form, MASK)
    return _JWT.sub(MASK, text)


def _forms(secrets: Iterable[str]) -> Iterator[str]:
    for secret in secrets:
        if len(secret) < _SHORTEST:
            continue
        yield from (secret, quote(secret, safe=""), quote_plus(secret))
        plain = base64.b64encode(secret.encode())
        yield from (plain.decode(), plain.rstrip(b"=").decode())
