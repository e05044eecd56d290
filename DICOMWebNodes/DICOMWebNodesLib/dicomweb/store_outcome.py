"""What became of each file that was to be stored, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Dict, Optional, Tuple


class StoreStatus(Enum):
    """What became of one file that was to be stored."""

    STORED = "stored"
    STORED_WITH_WARNING = "stored_with_warning"
    """The server has it, but not as it was: ``reason`` says what it changed."""

    ALREADY_THERE = "already_there"
    """The server has an instance of the same UID and keeps that one."""

    UNCONFIRMED = "unconfirmed"
    """Not known: the server reported success without naming the instance, and a search does not find it; or its
    answer was lost, and there is no search that could tell."""

    FAILED = "failed"
    """The server refused it, or it cannot be read; ``reason`` says why."""

    NOT_DICOM = "not_dicom"
    """It is no instance, and was not sent."""


@dataclass(frozen=True)
class StoreOutcome:
    """One file. The UIDs are the file's own, "" where it does not tell; ``code`` is the server's reason."""

    path: Path
    status: StoreStatus
    reason: str = ""
    code: Optional[int] = None
    study_instance_uid: str = ""
    series_instance_uid: str = ""
    sop_instance_uid: str = ""

    def as_dict(self) -> Dict[str, Any]:
        """As JSON values."""
        return {
            "path": str(self.path),
            "status": self.status.value,
            "reason": self.reason,
            "code": self.code,
            "study_instance_uid": self.study_instance_uid,
            "series_instance_uid": self.series_instance_uid,
            "sop_instance_uid": self.sop_instance_uid,
        }


@dataclass(frozen=True)
class StoreSummary:
    """How many files had which outcome; every file is counted once. ``bytes``: size of what the server has now."""

    stored: int = 0
    stored_with_warning: int = 0
    already_there: int = 0
    unconfirmed: int = 0
    failed: int = 0
    not_dicom: int = 0
    bytes: int = 0
    failures: Tuple[StoreOutcome, ...] = ()  # the failed and the unconfirmed, in the order in which they were known

    def __repr__(self) -> str:
        counts = (f"{self.count(status)} {status.value}" for status in StoreStatus if self.count(status))
        return f"StoreSummary({', '.join(counts) or 'no files'}, {self.bytes} bytes)"

    @property
    def complete(self) -> bool:
        """Whether the server has every instance that it was to be given."""
        return not self.failed and not self.unconfirmed

    def as_dict(self) -> Dict[str, Any]:
        """As JSON values."""
        counts = {status.value: self.count(status) for status in StoreStatus}
        failures = [failure.as_dict() for failure in self.failures]
        return {"complete": self.complete, **counts, "bytes": self.bytes, "failures": failures}

    def count(self, status: StoreStatus) -> int:
        return int(getattr(self, status.value))
