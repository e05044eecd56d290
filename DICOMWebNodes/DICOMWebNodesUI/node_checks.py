"""The check of a node's services in words."""

from __future__ import annotations

from typing import Any, Sequence

from DICOMWebNodesHost.sentences import translated
from slicer.i18n import tr as _


def in_words(checks: Sequence[Any]) -> str:
    """A line for each service: a tick, a cross, or a circle where it could not be tried."""
    signs = {True: "✔", False: "✘", None: "○"}
    return "\n".join(f"{signs[check.ok]} {check.service}: {translated(check.message)}" for check in checks)


def in_short(checks: Sequence[Any]) -> str:
    failed = [check.service for check in checks if check.ok is False]
    return f"✘ {', '.join(failed)}" if failed else _("✔ works")
