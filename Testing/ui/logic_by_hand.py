"""A logic without a worker: what it would be asked is noted, and a test says what becomes of each job."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, Generator, List, Optional, Sequence, Set, Tuple

from DICOMWebNodesHost.journal import Standing, UnfinishedImport
from DICOMWebNodesHost.loading import LoadReport
from DICOMWebNodesHost.logic_nodes import ListedNode
from DICOMWebNodesHost.logic_settings import SecretsPlace
from DICOMWebNodesHost.settings import Settings
from DICOMWebNodesHost.signal import Signal
from DICOMWebNodesLib.errors import DICOMWebNodesError, NodeStoreError
from DICOMWebNodesLib.nodes.node import Node

from .job_by_hand import JobByHand

_IN_MEMORY = SecretsPlace("memory, until this program ends", False, False)
_IN_FILE = SecretsPlace("secrets.json, which only you can read", True, True)


class LogicByHand:
    """Nodes and authentication methods are kept in lists and answered for at once; everything else waits."""

    def __init__(self, nodes: Sequence[ListedNode] = (), methods: Sequence[Any] = ()) -> None:
        self.listed = list(nodes)
        self.methods = list(methods)
        self.jobs: List[JobByHand] = []
        self.here: Dict[str, int] = {}  # how many instances of a resource are in the database
        self.problem: Optional[DICOMWebNodesError] = None
        self.unreadable: Optional[DICOMWebNodesError] = None  # why the nodes are not listed
        self.opens = False
        self.opened: List[str] = []
        self.secrets = _IN_MEMORY
        self.settings = Settings()
        self.unfinished: List[Any] = []
        self.unfinished_sends: List[Any] = []
        self.elsewhere: Set[str] = set()  # uids of those that another Slicer has taken up
        self.confirmed = 0
        self.resumed: List[Any] = []
        self.loaded: List[Tuple[str, ...]] = []
        self.load_report: Callable[[Sequence[str]], Any] = lambda series: LoadReport(("vtkMRMLScalarVolumeNode1",))
        self.nodesChanged, self.authenticationChanged = Signal(), Signal()
        self.jobStarted, self.workerEnded = Signal(), Signal()

    def last(self, name: str) -> JobByHand:
        """The last job of that name that was started."""
        return [job for job in self.jobs if job.name == name][-1]

    def started(self, name: str) -> List[JobByHand]:
        return [job for job in self.jobs if job.name == name]

    # --- answered at once -------------------------------------------------------------------------------------------

    def startNodes(self) -> JobByHand:
        if self.unreadable is not None:
            return self._start("nodes").break_off(self.unreadable)
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
        partner = next((each.node for each in self.listed if each.node.retrieve_partner == node), None)
        if partner is not None:
            error = NodeStoreError(f"it retrieves what '{partner.name}' finds")
            return self._start("remove node", node=node).break_off(error)
        self.listed = [each for each in self.listed if each.node.uid != node]
        return self._changed("remove node", None, node=node)

    def startDuplicateNode(self, node: str, name: str = "") -> JobByHand:
        place, original = next((place, each.node) for place, each in enumerate(self.listed, 1) if each.node.uid == node)
        copy = replace(original, uid=f"{node}-copy", name=name or f"{original.name} copy")
        self.listed.insert(place, ListedNode(copy))
        return self._changed("duplicate node", copy, node=node, name=name)

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

    def startSetProxyPassword(self, node: str, password: str) -> JobByHand:
        return self._start("set proxy password", node=node, password=password).end()

    # --- waiting for the test -----------------------------------------------------------------------------------------

    def startDiscover(self, method: Any) -> JobByHand:
        return self._start("discover", method=method).run()

    def startRemoveMethod(self, method: str) -> JobByHand:
        return self._start("remove method", method=method).run()

    def startTestNode(self, node: Any, secretHeaders: Any = None, proxyPassword: str = "") -> JobByHand:
        return self._start("test node", node=node, secret_headers=secretHeaders, proxy_password=proxyPassword).run()

    def startChoices(
        self,
        provider: str,
        part: str,
        values: Any,
        authentication: str,
        proxy: str = "",
        caFile: str = "",
        proxyUser: str = "",
        proxyPassword: str = "",
    ) -> JobByHand:
        way = {"proxy": proxy, "ca_file": caFile, "proxy_user": proxyUser, "proxy_password": proxyPassword}
        return self._start("choices", part=part, values=values, **way).run()

    def startImportNodes(self, path: str, secrets: bool = False) -> JobByHand:
        return self._start("import nodes", path=path, secrets=secrets).run()

    def startExportNodes(self, path: str, nodes: Sequence[str] = (), fileFormat: str = "json") -> JobByHand:
        return self._start("export nodes", path=path, nodes=nodes, format=fileFormat).run()

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

    def startImportStudies(
        self, node: str, resources: Sequence[str], title: str = "", verify: bool = False
    ) -> JobByHand:
        entry = UnfinishedImport(node, tuple(resources), title)
        again = [each.uid for each in self.unfinished if entry.isAgain(each)]
        known = {**({"uid": again[0]} if again else {}), **({"verify": True} if verify else {})}
        return self._start("import", node=node, resources=tuple(resources), title=title, **known).run()

    def startSend(
        self, node: str, seriesUIDs: Sequence[str] = (), files: Sequence[str] = (), title: str = ""
    ) -> JobByHand:
        further = {name: value for name, value in (("files", tuple(files)), ("title", title)) if value}
        return self._start("send", node=node, series=tuple(seriesUIDs), **further).run()

    def retryImport(self, job: JobByHand, resource: str = "") -> JobByHand:
        again = self.startImportStudies(job.node, (resource,) if resource else job.resources, job.title)
        job.retries.update({resource: again} if resource else {})
        return again

    def retrySend(self, job: JobByHand, resource: str = "") -> JobByHand:
        if not resource:
            return self.startSend(job.node, *job.unsent(), job.title)
        again = self.startSend(job.node, [resource.rpartition("/")[2]], (), job.title)
        job.retries[resource] = again
        return again

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

    def standingOf(self, unfinished: Any) -> Standing:
        if unfinished.uid in self.elsewhere:
            return Standing.UNDER_WAY
        return Standing.UNFINISHED if unfinished in (*self.unfinished, *self.unfinished_sends) else Standing.GONE

    def unfinishedImports(self) -> Tuple[Any, ...]:
        return tuple(each for each in self.unfinished if each.uid not in self.elsewhere)

    def unfinishedSends(self) -> Tuple[Any, ...]:
        return tuple(each for each in self.unfinished_sends if each.uid not in self.elsewhere)

    def resumeSend(self, unfinished: Any) -> JobByHand:
        self.resumed.append(unfinished)
        return self.startSend(unfinished.node, unfinished.seriesUIDs, unfinished.files, unfinished.title)

    def confirmedOf(self, unfinished: Any) -> int:
        return self.confirmed

    def forgetSend(self, unfinished: Any) -> None:
        self.unfinished_sends.remove(unfinished)

    def resumeImport(self, unfinished: Any) -> JobByHand:
        self.resumed.append(unfinished)
        fields = {name: getattr(unfinished, name) for name in ("node", "resources", "title", "uid")}
        return self._start("import", **fields).run()

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
