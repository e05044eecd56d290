"""What a person does with the panel, step by step. ``until``: the fixture of that name."""

from __future__ import annotations

from typing import Any, Callable

import qt

Until = Callable[[Callable[[], object]], None]


def add_node(panel: Any, until: Until, name: str, url: str) -> str:
    """With the editor, and its test; returns what the test told."""
    until(lambda: panel.node_manager.listed())
    panel.node_manager.ui.addButton.click()
    editor = panel.node_manager.editor
    editor.ui.name.text, editor.ui.url.text = name, url
    editor.ui.testButton.click()
    until(lambda: "QIDO-RS" in editor.ui.checkText.text)
    told = editor.ui.checkText.text
    editor.ui.buttons.button(qt.QDialogButtonBox.Ok).click()
    until(lambda: any(each.node.name == name for each in panel.node_manager.listed()))
    return told


def search(panel: Any, until: Until, name: str) -> Any:
    """Search the node for everything; returns the view of the results once they are all there."""
    form = panel.import_panel.search_form
    until(lambda: form.ui.node.findText(name) >= 0)
    form.ui.node.setCurrentIndex(form.ui.node.findText(name))
    form.ui.searchButton.click()
    until(lambda: form.ui.searchButton.enabled)
    view = panel.import_panel.results
    until(lambda: "so far" not in view.ui.status.text and view.is_settled)
    return view


def select_first(view: Any) -> None:
    view.ui.tree.setCurrentIndex(view.proxy.index(0, 0))


def add_node_without_test(panel: Any, until: Until, name: str, url: str) -> None:
    until(lambda: panel.node_manager.listed())
    panel.node_manager.ui.addButton.click()
    editor = panel.node_manager.editor
    editor.ui.name.text, editor.ui.url.text = name, url
    editor.ui.buttons.button(qt.QDialogButtonBox.Ok).click()
    until(lambda: any(each.node.name == name for each in panel.node_manager.listed()))


def select_study(view: Any, study_instance_uid: str) -> None:
    """Open its patient and select it."""
    row = next(row for row in view.results.rows.values() if row.resource == study_instance_uid)
    index = view.proxy.mapFromSource(view.results.model.indexFromItem(row.item))
    view.ui.tree.expand(index.parent())
    view.ui.tree.setCurrentIndex(index)
