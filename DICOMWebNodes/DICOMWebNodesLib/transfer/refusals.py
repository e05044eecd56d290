"""Levels at which a server gives nothing: known for sure when it gave the same in smaller pieces."""

from __future__ import annotations

import threading
from typing import Callable, List, Sequence, Tuple

from ..dicomweb.resource import Level
from ..errors import DICOMWebNodesError, NotDICOMweb, ResponseError

# With these a server says that it gives nothing at this level, or knows no such resource.
_NOT_OFFERED = frozenset({400, 404, 405, 406, 501})


class Refusals:
    """``learned`` is told of each level once, as soon as instances come that were refused there.

    Safe to use from several threads.
    """

    def __init__(self, learned: Callable[[Level], None], levels: Sequence[Level] = ()) -> None:
        self._learned = learned
        self._lock = threading.Lock()
        self._levels: List[Level] = list(levels)

    @property
    def levels(self) -> Tuple[Level, ...]:
        """Those that nothing has come of yet."""
        return tuple(self._levels)

    def note(self, level: Level, error: DICOMWebNodesError) -> None:
        """What was asked for at this level did not come; an error of another kind says nothing of the level."""
        if isinstance(error, NotDICOMweb) or (isinstance(error, ResponseError) and error.status in _NOT_OFFERED):
            self._levels.append(level)

    def came(self) -> None:
        """An instance is here."""
        if self._levels:
            with self._lock:
                levels, self._levels = self._levels, []
            for level in levels:
                self._learned(level)
