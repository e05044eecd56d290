"""``ctkDICOMDatabase`` and ``ctkDICOMIndexer``: a small honest DICOM database in one SQLite file.

As in Slicer, files are indexed outside of the Python interpreter: here by a process (:mod:`.index_files`), there by a
C++ thread.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import deque
from pathlib import Path
from typing import Any, Deque, Dict, Iterable, List, Optional, Tuple

import shiboken6
from PySide6.QtCore import Property, QCoreApplication, QMetaObject, QObject, QProcess, Qt, Signal

from .index_files import FILE_NAME, SCHEMA, SCHEMA_VERSION

_FOREVER = -1
_FIELDS_OF_SERIES = ("SeriesNumber",)


class ctkDICOMDatabase(QObject):
    """Patients, studies, series and instances with their files."""

    databaseChanged = Signal()
    opened = Signal()
    closed = Signal()
    seriesRemoved = Signal(str)

    def __init__(self, *_arguments: Any) -> None:
        super().__init__()
        self._connection: Optional[sqlite3.Connection] = None
        self._file = Path()

    # --- the database itself ----------------------------------------------------------------------------------------

    def openDatabase(self, path: str, *_connection_name: str) -> None:
        """``path``: of the database file. Says nothing about success: look at ``isOpen``."""
        self.closeDatabase()
        self._file = Path(path)
        try:
            self._connection = sqlite3.connect(path, timeout=30)
            self._connection.executescript(SCHEMA)
        except sqlite3.Error:
            self._connection = None
            return
        self.opened.emit()
        self.databaseChanged.emit()

    def closeDatabase(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self.closed.emit()

    def _is_open(self) -> bool:
        return self._connection is not None

    def _directory(self) -> str:
        return str(self._file.parent) if self._connection is not None else ""

    def _filename(self) -> str:
        return str(self._file) if self._connection is not None else ""

    isOpen = Property(bool, _is_open)
    databaseDirectory = Property(str, _directory)
    databaseFilename = Property(str, _filename)

    def schemaVersion(self) -> str:
        return SCHEMA_VERSION

    def schemaVersionLoaded(self) -> str:
        return self._one("SELECT Version FROM SchemaInfo")

    # --- what is in it ------------------------------------------------------------------------------------------------

    def patients(self) -> Tuple[str, ...]:
        return self._column("SELECT UID FROM Patients")

    def studiesForPatient(self, patient: str) -> Tuple[str, ...]:
        return self._column("SELECT StudyInstanceUID FROM Studies WHERE PatientsUID = ?", patient)

    def seriesForStudy(self, study: str) -> Tuple[str, ...]:
        return self._column("SELECT SeriesInstanceUID FROM Series WHERE StudyInstanceUID = ?", study)

    def instancesForSeries(self, series: str, *_hits: int) -> Tuple[str, ...]:
        return self._column("SELECT SOPInstanceUID FROM Images WHERE SeriesInstanceUID = ?", series)

    def filesForSeries(self, series: str, *_hits: int) -> Tuple[str, ...]:
        files = self._column("SELECT Filename FROM Images WHERE SeriesInstanceUID = ?", series)
        return tuple(self._absolute(file) for file in files)

    def fileForInstance(self, instance: str) -> str:
        return self._absolute(self._one("SELECT Filename FROM Images WHERE SOPInstanceUID = ?", instance))

    def instanceForFile(self, file: str) -> str:
        return self._one(f"SELECT SOPInstanceUID FROM Images WHERE {_FILE}", *self._names_of(file))

    def seriesForFile(self, file: str) -> str:
        return self._one(f"SELECT SeriesInstanceUID FROM Images WHERE {_FILE}", *self._names_of(file))

    def studyForSeries(self, series: str) -> str:
        return self._one("SELECT StudyInstanceUID FROM Series WHERE SeriesInstanceUID = ?", series)

    def patientForStudy(self, study: str) -> str:
        return self._one("SELECT PatientsUID FROM Studies WHERE StudyInstanceUID = ?", study)

    def nameForPatient(self, patient: str) -> str:
        return self._one("SELECT PatientsName FROM Patients WHERE UID = ?", patient)

    def descriptionForSeries(self, series: str) -> str:
        return self._one("SELECT SeriesDescription FROM Series WHERE SeriesInstanceUID = ?", series)

    def fieldForSeries(self, field: str, series: str) -> str:
        if field not in _FIELDS_OF_SERIES:
            raise NotImplementedError(f"the field {field} of series")
        return str(self._one(f"SELECT {field} FROM Series WHERE SeriesInstanceUID = ?", series))

    def fileValue(self, file: str, tag: str) -> str:
        """``tag``: "0008,0060". Multiple values are separated by a backslash."""
        import pydicom

        group, element = tag.split(",")
        attribute = pydicom.dcmread(file, stop_before_pixels=True).get((int(group, 16), int(element, 16)))
        value = "" if attribute is None or attribute.value is None else attribute.value
        return "\\".join(map(str, value)) if isinstance(value, (list, pydicom.multival.MultiValue)) else str(value)

    def instanceValue(self, instance: str, tag: str) -> str:
        file = self.fileForInstance(instance)
        return self.fileValue(file, tag) if file else ""

    # --- removing -----------------------------------------------------------------------------------------------------

    def removeSeries(self, series: str) -> bool:
        """Removes the files as well that are in the database's own folder, and no other."""
        if self._connection is None:
            return False
        for file in self._column("SELECT Filename FROM Images WHERE SeriesInstanceUID = ?", series):
            if not Path(file).is_absolute():
                Path(self._absolute(file)).unlink(missing_ok=True)
        with self._connection:
            self._connection.execute("DELETE FROM Images WHERE SeriesInstanceUID = ?", (series,))
            self._connection.execute("DELETE FROM Series WHERE SeriesInstanceUID = ?", (series,))
        self.seriesRemoved.emit(series)
        self.databaseChanged.emit()
        return True

    def removeStudy(self, study: str) -> bool:
        if self._connection is None:
            return False
        for series in self.seriesForStudy(study):
            self.removeSeries(series)
        with self._connection:
            self._connection.execute("DELETE FROM Studies WHERE StudyInstanceUID = ?", (study,))
        return True

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _rows(self, query: str, *values: str) -> List[Tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall() if self._connection is not None else []

    def _column(self, query: str, *values: str) -> Tuple[str, ...]:
        return tuple(row[0] for row in self._rows(query, *values))

    def _one(self, query: str, *values: str) -> str:
        rows = self._rows(query, *values)
        return str(rows[0][0]) if rows else ""

    def _absolute(self, file: str) -> str:
        return str(self._file.parent / file) if file else ""

    def _names_of(self, file: str) -> Tuple[str, str]:
        folder = str(self._file.parent) + "/"
        return file, file[len(folder) :] if file.startswith(folder) else file


_FILE = "Filename IN (?, ?)"


class ctkDICOMIndexer(QObject):
    """Brings files into a database: batch after batch, in the background when ``backgroundImportEnabled``."""

    progress = Signal(int)
    progressStep = Signal(str)
    progressDetail = Signal(str)
    updatingDatabase = Signal(bool)
    indexingComplete = Signal(int, int, int, int)

    def __init__(self, *_arguments: Any) -> None:
        super().__init__()
        self._background = False
        self._process: Optional[QProcess] = None
        self._batches: Deque[int] = deque()  # how many files are still to come of each
        self._added = [0, 0, 0, 0]
        self._database: Optional[ctkDICOMDatabase] = None

    def __del__(self) -> None:
        """Python finds it unused in any thread; its process is ended in the one that reads from it."""
        process, self._process = self._process, None
        if process is not None and shiboken6.isValid(process):
            QMetaObject.invokeMethod(process, "kill", Qt.ConnectionType.QueuedConnection)

    def _is_background(self) -> bool:
        return self._background

    def _set_background(self, enabled: bool) -> None:
        self._background = enabled

    def _is_importing(self) -> bool:
        return bool(self._batches)

    backgroundImportEnabled = Property(bool, _is_background, _set_background)
    importing = Property(bool, _is_importing)

    def addListOfFiles(self, database: ctkDICOMDatabase, files: Iterable[str], copyFile: bool = False) -> None:
        files = [str(file) for file in files]
        if not database.isOpen or not files:
            return
        self._database = database
        if not self._batches:
            self._added = [0, 0, 0, 0]
            self.updatingDatabase.emit(True)
        self._batches.append(len(files))
        order = {"database": database.databaseFilename, "files": files, "copy": copyFile}
        self._running_process().write(json.dumps(order).encode() + b"\n")
        if not self._background:
            self.waitForImportFinished()

    def addFile(self, database: ctkDICOMDatabase, file: str, copyFile: bool = False) -> None:
        self.addListOfFiles(database, [file], copyFile)

    def waitForImportFinished(self, _milliseconds: int = _FOREVER) -> None:
        while self._batches and self._process is not None:
            if not self._process.waitForReadyRead(_FOREVER):
                break

    def cancel(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.waitForFinished()
            self._process = None
        self._batches.clear()

    def _running_process(self) -> QProcess:
        if self._process is None:
            application = QCoreApplication.instance()
            assert application is not None
            process = QProcess(application)
            process.setProcessChannelMode(QProcess.ForwardedErrorChannel)
            process.readyReadStandardOutput.connect(self._read)
            process.finished.connect(lambda exitCode: shiboken6.isValid(process) and process.deleteLater())
            application.aboutToQuit.connect(lambda: _end(process))
            process.start(sys.executable, [str(Path(__file__).with_name("index_files.py"))])
            self._process = process
        return self._process

    def _read(self) -> None:
        assert self._process is not None
        while self._process.canReadLine():
            self._heard(json.loads(self._process.readLine().data()))

    def _heard(self, news: Dict[str, Any]) -> None:
        if "file" in news:
            self.progressDetail.emit(news["file"])
            self.progress.emit(news["percent"])
            return
        self._batches.popleft()
        self._added = [total + new for total, new in zip(self._added, news["added"])]
        if not self._batches:
            self.updatingDatabase.emit(False)
            assert self._database is not None
            self._database.databaseChanged.emit()
            self.indexingComplete.emit(*self._added)


def _end(process: QProcess) -> None:
    """Qt complains of one that outlives the application."""
    if shiboken6.isValid(process):
        process.kill()
        process.waitForFinished()


__all__ = ["FILE_NAME", "ctkDICOMDatabase", "ctkDICOMIndexer"]
