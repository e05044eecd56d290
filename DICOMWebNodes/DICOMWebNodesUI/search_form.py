"""What to search for, and where."""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Sequence

import qt
from DICOMWebNodesLib.dicomweb.query import Query
from DICOMWebNodesLib.errors import DICOMWebNodesError
from DICOMWebNodesLib.nodes.service_type import Usage
from slicer.i18n import tr as _

from . import dates, form, table
from .field_problems import marked
from .fonts import metrics
from .modalities import ModalityChoice
from .saved_searches import SavedSearches
from .wrapping_row import WrappingRow

TEXTS = (
    "PatientName",
    "PatientID",
    "AccessionNumber",
    "StudyDescription",
    "StudyID",
    "ReferringPhysicianName",
    "StudyInstanceUID",
)
_MORE = TEXTS[2:]  # in the section that is closed at first
SEVERAL = "several"
_LAST_NODE = "DICOMWebNodes/LastNode"
_LAST_NODES = "DICOMWebNodes/LastNodes"  # those that are ticked, as JSON
_LEAST_LINES, _MOST_LINES = 4, 6  # nodes that are seen without scrolling


class SearchForm(qt.QWidget):
    """Emits ``search_wanted`` and ``stop_wanted``; :meth:`node_uids` and :meth:`matching` say what for."""

    search_wanted = qt.Signal()
    stop_wanted = qt.Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._nodes: List[Any] = []
        self._chosen = ""  # the node that a person has chosen since the form is there, or SEVERAL
        self._last_one = ""  # the node that was searched by itself, before it was to be several
        self._is_row_pressed = False  # beside its box
        self._is_running = False
        self.ui = form.fill(self, "SearchForm")
        self._days = WrappingRow(self.ui.days)
        self._build_fields()
        self._buttons = WrappingRow(self.ui.buttons, at_edge=self.ui.openButton)
        self.saved = SavedSearches(self.ui.savedButton, self.state, self.restore)
        self.ui.searchButton.clicked.connect(lambda checked: self.search_wanted.emit())
        self.ui.stopButton.clicked.connect(lambda checked: self.stop_wanted.emit())
        self.set_running(False)

    def _build_fields(self) -> None:
        ui = self.ui
        for name, title in dates.presets():
            ui.dates.addItem(title, name)
        today = qt.QDate.currentDate()
        ui.dateFrom.date, ui.dateTo.date = today.addMonths(-1), today
        for field in (ui.dateFrom, ui.dateTo):
            field.displayFormat = "yyyy-MM-dd"
            field.dateChanged.connect(lambda date: self._check())
        self.modalities = ModalityChoice(ui.modalities, self._check)
        ui.dates.currentIndexChanged.connect(lambda index: self._check())
        ui.node.currentIndexChanged.connect(lambda index: self._node_chosen())
        ui.nodes.itemChanged.connect(lambda item: self._tick_changed())
        ui.nodes.itemPressed.connect(lambda item: self._row_pressed())
        ui.nodes.itemClicked.connect(self._row_clicked)
        for name in TEXTS:
            field = getattr(ui, name)
            field.textChanged.connect(lambda text: self._check())
            field.returnPressed.connect(self._return_pressed)
        ui.fuzzy.toggled.connect(lambda checked: self._check())

    # --- nodes ------------------------------------------------------------------------------------------------------

    def set_nodes(self, listed: Sequence[Any]) -> None:
        """``listed``: ListedNodes; those that cannot be searched are left out. The choice is kept; until there is one
        it is the first node, and that is one's own as soon as there is such a one."""
        chosen = self._chosen or qt.QSettings().value(_LAST_NODE) or ""
        checked = set(self._checked_nodes() or _remembered_nodes())
        self._nodes = [each.node for each in listed if each.node.offers(Usage.SEARCH)]
        blockers = [qt.QSignalBlocker(self.ui.node), qt.QSignalBlocker(self.ui.nodes)]
        self.ui.node.clear()
        self.ui.nodes.clear()
        for node in self._nodes:
            self.ui.node.addItem(node.name, node.uid)
            item = qt.QListWidgetItem(node.name)
            item.setData(qt.Qt.UserRole, node.uid)
            item.setToolTip(table.plain_tool_tip(node.name))
            item.setCheckState(qt.Qt.Checked if node.uid in checked else qt.Qt.Unchecked)
            self.ui.nodes.addItem(item)
        if len(self._nodes) > 1:
            self.ui.node.addItem(_("Several nodes..."), SEVERAL)
        self.ui.node.setCurrentIndex(max(0, self.ui.node.findData(chosen)))
        for blocker in blockers:
            blocker.unblock()
        lines = min(max(len(self._nodes), 2), _MOST_LINES) + 1
        self.ui.nodes.setMaximumHeight(metrics(self).lineSpacing() * lines)
        form.give_lines(self.ui.nodes, min(lines, _LEAST_LINES))
        self._check()

    def _node_chosen(self) -> None:
        self._chosen = self.ui.node.currentData or ""
        if self._chosen == SEVERAL and not self._checked_nodes():
            for row in range(self.ui.nodes.count):
                item = self.ui.nodes.item(row)
                if item.data(qt.Qt.UserRole) == self._last_one:
                    item.setCheckState(qt.Qt.Checked)
        self._check()

    # A click anywhere in a row ticks it. Qt takes those on the box itself: it tells of no press, but of a change.

    def _row_pressed(self) -> None:
        self._is_row_pressed = True

    def _tick_changed(self) -> None:
        self._is_row_pressed = False
        self._check()

    def _row_clicked(self, item: Any) -> None:
        if self._is_row_pressed:
            ticked = item.checkState() == qt.Qt.Checked
            item.setCheckState(qt.Qt.Unchecked if ticked else qt.Qt.Checked)

    def choose_node(self, uid: str) -> None:
        self.ui.node.setCurrentIndex(max(0, self.ui.node.findData(uid)))
        self._node_chosen()

    def node_uids(self) -> List[str]:
        chosen = self.ui.node.currentData
        if chosen == SEVERAL:
            return self._checked_nodes()
        return [chosen] if chosen else []

    def _checked_nodes(self) -> List[str]:
        items = (self.ui.nodes.item(row) for row in range(self.ui.nodes.count))
        return [item.data(qt.Qt.UserRole) for item in items if item.checkState() == qt.Qt.Checked]

    # --- what for ---------------------------------------------------------------------------------------------------

    def matching(self) -> Dict[str, Any]:
        """Attributes and values for ``logic.startSearch``, as typed."""
        texts = {name: getattr(self.ui, name).text.strip() for name in TEXTS}
        found: Dict[str, Any] = {name: text for name, text in texts.items() if text}
        if "StudyInstanceUID" in found:
            found["StudyInstanceUID"] = [uid.strip() for uid in found["StudyInstanceUID"].split(",") if uid.strip()]
        date = dates.matching(self.ui.dates.currentData, self.ui.dateFrom.date, self.ui.dateTo.date)
        if date:
            found["StudyDate"] = date
        if self.modalities.chosen():
            found["ModalitiesInStudy"] = self.modalities.chosen()
        return found

    @property
    def fuzzy(self) -> bool:
        return self.ui.fuzzy.checked

    def problem(self) -> Optional[DICOMWebNodesError]:
        """Why this cannot be searched for."""
        try:
            Query.studies(**self.matching())
        except DICOMWebNodesError as error:
            return error
        return None

    def _complaint(self) -> str:
        """What keeps it from searching, in the words of the form; "" when nothing does."""
        is_range = self.ui.dates.currentData == dates.RANGE
        if is_range and self.ui.dateFrom.date.daysTo(self.ui.dateTo.date) < 0:
            return f"✘ {_('The first day is after the last one.')}"
        if self._nodes and not self.node_uids():
            return f"✘ {_('Choose the nodes to search.')}"
        return marked(self.problem())

    def _check(self) -> None:
        is_range = self.ui.dates.currentData == dates.RANGE
        for widget in (self.ui.dateFrom, self.ui.dateTo_, self.ui.dateTo):
            widget.visible = is_range
        self._days.arrange()
        is_several = self.ui.node.currentData == SEVERAL
        self.ui.nodes.visible = is_several
        if not is_several:
            self._last_one = self.ui.node.currentData or ""
        self._tell_more()
        complaint = self._complaint()
        self.ui.problem.text = complaint
        self.ui.problem.visible = bool(complaint)
        self.ui.searchButton.enabled = not self._is_running and not complaint and bool(self.node_uids())

    def _tell_more(self) -> None:
        """What is filled in there narrows the search also while it is not seen."""
        count = sum(bool(getattr(self.ui, name).text.strip()) for name in _MORE) + self.fuzzy
        self.ui.more.text = _("More fields ({n} filled in)").format(n=count) if count else _("More fields")

    def _return_pressed(self) -> None:
        if self.ui.searchButton.enabled:
            self.search_wanted.emit()

    # --- state ------------------------------------------------------------------------------------------------------

    def set_running(self, running: bool) -> None:
        self._is_running = running
        ended, begun = (
            (self.ui.searchButton, self.ui.stopButton) if running else (self.ui.stopButton, self.ui.searchButton)
        )
        had_focus = ended.focus
        self.ui.stopButton.enabled = running
        if running:
            qt.QSettings().setValue(_LAST_NODE, self.ui.node.currentData)
            qt.QSettings().setValue(_LAST_NODES, json.dumps(self._checked_nodes()))
        self._check()
        if had_focus:
            begun.setFocus()  # the other one cannot be pressed now

    def state(self) -> Dict[str, Any]:
        """The fields as JSON values; presets of dates stay presets."""
        texts = {name: getattr(self.ui, name).text for name in TEXTS if getattr(self.ui, name).text}
        state: Dict[str, Any] = {"texts": texts, "modalities": self.modalities.chosen(), "fuzzy": self.fuzzy}
        state["dates"] = self.ui.dates.currentData
        if state["dates"] == dates.RANGE:
            state["from"] = self.ui.dateFrom.date.toString("yyyy-MM-dd")
            state["to"] = self.ui.dateTo.date.toString("yyyy-MM-dd")
        return state

    def restore(self, state: Dict[str, Any]) -> None:
        texts = state.get("texts") or {}
        for name in TEXTS:
            getattr(self.ui, name).text = texts.get(name, "")
        self.ui.dates.setCurrentIndex(max(0, self.ui.dates.findData(state.get("dates", dates.ANY))))
        for name, field in (("from", self.ui.dateFrom), ("to", self.ui.dateTo)):
            if name in state:
                field.date = qt.QDate.fromString(state[name], "yyyy-MM-dd")
        self.modalities.choose(state.get("modalities", ()))
        self.ui.fuzzy.checked = bool(state.get("fuzzy"))
        if self.fuzzy or any(name in texts for name in _MORE):
            self.ui.more.collapsed = False


def _remembered_nodes() -> List[str]:
    try:
        remembered = json.loads(qt.QSettings().value(_LAST_NODES) or "[]")
    except (TypeError, ValueError):
        return []
    return [uid for uid in remembered if isinstance(uid, str)] if isinstance(remembered, list) else []
