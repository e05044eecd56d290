"""The tree of what was found: sorted, filtered, expanded, marked, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Iterator, List, Optional, Sequence, Tuple

import qt
from DICOMWebNodesHost.event_loop import later
from DICOMWebNodesHost.slices import Slices
from DICOMWebNodesLib.errors import MalformedAttribute
from slicer.i18n import tr as _

from . import form, table, words
from .fonts import metrics
from .keys import on_key, on_return
from .remembered_columns import RememberedColumns
from .results_children import Children
from .results_marks import mark
from .results_menu import ResultsMenu
from .results_model import Results
from .results_row import DATE, FILTER, HERE, MODALITY, NAME, NODE, PATIENT, SORT, STUDY, Row
from .results_selection import Selection, inside, uids
from .results_shown import Shown
from .results_status import Status
from .send_menu import SendMenu
from .slow_queue import SlowQueue
from .thumbnails import Thumbnails

_LEAST_LINES = 10  # of the tree, whatever else wants room: Slicer scrolls its panel


@dataclass(frozen=True)
class Wanted:
    """Import ``resources`` of the node ``node`` (uid), and load what came when ``load``; ``title``: of the transfer."""

    node: str
    resources: Tuple[str, ...]
    title: str
    load: bool


class ResultsView(qt.QWidget):
    """Emits ``import_wanted`` with a Wanted for each node of what is selected, and ``failed`` with errors."""

    import_wanted = qt.Signal(object)
    failed = qt.Signal(object)

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self.ui = form.fill(self, "ResultsView")
        self.results = Results(self)
        self.status = Status(self.ui.status)
        self._slices = Slices(later)
        self._arriving = SlowQueue(self._slices, lambda work: work())
        self._marking = SlowQueue(self._slices, self._mark)
        self.children_of_rows = Children(
            logic, self.results, self._children_added, self.status.remark, lambda error: self.failed.emit(error)
        )
        self._build_tree()
        self.thumbnails = Thumbnails(
            logic, self.ui.tree, self._row, lambda row: self._show_preview(self.selection.rows())
        )
        self.shown = Shown(self.ui, self._slices, self.thumbnails.look_soon)
        self.selection = Selection(self.ui.tree, self.proxy, self.results, lambda: bool(self.ui.filter.text))
        self.menu = ResultsMenu(self, self.selection, self._want, self._choose_source, self.copy_uids)
        self.send_menu = SendMenu(
            logic, self.ui.sendButton, self.with_series_here, lambda error: self.failed.emit(error)
        )
        self._connect()
        self.set_running(False)

    def _build_tree(self) -> None:
        self.proxy = qt.QSortFilterProxyModel(self)
        self.proxy.setSourceModel(self.results.model)
        self.proxy.setSortRole(SORT)
        self.proxy.setFilterRole(FILTER)
        self.proxy.setFilterKeyColumn(NAME)
        self.proxy.setFilterCaseSensitivity(qt.Qt.CaseInsensitive)
        self.proxy.setRecursiveFilteringEnabled(True)
        tree = self.ui.tree
        tree.setModel(self.proxy)
        tree.setSortingEnabled(True)
        tree.sortByColumn(NAME, qt.Qt.AscendingOrder)
        table.show_columns(tree, [27, 12, 8, 17, 6, 9, 4, 14])
        tree.header().moveSection(HERE, DATE)
        tree.header().moveSection(NODE, MODALITY)
        line = metrics(tree).height()
        tree.setMinimumHeight(line * _LEAST_LINES)
        tree.setIconSize(qt.QSize(line * 3 // 2, line * 3 // 2))
        self.show_node_column(False)
        self._columns = RememberedColumns(tree.header(), "Results")

    def _connect(self) -> None:
        ui = self.ui
        ui.tree.expanded.connect(self._expanded)
        ui.tree.customContextMenuRequested.connect(lambda at: self.menu.show(ui.tree.viewport().mapToGlobal(at)))
        ui.tree.doubleClicked.connect(lambda index: self._double_clicked())
        ui.tree.selectionModel().selectionChanged.connect(self._selection_changed)
        ui.loadButton.clicked.connect(lambda checked: self._want(True))
        ui.importButton.clicked.connect(lambda checked: self._want(False))
        on_return(ui.tree, lambda: self._want(False), lambda: ui.importButton.enabled)
        for sequence in ("Ctrl+Return", "Ctrl+Enter"):
            on_key(ui.tree, sequence, lambda: self._want(True), lambda: ui.loadButton.enabled)
        on_key(ui.tree, "Ctrl+A", lambda: self.selection.select_all())
        on_key(ui.tree, "Ctrl+C", lambda: self.copy_uids(0))

    # --- results ----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        self.children_of_rows.clear()
        self._arriving.clear()
        self._marking.clear()
        self.thumbnails.clear()
        self.status.clear()
        self.results.clear()
        # Qt takes row after row out of a tree and arranges it anew, which is far slower than another model.
        self.proxy.setSourceModel(self.results.model)
        self._arriving.put([self.results.removing])

    def cleanup(self) -> None:
        """It is about to be destroyed, which no work that was put off may outlive."""
        self.show_node_column(False)
        self._columns.keep()
        self.clear()
        self._arriving.close()
        self._marking.close()
        self.shown.close()

    def show_node_column(self, shown: bool) -> None:
        self.ui.tree.setColumnHidden(NODE, not shown)

    def add_studies(self, node: str, node_name: str, studies: Sequence[Any]) -> None:
        """They appear in slices, so that the window lives however many there are."""
        self._arriving.put([lambda: self._adding(node, node_name, studies)])

    @property
    def is_settled(self) -> bool:
        """Whether all that has arrived is marked, and shown as it is wanted."""
        return self._arriving.is_empty and self._marking.is_empty and self.shown.is_settled

    def set_running(self, running: bool, waiting: Sequence[str] = ()) -> None:
        """``waiting``: names of the nodes that are waited for, when there are several."""
        if not running and self.ui.expandButton.checked:
            self._arriving.put([self.shown.arrange])  # once all that has come is there
        self.ui.busy.visible = running
        self.status.set_running(running, waiting)
        self._selection_changed()

    def refresh_marks(self, _job: Any = None) -> None:
        """Look again which of the rows are in the database."""
        self._marking.put(self.results.rows.keys())

    def _adding(self, node: str, node_name: str, studies: Sequence[Any]) -> Iterator[None]:
        for study in studies:
            try:
                row = self.results.add_study(node, node_name, study)
            except MalformedAttribute:
                self.status.count_unreadable()
            else:
                self._mark_soon(row.key)
            yield
        self.status.set_count(self.results.studies)

    def _mark_soon(self, key: int) -> None:
        """At once when nothing of it is in the database, which is known without a look at files."""
        for _step in self._mark(key):
            self._marking.put([key])
            return

    def _mark(self, key: int) -> Iterator[None]:
        row = self.results.rows.get(key)
        if row is not None and row.level != PATIENT:
            here = yield from self._logic.countingInDatabase(row.resource)
            mark(row, here)

    # --- the tree ---------------------------------------------------------------------------------------------------

    def _expanded(self, index: Any) -> None:
        row = self._row(index)
        if row is not None:
            self.children_of_rows.ask(row)

    def _children_added(self, rows: List[Row]) -> None:
        self._marking.put(row.key for row in rows)
        self.thumbnails.look_soon()

    def _row(self, index: Any) -> Optional[Row]:
        return self.results.row_at(self.proxy.mapToSource(index))

    def _double_clicked(self) -> None:
        if any(row.level not in (PATIENT, STUDY) for row in self.selection.rows()):
            self._want(True)

    # --- what is selected -------------------------------------------------------------------------------------------

    def with_series_here(self, then: Callable[[List[str]], None]) -> None:
        """Call ``then`` with the UIDs of the selected series, or of those of selected studies, in the database."""
        rows = self.selection.parts()

        def tell() -> None:
            series = [each for row in rows for each in (row.children if row.level == STUDY else [row])]
            paths = dict.fromkeys("/".join(each.resource.split("/")[:2]) for each in series)
            then([path.partition("/")[2] for path in paths if self._logic.countInDatabase(path)])

        self.children_of_rows.when_complete([row for row in rows if row.level == STUDY], tell)

    def copy_uids(self, level: int) -> None:
        """Of studies (0), series (1) or instances (2), one a line, to the clipboard; what is not known yet is asked for
        before."""
        self._copy_inside(self.selection.parts(), 0, level)

    def _copy_inside(self, rows: List[Row], depth: int, level: int) -> None:
        if depth < level:
            unknown = [row for row in rows if row.resource.count("/") == depth]
            self.children_of_rows.when_complete(
                unknown, lambda: self._copy_inside(inside(rows, depth), depth + 1, level)
            )
            return
        found = uids(rows, level)
        if found:
            qt.QApplication.clipboard().setText("\n".join(found))
        self.status.tell(
            _("1 UID copied.") if len(found) == 1 else _("{n} UIDs copied.").format(n=words.number(len(found)))
        )

    def _choose_source(self, study: Row, node: str) -> None:
        self.thumbnails.forget(self.results.choose_source(study, node))
        self._marking.put([study.key])

    def _selection_changed(self) -> None:
        chosen = self.selection.rows()
        for button in (self.ui.loadButton, self.ui.importButton, self.ui.sendButton):
            button.enabled = bool(chosen)
        self.thumbnails.prefer(chosen)
        self._show_preview(chosen)

    def _show_preview(self, chosen: Sequence[Row]) -> None:
        """The picture of what is selected, of the first one that has one."""
        picture = next((row.picture for row in chosen if row.picture is not None), None)
        self.ui.preview.visible = picture is not None
        if picture is not None:
            lines = metrics(self).height() * 6
            self.ui.preview.setPixmap(picture.scaled(lines, lines, qt.Qt.KeepAspectRatio, qt.Qt.SmoothTransformation))

    def _want(self, load: bool) -> None:
        for node, resources in self.selection.resources().items():
            self.import_wanted.emit(Wanted(node, tuple(resources), self.selection.title(node), load))
