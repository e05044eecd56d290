"""A request under way, as whoever made it sees it."""

from __future__ import annotations

import logging
from typing import Any, Callable, List, Mapping, Optional, Protocol, Sequence

from ..errors import DICOMWebNodesError

_LOG = logging.getLogger(__name__)

Told = Callable[[str, Any], None]


class Steering(Protocol):
    """The part of the client that a job steers with."""

    def notify(self, method: str, params: Mapping[str, Any]) -> None: ...

    def withdraw(self, job: RemoteJob) -> bool: ...


class RemoteJob:
    """``told(name, items or value)`` is called for its notifications, ``ended(job)`` once."""

    def __init__(self, client: Steering, id: int, told: Told, ended: Callable[[RemoteJob], None]) -> None:
        self.id = id
        self.result: Any = None
        self.error: Optional[DICOMWebNodesError] = None
        self.is_over = False
        self.lists: Sequence[str] = ()  # names of those that go before it
        self.pieces: List[str] = []  # of a result that is too long for one message
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

    # --- for the client ---------------------------------------------------------------------------------------------

    def hear(self, name: str, value: Any) -> None:
        guarded(self._told, name, value)

    def end(self, result: Any = None, error: Optional[DICOMWebNodesError] = None) -> None:
        self.result, self.error, self.is_over = result, error, True
        ended, self._ended, self._told = self._ended, _forgotten, _forgotten  # with what they refer to
        self.pieces.clear()
        guarded(ended, self)


def _forgotten(*_: object) -> None:
    """Of a job that is over: there is nobody any more to call."""


def guarded(call: Callable[..., None], *arguments: Any) -> None:
    """A callback that fails must not keep others from hearing."""
    try:
        call(*arguments)
    except Exception:
        _LOG.exception("a callback failed")
