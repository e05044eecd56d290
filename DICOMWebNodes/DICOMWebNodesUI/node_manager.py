"""The table of nodes, and what can be done with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, List, Sequence, Tuple

import qt
from DICOMWebNodesHost.sentences import told, translated
from slicer.i18n import tr as _

from . import form, node_order, table, words
from .ask import ask
from .error_bar import ErrorBar
from .export_file import OWN, WEASIS, WEASIS_METHODS, FileExport
from .fitted_columns import FittedColumns
from .follow import follow
from .import_file import FileImport
from .keys import on_escape
from .node_checks import in_short, in_words
from .node_menu import NodeMenu
from .opened import opened
from .place import Place
from .wrapping_row import WrappingRow

_SERVICE, _URL, _AUTHENTICATION = 1, 2, 3  # columns
_LONGEST_NAME = 24  # characters of a title


class NodeManager(qt.QWidget):
    """Shows ``logic.nodes()`` and keeps up with them."""

    def __init__(self, logic: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self._nodes: List[Any] = []  # ListedNode, in the order of the rows
        self._methods: Dict[str, Any] = {}  # ListedMethod by the method's uid
        self._checks: Dict[str, Tuple[Any, str, str]] = {}  # node uid: as it was then, the check in short and in full
        self._wanted: Tuple[str, ...] = ()  # uids of nodes to be selected once they are listed
        self._jobs: List[Any] = []
        self._is_unread = False  # the list could not be read, which is told
        self.editor: Any = None
        self.authentication_manager: Any = None
        self.ui = form.fill(self, "NodeManager")
        self.errors = ErrorBar()
        self.ui.NodeManager.layout().insertWidget(0, self.errors)
        self.file_import = FileImport(logic, self, self.errors.show_text, self.errors.show_error)
        self.file_export = FileExport(logic, self, self.errors.show_text, self.errors.show_error)
        self._build_table()
        self._build_menu()
        on_escape(self, self.errors.dismiss)
        self.ui.addButton.clicked.connect(self.add)
        self.ui.editButton.clicked.connect(self.edit)
        self.ui.testButton.clicked.connect(self.test)
        self.ui.authenticationButton.clicked.connect(self.manage_authentication)
        logic.nodesChanged.connect(self.refresh)
        logic.authenticationChanged.connect(self.refresh)
        self.refresh()

    def cleanup(self) -> None:
        self._logic.nodesChanged.disconnect(self.refresh)
        self._logic.authenticationChanged.disconnect(self.refresh)
        self._jobs.clear()
        for each in (self.file_import, self.file_export, self.editor, self.authentication_manager):
            if each is not None:
                each.forget()

    # --- showing ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read nodes and methods again; what was selected stays selected."""
        if self._is_unread:
            self.errors.dismiss()
        self._is_unread = False
        follow(self._logic.startAuthenticationMethods(), self._show_methods, self._unread, self._jobs)
        follow(self._logic.startNodes(), self._show_nodes, self._unread, self._jobs)

    def _unread(self, error: BaseException) -> None:
        self._is_unread = True
        self.errors.show_error(error, _("Try again"), self._logic.nodesChanged.emit)

    def _show_methods(self, listed: Sequence[Any]) -> None:
        self._methods = {each.method.uid: each for each in listed}
        self._show_nodes(self._nodes)

    def _show_nodes(self, listed: Sequence[Any]) -> None:
        place = Place(self.ui.table)
        self._nodes = list(listed)
        self._model.removeRows(0, self._model.rowCount())
        for each in self._nodes:
            items = table.row(self._texts(each), each.node.uid)
            items[0].setToolTip(table.plain_tool_tip(f"{items[0].text()}\n{each.node.url}"))
            self._model.appendRow(items)
        self._columns.start_anew()
        place.go_back(self._wanted)
        if any(each.node.uid in self._wanted for each in self._nodes):
            self._wanted = ()
        self._selection_changed()

    def _texts(self, listed: Any) -> List[str]:
        node = listed.node
        method = self._methods.get(node.authentication)
        name = _("{name} (predefined)").format(name=node.name) if listed.predefined else node.name
        authentication = method.method.name if method else (_("missing") if node.authentication else _("none"))
        state = translated(method.status.text) if method else ""
        service = node.service_type.value.partition(" (")[0]
        return [name, service, node.url, authentication, state, self._check_of(node)[0]]

    def _build_table(self) -> None:
        headers = [_("Name"), _("Service"), _("URL"), _("Authentication"), _("Sign-in"), _("Last check")]
        self._model = table.model(headers, self)
        self.ui.table.setModel(self._model)
        self._columns = FittedColumns(self.ui.table, (_SERVICE, _AUTHENTICATION, _URL))
        self._buttons = WrappingRow(self.ui.buttons, at_edge=self.ui.authenticationButton)
        self.ui.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.ui.table.doubleClicked.connect(lambda index: self.edit())
        self.ui.checkBox.visible = False

    def _build_menu(self) -> None:
        menu = NodeMenu(
            self.ui,
            {
                "add": self.add,
                "edit": self.edit,
                "test": self.test,
                "duplicate": self.duplicate,
                "remove": self.remove,
                "up": lambda: self._move(-1),
                "down": lambda: self._move(1),
                "import": self.import_nodes,
                "export": lambda: self.export_nodes(OWN),
                "export-weasis": lambda: self.export_nodes(WEASIS),
                "export-methods": lambda: self.export_nodes(WEASIS_METHODS),
            },
        )
        self.menu, self.actions_by_name = menu.menu, menu.actions

    def _selection_changed(self) -> None:
        chosen = self.selected()
        own = [each for each in chosen if not each.predefined]
        actions = self.actions_by_name
        self.ui.editButton.enabled = actions["edit"].enabled = actions["duplicate"].enabled = len(chosen) == 1
        self.ui.testButton.enabled = actions["test"].enabled = bool(chosen)
        actions["remove"].enabled = bool(own) and len(own) == len(chosen)
        actions["up"].enabled, actions["down"].enabled = bool(self._moves(-1)), bool(self._moves(1))
        self._show_checks([each.node for each in chosen])

    def _show_checks(self, nodes: Sequence[Any]) -> None:
        """In full of one node, in short of several."""
        checked = [
            (words.shortened(node.name, _LONGEST_NAME), *self._check_of(node))
            for node in nodes
            if any(self._check_of(node))
        ]
        if len(nodes) == 1:
            title = _("Last check of {name}").format(name=words.shortened(nodes[0].name, _LONGEST_NAME))
            text = "\n".join(full for _name, _short, full in checked)
        else:
            title = _("Last checks")
            text = "\n".join(f"{name}: {short}" for name, short, _full in checked)
        self.ui.checkBox.visible = bool(text)
        self.ui.checkBox.title = title.replace("&", "&&")
        self.ui.checkText.text = text

    def listed(self) -> Tuple[Any, ...]:
        return tuple(self._nodes)

    def selected(self) -> List[Any]:
        uids = set(table.selected_data(self.ui.table))
        return [each for each in self._nodes if each.node.uid in uids]

    # --- changing ---------------------------------------------------------------------------------------------------

    def add(self, _checked: bool = False, url: str = "") -> None:
        self._open_editor(url=url)

    def edit(self, _checked: bool = False) -> None:
        """A predefined node is read-only: a copy of it is edited, and added."""
        chosen = self.selected()
        if len(chosen) == 1:
            self._open_editor(listed=chosen[0])

    def _open_editor(self, **options: Any) -> None:
        from .node_editor import NodeEditor  # the panel opens without it

        editor = NodeEditor(self._logic, self._nodes, self._methods, parent=self, **options)
        editor.accepted.connect(lambda: self._edited(editor))
        self.editor = opened(editor, before=self.editor)

    def _edited(self, editor: Any) -> None:
        """What was found while it was edited need not be looked for again."""
        if editor.checks:
            node = editor.fields.node()
            self._checks[node.uid] = (node, in_short(editor.checks), in_words(editor.checks))
        self._select((editor.uid,))

    def duplicate(self) -> None:
        self._change(
            self._logic.startDuplicateNode(self.selected()[0].node.uid), lambda copy: self._select((copy.uid,))
        )

    def _select(self, uids: Tuple[str, ...]) -> None:
        """What a person has just made is what they go on with, wherever it stands."""
        self._wanted = uids
        self._show_nodes(self._nodes)

    def remove(self) -> None:
        chosen = self.selected()
        names = words.in_lines([each.node.name for each in chosen])
        question = _("Remove these nodes? What was imported from them stays.\n\n{names}").format(names=names)

        # One after the other, and first those that search: a node that another one retrieves by is not removed.
        uids = [each.node.uid for each in sorted(chosen, key=lambda each: not each.node.retrieve_partner)]
        self.question = ask(self, _("Remove nodes"), question, _("Remove"), lambda: self._remove(uids))

    def _remove(self, uids: Sequence[str], errors: Sequence[BaseException] = ()) -> None:
        """``errors``: of those before."""
        if uids:
            rest = uids[1:]
            follow(
                self._logic.startRemoveNode(uids[0]),
                lambda removed: self._remove(rest, errors),
                lambda error: self._remove(rest, (*errors, error)),
                self._jobs,
            )
        elif errors:
            self.errors.show_errors(errors)

    def _move(self, step: int) -> None:
        for uid, position in self._moves(step):
            self._change(self._logic.startMoveNode(uid, position))

    def _moves(self, step: int) -> List[Tuple[str, int]]:
        own = [each.node.uid for each in self._nodes if not each.predefined]
        return node_order.moves(own, [each.node.uid for each in self.selected()], step)

    def _change(self, job: Any, done: Callable[[Any], None] = lambda value: None) -> None:
        follow(job, done, self.errors.show_error, self._jobs)

    # --- testing ----------------------------------------------------------------------------------------------------

    def test(self, _checked: bool = False) -> None:
        for each in self.selected():
            node = each.node
            self._set_check(node, _("checking..."), "")
            follow(
                self._logic.startTestNode(node.uid),
                lambda checks, node=node: self._set_check(node, in_short(checks), in_words(checks)),
                lambda error, node=node: self._set_check(node, _("✘ failed"), f"✘ {told(error)}"),
                self._jobs,
            )

    def _set_check(self, node: Any, short: str, full: str) -> None:
        self._checks[node.uid] = (node, short, full)
        self._show_nodes(self._nodes)

    def _check_of(self, node: Any) -> Tuple[str, str]:
        """In short and in full; empty when the node has another address or other settings since."""
        then, short, full = self._checks.get(node.uid, (None, "", ""))
        return (short, full) if then is not None and replace(then, name=node.name) == node else ("", "")

    # --- exchange ---------------------------------------------------------------------------------------------------

    def import_nodes(self) -> None:
        self.file_import.choose()

    def export_nodes(self, file_format: str) -> None:
        self.file_export.choose(file_format, tuple(each.node.uid for each in self.selected()))

    def manage_authentication(self, _checked: bool = False) -> None:
        from .authentication_manager import AuthenticationManager  # the panel opens without it

        manager = AuthenticationManager(self._logic, self)
        self.authentication_manager = opened(manager, before=self.authentication_manager)
