"""What a search found, as a tree: patients, their studies, their series."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, List, Tuple

import qt
from slicer.i18n import tr as _

from . import table, words

ROW = table.DATA  # the number of an item's row in ``Results.rows``
SORT = qt.Qt.UserRole + 2
FILTER = qt.Qt.UserRole + 3
NAME, DATE, MODALITY, DESCRIPTION, SERIES, INSTANCES, HERE, NODE = range(8)
PATIENT, STUDY, SERIES_LEVEL = "patient", "study", "series"


@dataclass(eq=False)
class Row:
    """One row: ``resource`` is "study[/series]", "" for a patient; ``text`` is what the filter looks at."""

    level: str
    node: str  # uid
    resource: str
    title: str
    items: List[Any]
    text: str
    children: List[Row] = field(default_factory=list)
    has_series: bool = False  # whether they were asked for
    is_complete: bool = False  # whether they have all come
    picture: Any = None  # QPixmap

    @property
    def item(self) -> Any:
        return self.items[NAME]


class Results:
    """The tree as a QStandardItemModel. Studies and series come once, however often they are added."""

    def __init__(self, parent: Any) -> None:
        headers = [_("Patient / study / series"), _("Date"), _("Modality"), _("Description"), _("Series")]
        self.model = table.model([*headers, _("Instances"), _("Here"), _("Node")], parent)
        self.model.horizontalHeaderItem(HERE).setToolTip(_("✔ is in Slicer's DICOM database, ◐ in part"))
        self.clear()

    def clear(self) -> None:
        self.model.removeRows(0, self.model.rowCount())
        self.rows: List[Row] = []
        self.studies = 0
        self._known: Dict[Tuple[str, ...], Row] = {}

    def row(self, index: Any) -> Row:
        """``index``: of any column of the model, not of a proxy."""
        return self.rows[index.sibling(index.row(), NAME).data(ROW)]

    # --- adding -----------------------------------------------------------------------------------------------------

    def add_study(self, node: str, node_name: str, study: Any) -> Row:
        """``study``: Attributes of a search at the level of studies."""
        uid = study.study_instance_uid
        key = (node, uid)
        if key in self._known:
            return self._known[key]
        patient = self._patient(node, node_name, study)
        date, description = words.date(study.text("StudyDate")), study.text("StudyDescription")
        modalities = ", ".join(study.texts("ModalitiesInStudy"))
        series, instances = study.integer("NumberOfStudyRelatedSeries"), study.integer("NumberOfStudyRelatedInstances")
        title = _("Study {id}").format(id=study.text("StudyID") or study.text("AccessionNumber")).strip()
        texts = [title, date, modalities, description, _count(series), _count(instances), "", node_name]
        row = self._append(patient, STUDY, node, uid, texts, (series, instances))
        row.item.setChild(0, 0, _placeholder())
        self._known[key] = row
        self.studies += 1
        self._summarise(patient, date, study.texts("ModalitiesInStudy"))
        return row

    def add_series(self, study: Row, found: Iterable[Any]) -> List[Row]:
        """Put series in the place of the study's placeholder."""
        added = []
        for series in found:
            uid = series.series_instance_uid
            key = (study.node, study.resource, uid)
            if key in self._known:
                continue
            number = series.text("SeriesNumber")
            title = _("Series {number}").format(number=number).strip()
            date = words.date(series.text("SeriesDate"))
            instances = series.integer("NumberOfSeriesRelatedInstances")
            texts = [
                title,
                date,
                series.text("Modality"),
                series.text("SeriesDescription"),
                "",
                _count(instances),
                "",
                "",
            ]
            row = self._append(study, SERIES_LEVEL, study.node, f"{study.resource}/{uid}", texts, (None, instances))
            row.item.setData(int(number) if number.isdigit() else number, SORT)
            self._known[key] = row
            added.append(row)
        return added

    def end_series(self, study: Row, text: str = "") -> None:
        """All series of the study have come; ``text`` stands there when there are none."""
        if text:
            study.item.child(0, 0).setText(text)
        elif study.item.child(0, 0) is not None and study.item.child(0, 0).data(ROW) is None:
            study.item.removeRow(0)

    def mark(self, row: Row, here: int) -> None:
        """``here``: how many of its instances are in the database."""
        expected = row.items[INSTANCES].data(SORT)
        mark = "✔" if here >= max(expected, 1) else "◐" if here else ""
        if row.items[HERE].text() != mark:
            row.items[HERE].setText(mark)
            row.items[HERE].setData(here, SORT)
            row.items[HERE].setToolTip(_("{n} instances are in the DICOM database").format(n=here))

    def _summarise(self, patient: Row, date: str, modalities: Iterable[str]) -> None:
        """A patient's row has the date of the latest study, and all modalities: it is sorted by them."""
        count, items = len(patient.children), patient.items
        items[DESCRIPTION].setText(_("{n} studies").format(n=count) if count > 1 else _("1 study"))
        known = [each for each in items[MODALITY].text().split(", ") if each]
        both = {DATE: max(date, items[DATE].text()), MODALITY: ", ".join(dict.fromkeys((*known, *modalities)))}
        for column, text in both.items():
            if items[column].text() != text:
                items[column].setText(text)
                items[column].setData(text.casefold(), SORT)

    def _patient(self, node: str, node_name: str, study: Any) -> Row:
        name, patient_id = words.person(study.text("PatientName")), study.text("PatientID")
        key = (node, "patient", name, patient_id)
        if key not in self._known:
            shown = name or _("(no name)")
            title = _("{name}  ({id})").format(name=shown, id=patient_id) if patient_id else shown
            birth = words.date(study.text("PatientBirthDate"))
            texts = [title, "", "", "", "", "", "", node_name]
            self._known[key] = self._append(None, PATIENT, node, "", texts, (None, None))
            if birth:
                self._known[key].item.setToolTip(
                    table.plain_tool_tip(_("{name}, born {date}").format(name=title, date=birth))
                )
        return self._known[key]

    def _append(
        self, parent: Any, level: str, node: str, resource: str, texts: List[str], counts: Tuple[Any, Any]
    ) -> Row:
        items = [qt.QStandardItem(text) for text in texts]
        text = " ".join(filter(None, texts))
        row = Row(level, node, resource, texts[NAME], items, f"{parent.text} {text}" if parent else text)
        for item, value in zip(items, texts):
            item.setData(value.casefold(), SORT)
        for column, count in zip((SERIES, INSTANCES), counts):
            items[column].setData(-1 if count is None else count, SORT)
        items[NAME].setData(len(self.rows), ROW)
        items[NAME].setData(row.text, FILTER)
        for column in (NAME, DESCRIPTION):
            items[column].setToolTip(table.plain_tool_tip(texts[column]))
        self.rows.append(row)
        if parent is None:
            self.model.appendRow(items)
        else:
            parent.children.append(row)
            parent.item.appendRow(items)
        return row


def _count(value: Any) -> str:
    return "" if value is None else words.number(value)


def _placeholder() -> Any:
    """Makes a study expandable before its series are known."""
    item = qt.QStandardItem(_("looking for its series..."))
    item.setFlags(qt.Qt.ItemIsEnabled)
    return item
