"""Slicer's DICOM database, indexer, event loop and worker, each as a test plays it: strict, and without Qt."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from DICOMWebNodesHost.logic import Logic
from DICOMWebNodesHost.logic_base import Host
from DICOMWebNodesHost.signal import Signal
from host.one_import import STUDY


class Database:
    """ctkDICOMDatabase as PythonQt shows it: properties are attributes, lists are tuples."""

    def __init__(self, folder: Path) -> None:
        self.version = "0.8.1"
        self.open(folder)
        self.rows = {}  # SOP Instance UID -> (study, series, file)
        self.values = {}  # (file, tag) -> text
        self.asked = 0

    def open(self, folder: Path) -> None:
        self.isOpen = True
        self.databaseDirectory = str(folder)
        self.databaseFilename = str(folder / "ctkDICOM.sql")
        (folder / "ctkDICOM.sql").touch()

    def schemaVersion(self):
        return "0.8.1"

    def schemaVersionLoaded(self):
        return self.version

    def seriesForStudy(self, study):
        return tuple(dict.fromkeys(row[1] for row in self.rows.values() if row[0] == study))

    def instancesForSeries(self, series):
        return tuple(uid for uid, row in self.rows.items() if row[1] == series)

    def filesForSeries(self, series):
        return tuple(row[2] for row in self.rows.values() if row[1] == series)

    def fileForInstance(self, uid):
        self.asked += 1
        return self.rows[uid][2] if uid in self.rows else ""

    def seriesForFile(self, file):
        return next((row[1] for row in self.rows.values() if row[2] == file), "")

    def studyForSeries(self, series):
        return next((row[0] for row in self.rows.values() if row[1] == series), "")

    def descriptionForSeries(self, series):
        return f"description of {series}" if self.studyForSeries(series) else ""

    def fieldForSeries(self, field, series):
        assert field == "SeriesNumber"
        return series.rpartition(".")[2] if self.studyForSeries(series) else ""

    def patientForStudy(self, study):
        return f"patient of {study}" if study else ""

    def nameForPatient(self, patient):
        return "DOE^JANE"

    def fileValue(self, file, tag):
        assert os.path.isfile(file)
        return self.values.get((file, tag), "")

    def put(self, study, series, uid, file):
        self.rows[uid] = (study, series, str(file))


class Indexer:
    """ctkDICOMIndexer: files of its batches come into the database when a test lets it work."""

    def __init__(self) -> None:
        self.backgroundImportEnabled = False
        self.indexingComplete = Signal()
        self.batches = []
        self.refuses = set()

    @property
    def importing(self):
        return bool(self.batches)

    def addListOfFiles(self, database, files, copyFile):
        assert self.backgroundImportEnabled
        assert copyFile is False
        assert all(os.path.isfile(file) for file in files)
        self.batches.append((database, files))

    def work(self):
        for database, files in self.batches:
            for file in files:
                *_, study, series, name = Path(file).parts
                if name not in self.refuses:
                    database.put(study, series, name[: -len(".dcm")], file)
        if self.batches:
            self.finish()

    def finish(self):
        """With what it was given, whatever that was."""
        self.batches.clear()
        self.indexingComplete.emit(0, 0, 0, 0)


class Loop:
    """An event loop: calls later what it was asked to, in the order of their times."""

    def __init__(self) -> None:
        self.now = 0
        self.waiting = []
        self.count = 0

    def later(self, milliseconds, call):
        self.count += 1
        self.waiting.append((self.now + milliseconds, self.count, call))

    def turn(self):
        """Everything that is due now, and what follows from it at once."""
        while self.waiting and min(self.waiting)[0] <= self.now:
            first = min(self.waiting)
            self.waiting.remove(first)
            first[2]()

    def wait(self, milliseconds):
        until = self.now + milliseconds
        self.turn()
        while self.waiting and min(self.waiting)[0] <= until:
            self.now = min(self.waiting)[0]
            self.turn()
        self.now = until


class Worker:
    """The worker process: hears requests, says what the test wants."""

    def __init__(self, listener) -> None:
        self.listener = listener
        self.heard = []
        self.stopped = False

    def write(self, data):
        message = json.loads(data)
        if message["method"] == "ping":
            self.answer(None, message["id"])
            return
        self.heard.append(message)
        if message["method"] == "hello":
            self.answer({"protocol": 1}, message["id"])

    def stop(self):
        self.stopped = True

    def kill(self):
        self.stopped = True

    def last(self, method):
        return [message for message in self.heard if message["method"] == method][-1]

    def given(self, method, parameter):
        """The list that was given for a parameter of the last request."""
        name = self.last(method)["params"]["lists"][parameter]
        pages = [message["params"] for message in self.heard if message["method"] == "list"]
        return [item for page in pages if page["name"] == name for item in page["items"]]

    def tell(self, name, items=None, value=None):
        params = {"job": self.job, **({"items": items} if items is not None else {"value": value})}
        self._say({"method": name, "params": params})

    def answer(self, result, id=None):
        self._say({"id": self.job if id is None else id, "result": result})

    def refuse(self, error):
        self._say({"id": self.job, "error": {"code": -32000, "message": str(error), "data": error.as_dict()}})

    def die(self):
        self.listener.ended("ended (exit status 9)")

    @property
    def job(self):
        return [message["id"] for message in self.heard if "id" in message][-1]

    def _say(self, message):
        self.listener.received(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")


class Slicer:
    """All of it, with a logic that lives in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder)
        self.indexer = Indexer()
        self.loop = Loop()
        self.workers = []
        self.opened = []
        self.logic = Logic(self.host())

    def host(self, **changes):
        return Host(
            **{
                "later": self.loop.later,
                "processEvents": lambda: self.loop.wait(10),
                "database": lambda: self.database,
                "makeIndexer": lambda: self.indexer,
                "startWorker": self._start,
                "openURL": self.opened.append,
                **changes,
            }
        )

    def restarted(self):
        """The logic of another session: the first one has crashed, and the system has let go of its locks."""
        self.logic.letGo()
        return Logic(self.host())

    def _start(self, listener):
        self.workers.append(Worker(listener))
        return self.workers[-1]

    @property
    def worker(self):
        return self.workers[-1]

    def retrieve(self, *instances):
        """The worker's files for these, and what it says of them."""
        stored = []
        for resource in instances:
            path = self.folder / "dicomweb" / f"{resource}.dcm"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"DICM")
            stored.append([resource, str(path), 4, False])
        self.worker.tell("stored", stored)
        self.loop.wait(1)
        return [path for _, path, _, _ in stored]

    def work(self, milliseconds=1000):
        self.loop.wait(1)
        self.indexer.work()
        self.loop.wait(milliseconds)
        if self.indexer.importing:  # what it was given once more
            self.indexer.work()
            self.loop.wait(milliseconds)


@pytest.fixture
def slicer(tmp_path):
    return Slicer(tmp_path)


@pytest.fixture
def job(slicer):
    """An import under way."""
    job = slicer.logic.startImportStudies("Orthanc", [STUDY], "Jane")
    slicer.loop.wait(10)
    return job


@pytest.fixture
def sending(slicer, tmp_path):
    """A series of three files on its way to the archive."""
    for number in range(3):
        file = tmp_path / f"{number}.dcm"
        file.write_bytes(b"DICM")
        slicer.database.put("1.2", "1.2.1", f"1.2.1.{number}", file)
    job = slicer.logic.startSend("Archive", ["1.2.1"])
    slicer.loop.wait(10)
    return job
