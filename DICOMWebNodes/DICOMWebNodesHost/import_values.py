"""What transfers tell, as frozen values."""

from dataclasses import dataclass
from typing import Optional, Tuple

WAITING, RETRIEVING, INDEXING, SENDING = "waiting", "retrieving", "indexing", "sending"
PAUSED, DONE, INCOMPLETE, CANCELLED = "paused", "done", "incomplete", "cancelled"


@dataclass(frozen=True)
class SeriesProgress:
    """One series on its way. ``series`` is "" while a server that cannot be searched gives a whole study.

    ``received`` and ``indexed`` count instances, with those that were there before; ``reason``: why it is incomplete;
    ``description``: its own, as soon as the database knows it. Of a series that is sent, ``received`` have an outcome,
    and the server has ``indexed`` of them.
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

    @property
    def isOver(self) -> bool:
        return self.state in (DONE, INCOMPLETE, CANCELLED)

    @property
    def resource(self) -> str:
        """As text: "study/series", or "study" of a whole study."""
        return "/".join(filter(None, (self.study, self.series)))


@dataclass(frozen=True)
class ImportProgress:
    """The whole import. ``expected`` is 0 while it is not known."""

    expected: int = 0
    received: int = 0
    indexed: int = 0
    bytes: int = 0
    bytesPerSecond: float = 0.0

    @property
    def part(self) -> float:
        """From 0 to 1."""
        return min(1.0, self.received / self.expected) if self.expected else 0.0

    @property
    def secondsLeft(self) -> Optional[float]:
        """By the mean size of what has come; None when nothing tells."""
        if not (self.received and self.bytes and self.bytesPerSecond and self.expected):
            return None
        return (self.expected - self.received) * self.bytes / self.received / self.bytesPerSecond


@dataclass(frozen=True)
class ImportFailure:
    """What is not in the database and should be: an instance, a series or a study ("study[/series[/instance]]")."""

    resource: str
    reason: str
    instances: int = 1


@dataclass(frozen=True)
class ImportSummary:
    """The account of an import: every instance that was asked for is imported, was there, or is among the failures.

    ``seriesUIDs``: those of which the database has instances now.
    """

    imported: int
    alreadyThere: int
    failures: Tuple[ImportFailure, ...]
    seriesUIDs: Tuple[str, ...]
    bytes: int = 0
    seconds: float = 0.0
    cancelled: bool = False

    @property
    def missing(self) -> int:
        return sum(failure.instances for failure in self.failures)

    @property
    def complete(self) -> bool:
        return not self.failures and not self.cancelled
