"""What a person sees, and can cancel, while the logic waits."""

from __future__ import annotations

import qt
from DICOMWebNodesHost.dialogs import LoadDialog


def test_loading_can_be_cancelled_between_two_series():
    window = qt.QWidget()
    with LoadDialog(window) as dialog:
        assert dialog.heard("5: head", 50) is False
        shown = window.findChild(qt.QProgressDialog)
        assert (shown.labelText, shown.value) == ("5: head", 50)
        shown.cancel()
        assert dialog.heard("6: neck", 75) is True


def test_what_a_series_is_called_is_no_markup():
    """A picture in it would be read from wherever it says, on Windows also from another computer."""
    window = qt.QWidget()
    with LoadDialog(window) as dialog:
        dialog.heard('<img src="//host/share/x.png">5: head', 50)
        shown = window.findChild(qt.QProgressDialog)
        assert shown.findChild(qt.QLabel).textFormat == qt.Qt.PlainText
        assert shown.labelText == '<img src="//host/share/x.png">5: head'
