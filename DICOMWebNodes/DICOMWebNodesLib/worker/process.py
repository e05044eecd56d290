"""The worker as a process: requests on standard input, answers on standard output, logs on standard error."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from ..logs import set_level
from ..storage.folders import cache_folder
from .server import Server
from .service import Service

_PIECE = 64 * 1024
_PATIENCE = 0.8  # seconds for the jobs to end when the parent has gone


def serve(settings_folder: Path, log_level: str = "warning") -> int:
    """Serve the parent process until it closes standard input, or goes away.

    Nothing but messages reaches standard output: whatever else prints, prints to standard error.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of a terminal; what it means the parent says
    incoming, outgoing = _own_streams()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s")
    set_level(log_level)
    service = Service(settings_folder, cache_folder())
    at_once = {"configure": service.configure}
    server = Server(service.methods(), _Writer(outgoing).write, at_once, service.last_errors.note)
    threading.Thread(target=service.warm_up, daemon=True).start()
    with contextlib.suppress(OSError):
        while True:
            data = os.read(incoming, _PIECE)
            if not data:
                break
            server.receive(data)
    closing = threading.Thread(target=server.close, args=(_PATIENCE,), daemon=True)
    closing.start()
    closing.join(_PATIENCE + 0.1)  # it waits for ever when somebody holds the pipe and reads nothing
    # Whoever still hangs in a connection attempt must not keep the process alive.
    sys.stderr.flush()
    os._exit(0)


def _own_streams() -> tuple[int, int]:
    """Descriptors that no print, no library and no child process knows."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout.flush()
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return incoming, outgoing


class _Writer:
    """Writes whole lines. When nobody reads any more, it keeps silent until standard input tells the same."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def write(self, line: bytes) -> None:
        rest = memoryview(line)
        with contextlib.suppress(OSError):
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
