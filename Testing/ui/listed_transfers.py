"""What the list of transfers says."""

from __future__ import annotations


def texts(panel, row, parent=None):
    """In the columns of a row, or of one below the row ``parent``."""
    model = panel.ui.table.model()
    arguments = () if parent is None else (model.index(parent, 0),)
    return [model.index(row, column, *arguments).data() for column in range(5)]
