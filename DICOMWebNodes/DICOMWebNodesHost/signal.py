"""Signals of plain Python objects, connected and disconnected as Qt's are."""

import logging
from typing import Any, Callable, List


class Signal:
    """``signal.connect(f)``; ``f`` is called by :meth:`emit`, in the order of connecting."""

    def __init__(self) -> None:
        self._slots: List[Callable[..., Any]] = []

    def connect(self, slot: Callable[..., Any]) -> None:
        self._slots.append(slot)

    def disconnect(self, slot: Callable[..., Any]) -> None:
        """ValueError when it is not connected."""
        self._slots.remove(slot)

    def emit(self, *values: Any) -> None:
        """A slot that fails is logged, and the others are called all the same."""
        for slot in tuple(self._slots):
            _call(slot, *values)


def _call(slot: Callable[..., Any], *values: Any) -> None:
    try:
        slot(*values)
    except Exception:
        logging.exception("a slot failed")
