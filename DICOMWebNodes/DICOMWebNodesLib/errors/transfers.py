"""This side of a transfer, and what is around the library."""

from __future__ import annotations

from typing import Any, Dict

from .base import DICOMWebNodesError


class TransferError(DICOMWebNodesError):
    code = "transfer"


class Cancelled(TransferError):
    code = "cancelled"
    next_step = "Start it again to resume where it was."


class DiskFull(TransferError):
    code = "disk-full"
    next_step = "Free some space or choose another folder, then start it again: it resumes where it was."


class NotWritable(TransferError):
    code = "not-writable"
    next_step = "Choose a folder that you may write to."


class IncompleteTransfer(TransferError):
    """Instances are missing at the end. ``summary``: a :class:`~DICOMWebNodesLib.transfer.events.Summary`."""

    code = "incomplete-transfer"
    next_step = "Start it again: what is there already is not fetched twice."

    def __init__(self, cause: str, *, summary: Any, **context: str) -> None:
        super().__init__(cause, **context)
        self.summary = summary


class NoPicture(DICOMWebNodesError):
    """What is shown instead of a preview: ``modality`` ("SR", or "" when it is not known) and the cause."""

    code = "no-picture"

    def __init__(self, cause: str, *, modality: str = "", **context: str) -> None:
        super().__init__(cause, **context)
        self.modality = modality

    def as_dict(self) -> Dict[str, Any]:
        return {**super().as_dict(), "modality": self.modality}


class WorkerFailed(DICOMWebNodesError):
    code = "worker-failed"
    next_step = "Try again: the worker starts anew, and a transfer resumes where it was."


class DatabaseUnavailable(DICOMWebNodesError):
    """``offer``: what helps, "open", "choose-folder" or "update" its schema."""

    code = "database-unavailable"

    def __init__(self, cause: str, *, offer: str = "", **context: str) -> None:
        super().__init__(cause, **context)
        self.offer = offer

    def as_dict(self) -> Dict[str, Any]:
        return {**super().as_dict(), "offer": self.offer}
