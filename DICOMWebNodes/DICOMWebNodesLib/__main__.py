"""``python -m DICOMWebNodesLib``: the command line."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from typing import TextIO, cast

from .cli.main import main


def _run() -> int:
    _open_what_is_closed()
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding cannot write is no reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if cast(TextIO, stream).isatty() else "utf-8", errors="backslashreplace")
    # Whoever chose this for a node is told so in the list of nodes, and urllib3 would say it in every command.
    warnings.filterwarnings("ignore", message="Unverified HTTPS request")
    status = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:  # nobody reads it, or the disk is full; that was told
        # The interpreter flushes once more when it ends, and would complain.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def _open_what_is_closed() -> None:
    """A stream that the caller has closed ("<&-") is None in Python; what is written there is meant to be lost."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - until the program ends


if __name__ == "__main__":
    sys.exit(_run())
