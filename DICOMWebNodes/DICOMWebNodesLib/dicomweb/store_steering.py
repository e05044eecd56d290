"""Which files of a store may go now: single series are paused and cancelled while the others go on."""

from __future__ import annotations

from typing import Callable, Dict, Iterable, Iterator, List, Optional, Protocol, Sequence

from .resource import Resource
from .store_batches import Batch, StorableFile
from .store_books import StoreBooks
from .store_outcome import StoreStatus

_CANCELLED = "it was cancelled"


class Steering(Protocol):
    """What is asked of :class:`~..transfer.control.Control`."""

    @property
    def cancelled(self) -> bool: ...

    def holds(self, resource: Resource) -> bool: ...

    def drops(self, resource: Resource) -> bool: ...

    def wait_for_one(self, resources: Sequence[Resource]) -> None: ...


class Unsteered:
    """Everything goes at once."""

    cancelled = False

    def holds(self, resource: Resource) -> bool:
        return False

    def drops(self, resource: Resource) -> bool:
        return False

    def wait_for_one(self, resources: Sequence[Resource]) -> None:
        return


class Steered:
    """The files of one store. One whose series is not known belongs to the whole only."""

    def __init__(self, steering: Steering, books: StoreBooks) -> None:
        self._steering = steering
        self._books = books
        self._held: Dict[Resource, List[StorableFile]] = {}

    def sendable(self, files: Iterable[StorableFile]) -> Iterator[StorableFile]:
        """Those that may go now. What is cancelled is entered in the books, what is paused kept for later."""
        for file in files:
            series = _series_of(file)
            if series is not None and self._steering.drops(series):
                self._books.enter_file(file, StoreStatus.FAILED, _CANCELLED)
            elif series is not None and self._steering.holds(series):
                self._held.setdefault(series, []).append(file)
            else:
                yield file

    def released(self) -> List[StorableFile]:
        """What was kept, as soon as some of it may go; empty when nothing was kept. Raises Cancelled."""
        if not self._held:
            return []
        self._steering.wait_for_one(tuple(self._held))
        held, self._held = self._held, {}
        return [file for files in held.values() for file in files]

    def watch(self, batch: Batch) -> Callable[[], bool]:
        """Whether nothing of a batch is wanted any more, to be asked again and again; cheap."""
        series = {_series_of(file) for file in batch}
        named = tuple(each for each in series if each is not None) if None not in series else ()
        return lambda: bool(named) and all(map(self._steering.drops, named))

    @property
    def is_over(self) -> bool:
        """The whole is cancelled."""
        return self._steering.cancelled


def _series_of(file: StorableFile) -> Optional[Resource]:
    identity = file.identity
    if not (identity.study_instance_uid and identity.series_instance_uid):
        return None
    return Resource(identity.study_instance_uid, identity.series_instance_uid)
