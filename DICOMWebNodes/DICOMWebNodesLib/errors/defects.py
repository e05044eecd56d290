"""A mistake of this program, or of what is around it, as an error like all others: it ends one thing and is told."""

from __future__ import annotations

from ..text import Text
from .transfers import TransferError


def defect(error: Exception) -> TransferError:
    """``error`` is none of :class:`.base.DICOMWebNodesError`; it is the cause of what comes back."""
    told = TransferError(
        Text("unexpected {kind}: {problem}", kind=type(error).__name__, problem=error), next_step="Please report this."
    )
    told.__cause__ = error
    return told
