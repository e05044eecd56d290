"""Opens a manifest or link of somebody else: shows what it asks for and from where, and asks."""

from __future__ import annotations

from typing import Any, List, Sequence

import qt
from DICOMWebNodesHost.sentences import translated
from DICOMWebNodesLib.errors import MalformedAttribute
from slicer.i18n import tr as _

from . import files, form, table, words
from .error_bar import ErrorBar
from .follow import follow
from .keys import on_return
from .opened import Dialog
from .results_view import Wanted
from .wrapping_row import WrappingRow

_SERVER = 0


class ManifestDialog(Dialog):
    """``import_wanted(Wanted)`` for each server that was agreed to; then it is accepted."""

    import_wanted = qt.Signal(object)

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self._targets: Sequence[Any] = ()
        self._file_dialog: Any = None
        self._open = 0  # servers that have been agreed to and are not imported yet
        self._problems: List[BaseException] = []
        self.ui = form.fill_dialog(self, "ManifestDialog")
        self.errors = ErrorBar()
        form.put(self.errors, self.ui.errorPlace)
        headers = [_("Server"), _("Your node"), _("Patient, as it says"), _("Asks for"), _("Service")]
        self.model = table.model(headers, self)
        self.ui.targets.setModel(self.model)
        form.give_lines(self.ui.targets, 6)
        table.show_columns(self.ui.targets, [38, 16, 24, 28, 30])
        self._actions = WrappingRow(self.ui.actions, at_edge=self.ui.buttons)
        self.load_button, self.import_button = self.ui.loadButton, self.ui.importButton
        self.ui.buttons.rejected.connect(self.reject)
        self.load_button.clicked.connect(lambda checked: self._accept(True))
        self.import_button.clicked.connect(lambda checked: self._accept(False))
        self.ui.source.textChanged.connect(lambda text: self._forget())
        on_return(self.ui.source, self.show_what_it_asks_for)
        self.ui.buttons.button(qt.QDialogButtonBox.Cancel).autoDefault = False  # Return is not to close it
        self.ui.showButton.clicked.connect(lambda checked: self.show_what_it_asks_for())
        self.ui.browseButton.clicked.connect(lambda checked: self._browse())
        self.ui.plainHTTP.toggled.connect(lambda checked: self._enable())
        self.finished.connect(lambda result: self._cancel())
        self._forget()
        form.give_size(self, 130, 26)

    # --- what it asks for -------------------------------------------------------------------------------------------

    def show_what_it_asks_for(self) -> None:
        source = self.ui.source.text.strip()
        self._cancel()
        self.errors.dismiss()
        if not source:
            return
        self.ui.source.setCursorPosition(0)  # of a long link the host is to be seen, not how it ends
        self.ui.status.text = _("Opening...")
        follow(self._logic.startOpenManifest(source), self._show, self._failed, self._jobs)
        self._enable()

    def _browse(self) -> None:
        name_filter = _("Manifests (*.xml *.json *.gz);;All files (*)")
        self._file_dialog = files.open_file(self, _("Open a manifest"), name_filter, self._chosen)

    def _chosen(self, path: str) -> None:
        self.ui.source.text = path
        self.show_what_it_asks_for()

    def _show(self, opened: Any) -> None:
        self._targets = opened.targets
        self.model.removeRows(0, self.model.rowCount())
        for number, target in enumerate(opened.targets):
            items = table.row(_texts(target), number)
            items[_SERVER].setCheckable(True)
            items[_SERVER].setCheckState(qt.Qt.Checked)
            self.model.appendRow(items)
        self.ui.targets.resizeColumnToContents(_SERVER)  # nothing of where it comes from is cut off
        question = _("Nothing has been fetched yet. Shall this come from {hosts}?")
        hosts = ", ".join(dict.fromkeys(target.host for target in opened.targets))
        self.ui.status.text = "\n".join(
            [question.format(hosts=hosts), *map(translated, opened.remarks), *_secrets(opened)]
        )
        self.ui.plainHTTP.visible = any(target.exposesSecrets for target in opened.targets)
        self._enable()
        self.ui.targets.setFocus()

    def _failed(self, error: BaseException) -> None:
        self._forget()
        self.errors.show_error(error)

    def _forget(self) -> None:
        """Another source: what is shown is not what it asks for."""
        self._targets = ()
        self.model.removeRows(0, self.model.rowCount())
        self.ui.status.text = _(
            "A Weasis manifest (a file or an address), a weasis:// link, or the address of a DICOMweb study or series. "
            "What it asks for is shown before anything of it is fetched."
        )
        self.ui.plainHTTP.checked = False
        self.ui.plainHTTP.visible = False
        self._enable()

    def _enable(self) -> None:
        is_refused = any(target.exposesSecrets for target in self._targets) and not self.ui.plainHTTP.checked
        ready = bool(self._targets) and not self._jobs and not is_refused
        for button in (self.load_button, self.import_button):
            button.enabled = ready
        self.ui.busy.visible = bool(self._jobs)
        self.ui.showButton.enabled = not self._jobs

    # --- the answer -------------------------------------------------------------------------------------------------

    def _accept(self, load: bool) -> None:
        rows = range(self.model.rowCount())
        chosen = [self._targets[row] for row in rows if self.model.item(row, 0).checkState() == qt.Qt.Checked]
        self.errors.dismiss()
        self._open, self._problems = len(chosen), []
        for target in chosen:
            job = self._logic.startAcceptManifest(target, self.ui.plainHTTP.checked)
            follow(
                job, lambda accepted, target=target: self._accepted(target, accepted, load), self._refused, self._jobs
            )
        self._enable()

    def _accepted(self, target: Any, accepted: Any, load: bool) -> None:
        self.import_wanted.emit(Wanted(accepted.node, tuple(accepted.resources), target.title, load))
        self._problems += map(MalformedAttribute, accepted.remarks)
        self._answered()

    def _refused(self, error: BaseException) -> None:
        self._problems.append(error)
        self._answered()

    def _answered(self) -> None:
        """What failed stays to be read; otherwise there is nothing more to ask."""
        self._open -= 1
        if self._open:
            return
        if self._problems:
            self.errors.show_errors(self._problems)
            self._enable()
        else:
            self.accept()

    def _cancel(self) -> None:
        for job in list(self._jobs):
            job.cancel()


def _texts(target: Any) -> List[str]:
    """One row, in the order of the columns; the host comes first, with its scheme."""
    patients = [
        _("{name} ({id})").format(name=words.person(name), id=number) if number else words.person(name)
        for name, number in target.patients
    ]
    scheme, slashes, rest = target.url.partition("://")
    host, slash, path = rest.partition("/")
    service = f"{target.serviceType}  {slash}{path}".strip()
    return [f"{scheme}{slashes}{host}", target.node or _("none"), "; ".join(patients), _named(target), service]


def _named(target: Any) -> str:
    counts = (
        (target.studies, _("1 study"), _("{n} studies")),
        (target.series, _("1 series"), _("{n} series")),
        (target.instances, _("1 instance"), _("{n} instances")),
    )
    texts = [one if n == 1 else many.format(n=words.number(n)) for n, one, many in counts if n]
    return ", ".join([*texts, *(_("everything with {what}").format(what=each) for each in target.searched)])


def _secrets(opened: Any) -> List[str]:
    """Which servers it brings a sign-in for: names of header fields only."""
    text = _("It brings {names} for {host}, which is sent there only and not kept.")
    return [
        text.format(names=", ".join(each.headerNames), host=each.host) for each in opened.targets if each.headerNames
    ]
