"""Slicer's DICOM database: whether it can take instances, and what it has."""

import contextlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, FrozenSet, Generator, Iterable, List, Optional, Sequence, Tuple

from DICOMWebNodesLib.dicomweb.named import ResourceLike, resource_of
from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import DatabaseUnavailable, InvalidUID
from DICOMWebNodesLib.text import Text

FOLDER = "dicomweb"  # below the database's own, so that removing a series removes its files
DATABASE_FILE = "ctkDICOM.sql"  # in the database's folder
_IN_MEMORY = ":memory:"

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
    file = Path(database.databaseFilename)
    return _folderProblem(Path(database.databaseDirectory), file) or _versionProblem(database, file)


def _versionProblem(database: Any, file: Path) -> Optional[DatabaseUnavailable]:
    version = database.schemaVersionLoaded()
    if not version:
        return DatabaseUnavailable(
            Text("{file} cannot be read as a DICOM database: it is damaged, or another program holds it", file=file),
            offer="choose-folder",
            next_step="Choose a folder for the database.",
        )
    if version != database.schemaVersion():
        return DatabaseUnavailable(
            Text(
                "Slicer's DICOM database is of version {version}, and this Slicer needs {needed}",
                version=version,
                needed=database.schemaVersion(),
            ),
            offer="update",
            next_step="Open the DICOM module, which updates it, or choose another folder.",
        )
    return None


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


def databaseGone(database: Any, file: str, next_step: str) -> Optional[DatabaseUnavailable]:
    """Why ``database`` is not any more what it was with its file ``file``: a person may close it, or open another one,
    at any time. ``next_step``: what to do when it is another one. None while it is the one that is open."""
    if not database.isOpen:
        return databaseProblem(database)
    if database.databaseFilename != file:
        folder = Path(file).parent
        return DatabaseUnavailable(
            Text("another DICOM database was opened meanwhile, in the place of that in {folder}", folder=folder),
            next_step=next_step,
        )
    return None


def importFolder(database: Any) -> Path:
    """Absolute: the worker process has another current folder than Slicer."""
    return Path(os.path.abspath(database.databaseDirectory)) / FOLDER


def isThere(path: str) -> bool:
    """Whether there is such a file with something in it: the index names instances without a file too, and a loss of
    power leaves files without content."""
    try:
        about = os.stat(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(about.st_mode) and about.st_size > 0


def hasInstance(database: Any, sopInstanceUID: str) -> bool:
    """By the database's index and the file itself."""
    return isThere(database.fileForInstance(sopInstanceUID))


def countInstances(database: Any, resource: Resource) -> Generator[None, None, int]:
    """How many instances of a study or series, or whether an instance, the database has, with the file; yields after
    each."""
    study, count = resource.study_instance_uid, 0
    if resource.level is Level.INSTANCE:
        return int(hasInstance(database, resource.sop_instance_uid))
    every = [resource.series_instance_uid] if resource.series_instance_uid else database.seriesForStudy(study)
    for series in every:
        for path in database.filesForSeries(series):
            count += isThere(path)
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
            if isThere(path):
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
    missing: List[Resource] = []
    bySeries: Dict[str, List[Resource]] = {}
    for instance in instances:
        bySeries.setdefault(instance.series_instance_uid, []).append(instance)
    for series, ofSeries in bySeries.items():
        whole = yield from _wholeInstances(database, series)
        for instance in ofSeries:
            uid = instance.sop_instance_uid
            if uid not in whole and not hasInstance(database, uid):
                missing.append(instance)
            yield
    return missing


def _wholeInstances(database: Any, series: str) -> Generator[None, None, FrozenSet[str]]:
    """Of a series of which every file is there, all SOP Instance UIDs; nothing of another one: which file is whose, the
    database tells for single instances only, which takes much longer. Yields after each file."""
    instances = database.instancesForSeries(series)  # before the files: the indexer may add some meanwhile
    for path in database.filesForSeries(series):
        if not isThere(path):
            return frozenset()
        yield
    return frozenset(instances)


def seriesNamed(database: Any, values: Iterable[ResourceLike]) -> List[str]:
    """UIDs of series: a text without a slash is one; of "study/series", a Resource or the row of a search it is that
    of its series, and of a study all that the database has of it. Raises InvalidUID."""
    found: List[str] = []
    for value in values:
        if isinstance(value, str) and "/" not in value:
            found.append(value)
            continue
        resource = resource_of(value)
        study = resource.study_instance_uid
        known = database.seriesForStudy(study) if database is not None and database.isOpen else ()
        found += [resource.series_instance_uid] if resource.series_instance_uid else known or [study]
    return found


def descriptionAndNumber(database: Any, series: str) -> Tuple[str, str]:
    """Series Description and Series Number, each "" when it is not known."""
    number = str(database.fieldForSeries("SeriesNumber", series))
    return str(database.descriptionForSeries(series)), "" if number == "0" else number  # 0 stands for none there


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
            if isThere(path):
                files.append(path)
            yield
        found.append(SeriesFiles(series, tuple(files), len(paths) - len(files), database.studyForSeries(series)))
        yield
    return found
