"""Proof Key for Code Exchange (RFC 7636): who redeems a code proves to be who asked for it."""

from __future__ import annotations

import base64
import hashlib
from typing import Callable

Randomness = Callable[[int], bytes]
"""That many unpredictable bytes: ``secrets.token_bytes``."""


def random_token(randomness: Randomness) -> str:
    """256 unpredictable bits in 43 characters that need no escape anywhere; a code_verifier too (section 4.1)."""
    return base64url(randomness(32))


def s256_challenge(code_verifier: str) -> str:
    """The code_challenge of method S256 (section 4.2). There is no other method here."""
    return base64url(hashlib.sha256(code_verifier.encode("ascii")).digest())


def base64url(data: bytes) -> str:
    """RFC 7515 section 2: base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
