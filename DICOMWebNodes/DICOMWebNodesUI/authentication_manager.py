"""The list of authentication methods, and who is signed in."""

from __future__ import annotations

import time
from typing import Any, List, Sequence

import qt
from DICOMWebNodesHost.sentences import translated
from slicer.i18n import tr as _

from . import form, table, words
from .ask import ask
from .authentication_editor import AuthenticationEditor
from .error_bar import ErrorBar
from .follow import follow
from .import_file import FileImport
from .keys import on_key, on_return, tab_through
from .opened import Dialog, opened
from .sign_in_panel import SignInPanel
from .wrapping_row import WrappingRow


class AuthenticationManager(Dialog):
    """Shows ``logic.authenticationMethods()`` and keeps up with them while it is open.

    ``chosen``: uid of the method that is selected at first.
    """

    WAITING = ("editor", "sign_in_panel")

    def __init__(self, logic: Any, parent: Any = None, chosen: str = "") -> None:
        super().__init__(parent)
        self._logic = logic
        self._chosen = chosen
        self._listed: List[Any] = []
        self.editor: Any = None
        self.ui = form.fill_dialog(self, "AuthenticationManager")
        self.errors = ErrorBar()
        self.sign_in_panel = SignInPanel()
        self.ui.content.layout().insertWidget(0, self.errors)
        self.ui.AuthenticationManager.layout().insertWidget(1, self.sign_in_panel)  # below what scrolls: in sight
        self._model = table.model([_("Name"), _("Kind"), _("State")], self)
        self.ui.table.setModel(self._model)
        form.give_lines(self.ui.table, 6)
        table.show_columns(self.ui.table, [28, 24, 38])
        self.ui.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.ui.table.doubleClicked.connect(lambda index: self.edit())
        self._buttons = WrappingRow(self.ui.methodButtons)
        self._build_keys()
        tab_through(self.ui.scroll, *self.errors.stops, self.ui.table)
        closing = self.ui.buttons.button(qt.QDialogButtonBox.Close)
        closing.autoDefault = False  # Return is not to close it, a sign-in may be under way
        tab_through(self.ui.secretsButton, *self.sign_in_panel.stops, closing)
        self.ui.addButton.clicked.connect(self.add)
        self.ui.editButton.clicked.connect(self.edit)
        self.ui.removeButton.clicked.connect(self.remove)
        self.file_import = FileImport(logic, self, self.errors.show_text, self.errors.show_error)
        self.ui.importButton.clicked.connect(lambda: self.file_import.choose())
        self.ui.secretsButton.clicked.connect(self.keep_in_file)
        self.ui.secretsButton.visible = False
        self.ui.signInButton.clicked.connect(self.sign_in)
        self.ui.signOutButton.clicked.connect(self.sign_out)
        self.ui.buttons.rejected.connect(self.reject)
        logic.authenticationChanged.connect(self.refresh)
        self.finished.connect(lambda result: logic.authenticationChanged.disconnect(self.refresh))
        self.refresh()
        form.give_size(self, 100, 30)

    def _build_keys(self) -> None:
        """As in the list of nodes."""
        ui = self.ui
        on_return(ui.table, self.edit, lambda: ui.editButton.enabled)
        for sequence, slot, button in (
            ("F2", self.edit, ui.editButton),
            ("Ins", self.add, ui.addButton),
            ("Del", self.remove, ui.removeButton),
        ):
            on_key(ui.table, sequence, slot, lambda button=button: button.enabled)

    def refresh(self) -> None:
        follow(self._logic.startAuthenticationMethods(), self._show, self.errors.show_error, self._jobs)
        follow(self._logic.startSecrets(), self._show_place, self.errors.show_error, self._jobs)

    def _show(self, listed: Sequence[Any]) -> None:
        selected = table.selected_data(self.ui.table) or [self._chosen]
        self._listed = list(listed)
        self._model.removeRows(0, self._model.rowCount())
        for row, each in enumerate(self._listed):
            texts = [each.method.name, kind_in_words(each.method), status_in_words(each.status)]
            items = table.row(texts, each.method.uid)
            told = _("For: {scope}").format(scope=each.status.scope) if each.status.scope else ""
            items[2].setToolTip(table.plain_tool_tip(told))
            self._model.appendRow(items)
            if each.method.uid in selected:
                self._select(row)
        if self._listed and self._selected() is None:
            self._select(0)
        self._selection_changed()

    def _show_place(self, secrets: Any) -> None:
        self.ui.secrets.text = _("Passwords and tokens are kept in {place}.").format(place=translated(secrets.place))
        self.ui.secretsButton.visible = not secrets.lasts

    def keep_in_file(self, _checked: bool = False) -> None:
        text = _(
            "This computer has no keyring. Passwords and tokens can be kept in a file that only you can read; "
            "whoever gets hold of your disk or your backups can read them there."
        )

        def agreed() -> None:
            follow(self._logic.startSecrets(True), self._show_place, self.errors.show_error, self._jobs)

        self.question = ask(self, _("Keep secrets in a file"), text, _("Keep them in a file"), agreed)

    def _select(self, row: int) -> None:
        self.ui.table.setCurrentIndex(self._model.index(row, 0))

    def _selection_changed(self) -> None:
        chosen = self._selected()
        for button in (self.ui.editButton, self.ui.removeButton):
            button.enabled = chosen is not None
        needs_person = chosen is not None and chosen.method.needs_person
        self.ui.signInButton.enabled = needs_person and not self.sign_in_panel.is_busy
        self.ui.signOutButton.enabled = needs_person and bool(chosen.status.account or chosen.status.until)

    def _selected(self) -> Any:
        uids = table.selected_data(self.ui.table)
        return next((each for each in self._listed if each.method.uid in uids), None)

    # --- intents ----------------------------------------------------------------------------------------------------

    def add(self, _checked: bool = False) -> None:
        self._open(AuthenticationEditor(self._logic, None, self))

    def edit(self, _checked: bool = False) -> None:
        chosen = self._selected()
        if chosen is not None:
            self._open(AuthenticationEditor(self._logic, chosen.method, self))

    def _open(self, editor: Any) -> None:
        self.editor = opened(editor, before=self.editor)

    def remove(self, _checked: bool = False) -> None:
        method = self._selected().method
        text = _("Remove '{name}', with its secret and its sign-in?").format(name=method.name)

        def agreed() -> None:
            follow(self._logic.startRemoveMethod(method.uid), lambda _: None, self.errors.show_error, self._jobs)

        self.question = ask(self, _("Remove authentication"), text, _("Remove"), agreed)

    def sign_in(self, _checked: bool = False) -> None:
        method = self._selected().method
        self.errors.dismiss()
        job = self._logic.startSignIn(method.uid)
        self.sign_in_panel.watch(job, method.name)
        follow(job, lambda account: None, self.errors.show_error, self._jobs, self._selection_changed)
        self._selection_changed()

    def sign_out(self, _checked: bool = False) -> None:
        job = self._logic.startSignOut(self._selected().method.uid)
        follow(job, lambda said: self.errors.show_text(translated(said)), self.errors.show_error, self._jobs)


def kind_in_words(method: Any) -> str:
    kinds = {
        "oauth2": _("sign-in (OAuth 2.0)"),
        "basic": _("password"),
        "bearer": _("token"),
        "api-key": _("key"),
        "aws-sigv4": _("AWS"),
        "google": _("Google"),
    }
    return kinds.get(method.kind.value, method.kind.value)


def status_in_words(status: Any) -> str:
    account = _(" as {account}").format(account=status.account) if status.account else ""
    until = ""
    if status.ready and status.until and not status.renews:
        until = _(", for {time} more").format(time=words.duration(max(0.0, status.until - time.time())))
    return f"{translated(status.text)}{account}{until}"
