"""A server in some dialect, or a real one, and the client in front of it."""

from __future__ import annotations

import contextlib
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Optional

from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer
from fakes.origin_server.dialects import DIALECTS

from .collection import CAP, Collection
from .recorder import Recorder


@dataclass(frozen=True)
class Bench:
    workspace: Workspace
    node: Node
    recorder: Recorder
    collection: Collection
    folder: Path  # empty at first


@contextlib.contextmanager
def bench(url: str, profile: str, collection: Collection, folder: Path, **fields: object) -> Iterator[Bench]:
    """``fields`` of the node; two benches with one ``folder`` know what the other has found out."""
    recorder = Recorder()
    nodes = NodeStore(folder / "settings" / "nodes.json", predefined=())
    node = Node(name=profile, url=url, profile=profile, **fields)  # type: ignore[arg-type]
    with Workspace(nodes, lambda _: recorder, make_pacer=_hasty) as workspace:
        yield Bench(workspace, node, recorder, collection, folder)


@contextlib.contextmanager
def replayed(
    dialect: str,
    collection: Collection,
    folder: Path,
    *,
    profile: str = "",
    page_size: Optional[int] = None,
    service_type: ServiceType = ServiceType.DICOMWEB,
) -> Iterator[Bench]:
    """A server of this dialect; where the real one caps its pages, this one does so at three rows."""
    spoken = DIALECTS[dialect]()
    if spoken.max_results is not None:
        spoken = dataclasses.replace(spoken, max_results=CAP)
    with OriginServer(collection.files.values(), dialect=spoken) as server:
        fields = {"page_size": page_size, "service_type": service_type}
        with bench(server.url, profile or dialect, collection, folder, **fields) as one:
            yield one


def _hasty(**options: object) -> Pacer:
    return Pacer(first_delay=0.05, **options)  # type: ignore[arg-type]
