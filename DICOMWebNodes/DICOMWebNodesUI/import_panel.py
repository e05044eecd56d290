"""Search, and bring what was found into the database and the scene."""

from __future__ import annotations

from typing import Any, Dict, List, Sequence

import qt
from DICOMWebNodesHost.row import FoundRows
from DICOMWebNodesHost.sentences import translated
from slicer.i18n import tr as _

from . import form, words
from .database_offer import DatabaseOffer
from .error_bar import ErrorBar
from .follow import follow
from .keys import on_escape, tab_through
from .manual import open_manual
from .opened import opened
from .results_view import ResultsView
from .scene_loader import SceneLoader
from .search_form import SearchForm
from .wrapping_row import WrappingRow

DEMO_NODE = "orthanc-demo"
# What servers leave out unless they are asked (PS3.18 table 10.6.3-3 lists what they have to send).
_INCLUDED = ("StudyDescription", "NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances")
_TO_SIGN_IN = ("sign-in-required", "unauthorized")
# After these the rest may well come when it is asked for once more.
_TO_CONTINUE = (
    "connection-lost",
    "connection-refused",
    "timed-out",
    "server-error",
    "too-many-requests",
    "malformed-json",
)


class ImportPanel(qt.QWidget):
    """``add_node_wanted``, and ``sign_in_wanted`` with the node's uid, are for whoever can do that."""

    add_node_wanted = qt.Signal()
    sign_in_wanted = qt.Signal(str)

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self._listed: Dict[str, Any] = {}
        self._current: List[Any] = []  # jobs of the newest search, with those that continue it
        self._query: Dict[str, Any] = {}
        self._names: Dict[str, str] = {}  # of the nodes that it asks, by uid
        self._came: Dict[str, int] = {}  # results of a node before it was asked to continue, by uid
        self._searches: List[Any] = []
        self._jobs: List[Any] = []
        self._has_searched = False
        self.ui = form.fill(self, "ImportPanel")
        self.search_form = SearchForm()
        self.results = ResultsView(logic)
        self.errors = ErrorBar()
        self.manifest_dialog: Any = None
        self.database_offer = DatabaseOffer(logic, self.errors, self)
        self.scene_loader = SceneLoader(logic, self.database_offer, self.errors)
        form.put(self.search_form, self.ui.searchPlace)
        form.put(self.results, self.ui.resultsPlace)
        self.ui.ImportPanel.layout().insertWidget(2, self.errors)
        self._empty_buttons = WrappingRow(self.ui.emptyButtons)
        self.search_form.search_wanted.connect(self.search)
        self.search_form.stop_wanted.connect(self._stop_and_say_so)
        self.search_form.ui.openButton.clicked.connect(lambda: self.open_manifest())
        self.results.import_wanted.connect(self.start_import)
        self.results.failed.connect(self.errors.show_error)
        self.ui.addNodeButton.clicked.connect(lambda: self.add_node_wanted.emit())
        self.ui.demoButton.clicked.connect(self.try_demo)
        self.ui.readmeButton.clicked.connect(lambda: open_manual())
        on_escape(self, self._escape)
        ui = self.ui
        tab_through(self.search_form.ui.openButton, ui.addNodeButton, ui.demoButton, ui.readmeButton)
        logic.nodesChanged.connect(self.refresh)
        self.refresh()

    def cleanup(self) -> None:
        self.stop()
        for waited_for in (self._current, self._searches, self._jobs):
            waited_for.clear()
        if self.manifest_dialog is not None:
            self.manifest_dialog.forget()
        self.results.cleanup()
        self._logic.nodesChanged.disconnect(self.refresh)

    def refresh(self) -> None:
        follow(self._logic.startNodes(), self._show_nodes, self._nodes_failed, self._jobs)

    def _nodes_failed(self, error: BaseException) -> None:
        self.errors.show_error(error, _("Try again"), self._read_again)

    def _read_again(self) -> None:
        self.errors.dismiss()
        self._logic.nodesChanged.emit()  # for all who show them

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
        self._names = {uid: self._listed[uid].node.name for uid in self.search_form.node_uids()}
        self._query = {
            "includefield": _INCLUDED,
            "fuzzymatching": self.search_form.fuzzy,
            **self.search_form.matching(),
        }
        self.results.show_node_column(len(self._names) > 1)
        self._current, self._came = [], {}
        self._ask(list(self._names))

    def _ask(self, nodes: List[str], **more: Any) -> None:
        job = self._logic.startSearch(nodes, **self._query, **more)
        self._current.append(job)
        job.found.connect(lambda rows: self._found(job, rows))
        job.warned.connect(lambda text: self._remark(job, translated(text)))
        job.nodeEnded.connect(lambda end: self._node_ended(job, end))
        self.search_form.set_running(True)
        self.results.set_running(True, [self._names[uid] for uid in nodes] if len(self._names) > 1 else ())
        failed = lambda error: self._search_failed(job, error)  # noqa: E731
        follow(job, lambda results: None, failed, self._searches, self._search_ended)
        self._search_ended()

    def stop(self) -> None:
        for job in list(self._searches):
            job.cancel()

    def _stop_and_say_so(self) -> None:
        if self._searches:
            self.results.status.remark(_("The search was stopped: there may be more."))
        self.stop()

    def _escape(self) -> None:
        """Ends what is running; afterwards it puts away what was told."""
        if self._searches:
            self._stop_and_say_so()
        else:
            self.errors.dismiss()

    # What a search that was stopped still says is not for the results of the next one.

    def _found(self, job: Any, rows: FoundRows) -> None:
        if job in self._current:
            self.results.add_studies(rows.node, self._names.get(rows.node, ""), rows)

    def _remark(self, job: Any, text: str) -> None:
        if job in self._current:
            self.results.status.remark(text)

    def _node_ended(self, job: Any, end: Any) -> None:
        if job not in self._current:
            return
        if not job.isOver:
            self.results.set_running(True, job.waitingFor)
        if end.error is not None:
            self.results.status.remark(_not_all_of(end))
            self._show_failures(job)

    def _search_failed(self, job: Any, error: BaseException) -> None:
        """Of nodes that failed it was told as they did."""
        if all(end.error is not error for end in job.ends):
            self.errors.show_error(error)

    def _show_failures(self, job: Any) -> None:
        failed = [end for end in job.ends if end.error is not None]
        shut = next((end for end in failed if end.error.code in _TO_SIGN_IN), None)
        if shut is not None:
            self.errors.show_errors(
                [end.error for end in failed], _("Sign in..."), lambda: self.sign_in_wanted.emit(shut.node)
            )
        elif any(map(self._may_continue, failed)):
            self.errors.show_errors(
                [end.error for end in failed], _("Continue the search"), lambda: self._continue(failed)
            )
        else:
            self.errors.show_errors([end.error for end in failed])

    def _continue(self, failed: Sequence[Any]) -> None:
        """What has come stays; each node whose answers broke is asked for what follows."""
        self.errors.dismiss()
        for end in filter(self._may_continue, failed):
            self.results.status.take_back(_not_all_of(end))
            self._came[end.node] = self._came.get(end.node, 0) + end.count
            self._ask([end.node], offset=self._came[end.node])

    def _may_continue(self, end: Any) -> bool:
        """Where nothing has come, the search itself is the way to try again."""
        return end.error.code in _TO_CONTINUE and end.count + self._came.get(end.node, 0) > 0

    def _search_ended(self) -> None:
        if not any(not job.isOver for job in self._searches):
            self.search_form.set_running(False)
            self.results.set_running(False)

    def try_demo(self) -> None:
        self.search_form.choose_node(DEMO_NODE)
        self.search()

    def open_manifest(self) -> None:
        """A manifest or link of somebody else, in a dialog that the window does not wait for."""
        from .manifest_dialog import ManifestDialog  # the panel opens without it

        dialog = ManifestDialog(self._logic, self)
        dialog.import_wanted.connect(self.start_import)
        self.manifest_dialog = opened(dialog, before=self.manifest_dialog)

    # --- importing --------------------------------------------------------------------------------------------------

    def start_import(self, wanted: Any) -> None:
        """``wanted``: a Wanted of the results."""
        problem = self._logic.databaseProblem()
        if problem is not None:
            self.database_offer.show(problem, lambda: self.start_import(wanted))
            return
        verify = self._logic.settings.verifyImports
        job = self._logic.startImportStudies(wanted.node, list(wanted.resources), wanted.title, verify)
        follow(
            job,
            lambda summary: self._imported(summary, wanted.load),
            lambda error: self._import_failed(error, wanted.node),
            self._jobs,
        )

    def _import_failed(self, error: BaseException, node: str) -> None:
        if getattr(error, "code", "") in _TO_SIGN_IN and node in self._listed:
            self.errors.show_error(error, _("Sign in..."), lambda: self.sign_in_wanted.emit(node))
        else:
            self.errors.show_error(error)

    def _imported(self, summary: Any, load: bool) -> None:
        self.results.refresh_marks()
        missing = ""
        if not summary.complete:
            missing = _("{n} instances are missing. The list of transfers says why, and can try again.")
            if summary.missing == 1:
                missing = _("1 instance is missing. The list of transfers says why, and can try again.")
            missing = missing.format(n=words.number(summary.missing))
            details = (f"{failure.resource}\t{translated(failure.reason)}" for failure in summary.failures)
            self.errors.show_text(missing, "\n".join(details))
        if load and summary.seriesUIDs:
            self.scene_loader.load(list(summary.seriesUIDs), missing)


def _not_all_of(end: Any) -> str:
    return str(_("{node} failed: not all it has is shown.").format(node=end.name))
