"""The books of one store: every file is entered once, every entry is told."""

from __future__ import annotations

from typing import Callable, List, Optional, Set

from .store_batches import StorableFile
from .store_outcome import StoreOutcome, StoreStatus, StoreSummary

OnOutcome = Callable[[StoreOutcome], None]
OnProgress = Callable[[int], None]

_AT_THE_SERVER = frozenset({StoreStatus.STORED, StoreStatus.STORED_WITH_WARNING, StoreStatus.ALREADY_THERE})
_FAILURES = frozenset({StoreStatus.FAILED, StoreStatus.UNCONFIRMED})


class StoreBooks:
    """Tells ``on_outcome`` each entry and ``on_progress`` the bytes of files that are entered or on their way.

    ``perhaps_there``: the SOP Instance UIDs of what was sent and never answered, and that no search can tell. Whatever
    is said of it later, that it is not at the server nobody knows.
    """

    def __init__(self, on_outcome: Optional[OnOutcome] = None, on_progress: Optional[OnProgress] = None) -> None:
        self._on_outcome = on_outcome
        self._on_progress = on_progress
        self.perhaps_there: Set[str] = set()
        self._counts = dict.fromkeys(StoreStatus, 0)
        self._failures: List[StoreOutcome] = []
        self._stored_bytes = 0
        self._done_bytes = 0

    def enter(self, outcome: StoreOutcome) -> None:
        self._counts[outcome.status] += 1
        if outcome.status in _FAILURES:
            self._failures.append(outcome)
        if self._on_outcome is not None:
            self._on_outcome(outcome)

    def enter_file(self, file: StorableFile, status: StoreStatus, reason: str = "", code: Optional[int] = None) -> None:
        identity = file.identity
        if status is StoreStatus.FAILED and file.uid in self.perhaps_there:
            status = StoreStatus.UNCONFIRMED
        uids = (identity.study_instance_uid, identity.series_instance_uid, identity.sop_instance_uid)
        self._done_bytes += file.size
        if status in _AT_THE_SERVER:
            self._stored_bytes += file.size
        self.enter(StoreOutcome(file.path, status, reason, code, *uids))

    def on_its_way(self, size: int = 0) -> None:
        """So many bytes of the files that are not entered yet are on their way."""
        if self._on_progress is not None:
            self._on_progress(self._done_bytes + size)

    def summary(self) -> StoreSummary:
        counts = {status.value: count for status, count in self._counts.items()}
        return StoreSummary(**counts, bytes=self._stored_bytes, failures=tuple(self._failures))
