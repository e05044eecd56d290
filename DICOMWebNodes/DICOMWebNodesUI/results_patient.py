"""A patient's row tells what there is in the studies below it."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from . import row_texts, words
from .results_row import DATE, DETAILS, INSTANCES, MODALITY, NODE, SERIES, SORT, Row, Source

Counts = Tuple[Optional[int], Optional[int]]
"""Of series and instances, as far as they are known."""


def summarise(patient: Row, study: List[str], studies: str) -> None:
    """A patient's row has the date of the latest study and all modalities: it is sorted by them. ``studies``: "{n}"
    of them."""
    patient.cell(DETAILS).setText(studies.format(n=patient.child_count))
    latest = max(study[DATE], patient.cell(DATE).text())
    every = row_texts.joined(patient.cell(MODALITY).text(), study[MODALITY].split(", "))
    for column, text in ((DATE, latest), (MODALITY, every)):
        show(patient.cell(column), text, words.sort_key(text))


def add_node(patient: Any, source: Source) -> None:
    """A patient's row names all nodes that have one of the studies."""
    if all(known.node != source.node for known in patient.sources):
        patient.sources = (*patient.sources, source)
        names = ", ".join(known.name for known in patient.sources)
        show(patient.cell(NODE), names, words.sort_key(names))


def add_counts(patient: Any, counts: Counts, instead_of: Counts = (0, 0)) -> None:
    """A patient's row has the sums of what is known of the studies."""
    for column, count, before in zip((SERIES, INSTANCES), counts, instead_of):
        cell = patient.cell(column)
        total = max(cell.data(SORT), 0) + (count or 0) - (before or 0)
        if count or before:
            show(cell, row_texts.counted(total), total)


def show(cell: Any, text: str, sort: Any) -> None:
    """Nothing is sorted and painted again when nothing has changed."""
    if cell.text() != text:
        cell.setText(text)
        cell.setData(sort, SORT)
