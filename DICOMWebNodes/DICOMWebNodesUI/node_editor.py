"""One node in a dialog: what is typed is checked by the node itself, and told beside the fields."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Sequence, Tuple

import qt
from DICOMWebNodesHost.event_loop import later
from DICOMWebNodesHost.sentences import sentencesOf, told, translated
from DICOMWebNodesLib.auth.template import templates
from DICOMWebNodesLib.errors import DICOMWebNodesError, InvalidURL
from DICOMWebNodesLib.nodes.node import TLS, Node, ServiceType
from slicer.i18n import tr as _

from . import form, node_checks
from .field_problems import FieldProblems
from .follow import follow
from .header_table import HeaderTable
from .part_chooser import PartChooser, lists_something, parts_in
from .provider_form import ProviderForm
from .proxy_fields import ProxyFields

# What instances are asked for in; any other UID can be typed.
_TRANSFER_SYNTAXES = (
    ("*", "as stored"),
    ("1.2.840.10008.1.2.1", "Explicit VR Little Endian"),
    ("1.2.840.10008.1.2.4.90", "JPEG 2000 lossless"),
    ("1.2.840.10008.1.2.4.201", "HTJ2K lossless"),
)
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


class NodeEditor(qt.QDialog):
    """Adds a node, or changes the one in ``listed``; of a predefined one it adds a copy.

    ``nodes``: all ListedNodes; ``methods``: ListedMethods by uid.
    """

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
        self._jobs: list = []
        self._touched: Dict[str, bool] = {}
        self._is_new = listed is None or listed.predefined
        self._before: Optional[Node] = listed.node if listed is not None else None
        self._uid = Node("new", "http://localhost").uid if self._is_new else listed.node.uid
        self.ui = form.fill_dialog(self, "NodeEditor")
        self.provider = ProviderForm(self.ui, lambda: self._check("url"))
        self.headers = HeaderTable(self.ui.headers, self.ui.addHeaderButton, self.ui.removeHeaderButton)
        self.proxy = ProxyFields(self.ui)
        self._fill_choices(nodes)
        self._show(self._before, copy=listed is not None and listed.predefined)
        if url:
            self.ui.url.text = url
        self.windowTitle = _("Add a node") if self._is_new else _("Edit {name}").format(name=listed.node.name)
        labels = {name: getattr(self.ui, label) for name, label in _PROBLEM_LABELS.items()}
        self._problems = FieldProblems(labels, self.ui.problem, self.ui.advanced, _ADVANCED)
        self._connect()
        self._check()
        self.ui.name.setFocus()
        form.give_size(self, 92, 40)

    # --- showing ----------------------------------------------------------------------------------------------------

    def _fill_choices(self, nodes: Sequence[Any]) -> None:
        for service_type in ServiceType:
            self.ui.serviceType.addItem(service_type.value, service_type.name)
        self.ui.retrievePartner.addItem(_("no node"), "")
        for each in nodes:
            if each.node.service_type in (ServiceType.WADO_RS, ServiceType.WADO_URI, ServiceType.DICOMWEB):
                self.ui.retrievePartner.addItem(each.node.name, each.node.uid)
        for uid, title in _TRANSFER_SYNTAXES:
            self.ui.transferSyntax.addItem(f"{uid}  ({title})", uid)
        self._show_methods()

    def _show_methods(self, chosen: str = "") -> None:
        blocker = qt.QSignalBlocker(self.ui.authentication)
        self.ui.authentication.clear()
        self.ui.authentication.addItem(_("none"), "")
        for uid, listed in self._methods.items():
            self.ui.authentication.addItem(listed.method.name, uid)
        _choose(self.ui.authentication, chosen)
        blocker.unblock()

    def _show(self, node: Optional[Node], copy: bool) -> None:
        if node is None:
            self.ui.transferSyntax.setCurrentIndex(0)
            return
        ui = self.ui
        ui.name.text = _("{name} copy").format(name=node.name) if copy else node.name
        ui.url.text = node.url
        for line in (ui.name, ui.url):
            line.setCursorPosition(0)
        _choose(ui.serviceType, node.service_type.name)
        _choose(ui.retrievePartner, node.retrieve_partner)
        _choose(ui.authentication, node.authentication)
        self.headers.show(node.headers, node.secret_headers)
        _choose(ui.profile, node.profile)
        ui.connectTimeout.value = node.connect_timeout
        ui.readTimeout.value = node.read_timeout
        ui.pageSize.value = node.page_size or 0
        ui.documentLimit.value = node.document_limit
        if ui.transferSyntax.findData(node.transfer_syntax) < 0:
            ui.transferSyntax.addItem(node.transfer_syntax, node.transfer_syntax)
        _choose(ui.transferSyntax, node.transfer_syntax)
        self.proxy.show(node.proxy, node.proxy_user, copy)
        ui.caFile.currentPath = node.tls.ca_file
        ui.clientCertificate.currentPath = node.tls.client_certificate
        ui.clientKey.currentPath = node.tls.client_key
        ui.verify.checked = node.tls.verify
        ui.allowPlainHttp.checked = node.allow_plain_http_credential

    # --- checking ---------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        ui = self.ui
        self.provider.connect()
        ui.name.textChanged.connect(lambda text: self._check("name"))
        ui.url.textChanged.connect(lambda text: self._check("url"))
        self.proxy.on_change(self._check)
        for combo in (ui.serviceType, ui.authentication, ui.retrievePartner):
            combo.currentIndexChanged.connect(lambda index: self._check())
        ui.transferSyntax.editTextChanged.connect(lambda text: self._check())
        for path in (ui.caFile, ui.clientCertificate, ui.clientKey):
            path.currentPathChanged.connect(lambda text: self._check())
        self.headers.on_change(self._check)
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
        self.proxy.tell()
        self._suggest()
        self.ui.chooseButton.visible = lists_something(self.provider.profile())
        problem = self._problem()
        self._problems.tell(problem, self._told_elsewhere())
        self.ui.urlHint.text = self._hint()
        self.ui.checkText.visible = bool(self.ui.checkText.text)
        for button in (self.ui.testButton, self.ui.buttons.button(qt.QDialogButtonBox.Ok)):
            button.enabled = problem is None

    def _hint(self) -> str:
        """What is wrong with the URL, or what kind of server it looks like."""
        try:
            return self.provider.hint()
        except InvalidURL as error:
            return sentencesOf(error) if self._touched.get("url") else ""

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
            self.node()
        except DICOMWebNodesError as error:
            return error
        return self.provider.problem()

    def node(self) -> Node:
        """What the fields say. Raises InvalidNode, InvalidURL, InvalidHeader."""
        ui = self.ui
        service_type = ServiceType[ui.serviceType.currentData]
        return Node(
            name=ui.name.text,
            url=ui.url.text,
            service_type=service_type,
            uid=self._uid,
            retrieve_partner=ui.retrievePartner.currentData if service_type is ServiceType.QIDO_RS else "",
            headers=self.headers.plain(),
            secret_headers=self.headers.secret_names(),
            authentication=ui.authentication.currentData or "",
            allow_plain_http_credential=ui.allowPlainHttp.checked,
            connect_timeout=ui.connectTimeout.value,
            read_timeout=ui.readTimeout.value,
            tls=TLS(
                ui.verify.checked, ui.caFile.currentPath, ui.clientCertificate.currentPath, ui.clientKey.currentPath
            ),
            proxy=self.proxy.proxy,
            proxy_user=self.proxy.user,
            page_size=ui.pageSize.value or None,
            document_limit=ui.documentLimit.value,
            transfer_syntax=ui.transferSyntax.currentText.partition(" ")[0],
            profile=ui.profile.currentData or "",
        )

    # --- intents ----------------------------------------------------------------------------------------------------

    def _test(self, _checked: bool = False) -> None:
        self.ui.testButton.enabled = False
        self._tell(_("checking..."))
        job = self._logic.startTestNode(self.node(), dict(self.headers.changed_secrets()), self.proxy.typed_password)
        follow(job, self._tested, self._test_failed, self._jobs)

    def _tested(self, checks: Sequence[Any]) -> None:
        self._tell(node_checks.in_words(checks))

    def _test_failed(self, error: BaseException) -> None:
        self._tell(f"✘ {error}")

    def _tell(self, text: str) -> None:
        self.ui.checkText.text = text
        self._check()
        later(0, lambda: self.ui.scrollArea.ensureWidgetVisible(self.ui.checkText))  # once it has its place

    def _choose_parts(self, _checked: bool = False) -> None:
        profile, ui = self.provider.profile(), self.ui
        self.chooser = PartChooser(
            self._logic,
            profile,
            list(self._methods.values()),
            method=ui.authentication.currentData or "",
            values=parts_in(profile, ui.url.text),
            proxy=self.proxy.proxy,
            ca_file=ui.caFile.currentPath,
            proxy_user=self.proxy.user,
            proxy_password=self.proxy.typed_password,
            parent=self,
        )
        self.chooser.accepted.connect(self._parts_chosen)
        self.chooser.open()

    def _parts_chosen(self) -> None:
        self.ui.url.text = self.chooser.url
        _choose(self.ui.authentication, self.chooser.method)

    def _manage_authentication(self, _checked: bool = False) -> None:
        from .authentication_manager import AuthenticationManager

        self.manager = AuthenticationManager(self._logic, self)
        self.manager.finished.connect(lambda result: self._read_methods())
        self.manager.open()

    def _set_up_suggestion(self, _checked: bool = False) -> None:
        from .authentication_editor import AuthenticationEditor

        self.method_editor = AuthenticationEditor(self._logic, None, self)
        template = self.method_editor.ui.template
        _choose(template, self.provider.profile().authentication)
        self.method_editor.accepted.connect(self._read_methods)
        self.method_editor.open()

    def _read_methods(self) -> None:
        follow(self._logic.startAuthenticationMethods(), self._methods_read, self._failed, self._jobs)

    def _methods_read(self, listed: Sequence[Any]) -> None:
        new = [each.method.uid for each in listed if each.method.uid not in self._methods]
        chosen = new[-1] if new else self.ui.authentication.currentData
        self._methods = {each.method.uid: each for each in listed}
        self._show_methods(chosen or "")
        self._check()

    def _save(self) -> None:
        node = self.node()
        job = self._logic.startAddNode(node) if self._is_new else self._logic.startUpdateNode(node.uid, node)
        follow(job, self._saved, self._failed, self._jobs)

    def _saved(self, node: Node) -> None:
        for name, value in self.headers.changed_secrets():
            follow(self._logic.startSetSecretHeader(node.uid, name, value), lambda _: None, self._failed, self._jobs)
        if self.proxy.typed_password:
            job = self._logic.startSetProxyPassword(node.uid, self.proxy.typed_password)
            follow(job, lambda _: None, self._failed, self._jobs)
        self.accept()

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, DICOMWebNodesError):
            self._problems.tell(error)
        else:
            self.ui.problem.text, self.ui.problem.visible = told(error), True


def _title(template: str) -> str:
    return translated(templates()[template].title)


def _choose(combo: Any, data: str) -> None:
    index = combo.findData(data)
    combo.setCurrentIndex(max(index, 0))
