"""The tree of what was found: sorted, filtered, expanded, marked, and what can be done with it."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple, Union

import qt
from DICOMWebNodesHost.slices import Slices
from slicer.i18n import tr as _

from . import form, table, words
from .follow import follow
from .results_model import DATE, FILTER, HERE, NAME, NODE, PATIENT, SORT, STUDY, Results, Row
from .send_menu import SendMenu
from .slow_queue import SlowQueue
from .thumbnails import Thumbnails

_AT_ONCE = 20  # rows that are removed without a look at the clock
_EXPANDED = 500  # patients whose studies a filter shows without being asked


class ResultsView(qt.QWidget):
    """``import_wanted(node uid, resources, title, load)`` for each node of what is selected."""

    import_wanted = qt.Signal(str, object, str, bool)
    failed = qt.Signal(object)

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self._jobs: List[Any] = []
        self._is_running = False
        self._remarks: List[str] = []
        self._waiting: Optional[Callable[[], None]] = None  # for the series of studies
        self.ui = form.fill(self, "ResultsView")
        self.results = Results(self)
        self._slices = Slices(qt.QTimer.singleShot)
        self._arriving = SlowQueue(self._slices, self._arrived)
        self._marking = SlowQueue(self._slices, self._mark)
        self._build_tree()
        self.thumbnails = Thumbnails(logic, self.ui.tree, self._row, lambda row: self._show_preview())
        self._build_menu()
        ui = self.ui
        ui.filter.textChanged.connect(self._filter)
        ui.expandButton.toggled.connect(self._expand)
        ui.loadButton.clicked.connect(lambda checked: self._want(True))
        ui.importButton.clicked.connect(lambda checked: self._want(False))
        self.send_menu = SendMenu(logic, ui.sendButton, self.with_series_here, self.failed.emit)
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
        table.show_columns(tree, [30, 12, 8, 22, 6, 9, 4, 12])
        tree.header().moveSection(HERE, DATE)
        line = tree.fontMetrics().height()
        tree.setIconSize(qt.QSize(line * 3 // 2, line * 3 // 2))
        tree.setColumnHidden(NODE, True)
        tree.expanded.connect(self._expanded)
        tree.customContextMenuRequested.connect(self._show_menu)
        tree.doubleClicked.connect(lambda index: self._double_clicked())
        tree.selectionModel().selectionChanged.connect(self._selection_changed)

    # --- results ----------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        for job in list(self._jobs):
            job.cancel()
        self._arriving.clear()
        self._marking.clear()
        self.thumbnails.clear()
        self._remarks = []
        left = self.results.clear()
        self._arriving.put(min(_AT_ONCE, left - first) for first in range(0, left, _AT_ONCE))
        self._tell()

    def show_node_column(self, shown: bool) -> None:
        self.ui.tree.setColumnHidden(NODE, not shown)

    def add_studies(self, node: str, node_name: str, studies: Sequence[Any]) -> None:
        """They appear in slices, so that the window lives however many there are."""
        self._arriving.put((node, node_name, study) for study in studies)

    @property
    def is_settled(self) -> bool:
        """Whether all that has arrived is shown and marked."""
        return self._arriving.is_empty and self._marking.is_empty

    def remark(self, text: str) -> None:
        """A sentence that stays below the results: the server held back some, a node failed."""
        if text not in self._remarks:
            self._remarks.append(text)
        self._tell()

    def set_running(self, running: bool) -> None:
        self._is_running = running
        self.ui.busy.visible = running
        self._tell()
        self._selection_changed()

    def refresh_marks(self, _job: Any = None) -> None:
        """Look again which of the rows are in the database."""
        self._marking.put(row for row in self.results.rows.values() if row.level != PATIENT)

    def _arrived(self, arrived: Union[int, Tuple[str, str, Any]]) -> None:
        """A study, or a number of rows of former results to remove."""
        if isinstance(arrived, int):
            self.results.remove_first(arrived)
            return
        row = self.results.add_study(*arrived)
        self._marking.put([row])
        if self._arriving.is_empty:
            self._tell()

    def _mark(self, row: Row) -> None:
        self.results.mark(row, self._logic.countInDatabase(row.resource))

    def _tell(self) -> None:
        count = self.results.studies
        if not count and not self._is_running and not self._remarks:
            self.ui.status.text = ""
            return
        texts = {0: _("no studies"), 1: _("1 study")}
        found = texts.get(count, _("{n} studies").format(n=words.number(count)))
        state = _("{found} so far...") if self._is_running else _("{found} found.")
        self.ui.status.text = " ".join([state.format(found=found), *self._remarks])

    # --- the tree ---------------------------------------------------------------------------------------------------

    def _filter(self, text: str) -> None:
        self.proxy.setFilterFixedString(text)
        self.thumbnails.look_soon()
        if text and self.proxy.rowCount() <= _EXPANDED:
            self.ui.expandButton.checked = True

    def _expand(self, expanded: bool) -> None:
        """Patients only: what is below a study is asked for when somebody opens it."""
        if expanded:
            self.ui.tree.expandToDepth(0)
        else:
            self.ui.tree.collapseAll()

    def _expanded(self, index: Any) -> None:
        row = self._row(index)
        if row is not None and row.level == STUDY:
            self.show_series(row)

    def show_series(self, study: Row) -> None:
        """Ask for the series of a study, once."""
        if study.has_series:
            return
        study.has_series = True
        job = self._logic.startSearch(study.node, level="series", within=study.resource)
        job.found.connect(lambda found: self._series_found(study, found))

        def failed(error: BaseException) -> None:
            study.has_series, self._waiting = False, None
            self.results.end_series(study, str(error))
            self.failed.emit(error)

        follow(job, lambda series: self._series_complete(study), failed, self._jobs)

    def _series_found(self, study: Row, found: Sequence[Any]) -> None:
        rows = self.results.add_series(study, found)
        self._marking.put(rows)
        self.thumbnails.look_soon()

    def _series_complete(self, study: Row) -> None:
        study.is_complete = True
        self.results.end_series(study, "" if study.children else _("It has no series."))
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting()

    def _row(self, index: Any) -> Optional[Row]:
        return self.results.row_at(self.proxy.mapToSource(index))

    def _double_clicked(self) -> None:
        if any(row.level not in (PATIENT, STUDY) for row in self.selected_rows()):
            self._want(True)

    # --- what is selected -------------------------------------------------------------------------------------------

    def selected_rows(self) -> List[Row]:
        """Without the placeholders of series that are still being looked for."""
        indexes = (self.proxy.mapToSource(each) for each in self.ui.tree.selectionModel().selectedRows(NAME))
        numbers = sorted(index.data(table.DATA) for index in indexes if index.data(table.DATA) is not None)
        return [self.results.rows[number] for number in numbers if number in self.results.rows]

    def selected_resources(self) -> Dict[str, List[str]]:
        """By node; a patient stands for the studies, and what is inside of a selected study is not repeated."""
        found: Dict[str, List[str]] = {}
        for row in self.selected_rows():
            for each in row.children if row.level == PATIENT else [row]:
                resources = found.setdefault(each.node, [])
                if each.resource not in resources and each.resource.partition("/")[0] not in resources:
                    resources.append(each.resource)
        return found

    def with_series_here(self, then: Callable[[List[str]], None]) -> None:
        """Call ``then`` with the UIDs of the selected series, or of those of selected studies, in the database."""
        rows = [each for row in self.selected_rows() for each in (row.children if row.level == PATIENT else [row])]
        studies = [row for row in rows if row.level == STUDY]
        if any(not study.is_complete for study in studies):
            self._waiting = lambda: self.with_series_here(then)
            for study in studies:
                self.show_series(study)
            return
        series = dict.fromkeys(each for row in rows for each in (row.children if row.level == STUDY else [row]))
        here = (each.resource for each in series if self._logic.countInDatabase(each.resource))
        then([resource.partition("/")[2] for resource in here])

    def _selection_changed(self, *_selections: Any) -> None:
        chosen = self.selected_rows()
        for button in (self.ui.loadButton, self.ui.importButton, self.ui.sendButton):
            button.enabled = bool(chosen)
        self.thumbnails.prefer(chosen)
        self._show_preview()

    def _show_preview(self) -> None:
        """The picture of what is selected, of the first one that has one."""
        picture = next((row.picture for row in self.selected_rows() if row.picture is not None), None)
        self.ui.preview.visible = picture is not None
        if picture is not None:
            lines = self.fontMetrics().height() * 6
            self.ui.preview.setPixmap(picture.scaled(lines, lines, qt.Qt.KeepAspectRatio, qt.Qt.SmoothTransformation))

    def _want(self, load: bool) -> None:
        rows = self.selected_rows()
        for node, resources in self.selected_resources().items():
            title = next(
                row.title for row in _with_patients(rows, list(self.results.rows.values())) if row.node == node
            )
            self.import_wanted.emit(node, resources, title, load)

    # --- context menu -----------------------------------------------------------------------------------------------

    def _build_menu(self) -> None:
        self.menu = qt.QMenu(self)
        self.menu.addAction(_("Import and &load")).triggered.connect(lambda checked: self._want(True))
        self.menu.addAction(_("&Import")).triggered.connect(lambda checked: self._want(False))
        self.menu.addSeparator()
        self.menu.addAction(_("Copy study &UIDs")).triggered.connect(lambda checked: self._copy(0))
        self.menu.addAction(_("Copy &series UIDs")).triggered.connect(lambda checked: self._copy(1))

    def _show_menu(self, position: Any) -> None:
        if self.selected_rows():
            self.menu.popup(self.ui.tree.viewport().mapToGlobal(position))

    def _copy(self, part: int) -> None:
        """One UID a line, to the clipboard."""
        rows = [each for row in self.selected_rows() for each in (row.children if row.level == PATIENT else [row])]
        if part:
            rows = [each for row in rows for each in (row.children if row.level == STUDY else [row])]
        split = (row.resource.split("/") for row in rows)
        uids = dict.fromkeys(each[part] for each in split if len(each) > part)
        qt.QApplication.clipboard().setText("\n".join(uids))


def _with_patients(chosen: Iterable[Row], rows: Sequence[Row]) -> List[Row]:
    """The patients of the chosen rows, then these: the first one gives a transfer its title."""
    chosen = list(chosen)
    studies = {row.resource.partition("/")[0] for row in chosen}
    patients = [row for row in rows if row.level == PATIENT and any(each.resource in studies for each in row.children)]
    return [*patients, *chosen]
