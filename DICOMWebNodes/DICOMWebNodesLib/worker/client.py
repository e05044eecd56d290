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
from typing import Any, Callable, Deque, Dict, Mapping, Optional, Protocol, Sequence

from ..errors import Cancelled, DICOMWebNodesError, LimitExceeded, WorkerFailed
from ..text import Text, sentence
from .protocol import MESSAGE_LIMIT, VERSION, Lines, Request, request_line
from .texts import restored
from .values import error_from_dict

_LOG = logging.getLogger(__name__)
_ITEMS_A_MESSAGE = 32  # of a list; with the longest of paths, in any script, a message stays below its limit

Told = Callable[[str, Any], None]


class Transport(Protocol):
    """A running worker process."""

    def write(self, data: bytes) -> None: ...

    def stop(self) -> None:
        """Close its standard input: it ends by itself, within a second."""


class Listener(Protocol):
    """What a transport calls, always in the client's thread."""

    def received(self, data: bytes) -> None: ...

    def ended(self, reason: str) -> None:
        """It is gone; ``reason`` completes "the worker process ..."."""


Start = Callable[[Listener], Transport]
"""Starts a worker process. Raises WorkerFailed."""


class RemoteJob:
    """A request under way. ``told(name, items or value)`` is called for its notifications, ``ended(job)`` once."""

    def __init__(self, client: Client, id: int, told: Told, ended: Callable[[RemoteJob], None]) -> None:
        self.id = id
        self.result: Any = None
        self.error: Optional[DICOMWebNodesError] = None
        self.is_over = False
        self.lists: Sequence[str] = ()  # names of those that go before it
        self._client = client
        self._told = told
        self._ended = ended

    def cancel(self, resource: str = "") -> None:
        """Of a job of which the worker has not heard, because it is still starting, this is the end."""
        if resource or self.is_over or not self._client.withdraw(self):
            self._steer("cancel", resource)

    def pause(self, resource: str = "") -> None:
        self._steer("pause", resource)

    def resume(self, resource: str = "") -> None:
        self._steer("resume", resource)

    def prioritise(self, resource: str = "") -> None:
        self._steer("prioritise", resource)

    def _steer(self, how: str, resource: str) -> None:
        if not self.is_over:
            self._client.notify(how, {"job": self.id, **({"resource": resource} if resource else {})})

    def _hear(self, name: str, value: Any) -> None:
        _guarded(self._told, name, value)

    def _end(self, result: Any = None, error: Optional[DICOMWebNodesError] = None) -> None:
        self.result, self.error, self.is_over = result, error, True
        _guarded(self._ended, self)


