"""The logic's part for the list of nodes."""

import warnings
from dataclasses import dataclass, field
from typing import Any, Dict, Mapping, Optional, Sequence, Tuple, Union

from DICOMWebNodesLib.dicomweb.url_hint import hint_about
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.sharing.importing import Imported
from DICOMWebNodesLib.sharing.left_out import LeftOut
from DICOMWebNodesLib.worker.values import imported_from_dict, node_as_dict, node_from_dict

from .job import Job
from .logic_base import LogicBase


@dataclass(frozen=True)
class ListedNode:
    """A node of the list; a predefined one is read-only."""

    node: Node
    predefined: bool = False


NodeName = Union[str, Node, ListedNode]
"""Name, uid or URL, or what stands for it: a value counts as the node with its uid."""


@dataclass(frozen=True)
class Check:
    """One service of a node. ``ok`` is None when it could not be tried, or is not offered by a server of which it
    was not expected. ``offers``: what the server has and has not, in words."""

    service: str
    ok: Optional[bool]
    message: str
    offers: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """What a part of a provider's URL can be. ``title``: what people call it, "" when that is no other."""

    value: str
    title: str = ""


@dataclass(frozen=True)
class Exported:
    """``count``: of nodes, or of authentication methods, in the file; ``leftOut``: LeftOut, what is not."""

    count: int
    leftOut: Tuple[LeftOut, ...] = ()


