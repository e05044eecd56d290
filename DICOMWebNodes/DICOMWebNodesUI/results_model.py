"""What a search found, as a tree: patients, their studies, their series, their instances."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Tuple

import qt
from DICOMWebNodesLib.errors import MalformedAttribute
from slicer.i18n import tr as _

from . import row_texts, table, words
from .results_patient import Counts, add_counts, add_node, show, summarise
from .results_row import (
    DATE,
    DETAILS,
    FILTER,
    HERE,
    INSTANCE,
    INSTANCES,
    MODALITY,
    NAME,
    NODE,
    PATIENT,
    ROW,
    SERIES,
    SERIES_LEVEL,
    SORT,
    STUDY,
    Row,
    Source,
)
from .results_rows import Rows
from .row_phrases import Phrases

_AT_ONCE = 20  # rows that are removed in one step
_CELLS: Mapping[str, Callable[[Any], row_texts.Cells]] = {
    SERIES_LEVEL: row_texts.series,
    INSTANCE: row_texts.instance,
}


class Results:
    """The tree as a QStandardItemModel, ``model``. Whatever is found comes once, however often, and by how many nodes,
    it is added. ``rows``: Rows, all that are shown."""

    def __init__(self, parent: Any) -> None:
        self._parent = parent
        self._former: List[Any] = []  # models
        self._begin(0)

    def _begin(self, first: int) -> None:
        """``first``: the key of the first row."""
        self._phrases = Phrases()
        headers = [_("Patient / study / series"), _("Date"), _("Modality"), _("Details"), _("Series")]
        self.model = table.model([*headers, _("Instances"), _("Here"), _("Node")], self._parent)
        self.model.horizontalHeaderItem(HERE).setToolTip(_("✔ is in Slicer's DICOM database, ◐ in part"))
        self.rows = Rows(self.model, first)
        self.studies = 0
        self._by_resource: Dict[str, int] = {}  # keys
        self._patients: Dict[Tuple[str, ...], int] = {}

    def clear(self) -> None:
        """Forget everything, and begin with another model. The former one is to be :meth:`removing`."""
        self.rows.forget()
        self._former.append(self.model)
        self._begin(self.rows.next)

    def removing(self) -> Iterator[None]:
        """Take apart what was forgotten, in short steps: all at once takes longer than a window may be held."""
        while self._former:
            model = self._former[0]
            while model.rowCount():
                first = max(model.rowCount() - _AT_ONCE, 0)
                model.removeRows(first, model.rowCount() - first)
                yield
            model.deleteLater()
            self._former.remove(model)

    def row_at(self, index: Any) -> Optional[Row]:
        """``index``: of any column of the model, not of a proxy. None for one that is to be removed."""
        return self.rows.get(index.sibling(index.row(), NAME).data(ROW))

    def above(self, row: Row, level: str) -> Row:
        """The row of that level that ``row`` belongs to, or is."""
        while row.level != level and row.parent is not None:
            row = row.parent
        return row

    # --- adding -----------------------------------------------------------------------------------------------------

    def add_study(self, node: str, node_name: str, study: Any) -> Row:
        """``study``: Attributes of a search at the level of studies. Raises MalformedAttribute when it has no UID."""
        uid = study.study_instance_uid
        texts, series, instances = row_texts.study(study, self._phrases)
        source = Source(node, node_name, series, instances)
        if uid in self._by_resource:
            return self._add_source(self.rows[self._by_resource[uid]], source)
        identity = (row_texts.patient(study, self._phrases), row_texts.text(study, "PatientBirthDate"))
        key, patient_items = self._patients.get(identity), None
        if key is None:
            patient, patient_items = self._new_patient(*identity, texts, (series, instances), node_name)
            patient.sources = (source,)
            self._patients[identity] = patient.key
        else:
            patient = self.rows[key]
        row, items = self._row(patient, STUDY, node, uid, [*texts, "", node_name], (series, instances))
        row.sources = (source,)
        items[NAME].setChild(0, 0, self._placeholder(STUDY))
        self._by_resource[uid] = row.key
        self.studies += 1
        if patient_items is not None:  # last, because what changes in a model that a view shows is looked at again
            patient_items[NAME].appendRow(items)
            self.model.appendRow(patient_items)
        else:
            patient.item.appendRow(items)
            summarise(patient, texts, self._phrases.studies)
            add_node(patient, source)
            add_counts(patient, (series, instances))
        return row

    def add_children(self, parent: Row, found: Iterable[Any]) -> Tuple[List[Row], int]:
        """Series of a study, or instances of a series; returns those that are new, and how many have no UID."""
        level = SERIES_LEVEL if parent.level == STUDY else INSTANCE
        added, unreadable = [], 0
        for attributes in found:
            try:
                uid = attributes.series_instance_uid if level == SERIES_LEVEL else attributes.sop_instance_uid
            except MalformedAttribute:
                unreadable += 1
                continue
            resource = f"{parent.resource}/{uid}"
            if resource not in self._by_resource:
                added.append(self._add_child(parent, level, resource, attributes))
        return added, unreadable

    def end_children(self, parent: Row, text: str = "") -> None:
        """They have all come; ``text`` stands in their place when there are none."""
        parent.is_complete = not text
        first = parent.item.child(0, 0)
        if first is None or first.data(ROW) is not None:
            return
        if text:
            first.setText(text)
        else:
            parent.item.removeRow(0)

    def choose_source(self, study: Row, node: str) -> List[Row]:
        """Import the study from that node (uid): what is below it has to be asked for anew. Returns what is gone."""
        study.sources = tuple(sorted(study.sources, key=lambda source: source.node != node))
        before, chosen = next(each for each in study.sources if each.node == study.node), study.sources[0]
        add_counts(study.parent, (chosen.series, chosen.instances), (before.series, before.instances))
        study.node, study.instances = node, chosen.instances
        for column, count in ((SERIES, chosen.series), (INSTANCES, chosen.instances)):
            show(study.cell(column), row_texts.counted(count), -1 if count is None else count)
        self._show_sources(study)
        gone = [each for series in study.children for each in (series, *series.children)]
        for row in gone:
            del self._by_resource[row.resource]
        self.rows.remove_children(study.key)
        item = study.item
        item.removeRows(0, item.rowCount())
        study.is_asked = study.is_complete = False
        item.setChild(0, 0, self._placeholder(STUDY))
        return gone

    def _add_child(self, parent: Row, level: str, resource: str, attributes: Any) -> Row:
        texts, *counts = _CELLS[level](attributes)
        row, items = self._row(parent, level, parent.node, resource, [*texts, "", ""], (counts[0], counts[1]))
        number = row_texts.text(attributes, "SeriesNumber" if level == SERIES_LEVEL else "InstanceNumber")
        items[NAME].setData(int(number) if number.isdigit() else number, SORT)
        if row.is_opened_lazily:
            items[NAME].setChild(0, 0, self._placeholder(level))
        self._by_resource[resource] = row.key
        parent.item.appendRow(items)
        return row

    # --- sources ------------------------------------------------------------------------------------------------

    def _add_source(self, study: Row, source: Source) -> Row:
        if all(known.node != source.node for known in study.sources):
            study.sources = (*study.sources, source)
            study.text = f"{study.text} {source.name}"
            study.item.setData(study.text, FILTER)
            self._show_sources(study)
            add_node(study.parent, source)
        return study

    def _show_sources(self, study: Row) -> None:
        names = [source.name for source in study.sources]
        cell = study.cell(NODE)
        show(cell, ", ".join(names), words.sort_key(", ".join(names)))
        told = _("imported from {first}, also on {others}").format(first=names[0], others=", ".join(names[1:]))
        cell.setToolTip(table.plain_tool_tip(told))

    # --- rows -------------------------------------------------------------------------------------------------------

    def _new_patient(
        self, title: str, birth: str, study: List[str], counts: Counts, node_name: str
    ) -> Tuple[Row, List[Any]]:
        texts = [title, study[DATE], study[MODALITY], self._phrases.one_study, *study[SERIES:], "", node_name]
        row, items = self._row(None, PATIENT, "", "", texts, counts)
        if birth:
            born = self._phrases.name_and_birth.format(name=title, date=words.date(birth))
            items[NAME].setToolTip(table.plain_tool_tip(born))
        return row, items

    def _row(
        self, parent: Optional[Row], level: str, node: str, resource: str, texts: List[str], counts: Counts
    ) -> Tuple[Row, List[Any]]:
        """A row and its items, which are in no model yet."""
        items = [qt.QStandardItem(text) for text in texts]
        text = texts[NAME] if level == PATIENT else " ".join(filter(None, texts))  # the rest is of its studies
        above, text = (parent.key, f"{parent.text} {text}") if parent is not None else (None, text)
        row = self.rows.add(above, level, node, resource, texts[NAME], text, counts[1])
        for column in (NAME, DATE, MODALITY, DETAILS, NODE):
            items[column].setData(words.sort_key(texts[column]), SORT)
        if level == STUDY:  # a patient's studies in the order of time, which their names do not have
            items[NAME].setData(f"{texts[DATE]} {words.sort_key(texts[NAME])}", SORT)
        for column, count in zip((SERIES, INSTANCES), counts):
            items[column].setData(-1 if count is None else count, SORT)
        items[NAME].setData(row.key, ROW)
        items[NAME].setData(text, FILTER)
        items[NAME].setToolTip(table.plain_tool_tip(row_texts.in_full(texts)))
        items[DETAILS].setToolTip(table.plain_tool_tip(texts[DETAILS]))
        return row, items

    def _placeholder(self, level: str) -> Any:
        """Makes a row expandable before what is in it is known."""
        phrases = self._phrases
        item = qt.QStandardItem(phrases.looking_for_series if level == STUDY else phrases.looking_for_instances)
        item.setFlags(qt.Qt.ItemIsEnabled)
        return item
