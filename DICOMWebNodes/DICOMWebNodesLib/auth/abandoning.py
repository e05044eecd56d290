"""Waiting for what cannot be ended, the answer of a token endpoint for example: no longer than somebody wants it."""

from __future__ import annotations

import threading
from typing import Any, Callable, Optional, TypeVar

_Result = TypeVar("_Result")
Outlast = Callable[[Callable[[], Any]], Any]
"""Gives what it is given to ask for, or raises Cancelled before that is there."""

_this_thread = threading.local()


class Abandoning:
    """A context in which this thread leaves the waiting of :func:`abandonable` to ``outlast``."""

    __slots__ = ("_before", "_outlast")

    def __init__(self, outlast: Outlast) -> None:
        self._outlast = outlast
        self._before: Optional[Outlast] = None

    def __enter__(self) -> None:
        self._before = getattr(_this_thread, "outlast", None)
        _this_thread.outlast = self._outlast

    def __exit__(self, *error: object) -> None:
        _this_thread.outlast = self._before


def abandonable(ask: Callable[[], _Result]) -> _Result:
    """What ``ask`` gives or raises. It may run in another thread, and to its end although nobody waits any more."""
    outlast: Optional[Outlast] = getattr(_this_thread, "outlast", None)
    if outlast is None:
        return ask()
    result: _Result = outlast(ask)
    return result
