"""What is on its way: every import and every send of this session, and those that an earlier one left unfinished."""

from __future__ import annotations

from typing import Any, Dict, List

import qt
from slicer.i18n import tr as _

from . import form, table, transfer_report, words
from .error_bar import ErrorBar
from .fitted_columns import FittedColumns
from .keys import on_escape, on_key
from .progress_bars import ProgressBars
from .selected_transfers import Row, SelectedTransfers
from .transfer_parts import OneSeries
from .transfer_rows import LEFT, SPEED, TransferRow
from .unfinished_row import UnfinishedRow
from .wrapping_row import WrappingRow

_TRANSFERS = ("import", "send")
_LOOKED_AT = 20  # series, at most, that a person selects to have them first
_REFRESH_AFTER = 50  # milliseconds
_LOOK_EVERY = 5_000  # milliseconds, while it is seen: it costs a small file, and a lock for each that is unfinished


class TransfersPanel(qt.QWidget):
    """Made anew it shows the same: what runs is the logic's, not the panel's."""

    count_changed = qt.Signal(int)  # of transfers that are not over

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self.rows: List[Row] = []
        self._node_names: Dict[str, str] = {}  # by uid, for titles
        self.ui = form.fill(self, "TransfersPanel")
        self.errors = ErrorBar()
        self.ui.TransfersPanel.layout().insertWidget(0, self.errors)
        headers = [_("What"), _("Progress"), _("Speed"), _("Left"), _("State")]
        self._model = table.model(headers, self)
        self._bars = ProgressBars(self.ui.table)
        self.ui.table.setModel(self._model)
        self.selected = SelectedTransfers(self.ui.table, self.rows)
        self.ui.table.setIconSize(self._bars.size())
        self._columns = FittedColumns(self.ui.table, (SPEED, LEFT), self._show_details)
        self._buttons = WrappingRow(self.ui.buttons, at_edge=self.ui.clearButton)
        self.ui.table.selectionModel().selectionChanged.connect(self._selection_changed)
        for button, slot in (
            (self.ui.pauseButton, self._pause),
            (self.ui.resumeButton, self._resume),
            (self.ui.cancelButton, self._cancel),
            (self.ui.retryButton, self._retry),
            (self.ui.clearButton, self._clear),
        ):
            button.clicked.connect(slot)
        self._build_menu()
        logic.jobStarted.connect(self._started)
        for job in (*logic.imports, *logic.sends):
            self._started(job)
        self.read_unfinished()
        self._tell()
        self._soon = qt.QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REFRESH_AFTER)
        self._soon.timeout.connect(self.refresh)
        self._timer = qt.QTimer(self)
        self._timer.setInterval(_LOOK_EVERY)
        self._timer.timeout.connect(self._look_again)
        self._timer.start()

    def cleanup(self) -> None:
        self._timer.stop()
        self._soon.stop()
        self._logic.jobStarted.disconnect(self._started)
        for row in self.rows:
            if isinstance(row, TransferRow):
                row.detach()
                row.job.changed.disconnect(self._job_changed)
                row.job.finished.disconnect(self._job_changed)
                row.job.seriesChanged.disconnect(self._refresh_soon)
                row.job.progressed.disconnect(self._refresh_soon)

    def read_unfinished(self) -> None:
        """Show the transfers of earlier sessions; the database that knows of them may be open only now, and another
        Slicer that has it open may have taken up one of them, or have left it."""
        for row in self.selected.shown():
            if isinstance(row, UnfinishedRow) and not row.look():
                self._take_off(row)
        shown = {row.unfinished.uid for row in self.selected.shown() if isinstance(row, UnfinishedRow)}
        shown |= {getattr(row.job, "uid", "") for row in self.rows}
        before = len(self.rows)
        for unfinished in (*self._logic.unfinishedImports(), *self._logic.unfinishedSends()):
            if unfinished.uid not in shown:
                self._append(UnfinishedRow(self._logic, unfinished, len(self.rows), self._title(unfinished)))
        if len(self.rows) > before:
            self._tell()
        else:
            self._enable_buttons()  # another Slicer may have begun or left one of them

    def _look_again(self) -> None:
        if self.visible:
            self.read_unfinished()

    def show_node_names(self, names: Dict[str, str]) -> None:
        """``names``: by uid. They come from the worker, after the first rows, and people change them."""
        self._node_names = names
        for row in self.rows:
            row.rename(self._title(row.unfinished if isinstance(row, UnfinishedRow) else row.job))

    # --- showing ----------------------------------------------------------------------------------------------------

    def _started(self, job: Any) -> None:
        if job.name not in _TRANSFERS:
            return
        for row in self.selected.shown():
            if _is_taken_up(row, job):
                self._take_off(row)
        self._append(TransferRow(job, len(self.rows), self._title(job), self._bars))
        job.changed.connect(self._job_changed)
        job.finished.connect(self._job_changed)
        job.seriesChanged.connect(self._refresh_soon)
        job.progressed.connect(self._refresh_soon)
        self._tell()

    def _append(self, row: Row) -> None:
        self.rows.append(row)
        self._model.appendRow(row.items)

    def _job_changed(self, _job: Any) -> None:
        self._tell()

    def _refresh_soon(self, _changed: Any) -> None:
        """Once for all that changes meanwhile: of a thousand series a hundred may change in a second."""
        if not self._soon.active:
            self._soon.start()

    def refresh(self) -> None:
        """What depends on all that is shown, and on what is selected."""
        self._columns.fit()
        self._enable_buttons()

    def _tell(self) -> None:
        is_empty = self._model.rowCount() == 0
        self.ui.empty.visible = is_empty
        self.ui.table.visible = self.ui.buttons.visible = not is_empty
        self.refresh()
        self.count_changed.emit(sum(row.job is not None and not row.job.isOver for row in self.selected.open()))

    def _title(self, job: Any) -> str:
        """Of a job, or of what an earlier session left unfinished."""
        if _is_import(job):
            return str(job.title)
        text = _("{title} to {node}") if job.title else _("Send to {node}")
        return text.format(title=words.person(job.title), node=self._node_names.get(job.node, job.node))

    # --- what is selected ---------------------------------------------------------------------------------------------

    def _selection_changed(self) -> None:
        """What a person looks at comes first; whoever selects all looks at nothing in particular."""
        self._enable_buttons()
        series = [part for part in self.selected.parts() if isinstance(part, OneSeries)]
        if len(series) <= _LOOKED_AT:
            for each in series:
                each.prioritise()

    def _enable_buttons(self) -> None:
        parts = self.selected.parts()
        self.ui.pauseButton.enabled = any(part.can_pause for part in parts)
        self.ui.resumeButton.enabled = any(part.can_resume for part in parts)
        self.ui.cancelButton.enabled = any(part.can_cancel for part in parts)
        self.ui.retryButton.enabled = any(part.can_retry for part in parts)
        self.ui.clearButton.enabled = any(row.job is not None and row.job.isOver for row in self.selected.shown())
        self._show_details()

    def _show_details(self) -> None:
        text = words.sentence(self.selected.details(self._columns))
        self.ui.reason.text = text
        self.ui.reason.visible = bool(text)

    # --- context menu -------------------------------------------------------------------------------------------------

    def _build_menu(self) -> None:
        """What the buttons do, and the details for whoever is asked for help."""
        self.menu = qt.QMenu(self)
        for button in (self.ui.pauseButton, self.ui.resumeButton, self.ui.cancelButton, self.ui.retryButton):
            self.menu.addAction(button.text).triggered.connect(lambda checked, button=button: button.click())
        self.menu.addSeparator()
        self.menu.addAction(_("Copy &details") + "\tCtrl+C").triggered.connect(lambda checked: self.copy_details())
        self.ui.table.customContextMenuRequested.connect(self._show_menu)
        on_key(self.ui.table, "Ctrl+C", self.copy_details)
        on_escape(self, self.errors.dismiss)

    def _show_menu(self, position: Any) -> None:
        buttons = (self.ui.pauseButton, self.ui.resumeButton, self.ui.cancelButton, self.ui.retryButton)
        for action, button in zip(self.menu.actions(), buttons):
            action.enabled = button.enabled
        if self.selected.rows():
            self.menu.popup(self.ui.table.viewport().mapToGlobal(position))

    def copy_details(self) -> None:
        qt.QApplication.clipboard().setText("\n\n".join(transfer_report.details(row) for row in self.selected.rows()))

    # --- intents ------------------------------------------------------------------------------------------------------

    def _pause(self) -> None:
        for part in self.selected.parts():
            if part.can_pause:
                part.pause()
        self._enable_buttons()

    def _resume(self) -> None:
        for part in self.selected.parts():
            if part.can_resume:
                self._take_off_unfinished(part.row)
                part.resume()
        self._enable_buttons()

    def _cancel(self) -> None:
        for part in self.selected.parts():
            if part.can_cancel:
                self._take_off_unfinished(part.row)
                part.cancel()
        self._enable_buttons()

    def _take_off_unfinished(self, row: Row) -> None:
        """It is somebody's transfer from now on, or nobody's."""
        if isinstance(row, UnfinishedRow):
            self._take_off(row)

    def _retry(self) -> None:
        for part in self.selected.parts():
            if part.can_retry and isinstance(part, OneSeries):
                self._start_again(part.row.job, part.resource)
            elif part.can_retry:
                self._take_off(part.row)
                self._start_again(part.row.job)
        self._enable_buttons()

    def _start_again(self, job: Any, resource: str = "") -> None:
        """Only what is missing is moved: an import looks what is there, a send knows what has arrived."""
        retry = self._logic.retrySend if job.name == "send" else self._logic.retryImport
        retry(job, resource)

    def _clear(self) -> None:
        for row in self.selected.shown():
            if row.job is not None and row.job.isOver:
                self._take_off(row)

    def _take_off(self, row: Row) -> None:
        """Taken, not removed: a job that goes on would write into items that are no more."""
        row.is_shown = False
        self._model.takeRow(row.items[0].row())
        self._columns.start_anew()
        self._tell()


def _is_taken_up(row: Row, job: Any) -> bool:
    """Whether ``job`` goes on with what ``row`` shows: an earlier session left it, or it ended without all of it."""
    before = row.job if row.job is not None else row.unfinished
    return bool(before.uid) and before.uid == job.uid and (row.job is None or row.job.isOver)


def _is_import(transfer: Any) -> bool:
    """A job, or what an earlier session left unfinished."""
    return hasattr(transfer, "resources")
