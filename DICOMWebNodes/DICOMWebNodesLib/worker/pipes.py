"""The worker over plain pipes, for scripts and programs that have no event loop."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
import time
from typing import Any, Callable, Mapping, Optional, Sequence

from ..errors import TimedOut, WorkerFailed
from ..text import Text
from .client import Client, Listener, RemoteJob

_PIECE = 64 * 1024


class PipeClient:
    """A client that waits. ``command`` starts the worker; default: with this interpreter.

    >>> with PipeClient() as worker:  # doctest: +SKIP
    ...     worker.wait(worker.client.call("nodes.list", {}))
    """

    def __init__(
        self, command: Sequence[str] = (), *, cwd: Optional[str] = None, environ: Optional[Mapping[str, str]] = None
    ) -> None:
        self._command = list(command) or [sys.executable, "-m", "DICOMWebNodesLib", "worker"]
        self._cwd = cwd
        self._environ = environ
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self.client = Client(self._start)
        self.process: Optional[subprocess.Popen[bytes]] = None

    def __enter__(self) -> PipeClient:
        return self

    def __exit__(self, *_: object) -> None:
        process = self.process
        self.client.stop()
        if process is not None:
            process.wait()

    def wait(self, job: RemoteJob, timeout: float = 20.0) -> Any:
        """The job's result. Raises its error, and TimedOut with the job still running."""
        until = time.monotonic() + timeout
        self.client.process()
        while not job.is_over:
            if not self.step(until - time.monotonic()):
                raise TimedOut(Text("the job has not ended after {timeout} s", timeout=f"{timeout:g}"))
        if job.error is not None:
            raise job.error
        return job.result

    def step(self, timeout: float = 1.0) -> bool:
        """Handle the next thing that arrives; False when nothing does within ``timeout`` seconds."""
        self.client.process()
        try:
            self._calls.get(timeout=max(0.0, timeout))()
        except queue.Empty:
            return False
        self.client.process()
        return True

    def _start(self, listener: Listener) -> _Pipes:
        try:
            self.process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self._cwd, env=self._environ
            )
        except OSError as error:
            raise WorkerFailed(Text("the worker process does not start: {reason}", reason=error.strerror)) from error
        return _Pipes(self.process, listener, self._calls.put)


class _Pipes:
    """A thread reads; what it reads is handled in the thread that waits."""

    def __init__(
        self, process: subprocess.Popen[bytes], listener: Listener, hand_over: Callable[[Callable[[], None]], None]
    ) -> None:
        self._process = process
        self._listener = listener
        self._hand_over = hand_over
        threading.Thread(target=self._read, daemon=True).start()

    def write(self, data: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(OSError, ValueError):  # that it is gone shows at the other end
            stdin.write(data)
            stdin.flush()

    def stop(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def _read(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        while True:
            data = stdout.read1(_PIECE)  # type: ignore[attr-defined]
            if not data:
                break
            self._hand_over(_receiving(self._listener, data))
        stdout.close()
        code = self._process.wait()
        self._hand_over(lambda: self._listener.ended(Text("ended (exit status {code})", code=code)))


def _receiving(listener: Listener, data: bytes) -> Callable[[], None]:
    return lambda: listener.received(data)
