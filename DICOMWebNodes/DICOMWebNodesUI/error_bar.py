"""An error in words, with all that is known of it behind a button."""

from __future__ import annotations

import json
from typing import Any, Callable, Sequence

import qt
from DICOMWebNodesHost.sentences import told, translated
from slicer.i18n import tr as _

from . import form, words
from .fonts import metrics
from .manual import has_section, link_to, open_section_about
from .wrapping_row import WrappingRow

_MOST_LINES = 8  # what is told of each of many nodes, each of many files
_SENTENCES = ("asked", "cause", "next_step")


class ErrorBar(qt.QWidget):
    """Hidden until there is an error to show. Nothing in it is taken for HTML."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.ui = form.fill(self, "ErrorBar")
        self.ui.detailsButton.clicked.connect(self._show_details)
        self.ui.closeButton.clicked.connect(self.dismiss)
        self.ui.manualButton.clicked.connect(lambda: open_section_about(self._error))
        self.ui.actionButton.clicked.connect(lambda: self._action())
        ui = self.ui
        self._buttons = WrappingRow(ui.buttons, at_edge=ui.closeButton)
        self.stops = (ui.actionButton, ui.detailsButton, ui.manualButton, ui.closeButton, ui.details)  # of Tab
        self._action: Callable[[], None] = lambda: None
        self._error: Any = None
        self.ui.details.setMaximumHeight(metrics(self).height() * 10)
        self.dismiss()

    def show_error(self, error: BaseException, action: str = "", do: Callable[[], None] = lambda: None) -> None:
        """``error``: any of DICOMWebNodesLib.errors; others are shown by what they say.

        ``action``: text of a button that helps, and ``do`` what it does.
        """
        self.show_errors([error], action, do)

    def show_errors(
        self, errors: Sequence[BaseException], action: str = "", do: Callable[[], None] = lambda: None
    ) -> None:
        """Of several nodes, one a line."""
        self._tell("\n".join(map(told, errors)), "\n\n".join(map(details_of, errors)))
        self._error = errors[0]
        self.ui.manualButton.visible = has_section(errors[0])
        self._action = do
        self.ui.actionButton.text = action
        self.ui.actionButton.visible = bool(action)
        self._buttons.arrange()

    def show_text(self, text: str, details: str = "") -> None:
        self._tell(text, details)

    def dismiss(self, _checked: bool = False) -> None:
        self.visible = False

    def _tell(self, text: str, details: str) -> None:
        """Of very many lines some are shown, and all of them are in the details."""
        shown = words.in_lines(text.splitlines(), _MOST_LINES)
        if shown != text:
            details = "\n\n".join(filter(None, (text, details)))
        self.ui.message.text = words.sentence(shown)
        self.ui.details.plainText = details
        self.ui.details.visible = False
        self.ui.copied.visible = False
        self.ui.detailsButton.checked = False
        self.ui.detailsButton.visible = bool(details)
        self.ui.actionButton.visible = False
        self.ui.manualButton.visible = False
        self._buttons.arrange()
        self.visible = True

    def _show_details(self, shown: bool) -> None:
        self.ui.details.visible = shown
        self.ui.copied.visible = shown
        if shown:
            qt.QApplication.clipboard().setText(self.ui.details.plainText)


def details_of(error: BaseException) -> str:
    """What goes with a question to the server's administrator; without secrets, as the error is."""
    fields = error.as_dict() if hasattr(error, "as_dict") else {"cause": told(error)}
    names = {"code": _("Error"), "node": _("Node"), "asked": _("Asked"), "cause": _("Cause"), "status": _("Status")}
    names.update({"next_step": _("Next step"), "detail": _("The server said"), "field": _("Field")})
    lines = [
        f"{names.get(name, name)}: {_shown(name, value)}" for name, value in fields.items() if value not in ("", None)
    ]
    if has_section(error):
        lines.append(f"{_('Manual')}: {link_to(error)}")
    return "\n".join(lines)


def _shown(name: str, value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return translated(value) if name in _SENTENCES else value
