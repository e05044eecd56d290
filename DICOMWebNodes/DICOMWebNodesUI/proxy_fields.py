"""User name and password for the proxy of a node; a password that is kept is never shown."""

from __future__ import annotations

from typing import Any, Callable

import qt
from slicer.i18n import tr as _

from .questions import show_secret


class ProxyFields:
    """On the node editor's widgets ``proxy``, ``proxyUser``, ``proxyPassword`` and ``proxyPasswordShow``."""

    def __init__(self, ui: Any) -> None:
        self._ui = ui
        self._before: tuple = ("", "")  # proxy and user that the password which is kept is for
        ui.proxyPassword.setEchoMode(qt.QLineEdit.Password)
        ui.proxyPasswordShow.toggled.connect(lambda shown: show_secret(ui.proxyPassword, shown))

    def on_change(self, call: Callable[[], None]) -> None:
        for line in (self._ui.proxy, self._ui.proxyUser, self._ui.proxyPassword):
            line.textChanged.connect(lambda text: call())

    def show(self, proxy: str, user: str, is_copy: bool) -> None:
        """``is_copy``: what is kept is for another node."""
        self._ui.proxy.text, self._ui.proxyUser.text = proxy, user
        self._before = ("", "") if is_copy else (proxy, user)

    def tell(self) -> None:
        """Whether there is a password to type, and one that is kept."""
        has_user = bool(self.user)
        for widget in (self._ui.proxyPassword, self._ui.proxyPasswordShow):
            widget.enabled = has_user
        is_kept = has_user and (self.proxy, self.user) == self._before
        self._ui.proxyPassword.placeholderText = _("as it is kept") if is_kept else ""

    @property
    def proxy(self) -> str:
        return str(self._ui.proxy.text).strip()

    @property
    def user(self) -> str:
        return str(self._ui.proxyUser.text).strip()

    @property
    def typed_password(self) -> str:
        """ "": the one that is kept stays, as long as it is for the same proxy and user."""
        return str(self._ui.proxyPassword.text) if self.user else ""