class Client:
    """``start`` starts a worker when one is needed. ``wake`` is called when there is something to process.

    ``worker_ended`` hears why a worker process went away; its jobs have failed with the same error by then.
    """

    def __init__(
        self,
        start: Start,
        *,
        wake: Callable[[], None] = lambda: None,
        worker_ended: Callable[[DICOMWebNodesError], None] = lambda error: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start = start
        self._wake = wake
        self._worker_ended = worker_ended
        self._clock = clock
        self._ids = itertools.count(1)
        self._jobs: Dict[int, RemoteJob] = {}
        self._incoming: Deque[Callable[[], None]] = deque()
        self._outgoing: Deque[Request] = deque()
        self._connection: Optional[_Connection] = None
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
        names = {parameter: f"{parameter}-{job.id}" for parameter, items in (lists or {}).items() if items}
        job.lists = tuple(names.values())
        request = Request(method, {**params, **names}, job.id)
        try:
            _check_length(request)
            self._connect()
        except DICOMWebNodesError as error:
            failed = error  # the name of an except clause does not outlive it
            self._later(lambda: self._end(job, error=failed))
            return job
        for parameter, name in names.items():
            items = (lists or {})[parameter]
            for start in range(0, len(items), _ITEMS_A_MESSAGE):
                page = items[start : start + _ITEMS_A_MESSAGE]
                self._outgoing.append(Request("list", {"name": name, "items": page}))
        self._outgoing.append(request)
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
        """Work off what has arrived and what is to be sent; True when there is more than ``seconds`` sufficed for."""
        until = self._clock() + seconds
        while True:
            if self._incoming:
                self._incoming.popleft()()
            elif self._outgoing and self._connection is not None and self._connection.is_ready:
                self._connection.send(self._outgoing.popleft())
            else:
                return False
            if self._clock() >= until:
                return bool(self._incoming or self._outgoing)

    def stop(self) -> None:
        """End the worker; the jobs under way fail. The next call starts another one."""
        if self._connection is not None:
            self._connection.transport_stop()
            self._lose(self._connection, WorkerFailed("the worker process was stopped"))
            self.process()

    @property
    def is_running(self) -> bool:
        return self._connection is not None

    # --- the worker process -----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        if self._connection is None:
            connection = _Connection(self)
            connection.transport = self._start(connection)
            self._connection = connection
            if self._configuration:
                self._outgoing.appendleft(Request("configure", self._configuration))
            hello = RemoteJob(self, next(self._ids), lambda name, value: None, connection.greeted)
            self._jobs[hello.id] = hello
            connection.send(Request("hello", {"protocol": VERSION}, hello.id))

    def _lose(self, connection: _Connection, error: DICOMWebNodesError) -> None:
        """The worker is gone: what was asked of it has failed."""
        if connection is not self._connection:
            return
        self._connection = None
        self._outgoing.clear()
        jobs, self._jobs = self._jobs, {}
        self._later(lambda: _guarded(self._worker_ended, error))
        for job in jobs.values():
            self._later(_ending(job, error))

    def _later(self, call: Callable[[], None]) -> None:
        self._incoming.append(call)
        self._wake()

    # --- messages ---------------------------------------------------------------------------------------------------

    def _arrived(self, connection: _Connection, line: Optional[bytes]) -> None:
        self._later(lambda: self._take(connection, line))

    def _take(self, connection: _Connection, line: Optional[bytes]) -> None:
        try:
            message = json.loads(line or b"")
            if "method" in message:
                params = message["params"]
                job = self._jobs.get(params["job"])
                if job is not None:
                    value = params["items"] if "items" in params else params["value"]
                    job._hear(message["method"], restored(value, params.get("texts")))
            else:
                self._answered(message)
        except (ValueError, KeyError, TypeError):
            if not connection.is_ready:  # an interpreter may say something of its own before our program begins
                _LOG.warning("the worker process began with %d bytes that are no message", len(line or b""))
                return
            connection.transport_stop()
            self._lose(connection, WorkerFailed("the worker process sent something that is no message"))

    def _answered(self, message: Mapping[str, Any]) -> None:
        job = self._jobs.get(message["id"])
        if "error" not in message:
            if job is not None:
                self._end(job, result=restored(message["result"], message.get("texts")))
            return
        error = _error_of(message["error"], message.get("texts"))
        if job is not None:
            self._end(job, error=error)
        else:
            _LOG.warning("%s", error)

    def _end(self, job: RemoteJob, result: Any = None, error: Optional[DICOMWebNodesError] = None) -> None:
        self._jobs.pop(job.id, None)
        job._end(result, error)


class _Connection:
    """One worker process, as its transport sees the client. What a dead one still says is not heard."""

    transport: Transport

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lines = Lines()
        self.is_ready = False

    def send(self, request: Request) -> None:
        self.transport.write(request_line(request))

    def transport_stop(self) -> None:
        self.transport.stop()

    def greeted(self, hello: RemoteJob) -> None:
        if hello.error is None:
            self.is_ready = True
        elif self._client._connection is self:
            self.transport.stop()
            self._client._lose(self, hello.error)

    def received(self, data: bytes) -> None:
        for line in self._lines.feed(data):
            if self._client._connection is self:
                self._client._arrived(self, line)

    def ended(self, reason: str) -> None:
        # After the messages that came before.
        self._client._later(
            lambda: self._client._lose(self, WorkerFailed(Text("the worker process {reason}", reason=sentence(reason))))
        )


def _check_length(request: Request) -> None:
    """Raises LimitExceeded: the worker would not even know which job it is."""
    length = len(request_line(request))
    if length > MESSAGE_LIMIT:
        cause = Text("a request of {length:,} bytes is more than the worker takes at once", length=length)
        raise LimitExceeded(cause, next_step="Ask for less at once.")


def _ending(job: RemoteJob, error: DICOMWebNodesError) -> Callable[[], None]:
    return lambda: job._end(error=error)


def _error_of(error: Mapping[str, Any], texts: Any) -> DICOMWebNodesError:
    data = error.get("data")
    if isinstance(data, dict):
        return error_from_dict(restored(data, texts))
    return WorkerFailed(
        Text("the worker refuses a request: {message}", message=error.get("message")), next_step="Please report this."
    )


def _guarded(call: Callable[..., None], *arguments: Any) -> None:
    """A callback that fails must not keep others from hearing."""
    try:
        call(*arguments)
    except Exception:
        _LOG.exception("a callback failed")
