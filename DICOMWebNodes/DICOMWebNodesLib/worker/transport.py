"""What the client wants of a running worker process, and what such a process tells it."""

from __future__ import annotations

from typing import Callable, Protocol


class Transport(Protocol):
    """A running worker process. None of its methods waits."""

    def write(self, data: bytes) -> None: ...

    def stop(self) -> None:
        """Close its standard input: it ends by itself, within a second."""

    def kill(self) -> None:
        """End it at once, also when it is stopped or does nothing any more."""


class Listener(Protocol):
    """What a transport calls, always in the client's thread."""

    def received(self, data: bytes) -> None: ...

    def ended(self, reason: str) -> None:
        """It is gone; ``reason`` completes "the worker process ..."."""


Start = Callable[[Listener], Transport]
"""Starts a worker process. Raises WorkerFailed."""
