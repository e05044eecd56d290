"""What an import has retrieved goes into the DICOM database that was open when it began, and is looked for there."""

import os
from functools import cached_property
from typing import Any, Callable, Iterable, Optional, Sequence

from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import DatabaseUnavailable
from DICOMWebNodesLib.text import Text
from DICOMWebNodesLib.transfer.folder import InstanceFolder
from DICOMWebNodesLib.transfer.long_paths import openable

from .database import databaseGone, databaseProblem, importFolder, missingInstances
from .indexing import Indexing
from .slices import Failed, Slices

_NOT_TAKEN = Text(
    "it has arrived, but Slicer's DICOM database did not take it (the application's log may say why). See that its "
    "disk is not full, then Retry: what is here is not fetched again."
)
_RETRY = Text("Retry brings it into the database that is open now.")
_REMOVED = Text("it was removed from the database, or its file from the disk, while the import went on")

Instances = Callable[[], Iterable[Resource]]
Missing = Callable[[Sequence[Resource]], None]


class Intake:
    """``database``: an open one, which may be closed, or become another one, at any time.
    ``failed`` hears what is raised on the way."""

    def __init__(self, database: Any, indexing: Indexing, slices: Slices, failed: Failed) -> None:
        self.folder = importFolder(database)
        self._database = database
        self._databaseFile = database.databaseFilename
        self._indexing = indexing
        self._slices = slices
        self._failed = failed

    def problem(self) -> Optional[DatabaseUnavailable]:
        """Why nothing more can go into it; None while it is the one that is open, and its file is there: a database
        whose folder was moved away goes on being open."""
        gone = databaseGone(self._database, self._databaseFile, _RETRY)
        if gone is None and not os.path.isfile(self._databaseFile):
            return databaseProblem(self._database)
        return gone

    def add(self, files: Sequence[str]) -> None:
        """Nothing goes into another database, which would refer to files in the folder of this one."""
        if files and self.problem() is None:
            self._indexing.add(self._database, files)

    def settle(self, instances: Instances, done: Missing) -> None:
        """Call ``done`` with those of ``instances`` that the database has not when all that was added is looked at;
        with none when there is a :meth:`problem`.

        They are given to the indexer once more before: CTK's never starts for what it is given between its last look
        for more and its end.
        """
        self._whenIdle(instances, lambda missing: self._again(missing, instances, done))

    def reason(self, instance: Resource) -> str:
        """Why it is missing."""
        return self._whyNotTaken if self._isOnDisk(instance) else _REMOVED

    @cached_property
    def _whyNotTaken(self) -> str:
        """Asked once, when the first one is missing: there may be thousands."""
        problem = databaseProblem(self._database)
        return problem.sentences if problem is not None else _NOT_TAKEN

    def _again(self, missing: Sequence[Resource], instances: Instances, done: Missing) -> None:
        files = [self._fileOf(instance) for instance in missing if self._isOnDisk(instance)]
        if files:
            self.add(files)
            self._whenIdle(instances, done)
        else:
            done(missing)

    def _whenIdle(self, instances: Instances, then: Missing) -> None:
        self._indexing.whenIdle(lambda: self._look(instances, then))

    def _look(self, instances: Instances, then: Missing) -> None:
        if self.problem() is None:
            self._slices.run(missingInstances(self._database, instances()), then, self._failed)
        else:
            then(())

    def _isOnDisk(self, instance: Resource) -> bool:
        return os.path.isfile(openable(self._fileOf(instance)))

    def _fileOf(self, instance: Resource) -> str:
        return str(InstanceFolder(self.folder).path_of(instance))
