"""Secrets for tests that can be found again: whatever a test writes must not have one of them in it.

Every secret of a test is a :func:`canary`, or is made known with :func:`watch` when somebody else made it (a real
server's token). :mod:`secret_scan` looks for them in everything that tests write.
"""

from __future__ import annotations

import base64
import secrets
import threading
from typing import Callable, Iterable, List, Set
from urllib.parse import quote

# In two pieces: hypothesis tries the literals that it finds in the sources, and this one would be found again.
MARK = b"".join((b"Canary", b"Secret"))

_watched: Set[bytes] = set()
_lock = threading.Lock()


def canary(kind: str = "secret") -> str:
    """A new secret; ``kind`` tells a reader of a failure which it was."""
    return f"{MARK.decode()}-{kind}-{secrets.token_hex(6)}"


def canary_bytes(size: int) -> bytes:
    """In the place of ``secrets.token_bytes``, to be found in what is made of it."""
    return (MARK + secrets.token_bytes(size))[:size]


def watch(secret: str) -> str:
    """Look for this one too; returns it."""
    if len(secret) < 8:
        raise ValueError("a secret that short is found everywhere")
    with _lock:
        _watched.update(_forms(secret.encode()))
    return secret


def canaries_in(content: bytes) -> List[str]:
    """The secrets in ``content``, plain, percent-encoded or in base64, with what is around them."""
    with _lock:
        wanted = (*_MARKS, *_watched)
    return [_excerpt(content, content.index(each), len(each)) for each in wanted if each in content]


def _forms(secret: bytes) -> Iterable[bytes]:
    yield secret
    yield quote(secret, safe="").encode()
    yield from _in_base64(secret)


def _in_base64(secret: bytes) -> Iterable[bytes]:
    """How it looks inside of base64 text, wherever in a group of three bytes it begins."""
    encoders: Iterable[Callable[[bytes], bytes]] = (base64.b64encode, base64.urlsafe_b64encode)
    for encode in encoders:
        for offset in range(3):
            encoded = encode(b"\0" * offset + secret)
            # The first group mixes with what is before, the last with what follows.
            yield encoded[(4 if offset else 0) : len(encoded) - 4]


_MARKS = tuple(_forms(MARK))


def _excerpt(content: bytes, at: int, length: int) -> str:
    return content[max(0, at - 40) : at + length + 40].decode("utf-8", "replace")
