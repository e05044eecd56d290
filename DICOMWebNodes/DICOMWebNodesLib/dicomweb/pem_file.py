"""A file with certificates or a key that a node names."""

from __future__ import annotations

import os
from functools import lru_cache

from ..errors import TLSFailed
from ..text import Text

_BEGIN = b"-----BEGIN "  # RFC 7468 section 2
_NEXT_STEP = "Correct the path in the node."


def pem_file(path: str, what: str) -> str:
    """``path`` itself. Raises TLSFailed for what is no PEM file, because OpenSSL does not say which one it means.

    ``what`` it is for. A folder is let through: there may be authorities in it, by their hashes.
    """
    try:
        changed = os.stat(path).st_mtime_ns
    except OSError as error:
        raise TLSFailed(
            Text("the node's {what} {path} is not there", what=what, path=path), next_step=_NEXT_STEP
        ) from error
    if os.path.isfile(path) and not _is_pem(path, changed):
        raise TLSFailed(Text("the node's {what} {path} is no PEM file", what=what, path=path), next_step=_NEXT_STEP)
    return path


@lru_cache(maxsize=32)
def _is_pem(path: str, changed: int) -> bool:
    """Each request asks; ``changed``: when the file was, so that another one is read."""
    try:
        with open(path, "rb") as file:
            return any(_BEGIN in line for line in file)
    except OSError:
        return False
