"""Takes requests, runs jobs, sends answers. It knows neither where the bytes come from nor what the methods do."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from .. import __version__
from ..dicomweb.resource import Resource
from ..errors import Cancelled, DICOMWebNodesError, TransferError, WorkerFailed
from ..text import Text
from .jobs import Job, Lane, OnCancel, give_way, steer
from .lists import Lists
from .methods import Method, Object
from .outbox import INTERVAL, Outbox
from .protocol import (
    INTERNAL_ERROR,
    INVALID_REQUEST,
    MESSAGE_LIMIT,
    METHOD_NOT_FOUND,
    VERSION,
    JobId,
    Lines,
    ProtocolViolation,
    Request,
    error_line,
    parse_request,
    result_lines,
    violation_line,
)

_LOG = logging.getLogger(__name__)
_LANES = {"quick": 12, "server": 12, "transfer": 4, "picture": 3, "sign-in": 4}  # jobs side by side
_OF_A_NODE = ("server", "transfer", "picture")  # so many for each node: those of a dead one hold up no other's
_STEERING = ("cancel", "pause", "resume", "prioritise")


class Server:
    """``write`` takes whole lines; ``at_once``: further methods that need no job of their own; ``on_error`` hears how
    jobs fail.

    ``receive`` is called from one thread; the answers come from many.
    """

    def __init__(
        self,
        methods: Mapping[str, Method],
        write: Callable[[bytes], None],
        at_once: Mapping[str, Callable[..., Any]] = {},
        on_error: Callable[[DICOMWebNodesError], None] = lambda error: None,
    ) -> None:
        self._methods = methods
        self._lists = Lists()
        self._write_line = write
        self._writing = threading.Lock()
        self._lines = Lines(MESSAGE_LIMIT)
        self._lanes: Dict[Tuple[str, str], Lane] = {}  # by name and node
        self._jobs: Dict[JobId, Job] = {}
        self._lane_of: Dict[JobId, Lane] = {}
        self._changed = threading.Condition()
        self._at_once: Mapping[str, Callable[..., Any]] = {
            "hello": self._hello,
            "ping": _ping,
            "list": self._lists.extend,
        }
        self._at_once = {**self._at_once, **at_once}
        self._on_error = on_error
        threading.Thread(target=self._flush_now_and_then, daemon=True).start()

    def receive(self, data: bytes) -> None:
        """Some bytes of the client's; every request in them is answered or on its way."""
        for line in self._lines.feed(data):
            self._take(line)

    def close(self, patience: float) -> bool:
        """Cancel all jobs; True when they have ended within ``patience`` seconds."""
        with self._changed:
            jobs = tuple(self._jobs.values())
        for job in jobs:
            self._cancel(job)
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs, patience)

    # --- requests -------------------------------------------------------------------------------------------------

    def _take(self, line: Optional[bytes]) -> None:
        try:
            if line is None:
                raise ProtocolViolation(INVALID_REQUEST, f"a message of more than {MESSAGE_LIMIT} bytes")
            if line.strip():
                self._obey(parse_request(line))
        except ProtocolViolation as violation:
            self._send(violation_line(violation))

    def _obey(self, request: Request) -> None:
        try:
            result = self._answer(request)
        except ProtocolViolation as violation:
            if request.id is not None:
                violation.id = request.id
                self._send(violation_line(violation))
        except DICOMWebNodesError as error:
            if request.id is not None:
                self._send(error_line(request.id, error))
        except Exception as error:  # a defect of ours costs one request, not the worker
            _log(error)
            self._send(
                violation_line(ProtocolViolation(INTERNAL_ERROR, f"unexpected {type(error).__name__}", request.id))
            )
        else:
            if request.id is not None and result is not _LATER:
                self._send(result_lines(request.id, result))

    def _answer(self, request: Request) -> Any:
        if request.method in _STEERING:
            Method(self._steer).check(request.params)
            return self._steer(request.method, **request.params)
        if request.method in self._at_once:
            run = self._at_once[request.method]
            Method(run).check(request.params)
            return run(None, **request.params)
        params = self._lists.put_into(request.params)
        method = self._methods.get(request.method)
        if method is None:
            raise ProtocolViolation(METHOD_NOT_FOUND, f"there is no method '{request.method[:80]}'")
        method.check(params)
        if request.id is None:
            raise ProtocolViolation(INVALID_REQUEST, "a job needs an id")
        self._start(request.id, method, params)
        return _LATER

    def _hello(self, _: Optional[Job], *, protocol: int) -> Object:
        if protocol != VERSION:
            raise WorkerFailed(
                Text(
                    "the worker speaks version {version} of its protocol, and was asked for {protocol}",
                    version=VERSION,
                    protocol=protocol,
                ),
                next_step="Restart the application: the extension was updated while it was running.",
            )
        return {"protocol": VERSION, "version": __version__, "methods": sorted(self._methods)}

    def _steer(self, how: str, *, job: JobId, resource: str = "") -> bool:
        """Whether there is such a job."""
        with self._changed:  # it does not end meanwhile, or its place in the lane would be given away twice
            target = self._jobs.get(job)
            if target is not None and (how != "cancel" or resource):
                steer(target, self._lane_of[job], how, Resource.parse(resource) if resource else None)
                return True
        return target is not None and self._cancel(target)

    def _cancel(self, job: Job) -> bool:
        """False: it has ended meanwhile."""
        with self._changed:
            if self._jobs.get(job.id) is not job:
                return False
            lane = self._lane_of[job.id]
            steer(job, lane, "resume")
            waiting = lane.take_out(job)
        steer(job, lane, "cancel")
        if waiting or job.on_cancel is OnCancel.ANSWER_AT_ONCE:
            self._end(job, error_line(job.id, Cancelled("it was cancelled")))
        return True

    # --- jobs -----------------------------------------------------------------------------------------------------

    def _start(self, id: JobId, method: Method, params: Mapping[str, Any]) -> None:
        job = Job(id, Outbox(id, self._send), method.on_cancel)
        lane = self._lane(method.lane, params.get("node", ""))
        with self._changed:
            if id in self._jobs:
                raise ProtocolViolation(INVALID_REQUEST, f"the job {id} is still running")
            self._jobs[id], self._lane_of[id] = job, lane
            self._changed.notify_all()  # what it tells is flushed from now on
        if not lane.put(job, lambda: self._run(job, method, params)):
            self._end(job, error_line(id, WorkerFailed("too many requests are waiting", next_step="Try again later.")))

    def _lane(self, name: str, node: Any) -> Lane:
        reference = str(node.get("uid") or node.get("url")) if isinstance(node, dict) else str(node)
        key = name, reference if name in _OF_A_NODE else ""
        if key not in self._lanes:
            self._lanes[key] = Lane(_LANES[name])
        return self._lanes[key]

    def _run(self, job: Job, method: Method, params: Mapping[str, Any]) -> None:
        try:
            job.check()
            line = result_lines(job.id, method.run(job, **params))
        except DICOMWebNodesError as error:
            if method.is_reported and not isinstance(error, Cancelled):
                self._on_error(error)
            line = error_line(job.id, error)
        except Exception as error:  # a defect of ours ends one job, not the worker
            _log(error)
            line = error_line(
                job.id,
                TransferError(Text("unexpected {kind}", kind=type(error).__name__), next_step="Please report this."),
            )
        self._end(job, line)

    def _end(self, job: Job, line: bytes) -> None:
        if job.outbox.close(line):
            with self._changed:
                self._jobs.pop(job.id)
                give_way(job, self._lane_of.pop(job.id), False)
                self._changed.notify_all()

    # --- what is sent ---------------------------------------------------------------------------------------------

    def _send(self, line: bytes) -> None:
        with self._writing:
            self._write_line(line)

    def _flush_now_and_then(self) -> None:
        """An item that no other follows must not lie for long."""
        while True:
            time.sleep(INTERVAL)
            with self._changed:
                self._changed.wait_for(lambda: bool(self._jobs))
                waiting = [job.outbox for job in self._jobs.values() if job.outbox.is_waiting]
            for outbox in waiting:
                outbox.flush()


def _ping(_: Optional[Job]) -> None:
    """Answered by the thread that reads, whatever the jobs do: that it is answered is the answer."""


def _log(error: Exception) -> None:
    """Without its message, which may quote anything."""
    _LOG.error("unexpected %s:\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))


_LATER = object()
"""The job will answer."""
