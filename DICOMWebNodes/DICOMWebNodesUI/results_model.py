"""What a search found, as a tree: patients, their studies, their series."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

import qt
from slicer.i18n import tr as _

from . import table, words

ROW = table.DATA  # the key of an item's row in ``Results.rows``
SORT = qt.Qt.UserRole + 2
FILTER = qt.Qt.UserRole + 3
NAME, DATE, MODALITY, DESCRIPTION, SERIES, INSTANCES, HERE, NODE = range(8)
PATIENT, STUDY, SERIES_LEVEL = "patient", "study", "series"


class Row:
    """One row: ``resource`` is "study[/series]", "" for a patient; ``text`` is what the filter looks at.

    There may be very many: it has few fields, and of its cells only the first.
    """

    __slots__ = (
        *("children", "has_series", "instances", "is_complete", "item", "level"),
        *("node", "picture", "resource", "text", "title"),
    )

    def __init__(self, level: str, node: str, resource: str, title: str, text: str, instances: Optional[int]) -> None:
        self.level = level
        self.node = node  # uid
        self.resource = resource
        self.title = title
        self.text = text
        self.instances = instances  # how many the server says that there are
        self.item: Any = None
        self.picture: Any = None  # QPixmap
        self.children: Sequence[Row] = ()
        self.has_series = False  # whether they were asked for
        self.is_complete = False  # whether they have all come

    def cell(self, column: int) -> Any:
        """Any item of the row, once it is in the model."""
        parent, row = self.item.parent(), self.item.row()
        return parent.child(row, column) if parent is not None else self.item.model().item(row, column)


class Results:
    """The tree as a QStandardItemModel. Studies and series come once, however often they are added."""

    def __init__(self, parent: Any) -> None:
        headers = [_("Patient / study / series"), _("Date"), _("Modality"), _("Description"), _("Series")]
        self.model = table.model([*headers, _("Instances"), _("Here"), _("Node")], parent)
        self.model.horizontalHeaderItem(HERE).setToolTip(_("✔ is in Slicer's DICOM database, ◐ in part"))
        self._next = 0
        self.clear()

    def clear(self) -> int:
        """Forget everything; returns how many rows of the model are left for :meth:`remove_first`.

        To take many items apart takes longer than a window may be held.
        """
        self.rows: Dict[int, Row] = {}
        self.studies = 0
        self._known: Dict[Tuple[str, ...], Row] = {}
        return self.model.rowCount()

    def remove_first(self, count: int) -> None:
        self.model.removeRows(0, count)

    def row_at(self, index: Any) -> Optional[Row]:
        """``index``: of any column of the model, not of a proxy. None for one that is to be removed."""
        return self.rows.get(index.sibling(index.row(), NAME).data(ROW))

    # --- adding -----------------------------------------------------------------------------------------------------

    def add_study(self, node: str, node_name: str, study: Any) -> Row:
        """``study``: Attributes of a search at the level of studies."""
        uid = study.study_instance_uid
        key = (node, uid)
        if key in self._known:
            return self._known[key]
        date, modalities = words.date(study.text("StudyDate")), study.texts("ModalitiesInStudy")
        patient_key = (node, "patient", study.text("PatientName"), study.text("PatientID"))
        patient = self._known.get(patient_key)
        is_new = patient is None
        if patient is None:
            patient, patient_items = self._new_patient(node, node_name, study, date, modalities)
            self._known[patient_key] = patient
        row, items = self._new_study(patient, node, node_name, study, date, modalities)
        row.item.setChild(0, 0, _placeholder())
        patient.item.appendRow(items)
        self._known[key] = row
        self.studies += 1
        if is_new:  # last, because what changes in a model that a view shows is looked at again
            self.model.appendRow(patient_items)
        else:
            _summarise(patient, date, modalities)
        return row

    def add_series(self, study: Row, found: Iterable[Any]) -> List[Row]:
        """Put series in the place of the study's placeholder."""
        added = []
        for series in found:
            uid = series.series_instance_uid
            key = (study.node, study.resource, uid)
            if key in self._known:
                continue
            number, instances = series.text("SeriesNumber"), series.integer("NumberOfSeriesRelatedInstances")
            title = _("Series {number}").format(number=number).strip()
            date, modality = words.date(series.text("SeriesDate")), series.text("Modality")
            texts = [title, date, modality, series.text("SeriesDescription"), "", _count(instances), "", ""]
            row, items = self._row(study, SERIES_LEVEL, study.node, f"{study.resource}/{uid}", texts, (None, instances))
            row.item.setData(int(number) if number.isdigit() else number, SORT)
            self._known[key] = row
            study.item.appendRow(items)
            added.append(row)
        return added

    def end_series(self, study: Row, text: str = "") -> None:
        """All series of the study have come; ``text`` stands there when there are none."""
        if text:
            study.item.child(0, 0).setText(text)
        elif study.item.child(0, 0) is not None and study.item.child(0, 0).data(ROW) is None:
            study.item.removeRow(0)

    @staticmethod
    def mark(row: Row, here: int) -> None:
        """``here``: how many of its instances are in the database."""
        mark = "✔" if here >= max(row.instances or 0, 1) else "◐" if here else ""
        cell = row.cell(HERE)
        if cell.text() != mark:
            cell.setText(mark)
            cell.setData(here, SORT)
            cell.setToolTip(_("{n} instances are in the DICOM database").format(n=here))

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _new_patient(
        self, node: str, node_name: str, study: Any, date: str, modalities: Sequence[str]
    ) -> Tuple[Row, List[Any]]:
        name, patient_id = words.person(study.text("PatientName")) or _("(no name)"), study.text("PatientID")
        title = _("{name}  ({id})").format(name=name, id=patient_id) if patient_id else name
        texts = [title, date, ", ".join(modalities), _("1 study"), "", "", "", node_name]
        row, items = self._row(None, PATIENT, node, "", texts, (None, None))
        birth = words.date(study.text("PatientBirthDate"))
        if birth:
            born = _("{name}, born {date}").format(name=title, date=birth)
            row.item.setToolTip(table.plain_tool_tip(born))
        return row, items

    def _new_study(
        self, patient: Row, node: str, node_name: str, study: Any, date: str, modalities: Sequence[str]
    ) -> Tuple[Row, List[Any]]:
        series, instances = study.integer("NumberOfStudyRelatedSeries"), study.integer("NumberOfStudyRelatedInstances")
        title = _("Study {id}").format(id=study.text("StudyID") or study.text("AccessionNumber")).strip()
        description = study.text("StudyDescription")
        texts = [title, date, ", ".join(modalities), description, _count(series), _count(instances), "", node_name]
        return self._row(patient, STUDY, node, study.study_instance_uid, texts, (series, instances))

    def _row(
        self, parent: Optional[Row], level: str, node: str, resource: str, texts: List[str], counts: Tuple[Any, Any]
    ) -> Tuple[Row, List[Any]]:
        """A row and its items, which are in no model yet."""
        items = [qt.QStandardItem(text) for text in texts]
        text = " ".join(filter(None, texts))
        row = Row(level, node, resource, texts[NAME], f"{parent.text} {text}" if parent else text, counts[1])
        row.item = items[NAME]
        for column in (NAME, DATE, MODALITY, DESCRIPTION, NODE):
            items[column].setData(texts[column].casefold(), SORT)
        for column, count in zip((SERIES, INSTANCES), counts):
            items[column].setData(-1 if count is None else count, SORT)
        items[NAME].setData(self._next, ROW)
        items[NAME].setData(row.text, FILTER)
        for column in (NAME, DESCRIPTION):
            items[column].setToolTip(table.plain_tool_tip(texts[column]))
        self.rows[self._next] = row
        self._next += 1
        if parent is not None:
            parent.children = (*parent.children, row)
        return row, items


def _summarise(patient: Row, date: str, modalities: Iterable[str]) -> None:
    """A patient's row has the date of the latest study, and all modalities: it is sorted by them."""
    patient.cell(DESCRIPTION).setText(_("{n} studies").format(n=len(patient.children)))
    known = [each for each in patient.cell(MODALITY).text().split(", ") if each]
    latest, every = max(date, patient.cell(DATE).text()), ", ".join(dict.fromkeys((*known, *modalities)))
    for column, text in ((DATE, latest), (MODALITY, every)):
        cell = patient.cell(column)
        if cell.text() != text:
            cell.setText(text)
            cell.setData(text.casefold(), SORT)


def _count(value: Any) -> str:
    return "" if value is None else words.number(value)


def _placeholder() -> Any:
    """Makes a study expandable before its series are known."""
    item = qt.QStandardItem(_("looking for its series..."))
    item.setFlags(qt.Qt.ItemIsEnabled)
    return item
