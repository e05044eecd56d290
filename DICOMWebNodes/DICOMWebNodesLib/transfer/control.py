"""How somebody else steers a running transfer."""

from __future__ import annotations

import threading
from typing import Callable, List

from ..dicomweb.resource import Resource
from ..errors import Cancelled


class Control:
    """Cancel, pause, resume and prioritise, from any thread; one for each transfer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._on_cancel: List[Callable[[], None]] = []
        self._on_prioritise: List[Callable[[Resource], None]] = []

    # --- the one who steers -----------------------------------------------------------------------------------

    def cancel(self) -> None:
        """End the transfer now; what has arrived stays, and the next one resumes from there."""
        with self._lock:
            self._cancelled.set()
            self._running.set()
            called, self._on_cancel = self._on_cancel, []
        for each in called:
            each()

    def pause(self) -> None:
        """Take nothing more from the network until :meth:`resume`."""
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    def prioritise(self, resource: Resource) -> None:
        """Fetch what belongs to ``resource`` before everything that has not started."""
        with self._lock:
            called = tuple(self._on_prioritise)
        for each in called:
            each(resource)

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        return not self._running.is_set()

    # --- the transfer -----------------------------------------------------------------------------------------

    def gate(self) -> None:
        """Wait while paused. Raises :class:`~..errors.Cancelled`."""
        if not self._running.is_set():
            self._running.wait()
        if self._cancelled.is_set():
            raise Cancelled("it was cancelled")

    def wait(self, seconds: float) -> None:
        """Pause between two attempts. Raises :class:`~..errors.Cancelled` as soon as it is."""
        self._cancelled.wait(seconds)
        self.gate()

    def on_cancel(self, call: Callable[[], None]) -> None:
        """``call()`` when it is cancelled; at once when it already was."""
        with self._lock:
            if not self._cancelled.is_set():
                self._on_cancel.append(call)
                return
        call()

    def on_prioritise(self, call: Callable[[Resource], None]) -> None:
        with self._lock:
            self._on_prioritise.append(call)
