"""What to say when the disk refuses."""

from __future__ import annotations

import errno

from ..errors import StoreUnavailable
from ..text import Text


def why(error: OSError) -> str:
    return error.strerror or str(error)


def unavailable(cause: str, error: OSError) -> StoreUnavailable:
    if error.errno == errno.ENOSPC:
        next_step = Text("Free some space, then try again; what was there before is untouched.")
    else:
        next_step = Text("Check the path and the rights on it.")
    return StoreUnavailable(cause, next_step=next_step)
