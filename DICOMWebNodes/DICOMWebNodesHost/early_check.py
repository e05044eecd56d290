"""Series are looked at one by one while others are still on their way, so that they can be loaded as soon as they are
here."""

from typing import Any, Callable, List, Mapping, Sequence

from DICOMWebNodesLib.dicomweb.resource import Resource

from .database import hasInstance, missingInstances
from .slices import Slices

_LOOK_AGAIN = 250  # milliseconds


class EarlyCheck:
    """``instances``: those that have come, by "study/series". ``isWanted``: False ends it. ``verified`` is told of each
    series of which the database has them all; one that it has not is looked at again."""

    def __init__(
        self,
        database: Any,
        slices: Slices,
        instances: Mapping[str, Sequence[Resource]],
        isWanted: Callable[[], bool],
        verified: Callable[[str], None],
    ) -> None:
        self._database = database
        self._slices = slices
        self._instances = instances
        self._isWanted = isWanted
        self._verified = verified

    def soon(self, series: str) -> None:
        self._slices.later(_LOOK_AGAIN, lambda: self._look(series))

    def _look(self, series: str) -> None:
        instances = self._instances.get(series)
        if not self._isWanted() or not instances or not self._database.isOpen:
            return
        if hasInstance(self._database, instances[-1].sop_instance_uid):
            work = missingInstances(self._database, instances)
            # An error is told at the end, where every series is looked at once more.
            self._slices.run(work, lambda missing: self._looked(series, missing), lambda error: None)
        else:
            self.soon(series)

    def _looked(self, series: str, missing: List[Resource]) -> None:
        if not self._isWanted():
            return
        if missing:
            self.soon(series)
        else:
            self._verified(series)
