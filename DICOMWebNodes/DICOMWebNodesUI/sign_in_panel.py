"""A sign-in under way: what to do in the browser, the link to copy, and Cancel."""

from __future__ import annotations

from typing import Any

import qt
from slicer.i18n import tr as _

from . import form


class SignInPanel(qt.QWidget):
    """Hidden while nobody signs in."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._job: Any = None
        self.ui = form.fill(self, "SignInPanel")
        self.ui.copyButton.clicked.connect(self._copy)
        self.ui.cancelButton.clicked.connect(self._cancel)
        self.stops = (self.ui.link, self.ui.copyButton, self.ui.cancelButton)  # of Tab
        self.visible = False

    @property
    def is_busy(self) -> bool:
        return self._job is not None

    def forget(self) -> None:
        """It is about to be destroyed: nothing is told it any more."""
        self._job = None

    def watch(self, job: Any, name: str) -> None:
        """Show the sign-in ``job`` of the method ``name`` until it has finished."""
        self._job = job
        self.ui.state.text = _("{name}: asking the provider...").format(name=name)
        self._show_link("", "")
        self.ui.cancelButton.enabled = True
        self.visible = True
        job.prompted.connect(lambda prompt: self._prompted(job, prompt))
        job.finished.connect(self._finished)
        if job.isOver:
            self._finished(job)

    def _prompted(self, job: Any, prompt: Any) -> None:
        if job is not self._job:
            return
        self.ui.state.text = _("Waiting for the browser: finish the sign-in on the page that has opened there.")
        if prompt.user_code:
            self.ui.state.text = _("Open the address in any browser, on any computer, and enter this code:")
        self._show_link(prompt.short_url or prompt.url, prompt.user_code)

    def _show_link(self, url: str, code: str) -> None:
        self.ui.link.text = url
        self.ui.link.setCursorPosition(0)
        self.ui.link.visible = self.ui.copyButton.visible = bool(url)
        self.ui.code.text = code
        self.ui.code.visible = bool(code)

    def _finished(self, job: Any) -> None:
        if job is not self._job:
            return
        self._job = None
        self.visible = False

    def _copy(self, _checked: bool = False) -> None:
        qt.QApplication.clipboard().setText(self.ui.link.text)

    def _cancel(self, _checked: bool = False) -> None:
        if self._job is not None:
            self.ui.cancelButton.enabled = False
            self._job.cancel()
