"""One authentication method in a dialog: a template with its questions, and what it fills in."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional

import qt
from DICOMWebNodesHost.sentences import told, translated
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.auth.provider import ENDPOINTS, AuthProvider
from DICOMWebNodesLib.auth.registration import AuthRegistration, ClientAuthentication, Grant
from DICOMWebNodesLib.auth.template import AuthTemplate, templates
from DICOMWebNodesLib.errors import InvalidAuthMethod
from slicer.i18n import tr as _

from . import form
from .ask import ask
from .follow import follow
from .keys import tab_through
from .opened import Dialog
from .questions import Questions, show_secret, text_form

_PROVIDER_TEXTS = ("issuer", *ENDPOINTS)
_REGISTRATION_TEXTS = ("client_id", "scope", "audience", "redirect_path")


class AuthenticationEditor(Dialog):
    """Adds a method, or changes ``method``. Its secret is never shown: what is left empty stays as it is."""

    def __init__(self, logic: Any, method: Optional[AuthMethod] = None, parent: Any = None) -> None:
        super().__init__(parent)
        self._logic = logic
        self._before = method
        self._shown: Optional[AuthMethod] = None
        self._settings: Dict[str, Any] = {}
        self.ui = form.fill_dialog(self, "AuthenticationEditor")
        self.windowTitle = _("Edit {name}").format(name=method.name) if method else _("Add an authentication method")
        self._templates = list(templates().values())
        self.questions = Questions(self.ui.questions)
        self._fill_choices()
        self.ui.template.currentIndexChanged.connect(lambda index: self._template_changed())
        self.ui.fillButton.clicked.connect(self.fill)
        self.ui.showSecret.toggled.connect(lambda shown: show_secret(self.ui.secret, shown))
        self.ui.buttons.accepted.connect(self.save)
        self.ui.buttons.rejected.connect(self.reject)
        self.ui.templateBox.visible = method is None
        self._template_changed()
        self._show(method)
        self._tell("")
        (self.ui.template if method is None else self.ui.name).setFocus()
        form.give_size(self, 90, 16 if method is not None and method.provider is None else 44)

    def _fill_choices(self) -> None:
        grants = {
            Grant.AUTHORIZATION_CODE: _("a person, in the browser"),
            Grant.DEVICE_CODE: _("a person, in a browser elsewhere"),
            Grant.CLIENT_CREDENTIALS: _("this program itself"),
        }
        for grant, text in grants.items():
            self.ui.grant.addItem(text, grant.value)
        ways = {
            ClientAuthentication.NONE: _("there is none (public client)"),
            ClientAuthentication.CLIENT_SECRET_BASIC: _("in the header (client_secret_basic)"),
            ClientAuthentication.CLIENT_SECRET_POST: _("in the body (client_secret_post)"),
        }
        for way, text in ways.items():
            self.ui.token_endpoint_auth_method.addItem(text, way.value)
        for host in ("127.0.0.1", "localhost"):
            self.ui.redirect_host.addItem(host, host)
        for template in self._templates:
            self.ui.template.addItem(translated(template.title), template.name)

    # --- template ---------------------------------------------------------------------------------------------------

    def template(self) -> AuthTemplate:
        return self._templates[self.ui.template.currentIndex]

    def _template_changed(self) -> None:
        template = self.template()
        self.ui.templateHelp.text = translated(template.help)
        self.questions.ask(template.questions)
        tab_through(self.ui.fillButton, *self.questions.stops)

    def fill(self, _checked: bool = False, allow_plain_http: bool = False) -> None:
        """Make a method from the answers and show it below, to be edited; or tell what is wrong with them.

        A provider without TLS needs a yes of the person.
        """
        template, answers = self.template(), self.questions.answers()
        problems = template.problems(answers)
        self.questions.show_problems(problems)
        self._tell("")
        if problems:
            return
        try:
            filled = template.fill(answers, allow_plain_http=allow_plain_http)
        except InvalidAuthMethod as error:
            self.questions.show_problems({error.field: error})
            if error.field not in self.questions.fields:
                self._tell(told(error))
            if not allow_plain_http and _is_filled_with_plain_http(template, answers):
                self._ask_for_plain_http()
            return
        self._show(filled.method)
        self.ui.secret.text = filled.secret
        self._discover(filled.method)

    def _ask_for_plain_http(self) -> None:
        text = _(
            "The provider's address is plain http: everybody on the way can read passwords and tokens that are sent "
            "to it. That is for tests on a network of your own."
        )
        agreed = lambda: self.fill(allow_plain_http=True)  # noqa: E731
        self.question = ask(self, _("Plain http"), text, _("Allow plain http"), agreed)

    def _discover(self, method: AuthMethod) -> None:
        """Fill in the endpoints that the issuer tells."""
        provider, registration = method.provider, method.registration
        if provider is None or registration is None or not provider.lacks(*registration.grant.endpoints):
            return
        self._tell(_("Asking {issuer} for its endpoints...").format(issuer=provider.issuer))
        follow(self._logic.startDiscover(method), self._discovered, lambda error: self._tell(told(error)), self._jobs)

    def _discovered(self, method: AuthMethod) -> None:
        """What a person has typed meanwhile stays."""
        if self._shown is None or self._shown.uid != method.uid or method.provider is None:
            return
        self._shown = method
        for name in ENDPOINTS:
            line = getattr(self.ui, name)
            line.text = line.text or getattr(method.provider, name)
        self._tell("")

    # --- fields -----------------------------------------------------------------------------------------------------

    def _show(self, method: Optional[AuthMethod]) -> None:
        self._shown = method
        ui = self.ui
        is_oauth = method is not None and method.kind is Kind.OAUTH2
        ui.providerBox.visible = ui.registrationBox.visible = is_oauth
        ui.settingsBox.visible = method is not None and bool(method.kind.settings)
        ui.secretRow.visible = method is not None and bool(method.kind.secret)
        ui.name.visible = ui.nameLabel.visible = method is not None
        ok = ui.buttons.button(qt.QDialogButtonBox.Ok)
        ok.enabled = method is not None
        ui.fillButton.setDefault(method is None)  # what Return does
        ok.setDefault(method is not None)
        if method is None:
            return
        ui.name.text = method.name
        if self._before is not None and method.has_secret:
            ui.secret.placeholderText = _("kept as it is")
        labels = {question.name: question.label for each in self._templates for question in each.questions}
        self._settings = text_form(ui.settings, dict(method.settings), labels)
        tab_through(ui.name, *self._settings.values())
        if is_oauth:
            self._show_oauth(method.provider, method.registration)

    def _show_oauth(self, provider: AuthProvider, registration: AuthRegistration) -> None:
        ui = self.ui
        ui.provider_name.text = provider.name
        for name in _PROVIDER_TEXTS:
            getattr(ui, name).text = getattr(provider, name)
        ui.openid.checked = provider.openid
        ui.provider_plain_http.checked = provider.allow_plain_http
        for name in _REGISTRATION_TEXTS:
            getattr(ui, name).text = getattr(registration, name)
        for combo, value in (
            (ui.grant, registration.grant.value),
            (ui.token_endpoint_auth_method, registration.token_endpoint_auth_method.value),
            (ui.redirect_host, registration.redirect_host),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        ui.redirect_port.value = registration.redirect_port

    def method(self) -> AuthMethod:
        """What the fields say. Raises InvalidAuthMethod."""
        assert self._shown is not None
        is_oauth = self._shown.kind is Kind.OAUTH2
        return AuthMethod(
            name=self.ui.name.text,
            kind=self._shown.kind,
            uid=self._before.uid if self._before is not None else self._shown.uid,
            provider=self._provider() if is_oauth else None,
            registration=self._registration() if is_oauth else None,
            settings=tuple((name, line.text) for name, line in self._settings.items()),
        )

    def _provider(self) -> AuthProvider:
        assert self._shown is not None
        assert self._shown.provider is not None
        ui = self.ui
        return AuthProvider(
            name=ui.provider_name.text.strip(),
            **{name: getattr(ui, name).text.strip() for name in _PROVIDER_TEXTS},
            openid=ui.openid.checked,
            iss_in_response=self._shown.provider.iss_in_response,
            allow_plain_http=ui.provider_plain_http.checked,
            ca_file=self._shown.provider.ca_file,
        )

    def _registration(self) -> AuthRegistration:
        assert self._shown is not None
        assert self._shown.registration is not None
        ui = self.ui
        return AuthRegistration(
            **{name: getattr(ui, name).text for name in _REGISTRATION_TEXTS},
            grant=Grant(ui.grant.currentData),
            token_endpoint_auth_method=ClientAuthentication(ui.token_endpoint_auth_method.currentData),
            redirect_host=ui.redirect_host.currentData,
            redirect_port=ui.redirect_port.value,
            authorization_parameters=self._shown.registration.authorization_parameters,
        )

    # --- saving -----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        try:
            method = self.method()
        except InvalidAuthMethod as error:
            self._tell(told(error))
            field = getattr(self.ui, error.field, None) or self._settings.get(error.field)
            if field is not None:
                field.setFocus()
            return
        secret = self.ui.secret.text
        if self._before is None:
            job = self._logic.startAddMethod(method, secret)
        else:
            job = self._logic.startUpdateMethod(method.uid, method, secret or None)
        follow(job, lambda method: self.accept(), lambda error: self._tell(told(error)), self._jobs)

    def _tell(self, text: str) -> None:
        self.ui.problem.text = text
        self.ui.problem.visible = bool(text)


def _is_filled_with_plain_http(template: AuthTemplate, answers: Mapping[str, str]) -> bool:
    """Whether nothing else is wrong."""
    try:
        template.fill(answers, allow_plain_http=True)
    except InvalidAuthMethod:
        return False
    return True
