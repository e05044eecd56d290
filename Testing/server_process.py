"""A server of somebody else for the time of a test: started, waited for, stopped for sure, and gone when we are."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Mapping, Optional, Sequence, TypeVar

from secret_files import assert_no_secrets_in

_PORT_TAKEN = "already in use"  # in whatever words around it
_SHOWN = 4000  # characters of a log

Server = TypeVar("Server", bound="ServerProcess")


class ServerProcess:
    """Starts on entering and stops on leaving, with its files in a temporary folder below ``parent``.

    A subclass says how it is started and when it has started. ``port`` is another one for each attempt, because these
    servers cannot choose one and tell.
    """

    NAME = ""
    START_SECONDS = 30.0
    POLITE_SECONDS = 0.0  # that it gets to end by itself
    IS_SEARCHED_FOR_SECRETS = True  # what it has written, before it goes

    def __init__(self, parent: Optional[Path] = None) -> None:
        self._parent = parent
        self._process: Optional[subprocess.Popen] = None
        self.port = 0

    def command(self) -> Sequence[str]:
        """To start it on :attr:`port`; it may write configuration into :attr:`folder`."""
        raise NotImplementedError

    def environment(self) -> Optional[Mapping[str, str]]:
        """None: as ours."""

    def has_started(self) -> bool:
        """Whether it answers, and is ours and no other one on the same port."""
        raise NotImplementedError

    def prepare(self) -> None:
        """What has to be done once it has started."""

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self: Server) -> Server:
        self.folder = Path(tempfile.mkdtemp(prefix=f"{self.NAME.lower()}-", dir=self._parent))
        try:
            while not self._start():
                self._stop()
            self.prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        try:
            if self.IS_SEARCHED_FOR_SECRETS:
                assert_no_secrets_in(self.folder)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> bool:
        """Try one port; False when another process was faster to take it."""
        self.port = _free_port()
        log = self.folder / "log.txt"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*_dies_with_its_parent(), *self.command()],
                env=self.environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + self.START_SECONDS
        while not self.has_started():
            has_ended = self._process.poll() is not None
            if has_ended or time.monotonic() > deadline:
                said = log.read_text(errors="replace")
                if has_ended and _PORT_TAKEN in said.lower():
                    return False
                raise RuntimeError(f"{self.NAME} did not start:\n{said[-_SHOWN:]}")
            time.sleep(0.02)
        return True

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if self.POLITE_SECONDS:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=self.POLITE_SECONDS)
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _dies_with_its_parent() -> Sequence[str]:
    """A killed test process leaves no server behind, where the system can promise that."""
    return ["setpriv", "--pdeathsig", "KILL"] if sys.platform == "linux" and shutil.which("setpriv") else []
