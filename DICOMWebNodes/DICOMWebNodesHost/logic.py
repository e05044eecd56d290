"""What the module can do, for widgets and for scripts.

::

    logic = slicer.util.getModuleLogic("DICOMWebNodes")
    for study in logic.search("Orthanc", PatientName="DOE*"):
        print(study.text("PatientName"), study.study_instance_uid)
    summary = logic.importStudies("Orthanc", [uid])          # into slicer.dicomDatabase
    logic.load(summary.seriesUIDs)                           # into the scene

Everything that takes time has two faces: ``startX(...)`` returns a :class:`Job` at once, ``x(...)`` waits for it with
the window alive and returns its value, or raises its error (all of :mod:`DICOMWebNodesLib.errors`).

Values that cost neither network nor waiting are the library's own, to be used in place: ``Node``, ``TLS``,
``ServiceType`` (nodes.node), ``normalise_base_url`` (nodes.url), ``profile_for``, ``profiles`` (dicomweb.profile),
``AuthMethod``, ``AuthProvider``, ``AuthRegistration``, ``templates()`` and ``AuthTemplate.fill`` (auth), ``Attributes``
(dicomweb.dicom_json), ``Resource`` (dicomweb.resource; "study[/series[/instance]]" as text).

A node is given as name, uid or bare URL; a resource as text, ``Resource`` or a row of a search; an authentication
method as name or uid.

============================================================================ ==========================================
blocking call (each also as ``startX`` -> Job)                                 value
============================================================================ ==========================================
nodes()                                                                        tuple of ListedNode(node, predefined)
addNode(node: Node) / updateNode(uid, node: Node)                              Node
removeNode(node) / duplicateNode(node, name="") / moveNode(node, position)     Node
importNodes(path, secrets=False)                                               Imported(nodes, methods, skipped_methods,
                                                                               left_out); also of Weasis's files
exportNodes(path, nodes=(), secrets=False, fileFormat="json")                  Exported(count, leftOut); no names: all
                                                                               one's own; also "weasis" and
                                                                               "weasis-authentication"
testNode(node: str | Node)                                                     tuple of Check(service, ok, message)
choices(provider, part, values, authentication)                                tuple of Choice(value, title)
authenticationMethods()                                                        tuple of ListedMethod(method, status)
addMethod(method: AuthMethod, secret="") / updateMethod(uid, method, secret=None)   AuthMethod
removeMethod(method) / methodStatus(method)                                    AuthMethod / AuthStatus
setSecretHeader(node, name, value)                                             None; "" forgets it
signIn(method, device=False, openBrowser=True)                                 account name; job.prompted -> Prompt
discover(method: AuthMethod)                                                   AuthMethod, with its issuer's endpoints
signOut(method)                                                                text that says what happened
search(node, level="studies", within="", includefield=(), fuzzymatching=False,
       limit=None, offset=0, **matching)                                       tuple of Attributes
search([node, ...], ...)                                                       SearchResults: Attributes with ``nodes``,
                                                                               each once; ``failures``: errors
metadata(node, resource)                                                       tuple of Attributes
thumbnail(node, resource)                                                      Picture(contentType, data: bytes), or
                                                                               NoPicture (.modality, .next_step)
clearPreviews()                                                                int, how many bytes were kept
openManifest(source)                                                           OpenedManifest(targets, remarks)
acceptManifest(target, allowPlainHTTP=False)                                   AcceptedManifest(node, resources)
importStudies(node, resources, title="", verify=False)                         ImportSummary; verify: what came is
                                                                               compared with the server's list
secrets(file=None)                                                             SecretsPlace(place, lasts, file)
diagnostics()                                                                  text for whoever helps
send(node, seriesUIDs=(), files=(), title="")                                  SendSummary
============================================================================ ==========================================

============================================================================ ==========================================
call that returns at once                                                      value
============================================================================ ==========================================
wait(job, progress=None)                                                       the job's value, window alive
load(seriesUIDs, references=None, progress=None)                               LoadReport(nodeIDs, messages, failures)
                                                                               references: True, False, ask(UIDs)
isInDatabase(sopInstanceUID)                                                   bool: it is there, with its file
countInDatabase(resource)                                                      int, instances of a study or series,
                                                                               1 or 0 for an instance
databaseProblem()                                                              None or DatabaseUnavailable (.offer is
                                                                               "open", "choose-folder" or "update")
settings                                                                       Settings(parallelSeries, previewCache,
                                                                               previewFolder, logLevel)
openDatabase(folder="")                                                        the same, after opening it in ``folder``
imports / sends                                                                tuples of the session's jobs
unfinishedImports()                                                            tuple of UnfinishedImport(uid, node,
                                                                               resources, title, verify), of earlier
                                                                               sessions
resumeImport(unfinished) / forgetImport(unfinished)                            import Job / None
unfinishedSends()                                                              tuple of UnfinishedSend(uid, node,
                                                                               seriesUIDs, files, title)
resumeSend(unfinished) / forgetSend(unfinished)                                send Job / None
retryImport(job, resource="") / retrySend(job, resource="")                    Job for what that one did not bring
confirmedOf(unfinished)                                                        int, how many files of an unfinished send
                                                                               the server has confirmed
stop()                                                                         ends the worker process, as quitting does
============================================================================ ==========================================

Signals of the logic (``signal.connect(f)``, ``signal.disconnect(f)``): ``nodesChanged()``,
``authenticationChanged()``, ``jobStarted(job)``, ``workerEnded(error)``.

A Job has ``name``, ``state`` (JobState: WAITING, RUNNING, PAUSED, DONE, FAILED, CANCELLED), ``isOver``, ``value``,
``error``; ``cancel()``, ``pause()``, ``resume()``, ``prioritise(resource="")``; and the signals ``changed(job)``
(state), ``found(list)`` (rows, checks ... in batches as they come), ``progressed(progress)``, ``warned(text)``,
``finished(job)``. The job of a search over many nodes has ``nodeEnded(NodeEnd)`` too: node (uid), name, count, error;
its rows have ``node``, the uid of the node that gave them. A sign-in job has ``prompted(prompt)`` too: url, user_code,
short_url.

An import job has besides: ``node``, ``resources``, ``title``, ``series`` (series UID -> SeriesProgress),
``seriesChanged(list of SeriesProgress)``, at most ten times a second. SeriesProgress is a frozen value: study, series,
expected (None: unknown), received, indexed, failed, bytes, bytesPerSecond, state ("waiting", "retrieving", "indexing",
"paused", "done", "incomplete", "cancelled"), reason, description, and resource ("study/series"). With such a resource
its ``pause(resource)``, ``resume(resource)`` and ``cancel(resource)`` steer one series while the others go on; what is
missing of one that was cancelled is among the failures. ``progressed`` carries ImportProgress: expected, received,
indexed, bytes, bytesPerSecond, secondsLeft (None: unknown).

ImportSummary: ``complete``, ``cancelled``, ``imported``, ``alreadyThere``, ``failures`` (tuple of
ImportFailure(resource, reason, instances)), ``missing``, ``seriesUIDs``, ``bytes``, ``seconds``. It never raises for
single instances, and neither when it is cancelled: then the job is CANCELLED and the summary says what came.

A send job has ``node``, ``title``, ``series`` and ``seriesChanged`` too (state "sending"), and steers single series as
an import does; ``found`` and ``outcomes`` (dicts as StoreOutcome: path, status, reason, UIDs); ``progressed`` carries
SendProgress: expected, received, confirmed (in an earlier attempt), failed, bytes, expectedBytes, bytesPerSecond, part,
secondsLeft.
SendSummary: ``complete``, ``counts`` (by outcome), ``failures`` (tuple of such dicts), ``confirmed`` (before, and not
sent again).
"""

