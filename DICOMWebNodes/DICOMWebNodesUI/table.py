"""Rows of texts in a QStandardItemModel: the way in which every list of this module is made."""

from __future__ import annotations

from typing import Any, Iterator, List, Sequence

import qt

from .fonts import metrics

DATA = qt.Qt.UserRole + 1
"""Role of an item's own value; JSON values and tuples of them only, Qt passes on nothing else for sure."""


def model(headers: Sequence[str], parent: Any = None) -> Any:
    made = qt.QStandardItemModel(0, len(headers), parent)
    made.setHorizontalHeaderLabels(list(headers))
    return made


def row(texts: Sequence[str], data: Any = None) -> List[Any]:
    """Items that cannot be edited; ``data`` is at the first one, tool tips repeat what may be cut off."""
    items = []
    for text in texts:
        item = qt.QStandardItem(text)
        item.setEditable(False)
        item.setToolTip(plain_tool_tip(text))
        items.append(item)
    items[0].setData(data, DATA)
    return items


def plain_tool_tip(text: str) -> str:
    """Qt takes a tool tip for HTML when it looks like it; this one never does."""
    if not any(sign in text for sign in "<&"):
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<span>{escaped}</span>"


def set_text(item: Any, text: str) -> None:
    """Nothing is repainted when nothing has changed."""
    if item.text() != text:
        item.setText(text)
        item.setToolTip(plain_tool_tip(text))


def selected_data(view: Any) -> List[Any]:
    """The data of the selected rows, from top to bottom. The view's model is a QStandardItemModel."""
    return [index.data(DATA) for index in sorted(selected_rows(view), key=lambda index: index.row())]


def selected_rows(view: Any) -> List[Any]:
    """The first cells of the selected rows. Not ``selectedRows``, to which each row below another parent is a range to
    be looked up in all others: of a tree with ten thousand of them that takes seconds."""
    return [index for index in view.selectionModel().selectedIndexes if index.column() == 0]


def in_sight(view: Any) -> Iterator[Any]:
    """The first cells of the rows that a person can see in a tree."""
    bottom = view.viewport().height
    index = view.indexAt(qt.QPoint(0, 0))
    while index.isValid() and view.visualRect(index).top() <= bottom:
        yield index
        index = view.indexBelow(index)


def show_columns(view: Any, widths: Sequence[int]) -> None:
    """Column widths in characters of the view's font; the last one takes what is left."""
    character = metrics(view).averageCharWidth()
    for column, width in enumerate(widths):
        view.setColumnWidth(column, (width + 2) * character)
