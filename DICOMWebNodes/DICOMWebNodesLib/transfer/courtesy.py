"""When a picture may be made while instances are transferred, which nothing for the eye may delay."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Callable, Iterator, List, Optional

from ..errors import Cancelled
from .control import Control

FIRST_WAIT = 2.0
"""Seconds from the start of a transfer in which nothing is made here: most imports are over by then."""
REST_OF_SERVERS, REST_OF_OURS = 4, 20
"""How many times as long as a picture took nobody makes the next one: it came from a server, or was made here. Decoding
in Python holds the lock that the transfer's threads need; a lower priority would only make it hold the lock longer."""
LONGEST_REST = 30.0  # seconds

Wait = Callable[[threading.Condition, float], object]


class Courtesy:
    """While anything is transferred, pictures come one at a time and with rests; else whenever somebody asks.

    ``wait(condition, seconds)`` waits for a notification. Safe to use from several threads.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        wait: Wait = lambda condition, seconds: condition.wait(seconds),
    ) -> None:
        self._clock = clock
        self._wait = wait
        self._changed = threading.Condition()
        self._transfers: List[Control] = []
        self._began_at = 0.0
        self._free_at = 0.0
        self._at_work = 0

    @contextlib.contextmanager
    def transfer(self, control: Control) -> Iterator[None]:
        """Something is transferred meanwhile, unless ``control`` has paused it."""
        with self._changed:
            self._transfers.append(control)
            self._began_at = self._clock()
        try:
            yield
        finally:
            with self._changed:
                self._transfers.remove(control)
                self._changed.notify_all()

    @contextlib.contextmanager
    def turn(self, *, made_here: bool, control: Optional[Control] = None) -> Iterator[None]:
        """Wait until a picture may be had, then have it. Raises :class:`~..errors.Cancelled`."""
        if control is not None:
            control.on_cancel(self._wake)
        with self._changed:
            while True:
                if control is not None and control.cancelled:
                    raise Cancelled("it was cancelled")
                seconds = self._still_to_wait(made_here)
                if seconds <= 0:
                    break
                self._wait(self._changed, seconds)
            self._at_work += 1
        started = self._clock()
        try:
            yield
        finally:
            with self._changed:
                self._at_work -= 1
                now = self._clock()
                rest = (REST_OF_OURS if made_here else REST_OF_SERVERS) * (now - started)
                self._free_at = max(self._free_at, now + min(rest, LONGEST_REST))
                self._changed.notify_all()

    def _still_to_wait(self, made_here: bool) -> float:
        """Seconds; less when somebody notifies."""
        if all(control.paused for control in self._transfers):
            return 0.0
        if self._at_work:
            return LONGEST_REST
        earliest = max(self._free_at, self._began_at + FIRST_WAIT) if made_here else self._free_at
        return earliest - self._clock()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
