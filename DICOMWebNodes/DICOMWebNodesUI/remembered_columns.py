"""How a person has arranged the columns of a list, and by which it is sorted: the same next time."""

from __future__ import annotations

from typing import Any

import qt


class RememberedColumns:
    """Of ``header``, in the application's settings under ``name``. Made once the header is as it is for a beginner;
    what nobody has changed is not kept, so that it fits to another font."""

    def __init__(self, header: Any, name: str) -> None:
        self._header = header
        self._key = f"DICOMWebNodes/Columns/{name}"
        self._for_a_beginner = header.saveState().data()
        kept = qt.QSettings().value(self._key)
        if isinstance(kept, qt.QByteArray):
            header.restoreState(kept)  # which leaves everything as it is when it is no such state

    def keep(self) -> None:
        state = self._header.saveState()
        if state.data() == self._for_a_beginner:
            qt.QSettings().remove(self._key)
        else:
            qt.QSettings().setValue(self._key, state)