import contextlib
import os
from dataclasses import replace
from typing import Any, Callable, Dict, Generator, List, Optional, Sequence, Tuple, Union

from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import DatabaseUnavailable

from . import worker_process
from .database import DATABASE_FILE, countInstances, databaseProblem, hasInstance
from .dialogs import LoadDialog
from .event_loop import later
from .importing import ImportJob
from .indexing import Indexing
from .journal import UnfinishedImport
from .loading import Ask, LoadReport, Progress, loadSeries
from .logic_authentication import AuthenticationLogic
from .logic_base import Host, listOf, resourceOf
from .logic_data import DataLogic
from .logic_manifest import ManifestLogic
from .logic_nodes import NodesLogic
from .logic_sending import SendingLogic, noteEnd, noteEndWith
from .logic_settings import SettingsLogic
from .requirements import ensureOAuth
from .sentences import allTranslated


class Logic(NodesLogic, AuthenticationLogic, DataLogic, SendingLogic, ManifestLogic, SettingsLogic):
    """See the table above. ``host``: the application around it; default: this Slicer."""

    def __init__(self, host: Optional[Host] = None) -> None:
        super().__init__(host or slicerHost())
        self._indexing = Indexing(self._host.makeIndexer, self._host.later)
        self._imports: List[ImportJob] = []

    # --- the database -------------------------------------------------------------------------------------------------

    def databaseProblem(self) -> Optional[DatabaseUnavailable]:
        return databaseProblem(self._host.database())

    def openDatabase(self, folder: str = "") -> Optional[DatabaseUnavailable]:
        """Open Slicer's DICOM database, or make one, in ``folder``; "" is the folder of the settings.

        What then still keeps it from taking instances, else None.
        """
        self._host.openDatabase(str(folder))
        return self.databaseProblem()

    def isInDatabase(self, sopInstanceUID: str) -> bool:
        """Whether the database has this instance, with its file."""
        database = self._host.database()
        return database is not None and database.isOpen and hasInstance(database, sopInstanceUID)

    def countInDatabase(self, resource: Union[str, Resource]) -> int:
        """How many instances of a study or series the database has, with their files; 1 or 0 for an instance."""
        counting = self.countingInDatabase(resource)
        while True:
            try:
                next(counting)
            except StopIteration as end:  # noqa: PERF203 - that is how a generator returns
                return int(end.value)

    def countingInDatabase(self, resource: Union[str, Resource]) -> Generator[None, None, int]:
        """The same in short steps, for a window that lives meanwhile: yields after each file."""
        database = self._host.database()
        if database is None or not database.isOpen:
            return 0
        return (yield from countInstances(database, resourceOf(resource)))

    # --- import -------------------------------------------------------------------------------------------------------

    @property
    def imports(self) -> Tuple[ImportJob, ...]:
        """Of this session, also those that are over; they live as long as the logic."""
        return tuple(self._imports)

    def startImportStudies(
        self, node: str, resources: Sequence[Any], title: str = "", verify: bool = False
    ) -> ImportJob:
        named = tuple(str(resourceOf(each)) for each in listOf(resources))
        return self._startImport(UnfinishedImport(node, named, title, verify=verify))

    def importStudies(
        self,
        node: str,
        resources: Sequence[Any],
        title: str = "",
        progress: Optional[Callable[[Any], Any]] = None,
        verify: bool = False,
    ) -> Any:
        return self.wait(self.startImportStudies(node, resources, title, verify), progress)

    def unfinishedImports(self) -> Tuple[UnfinishedImport, ...]:
        """Of earlier sessions, and of this one those that failed."""
        journal = self._journal()
        running = {job.uid for job in self._imports if not job.isOver}
        return tuple(entry for entry in journal.entries() if entry.uid not in running) if journal else ()

    def resumeImport(self, unfinished: UnfinishedImport) -> ImportJob:
        return self._startImport(unfinished)

    def retryImport(self, job: ImportJob, resource: str = "") -> ImportJob:
        """Import again what ``job``, which is over, was asked for: only what is missing is fetched.

        ``resource``: one series that is over, of a job that may go on; the job that does so already, if there is one.
        """
        if resource:
            under_way = job.retries.get(resource)
            if under_way is None or under_way.isOver:
                entry = UnfinishedImport(job.node, (resource,), job.title, verify=job.verify)
                under_way = job.retries[resource] = self._startImport(entry)
                noteEndWith(under_way, job, self._journal())
            return under_way
        return self._startImport(UnfinishedImport(job.node, job.resources, job.title, job.uid, verify=job.verify))

    def forgetImport(self, unfinished: UnfinishedImport) -> None:
        journal = self._journal()
        if journal is not None:
            journal.remove(unfinished.uid)

    def _startImport(self, entry: UnfinishedImport) -> ImportJob:
        journal = self._journal()
        before = (each for each in self.unfinishedImports() if entry.isAgain(each))
        entry = replace(entry, uid=next(before, entry).uid, title=entry.title or ", ".join(entry.resources)[:80])
        job = ImportJob(
            entry.node,
            [resourceOf(each) for each in entry.resources],
            entry.title,
            verify=entry.verify,
            uid=entry.uid,
            cancelled=entry.cancelled,
            client=self._client,
            database=self._host.database(),
            indexing=self._indexing,
            slices=self._slices,
        )
        if journal is not None:
            journal.add(entry)
            job.seriesCancelled.connect(lambda: journal.add(replace(entry, cancelled=job.cancelledSeries)))
            job.finished.connect(lambda job: noteEnd(job, journal))
            job.finished.connect(lambda job: self._host.refreshBrowser())
        self._imports.append(job)
        self._tellStart(job)
        return job.start()

    # --- load ---------------------------------------------------------------------------------------------------------

    def load(
        self, seriesUIDs: Sequence[str], references: Union[bool, Ask, None] = None, progress: Optional[Progress] = None
    ) -> LoadReport:
        installed = self._host.dicomPlugins()
        with contextlib.ExitStack() as stack:
            window = self._host.mainWindow() if progress is None else None
            if window is not None:
                progress = stack.enter_context(LoadDialog(window)).heard
            return loadSeries(self._host.database(), listOf(seriesUIDs), references, progress, installed=installed)


