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
    return _when_settled(panel, until)


def _when_settled(panel: Any, until: Until) -> Any:
    view = panel.import_panel.results
    until(lambda: panel.import_panel.search_form.ui.searchButton.enabled)
    until(lambda: "so far" not in view.ui.status.text and view.is_settled)
    return view


def search_several(panel: Any, until: Until, *names: str) -> Any:
    """Search these nodes at once; the form offers several when there are several."""
    form = panel.import_panel.search_form
    until(lambda: form.ui.nodes.count >= len(names) and form.ui.node.findText(names[-1]) >= 0)
    form.choose_node("several")
    for row in range(form.ui.nodes.count):
        item = form.ui.nodes.item(row)
        item.setCheckState(qt.Qt.Checked if item.text() in names else qt.Qt.Unchecked)
    form.ui.searchButton.click()
    return _when_settled(panel, until)


def open_down_to_instances(view: Any, until: Until) -> Any:
    """The row of the first study's first series, once its instances are shown, and that of the first of them."""
    study = next(row for row in view.results.rows.values() if row.level == "study")
    view.children_of_rows.ask(study)
    until(lambda: study.is_complete)
    series = study.children[0]
    view.children_of_rows.ask(series)
    until(lambda: series.is_complete)
    return series, series.children[0]


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
