"""``python -m DICOMWebNodesLib``: the command line."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO, cast

from .cli.main import main


def _run() -> int:
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding cannot write is no reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if cast(TextIO, stream).isatty() else "utf-8", errors="backslashreplace")
    status = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends, and would complain.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


if __name__ == "__main__":
    sys.exit(_run())
