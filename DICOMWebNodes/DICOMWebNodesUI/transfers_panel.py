"""What is on its way: every import and every send of this session, and those that an earlier one left unfinished."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Union

import qt
from slicer.i18n import tr as _

from . import form, table, transfer_report, words
from .error_bar import ErrorBar
from .keys import on_key
from .progress_bars import ProgressBars
from .transfer_rows import TransferRow, UnfinishedRow

_TRANSFERS = ("import", "send")


class TransfersPanel(qt.QWidget):
    """Made anew it shows the same: what runs is the logic's, not the panel's."""

    count_changed = qt.Signal(int)  # of transfers that are not over

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self.rows: List[Union[TransferRow, UnfinishedRow]] = []
        self._node_names: Dict[str, str] = {}  # by uid, for titles
        self.ui = form.fill(self, "TransfersPanel")
        self.errors = ErrorBar()
        self.ui.TransfersPanel.layout().insertWidget(0, self.errors)
        headers = [_("What"), _("Progress"), _("Speed"), _("Left"), _("State")]
        self._model = table.model(headers, self)
        self._bars = ProgressBars(self.ui.table)
        self.ui.table.setModel(self._model)
        self.ui.table.setIconSize(self._bars.size())
        table.show_columns(self.ui.table, [22, 21, 9, 8, 14])
        self.ui.table.selectionModel().selectionChanged.connect(self._selection_changed)
        for button, slot in (
            (self.ui.pauseButton, lambda: self._each(lambda job: job.pause())),
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

    def cleanup(self) -> None:
        self._logic.jobStarted.disconnect(self._started)
        for row in self.rows:
            if isinstance(row, TransferRow):
                row.detach()
                row.job.changed.disconnect(self._job_changed)
                row.job.finished.disconnect(self._job_changed)

    def read_unfinished(self) -> None:
        """Show the transfers of earlier sessions; the database that knows of them may be open only now."""
        shown = {row.unfinished.uid for row in self.rows if isinstance(row, UnfinishedRow)}
        shown |= {getattr(row.job, "uid", "") for row in self.rows}
        for unfinished in (*self._logic.unfinishedImports(), *self._logic.unfinishedSends()):
            if unfinished.uid not in shown:
                self._append(UnfinishedRow(unfinished, len(self.rows), self._title(unfinished)))
        self._tell()

    def show_node_names(self, names: Dict[str, str]) -> None:
        """``names``: by uid. They come from the worker, after the first rows, and people change them."""
        self._node_names = names
        for row in self.rows:
            row.rename(self._title(row.unfinished if isinstance(row, UnfinishedRow) else row.job))

    # --- showing ----------------------------------------------------------------------------------------------------

    def _started(self, job: Any) -> None:
        if job.name not in _TRANSFERS:
            return
        self._append(TransferRow(job, len(self.rows), self._title(job), self._bars))
        job.changed.connect(self._job_changed)
        job.finished.connect(self._job_changed)
        self._tell()

    def _append(self, row: Union[TransferRow, UnfinishedRow]) -> None:
        self.rows.append(row)
        self._model.appendRow(row.items)

    def _job_changed(self, _job: Any) -> None:
        self._tell()

    def _tell(self) -> None:
        is_empty = self._model.rowCount() == 0
        self.ui.empty.visible = is_empty
        self.ui.table.visible = not is_empty
        self._selection_changed()
        self.count_changed.emit(sum(row.job is not None and not row.job.isOver for row in self.rows))

    def _title(self, job: Any) -> str:
        """Of a job, or of what an earlier session left unfinished."""
        if _is_import(job):
            return str(job.title)
        text = _("{title} to {node}") if job.title else _("Send to {node}")
        return text.format(title=words.person(job.title), node=self._node_names.get(job.node, job.node))

    # --- what is selected ---------------------------------------------------------------------------------------------

    def selected(self) -> List[Union[TransferRow, UnfinishedRow]]:
        """Those selected, also by one of their series; all that are shown when none is."""
        indexes = self.ui.table.selectionModel().selectedRows(0)
        numbers = sorted({_top(index).data(table.DATA) for index in indexes})
        return [self.rows[number] for number in numbers] if numbers else self._shown()

    def _shown(self) -> List[Union[TransferRow, UnfinishedRow]]:
        return [row for row in self.rows if row.is_shown]

    def _selection_changed(self, *_selections: Any) -> None:
        rows = self.selected()
        states = {row.job.state.name for row in rows if row.job is not None}
        unfinished = any(row.job is None for row in rows)
        self.ui.pauseButton.enabled = "RUNNING" in states
        self.ui.resumeButton.enabled = "PAUSED" in states or unfinished
        self.ui.cancelButton.enabled = bool(states & {"WAITING", "RUNNING", "PAUSED"}) or unfinished
        self.ui.retryButton.enabled = any(self._can_retry(row) for row in rows)
        self.ui.clearButton.enabled = any(row.job is not None and row.job.isOver for row in self._shown())
        reason = rows[0].reason() if len(rows) == 1 else ""
        self.ui.reason.text = reason
        self.ui.reason.visible = bool(reason)
        for index in self.ui.table.selectionModel().selectedRows(0):
            if index.parent().isValid():
                self._prioritise(index)

    def _prioritise(self, index: Any) -> None:
        """What a person looks at comes first."""
        row = self.rows[_top(index).data(table.DATA)]
        series = index.data(table.DATA + 1)
        if row.job is not None and not row.job.isOver and series in getattr(row.job, "series", {}):
            progress = row.job.series[series]
            row.job.prioritise("/".join(filter(None, (progress.study, progress.series))))

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

    def _show_menu(self, position: Any) -> None:
        buttons = (self.ui.pauseButton, self.ui.resumeButton, self.ui.cancelButton, self.ui.retryButton)
        for action, button in zip(self.menu.actions(), buttons):
            action.enabled = button.enabled
        if self.selected():
            self.menu.popup(self.ui.table.viewport().mapToGlobal(position))

    def copy_details(self) -> None:
        qt.QApplication.clipboard().setText("\n\n".join(transfer_report.details(row) for row in self.selected()))

    # --- intents ------------------------------------------------------------------------------------------------------

    def _each(self, call: Callable[[Any], None]) -> None:
        for row in self.selected():
            if row.job is not None and not row.job.isOver:
                call(row.job)

    def _resume(self) -> None:
        for row in self.selected():
            if isinstance(row, UnfinishedRow):
                self._take_off(row)
                self._resume_unfinished(row.unfinished)
        self._each(lambda job: job.resume())

    def _resume_unfinished(self, unfinished: Any) -> None:
        resume = self._logic.resumeImport if _is_import(unfinished) else self._logic.resumeSend
        resume(unfinished)

    def _forget_unfinished(self, unfinished: Any) -> None:
        forget = self._logic.forgetImport if _is_import(unfinished) else self._logic.forgetSend
        forget(unfinished)

    def _cancel(self) -> None:
        for row in self.selected():
            if isinstance(row, UnfinishedRow):
                self._take_off(row)
                self._forget_unfinished(row.unfinished)
        self._each(lambda job: job.cancel())

    def _retry(self) -> None:
        for row in self.selected():
            if self._can_retry(row):
                self._take_off(row)
                self._start_again(row.job)

    def _start_again(self, job: Any) -> None:
        """Only what is missing is moved: an import looks what is there, a send knows what has arrived."""
        if job.name == "send":
            self._logic.retrySend(job)
        else:
            self._logic.retryImport(job)

    @staticmethod
    def _can_retry(row: Union[TransferRow, UnfinishedRow]) -> bool:
        return isinstance(row, TransferRow) and row.is_unsuccessful

    def _clear(self) -> None:
        for row in self._shown():
            if row.job is not None and row.job.isOver:
                self._take_off(row)

    def _take_off(self, row: Union[TransferRow, UnfinishedRow]) -> None:
        """Taken, not removed: a job that goes on would write into items that are no more."""
        row.is_shown = False
        self._model.takeRow(row.items[0].row())
        self._tell()


def _is_import(transfer: Any) -> bool:
    """A job, or what an earlier session left unfinished."""
    return hasattr(transfer, "resources")


def _top(index: Any) -> Any:
    while index.parent().isValid():
        index = index.parent()
    return index
