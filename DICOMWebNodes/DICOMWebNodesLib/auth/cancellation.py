"""Ends what waits, from another thread."""

from __future__ import annotations

import threading
from typing import Callable, List

from ..errors import SignInCancelled


class Cancellation:
    """Set once; whoever waits is woken."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._wakers: List[Callable[[], None]] = []

    def cancel(self) -> None:
        with self._lock:
            self._event.set()
            wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()

    def wait(self, seconds: float) -> None:
        """Sleep, or raise SignInCancelled."""
        self._event.wait(max(0.0, seconds))
        self.check()

    def check(self) -> None:
        """Raises SignInCancelled."""
        if self._event.is_set():
            raise cancelled()

    def on_cancel(self, wake: Callable[[], None]) -> None:
        """Call ``wake`` when it is cancelled, at once if it is already."""
        with self._lock:
            if not self._event.is_set():
                self._wakers.append(wake)
                return
        wake()


def cancelled() -> SignInCancelled:
    return SignInCancelled("the sign-in was cancelled", next_step="Start it again when you are ready.")
