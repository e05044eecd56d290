"""What imports tell, as frozen values."""

from dataclasses import dataclass
from typing import Optional, Tuple

from DICOMWebNodesLib.worker.values import error_from_dict


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
    """What is not in the database and should be: an instance, a series or a study ("study[/series[/instance]]").

    ``code``: of the error that kept it away; "" where ``reason`` says all, with what to do.
    """

    resource: str
    reason: str
    instances: int = 1
    code: str = ""

    @property
    def nextStep(self) -> str:
        """What helps against errors of this kind."""
        return error_from_dict({"code": self.code}).next_step if self.code else ""


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
