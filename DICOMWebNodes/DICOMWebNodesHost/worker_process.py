"""The worker process behind ``qt.QProcess``: one for the whole application, started when it is first needed."""

import logging
import shutil
from pathlib import Path
from typing import Any, Callable, List, Optional

from DICOMWebNodesLib.errors import DICOMWebNodesError, WorkerFailed
from DICOMWebNodesLib.text import Text
from DICOMWebNodesLib.worker.client import Client
from DICOMWebNodesLib.worker.transport import Listener

from . import event_loop
from .slices import Later, Slices

PACKAGE_FOLDER = Path(__file__).resolve().parent.parent
_GRACE = 1500  # milliseconds that the worker has to end when the application does
_PATIENCE = 5000  # milliseconds that one has to end that nobody wants any more
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")  # the first word of what the worker logs
_ERROR_LENGTH = 2000  # characters of the last line that it wrote to standard error

_processes: List["WorkerProcess"] = []


class WorkerProcess:
    """A transport (see :class:`DICOMWebNodesLib.worker.transport.Transport`). ``program`` is a Python interpreter."""

    def __init__(self, listener: Listener, program: str) -> None:
        import qt

        self._listener = listener
        self._lastError = ""
        # The application's: Python may find it unused in any thread (after a reload of the module), and Qt reads from
        # it in the main thread, where alone it may be deleted.
        self._process: Any = qt.QProcess(qt.QCoreApplication.instance())
        self._process.setWorkingDirectory(str(PACKAGE_FOLDER))
        self._process.readyReadStandardOutput.connect(self._onOutput)
        self._process.readyReadStandardError.connect(self._onError)
        self._process.finished.connect(self._onFinished)
        self._process.errorOccurred.connect(self._onProcessError)
        self._program = program
        _processes.append(self)  # it must not be collected while it runs
        self._process.start(program, ["-m", "DICOMWebNodesLib", "worker"])

    def write(self, data: bytes) -> None:
        if self._process is not None:
            self._process.write(data)

    def stop(self) -> None:
        if self._process is not None:
            self._process.closeWriteChannel()
            event_loop.later(_PATIENCE, self.kill)  # it may be one that does nothing any more

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def waitUntilEnded(self) -> None:
        """For the end of the application."""
        if self._process is not None and not self._process.waitForFinished(_GRACE):
            self._process.kill()
            self._process.waitForFinished(_GRACE)

    def _onOutput(self) -> None:
        self._listener.received(self._process.readAllStandardOutput().data())

    def _onError(self) -> None:
        text = self._process.readAllStandardError().data().decode("utf-8", "replace")
        for line in text.splitlines():
            word, _, said = line.partition(" ")
            level = getattr(logging, word) if word in _LEVELS else logging.WARNING
            logging.log(level, "DICOMWeb Nodes: %s", said if word in _LEVELS else line)
            if level >= logging.WARNING:  # what it told of its work is not why it ends
                self._lastError = line[:_ERROR_LENGTH] or self._lastError

    def _onFinished(self, exitCode: int) -> None:
        self._onOutput()
        self._forget()
        lastLine = self._lastError.strip()
        ended = Text("ended (exit status {code})", code=exitCode)
        said = Text("ended (exit status {code}: {said})", code=exitCode, said=lastLine)
        self._listener.ended(said if lastLine else ended)

    def _onProcessError(self, error: Any) -> None:
        import qt

        if error == qt.QProcess.FailedToStart:
            self._forget()
            self._listener.ended(Text("does not start: {program} cannot be run", program=self._program))

    def _forget(self) -> None:
        """Not before the signal that says that it has ended has returned: the process sends it itself."""
        event_loop.later(0, self._delete)

    def _delete(self) -> None:
        """As a child of the application it would stay, with all that its slots refer to."""
        if self in _processes:
            _processes.remove(self)
            self._process.deleteLater()
            self._process = None


def startWorker(listener: Listener) -> WorkerProcess:
    """Raises WorkerFailed when this application has no interpreter for other processes."""
    program = shutil.which("PythonSlicer")
    if program is None:
        raise WorkerFailed(
            "PythonSlicer, the application's Python interpreter, is not in its search path",
            next_step="Start the application with its launcher.",
        )
    return WorkerProcess(listener, program)


def connectClient(
    later: Later,
    workerEnded: Callable[[DICOMWebNodesError], None],
    start: Callable[[Listener], Any] = startWorker,
) -> Client:
    """A client whose work is done in slices of the event loop."""
    client: Optional[Client] = None

    def work(seconds: float) -> bool:
        return client.process(seconds) if client is not None else False

    client = Client(start, wake=Slices(later).repeat(work), worker_ended=workerEnded, later=later)
    return client


def endAll() -> None:
    """When the application ends: no worker outlives it."""
    for process in tuple(_processes):
        process.stop()
    for process in tuple(_processes):
        process.waitUntilEnded()
