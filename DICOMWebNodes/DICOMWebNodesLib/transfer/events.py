"""What a transfer tells while it runs, as frozen values; the last one accounts for every instance.

A listener is called from the transfer's threads, one event at a time and in order; it must return quickly.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Optional, Tuple, Union

from ..dicomweb.resource import Resource
from ..errors import IncompleteTransfer
from ..text import Text


@dataclass(frozen=True)
class SeriesPlan:
    """A series (or a whole study, of a server that cannot be searched) and how many instances it should bring."""

    resource: Resource
    expected: Optional[int] = None


@dataclass(frozen=True)
class Planned:
    """What was asked for is known: the series of one requested resource."""

    requested: Resource
    series: Tuple[SeriesPlan, ...]


@dataclass(frozen=True)
class SeriesStarted:
    """It is asked for now. ``expected``: instances by the server's count, None while that is not known."""

    resource: Resource
    expected: Optional[int]


@dataclass(frozen=True)
class SeriesProgress:
    """How far one series is. ``bytes``: received so far, of this run."""

    resource: Resource
    instances: int
    expected: Optional[int]
    bytes: int


@dataclass(frozen=True)
class Progress:
    """The whole transfer, at most ten times a second; ``series`` are those that moved since the last one.

    ``expected`` is an estimate while not everything that was asked for is planned.
    """

    instances: int
    expected: int
    bytes: int
    bytes_per_second: float
    series: Tuple[SeriesProgress, ...]


@dataclass(frozen=True)
class InstanceStored:
    """A verified file stands under its final name. ``already``: it was there before. ``size``: bytes."""

    resource: Resource
    file: str  # its path as text, because to make a Path for each small instance takes long
    size: int
    already: bool = False

    @property
    def path(self) -> Path:
        return Path(self.file)


@dataclass(frozen=True)
class Failure:
    """An instance that did not arrive, or a whole series or study (``instances``: how many, as far as known)."""

    resource: Resource
    reason: str
    code: str
    instances: int = 1


@dataclass(frozen=True)
class Failed:
    """Told at once; the summary has all of them."""

    failure: Failure


@dataclass(frozen=True)
class SeriesDone:
    """Nothing more comes of it: how many of its instances are new, were there before, and are missing."""

    resource: Resource
    stored: int
    already_there: int
    failed: int


@dataclass(frozen=True)
class Summary:
    """The account of a transfer: ``stored`` + ``already_there`` + ``missing`` is what was asked for.

    ``bytes`` were received, in ``seconds``; ``fetched_again`` counts instances that came more than once.
    """

    stored: int
    already_there: int
    failed: Tuple[Failure, ...]
    bytes: int
    seconds: float
    fetched_again: int = 0
    cancelled: bool = False

    def __repr__(self) -> str:
        return f"Summary({self.in_words})"

    @property
    def missing(self) -> int:
        return sum(failure.instances for failure in self.failed)

    @property
    def complete(self) -> bool:
        return not self.failed and not self.cancelled

    @property
    def in_words(self) -> str:
        """For the log: numbers only."""
        counts = f"{self.stored} stored, {self.already_there} there already, {self.missing} missing, {self.bytes} bytes"
        return f"{counts}{', cancelled' if self.cancelled else ''}"

    def as_dict(self) -> Dict[str, Any]:
        """JSON values, for ``--json`` and the worker's protocol."""
        failed = [
            {"resource": str(each.resource), "instances": each.instances, "code": each.code, "reason": each.reason}
            for each in self.failed
        ]
        return {
            "complete": self.complete,
            "cancelled": self.cancelled,
            "stored": self.stored,
            "already_there": self.already_there,
            "missing": self.missing,
            "failed": failed,
            "bytes": self.bytes,
            "seconds": round(self.seconds, 3),
            "fetched_again": self.fetched_again,
        }


@dataclass(frozen=True)
class Done:
    """The last event."""

    summary: Summary


Event = Union[Planned, SeriesStarted, Progress, InstanceStored, Failed, SeriesDone, Done]


def incomplete(summary: Summary) -> IncompleteTransfer:
    """The failures of a transfer as one error."""
    first = summary.failed[0].reason if summary.failed else Text("it was cancelled")
    return IncompleteTransfer(
        Text("{count} missing: {first}", count=summary.missing, first=first),
        summary=summary,
        asked="retrieve everything",
    )
