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
