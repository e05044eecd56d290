"""How somebody else steers a running transfer."""

from __future__ import annotations

import threading
from typing import Callable, FrozenSet, List, Optional, Sequence, Tuple

from ..dicomweb.resource import Resource
from ..errors import Cancelled

_UIDs = Tuple[str, ...]
_NOTHING: FrozenSet[_UIDs] = frozenset()


class Control:
    """Cancel, pause, resume and prioritise, from any thread; one for each transfer.

    With a ``resource`` it is what belongs to that (a series), while everything else goes on.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._cancelled = threading.Event()
        self.is_used = False  # whether there ever was anything to wait for or to end
        self._paused = False
        self._held = self._dropped = _NOTHING  # replaced, never changed: they are read without the lock
        self._on_cancel: List[Callable[[], None]] = []
        self._on_prioritise: List[Callable[[Resource], None]] = []
        self._on_release: List[Callable[[], None]] = []

    # --- the one who steers -----------------------------------------------------------------------------------

    def cancel(self, resource: Optional[Resource] = None) -> None:
        """End it now; what has arrived stays, and the next transfer resumes from there."""
        called: List[Callable[[], None]] = []
        with self._changed:
            self.is_used = True
            if resource is None:
                self._cancelled.set()
                called, self._on_cancel = self._on_cancel, []
            else:
                self._dropped |= {resource.uids}
        for each in called:
            each()
        self._release()

    def pause(self, resource: Optional[Resource] = None) -> None:
        """Take nothing more of it from the network until :meth:`resume`."""
        with self._changed:
            self.is_used = True
            if resource is None:
                self._paused = True
            else:
                self._held |= {resource.uids}

    def resume(self, resource: Optional[Resource] = None) -> None:
        """Let it go on; without a ``resource`` each one that was paused."""
        with self._changed:
            if resource is None:
                self._paused, self._held = False, _NOTHING
            else:
                self._held -= {resource.uids}
        self._release()

    def prioritise(self, resource: Resource) -> None:
        """Fetch what belongs to ``resource`` before everything that has not started."""
        with self._changed:
            called = tuple(self._on_prioritise)
        for each in called:
            each(resource)

    def _release(self) -> None:
        with self._changed:
            self._changed.notify_all()
            called = tuple(self._on_release)
        for each in called:
            each()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        return self._paused and not self.cancelled

    # --- the transfer -----------------------------------------------------------------------------------------

    def holds(self, resource: Resource) -> bool:
        """Whether it is paused while others go on."""
        return _covers(self._held, resource) and not self.drops(resource)

    def drops(self, resource: Optional[Resource] = None) -> bool:
        """Whether it is cancelled, by itself or with the whole."""
        return self.cancelled or (resource is not None and _covers(self._dropped, resource))

    def gate(self, resource: Optional[Resource] = None) -> None:
        """Wait while it is paused, the whole or ``resource``. Raises :class:`~..errors.Cancelled`."""
        if self._waits(resource):
            with self._changed:
                self._changed.wait_for(lambda: not self._waits(resource))
        if self.drops(resource):
            raise Cancelled("it was cancelled")

    def wait_for_one(self, resources: Sequence[Resource]) -> None:
        """Wait until one of them at least is not paused. Raises :class:`~..errors.Cancelled` for the whole only."""
        with self._changed:
            self._changed.wait_for(lambda: not all(map(self._waits, resources)))
        if self.cancelled:
            raise Cancelled("it was cancelled")

    def wait(self, seconds: float, resource: Optional[Resource] = None) -> None:
        """Pause between two attempts. Raises :class:`~..errors.Cancelled` as soon as it is, or ``resource``."""
        with self._changed:
            self._changed.wait_for(lambda: self.drops(resource), seconds)
        self.gate(resource)

    def on_cancel(self, call: Callable[[], None]) -> None:
        """``call()`` when the whole is cancelled; at once when it already was."""
        with self._changed:
            if not self._cancelled.is_set():
                self._on_cancel.append(call)
                return
        call()

    def on_prioritise(self, call: Callable[[Resource], None]) -> None:
        with self._changed:
            self._on_prioritise.append(call)

    def on_release(self, call: Callable[[], None]) -> None:
        """``call()`` whenever something that was held may not be held any more."""
        with self._changed:
            self._on_release.append(call)

    def _waits(self, resource: Optional[Resource]) -> bool:
        held = self._paused or (resource is not None and self.holds(resource))
        return held and not self.drops(resource)


def _covers(steered: FrozenSet[_UIDs], resource: Resource) -> bool:
    """Whether it, or what it is a part of, is among them; there may be thousands."""
    uids = resource.uids
    return bool(steered) and any(uids[:depth] in steered for depth in range(1, len(uids) + 1))
