"""How far one series is, of those that are imported or sent."""

from dataclasses import dataclass
from typing import Optional

WAITING, RETRIEVING, INDEXING, SENDING = "waiting", "retrieving", "indexing", "sending"
PAUSED, DONE, INCOMPLETE, CANCELLED = "paused", "done", "incomplete", "cancelled"


@dataclass(frozen=True)
class SeriesProgress:
    """One series on its way. ``series`` is "" while a server that cannot be searched gives a whole study.

    ``received`` and ``indexed`` count instances, with those that were there before; ``reason``: why it is incomplete;
    ``description`` and ``number`` (Series Number): its own, as soon as the database knows them. Of a series that is
    sent, ``received`` have an outcome, and the server has ``indexed`` of them.
    """

    study: str
    series: str
    expected: Optional[int] = None
    received: int = 0
    indexed: int = 0
    failed: int = 0
    bytes: int = 0
    bytesPerSecond: float = 0.0
    state: str = WAITING
    reason: str = ""
    description: str = ""
    number: str = ""

    @property
    def isOver(self) -> bool:
        return self.state in (DONE, INCOMPLETE, CANCELLED)

    @property
    def resource(self) -> str:
        """As text: "study/series", or "study" of a whole study."""
        return "/".join(filter(None, (self.study, self.series)))
