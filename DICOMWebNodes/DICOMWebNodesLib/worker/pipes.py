"""The worker over plain pipes, for scripts and programs that have no event loop."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
import time
from typing import Any, Callable, List, Mapping, Optional, Sequence, Tuple

from ..errors import TimedOut, WorkerFailed
from ..text import Text
from .client import Client
from .remote_job import RemoteJob
from .transport import Listener

_PIECE = 64 * 1024


class PipeClient:
    """A client that waits. ``command`` starts the worker; default: with this interpreter. ``clock`` in seconds;
    ``grace``: seconds that the worker has to end when nobody wants it any more.

    >>> with PipeClient() as worker:  # doctest: +SKIP
    ...     worker.wait(worker.client.call("nodes.list", {}))
    """

    def __init__(
        self,
        command: Sequence[str] = (),
        *,
        cwd: Optional[str] = None,
        environ: Optional[Mapping[str, str]] = None,
        clock: Callable[[], float] = time.monotonic,
        grace: float = 5.0,
    ) -> None:
        self._command = list(command) or [sys.executable, "-m", "DICOMWebNodesLib", "worker"]
        self._cwd = cwd
        self._environ = environ
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        self._clock = clock
        self._grace = grace
        self._due: List[Tuple[float, Callable[[], None]]] = []
        self.client = Client(self._start, later=self._later)
        self.process: Optional[subprocess.Popen[bytes]] = None

    def __enter__(self) -> PipeClient:
        return self

    def __exit__(self, *_: object) -> None:
        process = self.process
        self.client.stop()
        if process is not None:
            try:
                process.wait(self._grace)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def wait(self, job: RemoteJob, timeout: float = 20.0) -> Any:
        """The job's result. Raises its error, and TimedOut with the job still running."""
        until = self._clock() + timeout
        self.client.process()
        while not job.is_over:
            if not self.step(until - self._clock()) and not job.is_over:
                raise TimedOut(Text("the job has not ended after {timeout} s", timeout=f"{timeout:g}"))
        if job.error is not None:
            raise job.error
        return job.result

    def step(self, timeout: float = 1.0) -> bool:
        """Handle the next thing that arrives or is due; False when nothing is within ``timeout`` seconds."""
        self.client.process()
        until = self._clock() + timeout
        call = self._next(until)
        while call is None and not self._call_what_is_due():
            if self._clock() >= until:
                return False
            call = self._next(until)
        if call is not None:
            call()
            self.client.process()
        return True

    def _next(self, until: float) -> Optional[Callable[[], None]]:
        """What arrives before then, and before something else is due."""
        first = min([until, *(at for at, _ in self._due)])
        try:
            return self._calls.get(timeout=max(0.0, first - self._clock()))
        except queue.Empty:
            return None

    def _later(self, milliseconds: int, call: Callable[[], None]) -> None:
        self._due.append((self._clock() + milliseconds / 1000, call))

    def _call_what_is_due(self) -> bool:
        """Whether anything was. Not while there is something to handle, which may be what is waited for."""
        now = self._clock()
        due, self._due = [call for at, call in self._due if at <= now], [each for each in self._due if each[0] > now]
        for call in due:
            call()
        self.client.process()
        return bool(due)

    def _start(self, listener: Listener) -> _Pipes:
        try:
            self.process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self._cwd, env=self._environ
            )
        except OSError as error:
            raise WorkerFailed(Text("the worker process does not start: {reason}", reason=error.strerror)) from error
        return _Pipes(self.process, listener, self._calls.put)


class _Pipes:
    """A thread reads; what it reads is handled in the thread that waits. Another one writes: a process that reads
    nothing any more must not hold up whoever waits for it."""

    def __init__(
        self, process: subprocess.Popen[bytes], listener: Listener, hand_over: Callable[[Callable[[], None]], None]
    ) -> None:
        self._process = process
        self._listener = listener
        self._hand_over = hand_over
        self._outgoing: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._write, daemon=True).start()

    def write(self, data: bytes) -> None:
        self._outgoing.put(data)

    def stop(self) -> None:
        self._outgoing.put(_END)

    def kill(self) -> None:
        self._process.kill()
        self.stop()

    def _write(self) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        for data in iter(self._outgoing.get, _END):
            with contextlib.suppress(OSError):  # that it is gone shows at the other end
                stdin.write(data)
                stdin.flush()
        with contextlib.suppress(OSError):
            stdin.close()

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


_END = b""
"""After it nothing is written."""


def _receiving(listener: Listener, data: bytes) -> Callable[[], None]:
    return lambda: listener.received(data)