class NodesLogic(LogicBase):
    def startNodes(self) -> Job:
        return self._start("nodes", "nodes.list", {}, _listed, lambda result, nodes: tuple(nodes))

    def nodes(self) -> Tuple[ListedNode, ...]:
        return self.wait(self.startNodes())

    def startAddNode(self, node: Node) -> Job:
        return self._change("add node", "nodes.add", {"node": node_as_dict(node)})

    def addNode(self, node: Node) -> Node:
        """Warns when the URL looks like that of something else than a service's root."""
        _warnAboutURL(node)
        return self.wait(self.startAddNode(node))

    def startUpdateNode(self, uid: NodeName, node: Node) -> Job:
        return self._change("update node", "nodes.update", {"uid": nameOf(uid), "node": node_as_dict(node)})

    def updateNode(self, uid: NodeName, node: Node) -> Node:
        """Warns as :meth:`addNode`."""
        _warnAboutURL(node)
        return self.wait(self.startUpdateNode(uid, node))

    def startRemoveNode(self, node: NodeName) -> Job:
        return self._change("remove node", "nodes.remove", {"node": nameOf(node)})

    def removeNode(self, node: NodeName) -> Node:
        return self.wait(self.startRemoveNode(node))

    def startDuplicateNode(self, node: NodeName, name: str = "") -> Job:
        return self._change("duplicate node", "nodes.duplicate", {"node": nameOf(node), "name": name})

    def duplicateNode(self, node: NodeName, name: str = "") -> Node:
        return self.wait(self.startDuplicateNode(node, name))

    def startMoveNode(self, node: NodeName, position: int) -> Job:
        return self._change("move node", "nodes.move", {"node": nameOf(node), "position": position})

    def moveNode(self, node: NodeName, position: int) -> Node:
        return self.wait(self.startMoveNode(node, position))

    def startImportNodes(self, path: str, secrets: bool = False) -> Job:
        """Of a file with nodes or with authentication methods; ``secrets``: take those of Weasis's files too."""
        job = self._start(
            "import nodes",
            "nodes.import",
            {"path": str(path), "secrets": secrets},
            conclude=lambda result, items: imported_from_dict(result),
            then=self.nodesChanged,
        )
        job.finished.connect(lambda job: self.authenticationChanged.emit() if job.error is None else None)
        return job

    def importNodes(self, path: str, secrets: bool = False) -> Imported:
        return self.wait(self.startImportNodes(path, secrets))

    def startExportNodes(
        self,
        path: str,
        nodes: Union[NodeName, Sequence[NodeName]] = (),
        secrets: bool = False,
        fileFormat: str = "json",
    ) -> Job:
        """``nodes``: names or uids, none: all of one's own. ``fileFormat``: "json", "weasis" (nodes) or
        "weasis-authentication" (how these nodes sign in); for Weasis as XML, or in its newer form when ``path`` ends
        with .json. Secrets are written in our own form only, and only when they are asked for."""
        named = [nodes] if isinstance(nodes, (str, Node, ListedNode)) else nodes
        params = {
            "path": str(path),
            "nodes": list(map(nameOf, named)),
            "secrets": secrets,
            "file_format": fileFormat,
        }
        return self._start("export nodes", "nodes.export", params, conclude=lambda result, items: _exported(result))

    def exportNodes(
        self,
        path: str,
        nodes: Union[NodeName, Sequence[NodeName]] = (),
        secrets: bool = False,
        fileFormat: str = "json",
    ) -> Exported:
        return self.wait(self.startExportNodes(path, nodes, secrets, fileFormat))

    def startTestNode(
        self, node: NodeName, secretHeaders: Optional[Mapping[str, str]] = None, proxyPassword: str = ""
    ) -> Job:
        """Also a node that is not saved yet, with ``secretHeaders`` and ``proxyPassword`` as they were typed: they are
        kept nowhere."""
        return self._start(
            "test node",
            "nodes.test",
            {
                "node": referenceTo(node),
                "secret_headers": dict(secretHeaders or {}),
                "proxy_password": proxyPassword,
            },
            lambda item: Check(**item),
            lambda result, checks: tuple(checks),
        )

    def testNode(self, node: NodeName) -> Tuple[Check, ...]:
        return self.wait(self.startTestNode(node))

    def startChoices(
        self,
        provider: str,
        part: str,
        values: Mapping[str, str],
        authentication: str,
        proxy: str = "",
        caFile: str = "",
        proxyUser: str = "",
        proxyPassword: str = "",
    ) -> Job:
        """What that part of the provider's URL can be for whoever is signed in; ``values``: the parts before it.

        ``proxyPassword``: one that was typed; "" is the one that a node keeps for this user of this proxy.
        """
        params = {
            "provider": provider,
            "part": part,
            "values": dict(values),
            "authentication": authentication,
            "proxy": proxy,
            "proxy_user": proxyUser,
            "proxy_password": proxyPassword,
            "ca_file": caFile,
        }
        return self._start(
            "choices", "providers.choices", params, lambda item: Choice(**item), lambda result, choices: tuple(choices)
        )

    def choices(self, provider: str, part: str, values: Mapping[str, str], authentication: str) -> Tuple[Choice, ...]:
        return self.wait(self.startChoices(provider, part, values, authentication))

    def _change(self, name: str, method: str, params: Dict[str, Any]) -> Job:
        return self._start(
            name, method, params, conclude=lambda result, items: node_from_dict(result), then=self.nodesChanged
        )


def referenceTo(node: NodeName) -> Union[str, Dict[str, Any]]:
    """What the worker is asked with: name, uid and URL as they are, a value as its fields, saved or not."""
    node = node.node if isinstance(node, ListedNode) else node
    return node_as_dict(node) if isinstance(node, Node) else str(node)


def nameOf(node: NodeName) -> str:
    """What the list, or a journal, knows it by."""
    node = node.node if isinstance(node, ListedNode) else node
    return node.uid if isinstance(node, Node) else str(node)


def _listed(item: Dict[str, Any]) -> ListedNode:
    return ListedNode(node_from_dict(item["node"]), item["predefined"])


def _exported(result: Dict[str, Any]) -> Exported:
    return Exported(result["count"], tuple(LeftOut(**each) for each in result["left_out"]))


def _warnAboutURL(node: Node) -> None:
    """For whoever writes a script: where it stands."""
    hint = hint_about(node.url)
    if hint is not None:
        warnings.warn(f"{node.name}: {hint}", stacklevel=3)
