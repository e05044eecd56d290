"""The manual, which is the README, and the section of it that helps with an error."""

from __future__ import annotations

from typing import Any

import qt
from DICOMWebNodesLib.errors.manual import MANUAL, link_to, section_of

__all__ = ["has_section", "link_to", "open_manual", "open_section_about"]


def open_manual(anchor: str = "") -> None:
    """In the person's browser, at a section."""
    qt.QDesktopServices.openUrl(qt.QUrl(f"{MANUAL}#{anchor}" if anchor else MANUAL))


def open_section_about(error: BaseException) -> None:
    open_manual(section_of(error))


def has_section(error: Any) -> bool:
    return bool(section_of(error))
