"""Which modalities are searched for: any, or some of a list."""

from __future__ import annotations

from typing import Any, Callable, Iterable, List

import qt
from slicer.i18n import tr as _

MODALITIES = "CR CT DX ES IO MG MR NM OPT OT PT PX RF RTDOSE RTPLAN RTSTRUCT SEG SM SR US XA"
_ANY = 0  # the row; CTK itself writes "None" where nothing is checked


class ModalityChoice:
    """On a ctkCheckableComboBox. ``changed()`` is called after each change."""

    def __init__(self, box: Any, changed: Callable[[], object]) -> None:
        self._box = box
        self._changed = changed
        self._is_any = True
        self._is_settling = False
        for text in (_("any"), *MODALITIES.split()):
            box.addItem(text)
        box.setCurrentIndex(-1)
        self._check({_ANY})
        box.checkedIndexesChanged.connect(self._settle)

    def chosen(self) -> List[str]:
        """Empty: any."""
        return [self._box.itemText(row) for row in self._checked_rows() if row != _ANY]

    def choose(self, modalities: Iterable[str]) -> None:
        """Those that are not in the list are left out."""
        wanted = set(modalities)
        self._check({row for row in range(1, self._box.count) if self._box.itemText(row) in wanted})
        self._settle()

    def _checked_rows(self) -> List[int]:
        return sorted(index.row() for index in self._box.checkedIndexes())

    def _settle(self) -> None:
        """What says that any will do goes when something is checked, and comes back when nothing is."""
        if self._is_settling:
            return
        rows = set(self._checked_rows())
        is_any = not rows - {_ANY} or (_ANY in rows and not self._is_any)
        self._check({_ANY} if is_any else rows - {_ANY})
        self._is_any = is_any
        self._changed()

    def _check(self, rows: Any) -> None:
        self._is_settling = True
        model = self._box.model()
        for row in range(self._box.count):
            state = qt.Qt.Checked if row in rows else qt.Qt.Unchecked
            if self._box.checkState(model.index(row, 0)) != state:
                self._box.setCheckState(model.index(row, 0), state)
        self._is_settling = False
