"""The module's panel: import, transfers, nodes."""

from __future__ import annotations

from typing import Any, List, Sequence

import qt
from slicer.i18n import tr as _

from .follow import follow
from .help_menu import HelpButton
from .import_panel import ImportPanel
from .node_manager import NodeManager
from .opened import opened
from .transfers_panel import TransfersPanel


class ModulePanel(qt.QWidget):
    """What it shows is the logic's state: a panel that is closed and made anew shows the same."""

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self._jobs: List[Any] = []
        self.authentication_manager: Any = None
        self.import_panel = ImportPanel(logic)
        self.transfers_panel = TransfersPanel(logic)
        self.node_manager = NodeManager(logic)
        self.tabs = qt.QTabWidget()
        self.tabs.addTab(self.import_panel, _("Import"))
        self.tabs.addTab(self.transfers_panel, _("Transfers"))
        self.tabs.addTab(self.node_manager, _("Nodes"))
        self.help_button = HelpButton(logic, self.import_panel.errors.show_error)
        self.tabs.setCornerWidget(self.help_button)
        layout = qt.QVBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.setLayout(layout)
        self.tabs.currentChanged.connect(self._tab_changed)
        self.transfers_panel.count_changed.connect(self._show_count)
        self.import_panel.add_node_wanted.connect(self.add_node)
        self.import_panel.sign_in_wanted.connect(self.sign_in)
        logic.nodesChanged.connect(self._read_names)
        logic.workerEnded.connect(self._worker_ended)
        self._read_names()

    def enter(self) -> None:
        """The module is shown: the database may be another one by now."""
        self.transfers_panel.read_unfinished()
        self.import_panel.results.refresh_marks()

    def exit(self) -> None:
        """The module is left: what runs goes on."""

    def cleanup(self) -> None:
        self._logic.nodesChanged.disconnect(self._read_names)
        self._logic.workerEnded.disconnect(self._worker_ended)
        self._jobs.clear()
        self.help_button.forget()
        if self.authentication_manager is not None:
            self.authentication_manager.forget()
        for panel in (self.import_panel, self.transfers_panel, self.node_manager):
            panel.cleanup()

    def add_node(self) -> None:
        self.tabs.setCurrentWidget(self.node_manager)
        self.node_manager.add()

    def sign_in(self, node: str) -> None:
        """Open the authentication methods, with the one of the node ``node`` (uid) selected."""
        method = next((each.node.authentication for each in self.node_manager.listed() if each.node.uid == node), "")
        from .authentication_manager import AuthenticationManager  # the panel opens without it

        manager = AuthenticationManager(self._logic, self, method)
        self.authentication_manager = opened(manager, before=self.authentication_manager)

    def _tab_changed(self, index: int) -> None:
        if index == self.tabs.indexOf(self.transfers_panel):
            self.transfers_panel.read_unfinished()

    def _show_count(self, count: int) -> None:
        text = _("Transfers ({n})").format(n=count) if count else _("Transfers")
        self.tabs.setTabText(self.tabs.indexOf(self.transfers_panel), text)

    def _read_names(self) -> None:
        """When that fails, the import panel says so."""
        follow(self._logic.startNodes(), self._keep_names, lambda error: None, self._jobs)

    def _keep_names(self, listed: Sequence[Any]) -> None:
        self.transfers_panel.show_node_names({each.node.uid: each.node.name for each in listed})

    def _worker_ended(self, error: BaseException) -> None:
        self.import_panel.errors.show_error(error)
