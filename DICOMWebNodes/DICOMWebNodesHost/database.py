"""Slicer's DICOM database: whether it can take instances, what it has, and how files get into it."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Generator, Iterable, List, Optional, Sequence, Tuple

from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import DatabaseUnavailable, InvalidUID
from DICOMWebNodesLib.text import Text

from .slices import Later

FOLDER = "dicomweb"  # below the database's own, so that removing a series removes its files
DATABASE_FILE = "ctkDICOM.sql"  # in the database's folder
_IN_MEMORY = ":memory:"
_POLL = 10  # milliseconds

InstanceFile = Tuple[Resource, str]


def databaseProblem(database: Any) -> Optional[DatabaseUnavailable]:
    """Why instances cannot be imported, and what helps; None when they can. ``database`` may be None."""
    if database is None or not database.isOpen:
        return DatabaseUnavailable(
            "Slicer's DICOM database is not open",
            offer="open",
            next_step="Open it, or choose a folder for it.",
        )
    if database.databaseFilename == _IN_MEMORY:
        return DatabaseUnavailable(
            "Slicer's DICOM database is kept in memory only",
            offer="choose-folder",
            next_step="Choose a folder for it.",
        )
    if database.schemaVersionLoaded() != database.schemaVersion():
        return DatabaseUnavailable(
            Text(
                "Slicer's DICOM database is of version {version}, and this Slicer needs {needed}",
                version=database.schemaVersionLoaded() or Text("unknown"),
                needed=database.schemaVersion(),
            ),
            offer="update",
            next_step="Open the DICOM module, which updates it, or choose another folder.",
        )
    return _folderProblem(Path(database.databaseDirectory), Path(database.databaseFilename))


def _folderProblem(folder: Path, file: Path) -> Optional[DatabaseUnavailable]:
    if not file.is_file():
        return DatabaseUnavailable(
            Text("the file of Slicer's DICOM database, {file}, is missing", file=file),
            offer="choose-folder",
            next_step="Choose a folder for the database.",
        )
    if not (os.access(folder, os.W_OK) and os.access(file, os.W_OK)):
        return DatabaseUnavailable(
            Text("you may not write to the folder of Slicer's DICOM database, {folder}", folder=folder),
            offer="choose-folder",
            next_step="Choose a folder that you may write to.",
        )
    return None


def anotherDatabase(before: str) -> DatabaseUnavailable:
    """``before``: the file of the one that was open."""
    folder = Path(before).parent
    return DatabaseUnavailable(
        Text("another DICOM database was opened meanwhile, in the place of that in {folder}", folder=folder),
        next_step="Retry brings it into the database that is open now.",
    )


def importFolder(database: Any) -> Path:
    """Absolute: the worker process has another current folder than Slicer."""
    return Path(os.path.abspath(database.databaseDirectory)) / FOLDER


# --- what it has --------------------------------------------------------------------------------------------------


def hasInstance(database: Any, sopInstanceUID: str) -> bool:
    """By the database's index and the file itself: the index names instances without a file too."""
    return os.path.isfile(database.fileForInstance(sopInstanceUID))


def countInstances(database: Any, resource: Resource) -> Generator[None, None, int]:
    """How many instances of a study or series, or whether an instance, the database has, with the file; yields after
    each."""
    study, count = resource.study_instance_uid, 0
    if resource.level is Level.INSTANCE:
        return int(hasInstance(database, resource.sop_instance_uid))
    every = [resource.series_instance_uid] if resource.series_instance_uid else database.seriesForStudy(study)
    for series in every:
        for path in database.filesForSeries(series):
            count += os.path.isfile(path)
            yield
    return count


def instancesThere(database: Any, resources: Iterable[Resource]) -> Generator[None, None, List[InstanceFile]]:
    """What the database has of ``resources``, with its file; yields after each instance."""
    found: List[InstanceFile] = []
    for resource in resources:
        if resource.level is Level.INSTANCE:
            candidates: Sequence[Resource] = [resource]
        else:
            candidates = _known(database, resource)
        for instance in candidates:
            path = database.fileForInstance(instance.sop_instance_uid)
            if os.path.isfile(path):
                found.append((instance, path))
            yield
    return found


def _known(database: Any, resource: Resource) -> List[Resource]:
    study = resource.study_instance_uid
    every = [resource.series_instance_uid] if resource.series_instance_uid else database.seriesForStudy(study)
    known = []
    for series in every:
        for instance in database.instancesForSeries(series):
            with contextlib.suppress(InvalidUID):  # the database took it all the same; the server will not ask for it
                known.append(Resource(study, series, instance))
    return known


def missingInstances(database: Any, instances: Iterable[Resource]) -> Generator[None, None, List[Resource]]:
    """Those that the database has not, or not with a file; yields after each."""
    missing = []
    for instance in instances:
        if not hasInstance(database, instance.sop_instance_uid):
            missing.append(instance)
        yield
    return missing


def patientOf(database: Any, seriesUIDs: Sequence[str]) -> str:
    """Name of the patient of the first series, as DICOM writes it; "" when nothing is known."""
    if not seriesUIDs or database is None or not database.isOpen:
        return ""
    patient = database.patientForStudy(database.studyForSeries(seriesUIDs[0]))
    return str(database.nameForPatient(patient)) if patient else ""


@dataclass(frozen=True)
class SeriesFiles:
    """Of one series: the files that are there, and how many of its instances have none. ``study``: "" when unknown."""

    series: str
    files: Tuple[str, ...]
    withoutFile: int = 0
    study: str = ""


def filesOfSeries(database: Any, seriesUIDs: Iterable[str]) -> Generator[None, None, List[SeriesFiles]]:
    """Of each series; yields after each instance."""
    found: List[SeriesFiles] = []
    for series in dict.fromkeys(seriesUIDs):
        files: List[str] = []
        paths = database.filesForSeries(series)
        for path in paths:
            if os.path.isfile(path):
                files.append(path)
            yield
        found.append(SeriesFiles(series, tuple(files), len(paths) - len(files), database.studyForSeries(series)))
        yield
    return found


# --- how files get into it ------------------------------------------------------------------------------------------


class Indexing:
    """Brings files into the database where they lie, batch after batch, in the background, with one indexer.

    ``makeIndexer``: ``ctk.ctkDICOMIndexer``.
    """

    def __init__(self, makeIndexer: Callable[[], Any], later: Later) -> None:
        self._makeIndexer = makeIndexer
        self._later = later
        self._indexer: Any = None

    def add(self, database: Any, files: Sequence[str]) -> None:
        if self._indexer is None:
            self._indexer = self._makeIndexer()
            self._indexer.backgroundImportEnabled = True
        self._indexer.addListOfFiles(database, list(files), False)

    @property
    def isBusy(self) -> bool:
        return self._indexer is not None and bool(self._indexer.importing)

    def whenIdle(self, done: Callable[[], None]) -> None:
        """Call ``done`` as soon as everything that was added has been looked at."""
        if self.isBusy:
            self._later(_POLL, lambda: self.whenIdle(done))
        else:
            done()
