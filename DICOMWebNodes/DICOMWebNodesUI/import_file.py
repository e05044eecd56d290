"""Nodes and authentication methods from a file: which one, with its secrets or without, and what became of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import qt
from DICOMWebNodesHost.sentences import translated
from slicer.i18n import tr as _

from . import files
from .file_task import FileTask
from .opened import opened_once


class FileImport(FileTask):
    """Asks whether to take the secrets of a file too, where it can have any."""

    question: Any = None

    def choose(self) -> None:
        title = _("Import nodes or authentication methods")
        name_filter = _("Files of this program and of Weasis (*.json *.xml)")
        self.dialog = files.open_file(self._parent, title, name_filter, self.chosen)

    def chosen(self, path: str) -> None:
        """Only files of Weasis (XML) can have secrets that a person may take over."""
        if Path(path).suffix.lower() == ".xml":
            self._ask(path)
        else:
            self._start(path, False)

    def _ask(self, path: str) -> None:
        box = self.question = qt.QMessageBox(self._parent)
        box.setIcon(qt.QMessageBox.Question)
        box.setWindowTitle(_("Import from Weasis"))
        box.setTextFormat(qt.Qt.PlainText)
        text = _(
            "Take the secrets in {name} too?\n\nThat is client secrets, secret headers, and which node signs in how. "
            "Take them from a file of your own only: a stranger's file could send your sign-in to a stranger's server."
        )
        box.setText(text.format(name=Path(path).name))
        without = box.addButton(_("&Without secrets"), qt.QMessageBox.AcceptRole)
        taking = box.addButton(_("With &secrets"), qt.QMessageBox.AcceptRole)
        box.addButton(qt.QMessageBox.Cancel)
        box.setDefaultButton(without)
        without.clicked.connect(lambda: self._start(path, False))
        taking.clicked.connect(lambda: self._start(path, True))
        opened_once(box)

    def _start(self, path: str, secrets: bool) -> None:
        job = self._logic.startImportNodes(path, secrets)
        self._follow(job, lambda imported: self._told(in_words(imported)))


def in_words(imported: Any) -> str:
    """What was added, what was not, and why; each in a line."""
    return "\n".join(_lines(imported))


def _lines(imported: Any) -> Iterator[str]:
    report = imported.nodes
    added = [*report.added, *imported.methods]
    skipped = [*report.skipped, *imported.skipped_methods]
    yield _("{added} added, {skipped} left out.").format(added=len(added), skipped=len(skipped))
    for name, reason in skipped:
        yield f"{translated(name)}: {translated(reason)}"
    for each in imported.left_out:
        yield _left_out(each)


def _left_out(each: Any) -> str:
    texts = {
        "client secret": _("{name}: its client secret was left out; edit it to give it."),
        "header": _("{name}: the value of the header {header} was left out; edit it to give it."),
        "authentication": _("{name}: how it signs in was left out; edit it to choose that."),
        "unknown method": _("{name}: it signs in with a method that is not here; import authenticationNodes.xml too."),
    }
    return texts[each.what].format(name=each.name, header=each.header)
