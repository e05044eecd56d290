"""A logic without a worker: what it would be asked is noted, and a test says what becomes of each job."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, Generator, List, Optional, Sequence, Tuple

from DICOMWebNodesHost.import_values import ImportProgress, ImportSummary, SeriesProgress
from DICOMWebNodesHost.job import Job, JobState
from DICOMWebNodesHost.logic_nodes import Check, ListedNode
from DICOMWebNodesHost.logic_settings import SecretsPlace
from DICOMWebNodesHost.search_job import FoundRow, NodeEnd
from DICOMWebNodesHost.signal import Signal
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.errors import Cancelled, DICOMWebNodesError
from DICOMWebNodesLib.nodes.node import Node

_IN_MEMORY = SecretsPlace("memory, until this program ends", False, False)
_IN_FILE = SecretsPlace("secrets.json, which only you can read", True, True)


class JobByHand(Job):
    """A job that a test moves on. ``asked``: the arguments with which it was started."""

    def __init__(self, name: str, asked: Dict[str, Any]) -> None:
        super().__init__(name)
        self.asked = asked
        self.prompted = Signal()
        self.seriesChanged = Signal()
        self.nodeEnded = Signal()
        self.ends: List[NodeEnd] = []
        self.names: Dict[str, str] = {}  # of the nodes that a search asks, by uid
        self.series: Dict[str, SeriesProgress] = {}
        self.progress: Optional[ImportProgress] = None
        self.outcomes: List[Dict[str, Any]] = []
        self.title = ""
        self.uid = f"job-{id(self)}"
        vars(self).update({key: value for key, value in asked.items() if key in ("node", "resources", "title")})

    def run(self) -> JobByHand:
        self._become(JobState.RUNNING)
        return self

    def find(self, rows: Sequence[Any], node: str = "") -> JobByHand:
        """``node``: which of several has found them; the first one by itself."""
        if self.names:
            rows = [FoundRow(row.raw, node or next(iter(self.names))) for row in rows]
        self.found.emit(list(rows))
        return self

    def end_node(self, node: str, error: Optional[DICOMWebNodesError] = None, count: int = 0) -> JobByHand:
        """One of several nodes has no more to say; the job is over with the last one."""
        self.ends.append(NodeEnd(node, self.names[node], count, error))
        self.nodeEnded.emit(self.ends[-1])
        return self

    @property
    def waitingFor(self) -> Tuple[str, ...]:
        ended = {end.node for end in self.ends}
        return tuple(name for uid, name in self.names.items() if uid not in ended)

    def show(self, *series: SeriesProgress) -> None:
        """The series of an import, as they are now."""
        self.series.update({each.series: each for each in series})
        self.seriesChanged.emit(list(series))
        everything = self.series.values()
        self.progress = ImportProgress(
            sum(each.expected or 0 for each in everything),
            sum(each.received for each in everything),
            sum(each.indexed for each in everything),
            sum(each.bytes for each in everything),
            sum(each.bytesPerSecond for each in everything),
        )
        self.progressed.emit(self.progress)

    def settle(self, *outcomes: Dict[str, Any]) -> None:
        """Files of a send have an outcome."""
        self.outcomes += outcomes
        for outcome in outcomes:
            uid = outcome["series_instance_uid"]
            before = self.series.get(uid) or SeriesProgress("1.2", uid, len(outcomes))
            arrived = outcome["status"] == "stored"
            reason = before.reason or outcome["reason"]
            received, indexed, failed = before.received + 1, before.indexed + arrived, before.failed + (not arrived)
            state = "sending" if received < (before.expected or 0) else "incomplete" if failed else "done"
            self.series[uid] = SeriesProgress(
                "1.2", uid, before.expected, received, indexed, failed, 0, 0, state, reason
            )
        self.seriesChanged.emit(list(self.series.values()))
        self.found.emit(list(outcomes))

    def unsent(self) -> Tuple[Tuple[str, ...], Tuple[str, ...]]:
        return (), tuple(outcome["path"] for outcome in self.outcomes if outcome["status"] != "stored")

    def end(self, value: Any = None) -> JobByHand:
        self._end(value)
        return self

    def break_off(self, error: DICOMWebNodesError) -> JobByHand:
        self._end(error=error)
        return self

    def cancel(self, resource: str = "") -> None:
        if resource:
            self._show_as(resource, "cancelled")
        else:
            self.break_off(Cancelled("it was cancelled"))

    def pause(self, resource: str = "") -> None:
        if resource:
            self._show_as(resource, "paused")
        else:
            self._become(JobState.PAUSED)

    def resume(self, resource: str = "") -> None:
        if resource:
            self._show_as(resource, "waiting")
        else:
            self._become(JobState.RUNNING)

    def _show_as(self, resource: str, state: str) -> None:
        self.show(*(replace(each, state=state) for each in self.series.values() if each.resource == resource))

    def prioritise(self, resource: str = "") -> None:
        self.asked.setdefault("first", []).append(resource)


class LogicByHand:
    """Nodes and authentication methods are kept in lists and answered for at once; everything else waits."""

    def __init__(self, nodes: Sequence[ListedNode] = (), methods: Sequence[Any] = ()) -> None:
        self.listed = list(nodes)
        self.methods = list(methods)
        self.jobs: List[JobByHand] = []
        self.here: Dict[str, int] = {}  # how many instances of a resource are in the database
        self.problem: Optional[DICOMWebNodesError] = None
        self.opens = False
        self.opened: List[str] = []
        self.secrets = _IN_MEMORY
        self.unfinished: List[Any] = []
        self.unfinished_sends: List[Any] = []
        self.resumed: List[Any] = []
        self.loaded: List[Tuple[str, ...]] = []
        self.load_report: Callable[[Sequence[str]], Any] = lambda series: Report()
        self.nodesChanged, self.authenticationChanged = Signal(), Signal()
        self.jobStarted, self.workerEnded = Signal(), Signal()

    def last(self, name: str) -> JobByHand:
        """The last job of that name that was started."""
        return [job for job in self.jobs if job.name == name][-1]

    def started(self, name: str) -> List[JobByHand]:
        return [job for job in self.jobs if job.name == name]

    # --- answered at once -------------------------------------------------------------------------------------------

    def startNodes(self) -> JobByHand:
        return self._start("nodes").end(tuple(self.listed))

    def startAddNode(self, node: Node) -> JobByHand:
        if any(each.node.name == node.name for each in self.listed):
            from DICOMWebNodesLib.errors import NodeNameTaken

            return self._start("add node", node=node).break_off(NodeNameTaken(f"there is a node '{node.name}' already"))
        self.listed.append(ListedNode(node))
        return self._changed("add node", node, node=node)

    def startUpdateNode(self, uid: str, node: Node) -> JobByHand:
        self.listed = [ListedNode(node) if each.node.uid == uid else each for each in self.listed]
        return self._changed("update node", node, uid=uid, node=node)

    def startRemoveNode(self, node: str) -> JobByHand:
        self.listed = [each for each in self.listed if each.node.uid != node]
        return self._changed("remove node", None, node=node)

    def startDuplicateNode(self, node: str, name: str = "") -> JobByHand:
        return self._changed("duplicate node", None, node=node, name=name)

    def startMoveNode(self, node: str, position: int) -> JobByHand:
        moved = next(each for each in self.listed if each.node.uid == node)
        self.listed.remove(moved)
        self.listed.insert(position, moved)
        return self._changed("move node", None, node=node, position=position)

    def startAuthenticationMethods(self) -> JobByHand:
        return self._start("methods").end(tuple(self.methods))

    def startAddMethod(self, method: Any, secret: str = "") -> JobByHand:
        job = self._start("add method", method=method, secret=secret).end(method)
        self.authenticationChanged.emit()
        return job

    def startUpdateMethod(self, uid: str, method: Any, secret: Optional[str] = None) -> JobByHand:
        return self._start("update method", uid=uid, method=method, secret=secret).end(method)

    def startSetSecretHeader(self, node: str, name: str, value: str) -> JobByHand:
        return self._start("set secret header", node=node, name=name, value=value).end()

    # --- waiting for the test -----------------------------------------------------------------------------------------

    def startDiscover(self, method: Any) -> JobByHand:
        return self._start("discover", method=method).run()

    def startRemoveMethod(self, method: str) -> JobByHand:
        return self._start("remove method", method=method).run()

    def startTestNode(self, node: Any, secretHeaders: Any = None) -> JobByHand:
        return self._start("test node", node=node, secret_headers=secretHeaders).run()

    def startChoices(
        self, provider: str, part: str, values: Any, authentication: str, proxy: str = "", caFile: str = ""
    ) -> JobByHand:
        return self._start("choices", part=part, values=values, proxy=proxy, ca_file=caFile).run()

    def startImportNodes(self, path: str, secrets: bool = False) -> JobByHand:
        return self._start("import nodes", path=path, secrets=secrets).run()

    def startExportNodes(self, path: str, nodes: Sequence[str] = ()) -> JobByHand:
        return self._start("export nodes", path=path, nodes=nodes).run()

    def startSearch(self, node: Any, level: str = "studies", within: str = "", **asked: Any) -> JobByHand:
        """``node``: one, or a list of them, whose job tells of each."""
        job = self._start(f"search {level}", node=node, within=within, **asked).run()
        if not isinstance(node, str):
            job.names = {each.node.uid: each.node.name for each in self.listed if each.node.uid in node}
        return job

    def startThumbnail(self, node: str, resource: str) -> JobByHand:
        return self._start("thumbnail", node=node, resource=resource).run()

    def startOpenManifest(self, source: str) -> JobByHand:
        return self._start("open manifest", source=source).run()

    def startAcceptManifest(self, target: Any, allowPlainHTTP: bool = False) -> JobByHand:
        return self._start("accept manifest", target=target, allowPlainHTTP=allowPlainHTTP).run()

    def startSignIn(self, method: str, device: bool = False, openBrowser: bool = True) -> JobByHand:
        return self._start("sign in", method=method).run()

    def startSecrets(self, file: Optional[bool] = None) -> JobByHand:
        if file is not None:
            self.secrets = _IN_FILE if file else _IN_MEMORY
        return self._start("secrets", file=file).end(self.secrets)

    def startClearPreviews(self) -> JobByHand:
        return self._start("clear previews").run()

    def startDiagnostics(self) -> JobByHand:
        return self._start("diagnostics").run()

    def startSignOut(self, method: str) -> JobByHand:
        return self._start("sign out", method=method).run()

    def startImportStudies(self, node: str, resources: Sequence[str], title: str = "") -> JobByHand:
        return self._start("import", node=node, resources=tuple(resources), title=title).run()

    def startSend(
        self, node: str, seriesUIDs: Sequence[str] = (), files: Sequence[str] = (), title: str = ""
    ) -> JobByHand:
        further = {name: value for name, value in (("files", tuple(files)), ("title", title)) if value}
        return self._start("send", node=node, series=tuple(seriesUIDs), **further).run()

    def retryImport(self, job: JobByHand, resource: str = "") -> JobByHand:
        return self.startImportStudies(job.node, (resource,) if resource else job.resources, job.title)

    def retrySend(self, job: JobByHand) -> JobByHand:
        return self.startSend(job.node, *job.unsent(), job.title)

    # --- the rest -----------------------------------------------------------------------------------------------------

    @property
    def imports(self) -> Tuple[JobByHand, ...]:
        return tuple(self.started("import"))

    @property
    def sends(self) -> Tuple[JobByHand, ...]:
        return tuple(self.started("send"))

    def countInDatabase(self, resource: Any) -> int:
        return self.here.get(str(resource), 0)

    def countingInDatabase(self, resource: Any) -> Generator[None, None, int]:
        yield
        return self.countInDatabase(resource)

    def databaseProblem(self) -> Optional[DICOMWebNodesError]:
        return self.problem

    def openDatabase(self, folder: str = "") -> Optional[DICOMWebNodesError]:
        """``opens``: whether that solves the problem."""
        self.opened.append(folder)
        self.problem = None if self.opens else self.problem
        return self.problem

    def unfinishedImports(self) -> Tuple[Any, ...]:
        return tuple(self.unfinished)

    def unfinishedSends(self) -> Tuple[Any, ...]:
        return tuple(self.unfinished_sends)

    def resumeSend(self, unfinished: Any) -> JobByHand:
        self.resumed.append(unfinished)
        return self.startSend(unfinished.node, unfinished.seriesUIDs, unfinished.files, unfinished.title)

    def forgetSend(self, unfinished: Any) -> None:
        self.unfinished_sends.remove(unfinished)

    def resumeImport(self, unfinished: Any) -> JobByHand:
        self.resumed.append(unfinished)
        return self.startImportStudies(unfinished.node, unfinished.resources, unfinished.title)

    def forgetImport(self, unfinished: Any) -> None:
        self.unfinished.remove(unfinished)

    def load(self, seriesUIDs: Sequence[str], references: Any = None, progress: Any = None) -> Any:
        self.loaded.append(tuple(seriesUIDs))
        return self.load_report(seriesUIDs)

    def _start(self, _name: str, **asked: Any) -> JobByHand:
        job = JobByHand(_name, asked)
        self.jobs.append(job)
        self.jobStarted.emit(job)
        return job

    def _changed(self, _name: str, value: Any, **asked: Any) -> JobByHand:
        job = self._start(_name, **asked).end(value)
        self.nodesChanged.emit()
        return job


class Report:
    nodeIDs, messages, failures, complete = ("vtkMRMLScalarVolumeNode1",), (), (), True


def study(number: int, name: str = "", **attributes: Any) -> Attributes:
    """A row of a search for studies."""
    values = {
        "0020000D": ("UI", f"1.2.{number}"),
        "00100010": ("PN", {"Alphabetic": name or f"DOE^JANE{number}"}),
        "00100020": ("LO", attributes.get("patient_id", f"P{number:05}")),
        "00080020": ("DA", attributes.get("date", "20240131")),
        "00080061": ("CS", attributes.get("modality", "CT")),
        "00081030": ("LO", attributes.get("description", "Head without contrast")),
        "00200010": ("SH", attributes.get("study_id", f"S{number}")),
        "00201206": ("IS", 2),
        "00201208": ("IS", attributes.get("instances", 180)),
    }
    return _attributes(values)


def series(study_number: int, number: int, description: str = "axial 1 mm", instances: int = 90) -> Attributes:
    values = {
        "0020000D": ("UI", f"1.2.{study_number}"),
        "0020000E": ("UI", f"1.2.{study_number}.{number}"),
        "00080060": ("CS", "CT"),
        "0008103E": ("LO", description),
        "00200011": ("IS", number),
        "00201209": ("IS", instances),
    }
    return _attributes(values)


def instance(study_number: int, series_number: int, number: int) -> Attributes:
    values = {
        "0020000D": ("UI", f"1.2.{study_number}"),
        "0020000E": ("UI", f"1.2.{study_number}.{series_number}"),
        "00080018": ("UI", f"1.2.{study_number}.{series_number}.{number}"),
        "00080016": ("UI", "1.2.840.10008.5.1.4.1.1.2"),
        "00200013": ("IS", number),
        "00280010": ("US", 512),
        "00280011": ("US", 512),
    }
    return _attributes(values)


def _attributes(values: Dict[str, Tuple[str, Any]]) -> Attributes:
    return Attributes({tag: {"vr": vr, "Value": [value]} for tag, (vr, value) in values.items()})


def checks(*failing: str) -> Tuple[Check, ...]:
    """What a test of a node finds; ``failing``: services."""
    found = {
        "QIDO-RS": "studies, series and instances can be searched; all series, all instances and the instances of a "
        "study at once, with the number of instances; a page has 1000 at most",
        "WADO-RS": "gives a study, a series and an instance at once, as multipart/related and application/dicom; "
        "thumbnails and rendered pictures",
        "STOW-RS": "takes instances (tried with an empty message)",
    }
    failed = "could not connect. Check the port in the node's URL."
    return tuple(Check(each, each not in failing, failed if each in failing else text) for each, text in found.items())


def outcome(series_uid: str, number: int, reason: str = "") -> Dict[str, Any]:
    """Of a file that is sent; with a ``reason`` it was refused."""
    return {
        "path": f"/database/dicomweb/1.2/{series_uid}/{series_uid}.{number}.dcm",
        "status": "failed" if reason else "stored",
        "reason": reason,
        "series_instance_uid": series_uid,
    }


def summary(*series_uids: str, **values: Any) -> ImportSummary:
    fields = {"imported": 180, "alreadyThere": 0, "failures": (), "seriesUIDs": series_uids, **values}
    return ImportSummary(**fields)
