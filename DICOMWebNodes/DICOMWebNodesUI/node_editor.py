"""One node in a dialog: what is typed is checked by the node itself, and told beside the fields."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

import qt
from DICOMWebNodesHost.sentences import told, translated
from DICOMWebNodesLib.auth.template import templates
from DICOMWebNodesLib.errors import DICOMWebNodesError, InvalidURL, NodeNameTaken
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from slicer.i18n import tr as _

from . import form, node_checks
from .field_problems import FieldProblems, marked
from .follow import follow
from .node_fields import NodeFields, choose
from .opened import Dialog, opened
from .part_chooser import PartChooser, lists_something, parts_in
from .provider_form import ProviderForm

_PROBLEM_LABELS = {
    "name": "nameProblem",
    "retrieve_partner": "retrievePartnerProblem",
    "headers": "headersProblem",
    "transfer_syntax": "transferSyntaxProblem",
    "proxy": "proxyProblem",
    "proxy_user": "proxyUserProblem",
    "client_certificate": "clientCertificateProblem",
}
# Fields of the section that is closed at first.
_ADVANCED = ("transfer_syntax", "proxy", "proxy_user", "client_certificate")


class NodeEditor(Dialog):
    """Adds a node, or changes the one in ``listed``; of a predefined one it adds a copy.

    ``nodes``: all ListedNodes; ``methods``: ListedMethods by uid. :attr:`uid` is that of the node, :attr:`checks` what
    a test of it has found here.
    """

    WAITING = ("chooser", "manager", "method_editor")

    def __init__(
        self,
        logic: Any,
        nodes: Sequence[Any],
        methods: Mapping[str, Any],
        *,
        listed: Any = None,
        url: str = "",
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._logic = logic
        self._methods = dict(methods)
        self.chooser: Any = None
        self.manager: Any = None
        self.method_editor: Any = None
        self._touched: Dict[str, bool] = {}
        self._tested_node: Any = None  # whose test is told
        self.checks: Sequence[Any] = ()  # what that found
        self._to_show = qt.QTimer(self)  # goes with it
        self._to_show.setSingleShot(True)
        self._to_show.timeout.connect(lambda: self.ui.scrollArea.ensureWidgetVisible(self.ui.checkText))
        self._is_new = listed is None or listed.predefined
        self.uid = Node("new", "http://localhost").uid if self._is_new else listed.node.uid
        self.ui = form.fill_dialog(self, "NodeEditor")
        self.provider = ProviderForm(self.ui, lambda: self._check("url"))
        self.fields = NodeFields(self.ui, self.uid, nodes)
        self.fields.show_methods(self._methods)
        self.fields.show(listed.node if listed is not None else None, copy=listed is not None and listed.predefined)
        if url:
            self.ui.url.text = url
        self.windowTitle = _("Add a node") if self._is_new else _("Edit {name}").format(name=listed.node.name)
        labels = {name: getattr(self.ui, label) for name, label in _PROBLEM_LABELS.items()}
        self._problems = FieldProblems(labels, self.ui.problem, self.ui.advanced, _ADVANCED)
        self._connect()
        self._check()
        self.ui.name.setFocus()
        form.give_size(self, 92, 40)

    # --- checking ---------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        ui = self.ui
        self.provider.connect()
        ui.name.textChanged.connect(lambda text: self._check("name"))
        ui.url.textChanged.connect(lambda text: self._check("url"))
        self.fields.proxy.on_change(self._check)
        for combo in (ui.serviceType, ui.authentication, ui.retrievePartner):
            combo.currentIndexChanged.connect(lambda index: self._check())
        ui.transferSyntax.editTextChanged.connect(lambda text: self._check())
        for path in (ui.caFile, ui.clientCertificate, ui.clientKey):
            path.currentPathChanged.connect(lambda text: self._check())
        self.fields.headers.on_change(self._check)
        ui.advanced.contentsCollapsed.connect(lambda collapsed: self._check())
        ui.managerButton.clicked.connect(self._manage_authentication)
        ui.suggestionButton.clicked.connect(self._set_up_suggestion)
        ui.chooseButton.clicked.connect(self._choose_parts)
        ui.testButton.clicked.connect(self._test)
        ui.buttons.accepted.connect(self._save)
        ui.buttons.rejected.connect(self.reject)

    def _check(self, touched: str = "") -> None:
        """Tell what is wrong with what was typed; what nobody has typed into is not complained about."""
        self._touched[touched] = True
        is_search_only = self.ui.serviceType.currentData == ServiceType.QIDO_RS.name
        self.ui.retrievePartner.visible = self.ui.retrievePartnerLabel.visible = is_search_only
        self.provider.tell()
        self.fields.proxy.tell()
        self._suggest()
        self.ui.chooseButton.visible = lists_something(self.provider.profile())
        problem = self._problem()
        self._problems.tell(problem, self._told_elsewhere())
        self.ui.urlHint.text = self._hint()
        if self._tested_node != self._nameless():
            self.ui.checkText.text, self.checks = "", ()
        self.ui.checkText.visible = bool(self.ui.checkText.text)
        for button in (self.ui.testButton, self.ui.buttons.button(qt.QDialogButtonBox.Ok)):
            button.enabled = problem is None

    def _nameless(self) -> Any:
        """The node as it is typed, whatever it is called; None when it cannot be one."""
        try:
            return replace(self.fields.node(), name="-")
        except DICOMWebNodesError:
            return None

    def _hint(self) -> str:
        """What is wrong with the URL, or what kind of server it looks like."""
        try:
            return self.provider.hint()
        except InvalidURL as error:
            return marked(error) if self._touched.get("url") else ""

    def _told_elsewhere(self) -> Tuple[str, ...]:
        """Fields that tell in another way, and the name until somebody has typed one."""
        return ("url", *self.provider.fields, *(() if self._touched.get("name") else ("name",)))

    def _suggest(self) -> None:
        """How such a server usually signs people in, until a way is chosen."""
        name = self.provider.profile().authentication
        is_open = bool(name) and not self.ui.authentication.currentData
        self.ui.suggestion.visible = self.ui.suggestionButton.visible = is_open
        self.ui.suggestion.text = (
            _("Such servers usually take: {template}").format(template=_title(name)) if name else ""
        )

    def _problem(self) -> Optional[DICOMWebNodesError]:
        try:
            self.fields.node()
        except DICOMWebNodesError as error:
            return error
        return self.provider.problem()

    # --- intents ----------------------------------------------------------------------------------------------------

    def _test(self, _checked: bool = False) -> None:
        self._tested_node = self._nameless()
        self.checks = ()
        self._tell(_("checking..."))
        self.ui.testButton.enabled = False
        job = self._logic.startTestNode(
            self.fields.node(), dict(self.fields.headers.changed_secrets()), self.fields.proxy.typed_password
        )
        follow(job, self._tested, self._test_failed, self._jobs)

    def _tested(self, checks: Sequence[Any]) -> None:
        self.checks = checks
        self._tell(node_checks.in_words(checks))

    def _test_failed(self, error: BaseException) -> None:
        self._tell(f"✘ {told(error)}")

    def _tell(self, text: str) -> None:
        self.ui.checkText.text = text
        self._check()
        self._to_show.start(0)  # once it has its place

    def _choose_parts(self, _checked: bool = False) -> None:
        profile, ui = self.provider.profile(), self.ui
        chooser = PartChooser(
            self._logic,
            profile,
            list(self._methods.values()),
            method=ui.authentication.currentData or "",
            values=parts_in(profile, ui.url.text),
            proxy=self.fields.proxy.proxy,
            ca_file=ui.caFile.currentPath,
            proxy_user=self.fields.proxy.user,
            proxy_password=self.fields.proxy.typed_password,
            parent=self,
        )
        chooser.accepted.connect(self._parts_chosen)
        self.chooser = opened(chooser, before=self.chooser)

    def _parts_chosen(self) -> None:
        self.ui.url.text = self.chooser.url
        choose(self.ui.authentication, self.chooser.method)

    def _manage_authentication(self, _checked: bool = False) -> None:
        from .authentication_manager import AuthenticationManager

        manager = AuthenticationManager(self._logic, self)
        manager.finished.connect(lambda result: self._read_methods())
        self.manager = opened(manager, before=self.manager)

    def _set_up_suggestion(self, _checked: bool = False) -> None:
        from .authentication_editor import AuthenticationEditor

        editor = AuthenticationEditor(self._logic, None, self)
        choose(editor.ui.template, self.provider.profile().authentication)
        editor.accepted.connect(self._read_methods)
        self.method_editor = opened(editor, before=self.method_editor)

    def _read_methods(self) -> None:
        follow(self._logic.startAuthenticationMethods(), self._methods_read, self._failed, self._jobs)

    def _methods_read(self, listed: Sequence[Any]) -> None:
        new = [each.method.uid for each in listed if each.method.uid not in self._methods]
        chosen = new[-1] if new else self.ui.authentication.currentData
        self._methods = {each.method.uid: each for each in listed}
        self.fields.show_methods(self._methods, chosen or "")
        self._check()

    def _save(self) -> None:
        node = self.fields.node()
        job = self._logic.startAddNode(node) if self._is_new else self._logic.startUpdateNode(node.uid, node)
        follow(job, self._saved, self._failed, self._jobs)

    def _saved(self, node: Node) -> None:
        """What is secret is kept elsewhere, one after the other: what is not kept is told while the dialog is there."""
        self._is_new = False  # OK once more changes it
        secrets = [
            partial(self._logic.startSetSecretHeader, node.uid, *each) for each in self.fields.headers.changed_secrets()
        ]
        if self.fields.proxy.typed_password:
            secrets.append(partial(self._logic.startSetProxyPassword, node.uid, self.fields.proxy.typed_password))
        self._keep(secrets)

    def _keep(self, secrets: List[Callable[[], Any]]) -> None:
        if secrets:
            follow(secrets[0](), lambda _: self._keep(secrets[1:]), self._failed, self._jobs)
        else:
            self.accept()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, DICOMWebNodesError):
            if isinstance(error, NodeNameTaken):
                error.field = "name"
                self.ui.scrollArea.ensureWidgetVisible(self.ui.name)
            self._problems.tell(error)
        else:
            self.ui.problem.text, self.ui.problem.visible = told(error), True


def _title(template: str) -> str:
    return translated(templates()[template].title)
