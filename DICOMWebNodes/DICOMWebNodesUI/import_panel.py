"""Search, and bring what was found into the database and the scene."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

import qt
import slicer.util
from slicer.i18n import tr as _

from . import form
from .database_offer import DatabaseOffer
from .error_bar import ErrorBar
from .follow import follow
from .results_view import ResultsView
from .search_form import SearchForm

README = "https://github.com/DICOMWebNodes/SlicerDICOMWebNodes#readme"
DEMO_NODE = "orthanc-demo"
# What servers leave out unless they are asked (PS3.18 table 10.6.3-3 lists what they have to send).
_INCLUDED = ("StudyDescription",)


class ImportPanel(qt.QWidget):
    """``add_node_wanted``, and ``sign_in_wanted`` with the node's uid, are for whoever can do that."""

    add_node_wanted = qt.Signal()
    sign_in_wanted = qt.Signal(str)

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self._listed: Dict[str, Any] = {}
        self._searches: List[Any] = []
        self._jobs: List[Any] = []
        self._has_searched = False
        self.ui = form.fill(self, "ImportPanel")
        self.search_form = SearchForm()
        self.results = ResultsView(logic)
        self.errors = ErrorBar()
        self.database_offer = DatabaseOffer(logic, self.errors, self)
        form.put(self.search_form, self.ui.searchPlace)
        form.put(self.results, self.ui.resultsPlace)
        self.ui.ImportPanel.layout().insertWidget(2, self.errors)
        self.search_form.search_wanted.connect(self.search)
        self.search_form.stop_wanted.connect(self.stop)
        self.results.import_wanted.connect(self.start_import)
        self.results.failed.connect(self.errors.show_error)
        self.ui.addNodeButton.clicked.connect(lambda: self.add_node_wanted.emit())
        self.ui.demoButton.clicked.connect(self.try_demo)
        self.ui.readmeButton.clicked.connect(lambda: qt.QDesktopServices.openUrl(qt.QUrl(README)))
        logic.nodesChanged.connect(self.refresh)
        self.refresh()

    def cleanup(self) -> None:
        self.stop()
        self.results.clear()
        self._logic.nodesChanged.disconnect(self.refresh)

    def refresh(self) -> None:
        follow(self._logic.startNodes(), self._show_nodes, self.errors.show_error, self._jobs)

    def _show_nodes(self, listed: Sequence[Any]) -> None:
        self._listed = {each.node.uid: each for each in listed}
        self.search_form.set_nodes(listed)
        self.results.send_menu.set_nodes(listed)
        self._show_empty_state()

    def _show_empty_state(self) -> None:
        """Until there is a node of one's own, or something was searched."""
        has_own = any(not each.predefined for each in self._listed.values())
        is_first_use = not has_own and not self._has_searched
        self.ui.emptyState.visible = is_first_use
        self.ui.demoButton.enabled = DEMO_NODE in self._listed
        self.ui.resultsPlace.visible = not is_first_use

    # --- searching --------------------------------------------------------------------------------------------------

    def search(self) -> None:
        self.stop()
        self.errors.dismiss()
        self.results.clear()
        self._has_searched = True
        self._show_empty_state()
        nodes = [self._listed[uid].node for uid in self.search_form.node_uids()]
        self.results.show_node_column(len(nodes) > 1)
        self.search_form.set_running(True)
        self.results.set_running(True)
        matching, fuzzy = self.search_form.matching(), self.search_form.fuzzy
        for node in nodes:
            self._search_node(node, matching, fuzzy)
        self._search_ended()

    def _search_node(self, node: Any, matching: Dict[str, Any], fuzzy: bool) -> None:
        job = self._logic.startSearch(node.uid, includefield=_INCLUDED, fuzzymatching=fuzzy, **matching)
        job.found.connect(lambda studies: self.results.add_studies(node.uid, node.name, studies))
        job.warned.connect(lambda text: self.results.remark(f"{node.name}: {text}"))
        job.finished.connect(lambda job: self._search_ended())
        follow(job, lambda studies: None, lambda error: self._failed(error, node.uid), self._searches)

    def stop(self) -> None:
        for job in list(self._searches):
            job.cancel()

    def _search_ended(self) -> None:
        if not any(not job.isOver for job in self._searches):
            self.search_form.set_running(False)
            self.results.set_running(False)

    def _failed(self, error: BaseException, node: str) -> None:
        if getattr(error, "code", "") in ("sign-in-required", "unauthorized"):
            self.errors.show_error(error, _("&Sign in..."), lambda: self.sign_in_wanted.emit(node))
        else:
            self.errors.show_error(error)

    def try_demo(self) -> None:
        self.search_form.choose_node(DEMO_NODE)
        self.search()

    # --- importing --------------------------------------------------------------------------------------------------

    def start_import(self, node: str, resources: Sequence[str], title: str, load: bool) -> None:
        problem = self._logic.databaseProblem()
        if problem is not None:
            self.database_offer.show(problem, lambda: self.start_import(node, resources, title, load))
            return
        job = self._logic.startImportStudies(node, list(resources), title)
        follow(job, lambda summary: self._imported(summary, load), lambda error: self._failed(error, node), self._jobs)

    def _imported(self, summary: Any, load: bool) -> None:
        self.results.refresh_marks()
        if load and summary.seriesUIDs:
            self.load(list(summary.seriesUIDs))

    def load(self, series: List[str]) -> None:
        problem = self._logic.databaseProblem()
        if problem is not None and problem.offer == "open":
            self.database_offer.show(problem, lambda: self.load(series))
            return
        report = self._logic.load(series, references=_agrees_to_references)
        texts = [reason for _series, reason in report.failures] or list(report.messages)
        if texts:
            self.errors.show_text("\n".join(dict.fromkeys(texts)))


def _agrees_to_references(series: List[str]) -> bool:
    text = _("It refers to {n} other series of the DICOM database. Load them too?").format(n=len(series))
    return bool(slicer.util.confirmYesNoDisplay(text))
