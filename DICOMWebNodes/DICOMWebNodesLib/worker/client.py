"""The client's side of the pipe, without a pipe: bytes in, bytes out, and jobs that call back.

Nothing here waits and nothing starts a thread. Whatever arrives is put into a queue; :meth:`Client.process` works it
off in slices, in the thread of whoever calls it, so that a window stays alive.
"""

from __future__ import annotations

import itertools
import json
import logging
import time
from collections import deque
from typing import Any, Callable, Deque, Dict, Mapping, Optional, Sequence

from ..errors import Cancelled, DICOMWebNodesError, InvalidValue, WorkerFailed
from ..text import Text
from .connection import PING, Connection
from .outgoing import check_length, list_names, pages_of, request_with
from .protocol import INVALID_PARAMS, PIECES, VERSION, Request
from .remote_job import RemoteJob, Told, guarded
from .texts import restored
from .transport import Start
from .values import error_from_dict
from .vigil import LOOK

_LOG = logging.getLogger(__name__)

Later = Callable[[int, Callable[[], None]], None]
"""``later(milliseconds, f)`` calls ``f`` in the client's thread."""


class Client:
    """``start`` starts a worker when one is needed. ``wake`` is called when there is something to process.

    ``worker_ended`` hears why a worker process went away; its jobs have failed with the same error by then. With
    ``later`` a worker that has jobs and does not answer any more is ended; without jobs nothing is called.
    """

    def __init__(
        self,
        start: Start,
        *,
        wake: Callable[[], None] = lambda: None,
        worker_ended: Callable[[DICOMWebNodesError], None] = lambda error: None,
        clock: Callable[[], float] = time.monotonic,
        later: Optional[Later] = None,
    ) -> None:
        self._start = start
        self._call_later = later
        self._looks = False  # whether there will be a look
        self._wake = wake
        self._worker_ended = worker_ended
        self._clock = clock
        self._ids = itertools.count(1)
        self._jobs: Dict[int, RemoteJob] = {}
        self._incoming: Deque[Callable[[], None]] = deque()
        self._outgoing: Deque[Request] = deque()
        self._connection: Optional[Connection] = None
        self._configuration: Mapping[str, Any] = {}

    def configure(self, configuration: Mapping[str, Any]) -> None:
        """What the worker is told of how to work (its method "configure"): now, and whenever a new one starts."""
        self._configuration = configuration
        self.notify("configure", configuration)

    def call(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        lists: Optional[Mapping[str, Sequence[Any]]] = None,
        told: Told = lambda name, value: None,
        ended: Callable[[RemoteJob], None] = lambda job: None,
    ) -> RemoteJob:
        """Start a job. ``lists``: parameters that may be long; they are sent in pages before it."""
        job = RemoteJob(self, next(self._ids), told, ended)
        self._jobs[job.id] = job
        lists = lists or {}
        names = list_names(job.id, lists)
        job.lists = tuple(names.values())
        request = request_with(method, params, names, lists, job.id)
        try:
            check_length(request)
            self._connect()
        except DICOMWebNodesError as error:
            failed = error  # the name of an except clause does not outlive it
            self._later(lambda: self._end(job, error=failed))
            return job
        self._outgoing.extend(pages_of(names, lists))
        self._outgoing.append(request)
        self._look_later()
        self._wake()
        return job

    def notify(self, method: str, params: Mapping[str, Any]) -> None:
        """Say something to the worker that is running, if one is."""
        if self._connection is not None:
            self._outgoing.append(Request(method, params))
            self._wake()

    def withdraw(self, job: RemoteJob) -> bool:
        """Whether nothing of ``job`` has been sent; then it never is, and it has been cancelled."""
        if self._connection is None or self._connection.is_ready:
            return False
        names = set(job.lists)
        self._outgoing = deque(
            each for each in self._outgoing if each.id != job.id and each.params.get("name") not in names
        )
        self._later(lambda: self._end(job, error=Cancelled("it was cancelled")))
        return True

    def process(self, seconds: float = float("inf")) -> bool:
        """Work off what has arrived and what is to be sent; True when there is more than ``seconds`` sufficed for.

        In turns: a cancel must not wait until all that arrives meanwhile has been worked off.
        """
        until = self._clock() + seconds
        while True:
            sends = bool(self._outgoing) and self._connection is not None and self._connection.is_ready
            if sends and self._connection is not None:
                self._connection.send(self._outgoing.popleft())
            if self._incoming:
                self._incoming.popleft()()
            elif not sends:
                return False
            if self._clock() >= until:
                return bool(self._incoming or self._outgoing)

    def stop(self) -> None:
        """End the worker; the jobs under way fail. The next call starts another one."""
        if self._connection is not None:
            self._connection.transport.stop()
            self.lose(self._connection, WorkerFailed("the worker process was stopped"))
            self.process()

    @property
    def is_running(self) -> bool:
        return self._connection is not None

    # --- the worker process -----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        if self._connection is None:
            connection = Connection(self)
            connection.transport = self._start(connection)
            self._connection = connection
            if self._configuration:
                self._outgoing.appendleft(Request("configure", self._configuration))
            hello = RemoteJob(self, next(self._ids), lambda name, value: None, connection.greeted)
            self._jobs[hello.id] = hello
            connection.send(Request("hello", {"protocol": VERSION}, hello.id))

    def has(self, connection: Connection) -> bool:
        return connection is self._connection

    def ended(self, connection: Connection, error: WorkerFailed) -> None:
        self._later(lambda: self.lose(connection, error))

    def lose(self, connection: Connection, error: DICOMWebNodesError) -> None:
        """The worker is gone: what was asked of it has failed."""
        if connection is not self._connection:
            return
        self._connection = None
        self._outgoing.clear()
        jobs, self._jobs = self._jobs, {}
        self._later(lambda: guarded(self._worker_ended, error))
        for job in jobs.values():
            self._later(_ending(job, error))

    def _later(self, call: Callable[[], None]) -> None:
        self._incoming.append(call)
        self._wake()

    # --- whether it is still there ----------------------------------------------------------------------------------

    def _look_later(self) -> None:
        if self._call_later is not None and not self._looks:
            self._looks = True
            self._call_later(LOOK * 1000, self._look)

    def _look(self) -> None:
        self._looks = False
        if self._connection is not None and self._jobs:
            self._connection.look()
            self._look_later()

    # --- messages ---------------------------------------------------------------------------------------------------

    def arrived(self, connection: Connection, line: Optional[bytes]) -> None:
        self._later(lambda: self._take(connection, line))

    def _take(self, connection: Connection, line: Optional[bytes]) -> None:
        if connection is not self._connection:  # its jobs have ended
            return
        try:
            message = json.loads(line or b"")
            if message.get("id") == PING:
                return
            if "method" in message:
                params = message["params"]
                job = self._jobs.get(params["job"])
                value = params["items"] if "items" in params else params["value"]
                if job is not None and message["method"] == PIECES:
                    job.pieces += value
                elif job is not None:
                    job.hear(message["method"], restored(value, params.get("texts")))
            else:
                self._answered(message)
        except (ValueError, KeyError, TypeError, AttributeError):
            if not connection.is_ready:  # an interpreter may say something of its own before our program begins
                _LOG.warning("the worker process began with %d bytes that are no message", len(line or b""))
                return
            connection.transport.stop()
            self.lose(connection, WorkerFailed("the worker process sent something that is no message"))

    def _answered(self, message: Mapping[str, Any]) -> None:
        job = self._jobs.get(message["id"])
        if "error" not in message:
            if job is not None:
                result = json.loads("".join(job.pieces)) if message.get("in_pieces") else message["result"]
                self._end(job, result=restored(result, message.get("texts")))
            return
        error = _error_of(message["error"], message.get("texts"))
        if job is not None:
            self._end(job, error=error)
        else:
            _LOG.warning("%s", error)

    def _end(self, job: RemoteJob, result: Any = None, error: Optional[DICOMWebNodesError] = None) -> None:
        self._jobs.pop(job.id, None)
        job.end(result, error)


def _ending(job: RemoteJob, error: DICOMWebNodesError) -> Callable[[], None]:
    return lambda: job.end(error=error)


def _error_of(error: Mapping[str, Any], texts: Any) -> DICOMWebNodesError:
    data = error.get("data")
    if isinstance(data, dict):
        return error_from_dict(restored(data, texts))
    if error.get("code") == INVALID_PARAMS:  # what a script gave
        return InvalidValue(str(error.get("message")))
    return WorkerFailed(
        Text("the worker refuses a request: {message}", message=error.get("message")), next_step="Please report this."
    )
