"""A question that the window does not wait for."""

from __future__ import annotations

from typing import Any, Callable

import qt

from .opened import opened_once


def ask(parent: Any, title: str, text: str, yes: str, agreed: Callable[[], None]) -> Any:
    """Show a message box with the button ``yes`` and one that cancels; returns the box, which has to be kept."""
    box = qt.QMessageBox(parent)
    box.setIcon(qt.QMessageBox.Question)
    box.setWindowTitle(title)
    box.setTextFormat(qt.Qt.PlainText)
    box.setText(text)
    yes_button = box.addButton(yes, qt.QMessageBox.AcceptRole)
    box.setDefaultButton(box.addButton(qt.QMessageBox.Cancel))  # Return alone agrees to nothing
    yes_button.clicked.connect(lambda: agreed())
    return opened_once(box)