def slicerHost() -> Host:
    """This Slicer: its event loop, its database, its indexer, its interpreter for worker processes."""
    import ctk
    import qt
    import slicer

    if not _ending:
        slicer.app.connect("aboutToQuit()", worker_process.endAll)
        _ending.append(True)
    return Host(
        later=later,
        processEvents=slicer.app.processEvents,
        database=lambda: getattr(slicer, "dicomDatabase", None),
        makeIndexer=ctk.ctkDICOMIndexer,
        startWorker=worker_process.startWorker,
        openURL=lambda url: qt.QDesktopServices.openUrl(qt.QUrl(url)),
        mainWindow=slicer.util.mainWindow,
        ensureOAuth=ensureOAuth,
        refreshBrowser=_refreshBrowser,
        openDatabase=_openDatabase,
        setting=lambda key: slicer.app.userSettings().value(key),
        versions=_versions,
        texts=allTranslated,
        dicomPlugins=lambda: tuple(getattr(slicer.modules, "dicomPlugins", ())),
    )


def _versions() -> Dict[str, str]:
    import slicer

    return {"application": f"{slicer.app.applicationName} {slicer.app.applicationVersion}"}


def _refreshBrowser() -> None:
    """The DICOM module's tables do not hear of what another indexer has brought into the database."""
    import slicer

    module = getattr(slicer.modules, "DICOMInstance", None)
    if hasattr(module, "databaseChanged"):  # Slicer 5.12 and later: the visual browser looks at it when it is shown
        module.databaseChanged = True
    with contextlib.suppress(AttributeError):  # it has not been opened yet, and will then read everything
        module.browserWidget.dicomBrowser.dicomTableManager().updateTableViews()


def _openDatabase(folder: str) -> None:
    """As the DICOM module does when Slicer starts, and when somebody chooses a folder there."""
    import qt
    import slicer

    database = getattr(slicer, "dicomDatabase", None)  # None until Slicer has started up
    key = getattr(slicer, "dicomDatabaseDirectorySettingsKey", "")
    folder = folder or str(qt.QSettings().value(key) or "")
    if database is None or not folder:
        return
    with contextlib.suppress(OSError):  # that it does not open is told by the database
        os.makedirs(folder, exist_ok=True)
    database.openDatabase(os.path.join(folder, DATABASE_FILE))
    if database.isOpen:
        qt.QSettings().setValue(key, folder)


_ending: List[bool] = []
