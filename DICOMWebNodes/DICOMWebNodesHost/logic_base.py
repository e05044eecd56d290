"""What all parts of the logic stand on: the application around it, its worker, its signals."""

import contextlib
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Collection, List, Mapping, Optional, Sequence

from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.worker.transport import Start

from .dialogs import CancelDialog
from .job import Job
from .requirements import Provision
from .signal import Signal
from .slices import Later
from .waiting import wait
from .worker_process import connectClient


@dataclass(frozen=True)
class Host:
    """The application, as functions. ``database`` and ``mainWindow`` may give None.

    ``processEvents`` returns False once the application is to end.
    ``refreshBrowser`` shows what is new in the database. ``openDatabase`` opens, or makes, the one in a folder; "" is
    the folder of the settings. ``ensureOAuth`` raises AuthenticationError when OAuth lacks
    what it needs, and nobody wants to install it. ``setting(key)`` is what a person chose, or None; ``versions``: of
    the application and what it stands on, by name; ``texts``: those of the library in the application's language;
    ``dicomPlugins``: the names of those that are there.
    """

    later: Later
    processEvents: Callable[[], Any]
    database: Callable[[], Any]
    makeIndexer: Callable[[], Any]
    startWorker: Start
    openURL: Callable[[str], Any] = lambda url: False
    mainWindow: Callable[[], Any] = lambda: None
    ensureOAuth: Callable[[], None] = lambda: None
    refreshBrowser: Callable[[], None] = lambda: None
    openDatabase: Callable[[str], None] = lambda folder: None
    setting: Callable[[str], Any] = lambda key: None
    versions: Callable[[], Mapping[str, str]] = dict
    texts: Callable[[], Mapping[str, str]] = dict
    dicomPlugins: Callable[[], Collection[str]] = tuple


class LogicBase:
    def __init__(self, host: Host) -> None:
        self._host = host
        self.nodesChanged = Signal()
        self.authenticationChanged = Signal()
        self.jobStarted = Signal()
        self.workerEnded = Signal()
        self._provision = Provision(host.ensureOAuth, host.later)
        self._client = connectClient(host.later, self.workerEnded.emit, host.startWorker)

    def wait(self, job: Job, progress: Optional[Callable[[Any], Any]] = None, news: Optional[Signal] = None) -> Any:
        """The job's value, with the window alive meanwhile; raises the job's error.

        ``progress`` hears how far it is (``news``: something else of it), and cancels by returning False. Without it a
        person can cancel in a dialog, when there is a window. What is cancelled raises Cancelled, and after Ctrl-C
        KeyboardInterrupt. What the job warns of is in the log.
        """
        requireMainThread()
        job.warned.connect(_log)
        with contextlib.ExitStack() as stack:
            stack.callback(job.warned.disconnect, _log)
            window = self._host.mainWindow() if progress is None else None
            cancelled: Callable[[], bool] = lambda: False  # noqa: E731
            if window is not None and not job.isOver:
                cancelled = stack.enter_context(CancelDialog(job, window)).wasCancelled
            return wait(job, self._host.processEvents, progress, cancelled, news)

    def stop(self) -> None:
        """End the worker process; the jobs under way fail. The next request starts another one."""
        self._client.stop()

    def _start(
        self,
        name: str,
        method: str,
        params: Mapping[str, Any],
        decode: Callable[[Any], Any] = lambda item: item,
        conclude: Callable[[Any, Sequence[Any]], Any] = lambda result, items: result,
        then: Optional[Signal] = None,
    ) -> Job:
        """``then`` is emitted when it has succeeded."""
        job = Job(name, decode, conclude)
        if then is not None:
            job.finished.connect(lambda job: then.emit() if job.error is None else None)
        self._tellStart(job)
        return job.begin(self._client, method, params)

    def _tellStart(self, job: Job) -> None:
        requireMainThread()
        job.provide = self._provision.provide
        self.jobStarted.emit(job)


def requireMainThread() -> None:
    """Raises RuntimeError: Qt, the database and the scene belong to that thread, and one that waits in another would
    keep the window from ever going on."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError(
            "the logic of DICOMWeb Nodes was called in another thread than Slicer's main one. Start many things at "
            "once there with its startX methods; in threads use DICOMWebNodesLib.workspace, which knows the same nodes."
        )


def _log(warning: str) -> None:
    logging.warning("DICOMWeb Nodes: %s", warning)


def listOf(values: Any) -> List[Any]:
    """Of one text, resource or row of a search, a list of it: Python would take a text apart into its letters."""
    return [values] if isinstance(values, (str, Path, Resource, Attributes)) else list(values)
