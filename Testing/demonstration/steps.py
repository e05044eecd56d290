"""The steps of the demo, each with a line that says what came of it."""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from DICOMWebNodesLib.cli.columns import ASKED_FOR, Layout
from DICOMWebNodesLib.cli.console import Console
from DICOMWebNodesLib.cli.progress import Bar
from DICOMWebNodesLib.cli.table import counted, in_bytes
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.errors import DICOMWebNodesError
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.transfer.events import Event, InstanceStored, Progress, Summary
from DICOMWebNodesLib.workspace import Level, Query, Resource, Workspace
from fakes.origin_server import Archive

from .stack import Stack, largest_stack

_NAME = "Demo"
_SHOWN = 50  # studies in the table, of a server that may have a million
_SLICED = ("CT", "MR", "PT")
_SMALLEST, _LARGEST = 10, 1000  # instances of a series that is worth a look and soon here


class Failed(Exception):
    """A step that did not do what it should; the message is for people."""


class Demonstration:
    """Retrieves from the server at ``url`` into ``output``.

    ``served``: what an embedded server holds; then everything is retrieved and compared byte for byte. Otherwise the
    first series of a suitable kind and size is, and its instances are counted.
    """

    def __init__(self, url: str, output: Path, served: Optional[Archive] = None) -> None:
        self._url = url
        self._output = output
        self._served = served
        self._console = Console(sys.stdin, sys.stdout, sys.stderr, lambda prompt: "")
        self._stored: Dict[Resource, Path] = {}

    def run(self) -> int:
        """All steps in order; the exit status."""
        try:
            self._run()
        except (DICOMWebNodesError, Failed) as problem:
            self._console.flush()
            self._console.tell(f"\nThe demo failed. {problem}")
            return 1
        return 0

    def _run(self) -> None:
        if self._served is not None:
            self._say("Serve", self._describe_served(self._served))
        self._output.mkdir(parents=True, exist_ok=True)
        store = NodeStore(self._output / "nodes.json", predefined=())
        with Workspace(store) as workspace:
            node = self._define_node(store)
            self._test(workspace, node)
            studies = self._search(workspace, node)
            wanted = studies if self._served is not None else [self._choose(workspace, node, studies)]
            summary = self._retrieve(workspace, node, wanted)
            self._verify(workspace, node, wanted, summary)
        self._show()

    # --- the server and its node ----------------------------------------------------------------------------------

    def _describe_served(self, served: Archive) -> str:
        held = served.all()
        if not held:
            raise Failed("There is no DICOM instance in the folder.")
        what = f"{counted(len(held), 'instance')} of {counted(len(served.by_series()), 'study', 'studies')}"
        left_out = [f"{file.name} is left out: {reason}" for file, reason in served.refused.items()]
        more = [f"... and {len(left_out) - 3} more files"] if len(left_out) > 3 else []
        return "\n".join([f"{what} at {self._url}, by the embedded origin server", *left_out[:3], *more])

    def _define_node(self, store: NodeStore) -> Node:
        for former in [node for node in store.nodes() if node.name == _NAME]:
            store.remove(former.uid)
        node = Node(name=_NAME, url=self._url)
        store.add(node)
        self._say("Node", f"{node.name!r}, {node.service_type.value}, in {self._output / 'nodes.json'}")
        return node

    def _test(self, workspace: Workspace, node: Node) -> None:
        checks = workspace.test(node)
        words = {True: "ok", False: "FAILED", None: "not tried"}
        self._say("Test", "\n".join(f"{one.service.value:8}  {words[one.ok]}: {one.message}" for one in checks))
        if any(one.ok is False for one in checks[:2]):  # a server that cannot store will do
            raise Failed("The node cannot be searched or gives no instances.")

    # --- search ---------------------------------------------------------------------------------------------------

    def _search(self, workspace: Workspace, node: Node) -> List[Resource]:
        """The studies; of a server of the user's the first ones."""
        query = Query.studies(includefield=ASKED_FOR[Level.STUDY])
        limit = None if self._served is not None else _SHOWN
        rows = list(islice(workspace.search(node, query, self._console.warn), limit))
        if not rows:
            raise Failed("The server has no study.")
        self._say("Search", counted(len(rows), "study", "studies"))
        for line in Layout(Level.STUDY).as_table(rows, self._console.warn, self._console.columns):
            self._console.write(f"{line}\n")
        return [Resource(row.study_instance_uid) for row in rows]

    def _choose(self, workspace: Workspace, node: Node, studies: Sequence[Resource]) -> Resource:
        for study in studies:
            for row in workspace.search(node, Query.series(study.study_instance_uid)):
                resource = Resource(study.study_instance_uid, row.series_instance_uid)
                if (
                    row.text("Modality") in _SLICED
                    and _SMALLEST <= self._count(workspace, node, row, resource) <= _LARGEST
                ):
                    return resource
        raise Failed(f"None of the studies has a {' or '.join(_SLICED)} series of {_SMALLEST} to {_LARGEST} instances.")

    def _count(self, workspace: Workspace, node: Node, row: Attributes, series: Resource) -> int:
        told = row.integer("NumberOfSeriesRelatedInstances")
        return told if told is not None else len(self._instances(workspace, node, series))

    def _instances(self, workspace: Workspace, node: Node, series: Resource) -> List[Resource]:
        query = Query.instances(series.study_instance_uid, series.series_instance_uid)
        uids = (series.study_instance_uid, series.series_instance_uid)
        return [Resource(*uids, row.sop_instance_uid) for row in workspace.search(node, query)]

    # --- retrieve and verify --------------------------------------------------------------------------------------

    def _retrieve(self, workspace: Workspace, node: Node, wanted: Sequence[Resource]) -> Summary:
        with Bar(self._console, "instances") as bar:

            def listen(event: Event) -> None:
                if isinstance(event, Progress):
                    bar.show(event.instances, event.expected, f"{in_bytes(event.bytes_per_second)}/s")
                elif isinstance(event, InstanceStored):
                    self._stored[event.resource] = event.path

            summary = workspace.retrieve(node, wanted, self._folder, listener=listen)
        there = f", {summary.already_there} were there already" if summary.already_there else ""
        how = f"{counted(summary.stored, 'instance')} ({in_bytes(summary.bytes)}) in {summary.seconds:.1f} s{there}"
        self._say("Retrieve", f"{how}\ninto {self._folder}")
        return summary

    @property
    def _folder(self) -> Path:
        return self._output / "instances"

    def _verify(self, workspace: Workspace, node: Node, wanted: Sequence[Resource], summary: Summary) -> None:
        """The transfer's own account is believed as little as the server's."""
        for failure in summary.failed:
            self._console.tell(f"{failure.resource} is missing: {failure.reason}")
        if not summary.complete:
            raise Failed(f"{counted(summary.missing, 'instance')} did not arrive.")
        if self._served is not None:
            self._compare_with_served(self._served)
        else:
            (series,) = wanted
            missing = set(self._instances(workspace, node, series)) - set(self._stored)
            if missing:
                raise Failed(f"{counted(len(missing), 'instance')} did not arrive, {min(missing)} for one.")
            self._say("Verify", f"nothing is missing: all {len(self._stored)} instances of the series are here")

    def _compare_with_served(self, served: Archive) -> None:
        held = served.all()
        for one in held:
            resource = Resource(one.study_instance_uid, one.series_instance_uid, one.sop_instance_uid)
            path = self._stored.get(resource)
            if path is None:
                raise Failed(f"{resource} did not arrive.")
            if path.read_bytes() != one.path.read_bytes():
                raise Failed(f"{path} is not what was served.")
        self._say(
            "Verify", f"nothing is missing: {len(held)} of {len(held)} instances, byte for byte as they were served"
        )

    # --- load and show --------------------------------------------------------------------------------------------

    def _show(self) -> None:
        stack = largest_stack(self._stored.values())
        if stack is None:
            raise Failed("No series is a stack of slices, so there is no volume to load.")
        # Not before this: the library takes a moment to load, and writes to the terminal.
        from .picture import write_picture
        from .volume import differences, load

        volume = load(stack)
        wrong = differences(volume, stack)
        if wrong:
            raise Failed(f"The volume is not what the headers say: {'; '.join(wrong)}.")
        geometry = _describe(stack)
        told = "spacing, origin, orientation and values are what the DICOM headers say"
        self._say("Load", f"vtkMRMLScalarVolumeNode {volume.node.GetName()!r}, {geometry}\n{told}")
        picture = self._output / "views.png"
        write_picture(volume, picture, f"{stack.title}   {geometry}")
        self._say("Picture", str(picture))

    def _say(self, step: str, what: str) -> None:
        first, *rest = what.splitlines()
        self._console.print(f"{step:9} {first}")
        for line in rest:
            self._console.write(f"{'':9} {line}\n")
        self._console.flush()


def _describe(stack: Stack) -> str:
    row_spacing, column_spacing = (float(value) for value in stack.first.header.PixelSpacing)
    slice_spacing = sum(value**2 for value in stack.step) ** 0.5
    dimensions = " x ".join(map(str, stack.dimensions))
    return f"{dimensions} voxels of {column_spacing:.3g} x {row_spacing:.3g} x {slice_spacing:.3g} mm"
