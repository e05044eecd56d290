"""What the module can do, for widgets and for scripts.

::

    logic = slicer.util.getModuleLogic("DICOMWebNodes")
    for study in logic.search("Orthanc", PatientName="DOE*"):
        print(study.text("PatientName"), study.study_instance_uid)
    summary = logic.importStudies("Orthanc", [uid])          # into slicer.dicomDatabase
    logic.load(summary.seriesUIDs)                           # into the scene

Everything that takes time has two faces: ``startX(...)`` returns a :class:`Job` at once, ``x(...)`` waits for it with
the window alive and returns its value, or raises its error (all of :mod:`DICOMWebNodesLib.errors`). What a person
cancels raises ``Cancelled``, after Ctrl-C ``KeyboardInterrupt``: a loop over many studies ends too, unless it catches
that. Only ``load``, whose nodes are in the scene already, returns its report: what was not loaded is a failure in it.

All of it is called in Slicer's main thread; in others :mod:`DICOMWebNodesLib.workspace` does the same without Slicer.

Values that cost neither network nor waiting are the library's own, to be used in place: ``Node``, ``TLS``,
``ServiceType`` (nodes.node), ``normalise_base_url`` (nodes.url), ``profile_for``, ``profiles`` (dicomweb.profile),
``AuthMethod``, ``AuthProvider``, ``AuthRegistration``, ``templates()`` and ``AuthTemplate.fill`` (auth), ``Attributes``
(dicomweb.dicom_json), ``Resource`` (dicomweb.resource; "study[/series[/instance]]" as text).

A node is given as name, uid, bare URL, ``Node`` or ``ListedNode``; a resource as text, ``Resource`` or a row of a
search (in the place of UIDs of series too); an authentication method as name, uid, ``AuthMethod`` or ``ListedMethod``.

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
acceptManifest(target, allowPlainHTTP=False)                                   AcceptedManifest(node, resources,
                                                                               remarks)
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
load(seriesUIDs, references=None, progress=None)                               LoadReport(nodeIDs, messages, failures,
                                                                               problem: of the database)
                                                                               references: True, False, ask(UIDs)
isInDatabase(sopInstanceUID)                                                   bool: it is there, with its file
countInDatabase(resource)                                                      int, instances of a study or series,
                                                                               1 or 0 for an instance
databaseProblem()                                                              None or DatabaseUnavailable (.offer is
                                                                               "open", "choose-folder" or "update")
settings                                                                       Settings(parallelSeries, previewCache,
                                                                               previewFolder, logLevel,
                                                                               verifyImports: the window's imports)
openDatabase(folder="")                                                        the same, after opening it in ``folder``
imports / sends                                                                tuples of the session's jobs
unfinishedImports()                                                            tuple of UnfinishedImport(uid, node,
                                                                               resources, title, verify), of earlier
                                                                               sessions; what another Slicer with
                                                                               the same database works on is its own
resumeImport(unfinished) / forgetImport(unfinished)                            import Job / None
unfinishedSends()                                                              tuple of UnfinishedSend(uid, node,
                                                                               seriesUIDs, files, title)
resumeSend(unfinished) / forgetSend(unfinished)                                send Job / None
retryImport(job, resource="") / retrySend(job, resource="")                    Job for what that one did not bring
standingOf(unfinished)                                                         Standing.UNFINISHED, UNDER_WAY in this or
                                                                               another Slicer, or GONE
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
"paused", "done", "incomplete", "cancelled"), reason, description, number, and resource ("study/series"). With such a
resource its ``pause(resource)``, ``resume(resource)`` and ``cancel(resource)`` steer one series while the others go on;
what is missing of one that was cancelled is among the failures. ``progressed`` carries ImportProgress: expected,
received, indexed, bytes, bytesPerSecond, secondsLeft (None: unknown).

ImportSummary: ``complete``, ``cancelled``, ``imported``, ``alreadyThere``, ``failures`` (tuple of
ImportFailure(resource, reason, instances)), ``missing``, ``seriesUIDs``, ``bytes``, ``seconds``. It never raises for
single instances. When it is cancelled, the job, the last of ``imports``, has the summary of what came as its value.

A send job has ``node``, ``title``, ``series`` and ``seriesChanged`` too (state "sending"), and steers single series as
an import does; ``found`` and ``outcomes`` (dicts as StoreOutcome: path, status, reason, UIDs); ``progressed`` carries
SendProgress: expected, received, confirmed (in an earlier attempt), failed, bytes, expectedBytes, bytesPerSecond, part,
secondsLeft.
SendSummary: ``complete``, ``counts`` (by outcome), ``failures`` (tuple of such dicts), ``confirmed`` (before, and not
sent again).
"""

import contextlib
import os
from typing import Generator, Optional, Sequence, Union

from DICOMWebNodesLib.dicomweb.named import resource_of
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import DatabaseUnavailable

from .database import countInstances, databaseProblem, hasInstance, seriesNamed
from .dialogs import LoadDialog
from .loading import Ask, LoadReport, Progress, loadSeries
from .logic_authentication import AuthenticationLogic
from .logic_base import Host, listOf, requireMainThread
from .logic_data import DataLogic
from .logic_importing import ImportingLogic
from .logic_manifest import ManifestLogic
from .logic_nodes import NodesLogic
from .logic_sending import SendingLogic
from .logic_settings import SettingsLogic
from .slicer_host import slicerHost


class Logic(NodesLogic, AuthenticationLogic, DataLogic, ImportingLogic, SendingLogic, ManifestLogic, SettingsLogic):
    """See the table above. ``host``: the application around it; default: this Slicer."""

    def __init__(self, host: Optional[Host] = None) -> None:
        super().__init__(host or slicerHost())

    # --- the database -------------------------------------------------------------------------------------------------

    def databaseProblem(self) -> Optional[DatabaseUnavailable]:
        return databaseProblem(self._host.database())

    def openDatabase(self, folder: str = "") -> Optional[DatabaseUnavailable]:
        """Open Slicer's DICOM database, or make one, in ``folder``; "" is the folder of the settings.

        What then still keeps it from taking instances, else None.
        """
        self._host.openDatabase(os.path.abspath(os.path.expanduser(folder)) if folder else "")
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
        return (yield from countInstances(database, resource_of(resource)))

    # --- load ---------------------------------------------------------------------------------------------------------

    def load(
        self, seriesUIDs: Sequence[str], references: Union[bool, Ask, None] = None, progress: Optional[Progress] = None
    ) -> LoadReport:
        requireMainThread()
        installed = self._host.dicomPlugins()
        with contextlib.ExitStack() as stack:
            window = self._host.mainWindow() if progress is None else None
            if window is not None:
                progress = stack.enter_context(LoadDialog(window)).heard
            database = self._host.database()
            series = seriesNamed(database, listOf(seriesUIDs))
            return loadSeries(database, series, references, progress, installed=installed)
