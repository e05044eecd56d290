"""File dialogs that the window does not wait for. Each returns the dialog, which has to be kept."""

from __future__ import annotations

from typing import Any, Callable

import qt

from .opened import opened_once


def open_file(parent: Any, title: str, name_filter: str, chosen: Callable[[str], None]) -> Any:
    dialog = qt.QFileDialog(parent, title)
    dialog.setNameFilter(name_filter)
    dialog.setFileMode(qt.QFileDialog.ExistingFile)
    dialog.fileSelected.connect(chosen)
    return opened_once(dialog)


def save_file(parent: Any, title: str, name: str, name_filter: str, chosen: Callable[[str], None]) -> Any:
    dialog = qt.QFileDialog(parent, title)
    dialog.setNameFilter(name_filter)
    dialog.setAcceptMode(qt.QFileDialog.AcceptSave)
    dialog.setDefaultSuffix(name.rpartition(".")[2])  # of a name that is typed without one
    dialog.selectFile(name)
    dialog.fileSelected.connect(chosen)
    return opened_once(dialog)


def choose_folder(parent: Any, title: str, chosen: Callable[[str], None]) -> Any:
    dialog = qt.QFileDialog(parent, title)
    dialog.setFileMode(qt.QFileDialog.Directory)
    dialog.setOption(qt.QFileDialog.ShowDirsOnly, True)
    dialog.fileSelected.connect(chosen)
    return opened_once(dialog)
