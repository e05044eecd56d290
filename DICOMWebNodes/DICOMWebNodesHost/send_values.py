"""What sends tell, as frozen values."""

from dataclasses import dataclass
from typing import Any, Dict, Optional, Tuple


@dataclass(frozen=True)
class SendProgress:
    """``received`` of ``expected`` files have an outcome, with the ``confirmed`` ones of earlier attempts; ``bytes`` of
    the ``expectedBytes`` of all others are sent."""

    expected: int = 0
    received: int = 0
    failed: int = 0
    bytes: int = 0
    expectedBytes: int = 0
    bytesPerSecond: float = 0.0
    confirmed: int = 0

    @property
    def part(self) -> float:
        """From 0 to 1."""
        ofRest = min(1.0, self.bytes / self.expectedBytes) if self.expectedBytes else 0.0
        before = self.confirmed / self.expected if self.expected else 0.0
        return before + (1.0 - before) * ofRest

    @property
    def secondsLeft(self) -> Optional[float]:
        """None while nothing tells."""
        left = self.expectedBytes - self.bytes
        return left / self.bytesPerSecond if self.bytesPerSecond and left >= 0 else None


@dataclass(frozen=True)
class SendSummary:
    """``counts``: files by outcome ("stored", "already_there", "failed" ...); ``failures``: those that the server
    does not have now, each with path, reason and UIDs; ``confirmed``: of how many files the server had said in an
    earlier attempt that it has them, so that they were not sent again."""

    complete: bool
    counts: Dict[str, int]
    failures: Tuple[Dict[str, Any], ...]
    bytes: int = 0
    confirmed: int = 0
