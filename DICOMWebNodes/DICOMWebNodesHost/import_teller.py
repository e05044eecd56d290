"""How far an import is, as it is told to widgets and scripts."""

from dataclasses import replace
from typing import Any, Sequence, Set

from .database import descriptionAndNumber
from .import_book import ImportBook
from .import_values import ImportProgress
from .signal import Signal


class ImportTeller:
    """``seriesChanged`` carries a list of SeriesProgress, ``progressed`` an ImportProgress."""

    def __init__(self, book: ImportBook, database: Any, seriesChanged: Signal, progressed: Signal) -> None:
        self._book = book
        self._database = database
        self._seriesChanged = seriesChanged
        self._progressed = progressed
        self._progress = ImportProgress()
        self._described: Set[str] = set()  # series, as "study/series"

    def series(self, resources: Sequence[str]) -> None:
        if resources:
            self._describe(resources)
            self._seriesChanged.emit([self._book.series[resource] for resource in resources])

    def progress(self, **values: Any) -> None:
        """What has changed of it."""
        self._progress = replace(self._progress, **values)
        self._progressed.emit(self._progress)

    def _describe(self, resources: Sequence[str]) -> None:
        """Once the database knows of a series."""
        for resource in resources:
            progress = self._book.series[resource]
            if resource in self._described or not (progress.received and progress.series and self._database.isOpen):
                continue
            if self._database.studyForSeries(progress.series):
                self._described.add(resource)
                self._book.describe(resource, *descriptionAndNumber(self._database, progress.series))
