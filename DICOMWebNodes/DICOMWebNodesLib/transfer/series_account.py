"""The books of one series: what of it failed, what is still asked for, and how it ends."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Iterable, Mapping, Optional

from ..dicomweb.resource import Resource
from ..errors import DICOMWebNodesError, NotDICOMweb, TransferError
from ..text import Text
from .events import Failure, SeriesDone

if TYPE_CHECKING:
    from .engine import Transfer


class SeriesAccount:
    """Enters everything in the books of ``transfer`` too. Safe to use from several threads.

    ``expected``: how many instances the server counts, None while nobody knows; ``present``: those that are here, as
    :class:`.here.Here` keeps them.
    """

    def __init__(
        self, transfer: Transfer, resource: Resource, expected: Optional[int], present: Mapping[Resource, bool]
    ) -> None:
        self.expected = expected
        self._transfer = transfer
        self._resource = resource
        self._present = present
        self._lock = threading.Lock()
        self._waiting = 0
        self._failures = 0
        self._abandoned = 0
        self._finished = False

    def failed(self, failures: Iterable[Failure]) -> None:
        for failure in failures:
            self._fail(failure)

    def abandoned(self, error: DICOMWebNodesError, known: Optional[int]) -> None:
        """It could not start or not go on: what is missing is one failure. ``known``: how many instances it has."""
        with self._lock:
            if self._finished:
                return
            known = known if known is not None else self.expected or 0
            missing = max(1, known - len(self._present) - self._failures)
        self._fail(self._transfer.failure(self._resource, error, missing))
        self.finish()

    def waits_for(self, count: int) -> None:
        """So many instances are asked for one by one, each of which :meth:`settled` or :meth:`one_abandoned` ends."""
        self._waiting = count
        if not count:
            self.finish()

    def settled(self) -> None:
        with self._lock:
            self._waiting -= 1
            last = not self._waiting
        if last:
            self.finish()

    def one_abandoned(self, instance: Resource, error: DICOMWebNodesError) -> None:
        """It did not come. After a fatal error they are entered together, at the end of the series."""
        if self._transfer.fatal is None:
            self._fail(self._transfer.failure(instance, error))
        else:
            with self._lock:
                self._abandoned += 1
        self.settled()

    def finish(self) -> None:
        """Nothing more will be asked for: what the server counts and has not given is a failure."""
        with self._lock:
            if self._finished:
                return
            self._finished = True
        fatal = self._transfer.fatal
        if self._abandoned and fatal is not None:
            self._fail(self._transfer.failure(self._resource, fatal, self._abandoned))
        unlisted = (self.expected or 0) - len(self._present) - self._failures
        if unlisted > 0:
            self._fail(self._unlisted(unlisted))
        with contextlib.suppress(TransferError):  # who wrote beside us may be gone by now
            self._transfer.folder.remove_abandoned(self._resource)
        already = sum(self._present.values())
        self._transfer.account.done(SeriesDone(self._resource, len(self._present) - already, already, self._failures))

    def _fail(self, failure: Failure) -> None:
        with self._lock:
            self._failures += failure.instances
        self._transfer.account.failed(failure)

    def _unlisted(self, count: int) -> Failure:
        expected = self.expected or 0
        reason = Text(
            "the server counts {expected} instances but lists and sends only {listed}",
            expected=expected,
            listed=expected - count,
        )
        return Failure(self._resource, reason, NotDICOMweb.code, count)
