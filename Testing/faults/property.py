"""What has to hold whatever goes wrong: every instance is byte for byte the origin's, or named with the reason."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Dict, Mapping, Sequence, Set

from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.transfer.events import Summary
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer
from fakes.part10_files import part10

_OF_THE_NODE = ("service_type", "profile", "proxy", "headers", "read_timeout", "tls")
AT_ONCE = functools.partial(Pacer, first_delay=0, ceiling=0)
OriginFiles = Mapping[Resource, Path]
content_of = functools.lru_cache(maxsize=None)(part10)


def origin_files_in(folder: Path, payloads: Mapping[Resource, Sequence[int]]) -> Dict[Resource, Path]:
    """Instance -> file: for each series instances with so many bytes of pixel data."""
    files = {}
    for series, sizes in payloads.items():
        for number, size in enumerate(sizes):
            instance = Resource(*series.uids, f"{series.series_instance_uid}.{number}")
            files[instance] = folder / f"{instance.sop_instance_uid}.dcm"
            files[instance].write_bytes(content_of(*instance.uids, payload=size))
    return files


def retrieve(server: OriginServer, output: Path, resources: Sequence[Resource], **options: Any) -> Summary:
    """As :meth:`Workspace.retrieve`, of a node that is given up on quickly; its fields may be among the options.

    What is found out about a server is kept beside ``output``: the next test's may have the same port.
    """
    fields = {name: options.pop(name) for name in _OF_THE_NODE if name in options}
    url = server.wado_uri_url if fields.get("service_type") is ServiceType.WADO_URI else server.url
    node = Node("Faulty", url, **{"read_timeout": 0.5, "profile": "generic", **fields})
    nodes = NodeStore(output.with_name(f"{output.name}-home") / "nodes.json")
    with Workspace(nodes, make_pacer=AT_ONCE) as workspace:
        return workspace.retrieve(node, resources, output, **options)


def strangers_in(output: Path) -> int:
    """How many instances are here that nobody asked for: :func:`fakes.multipart_faults.another_of_the_series`."""
    return len(list(output.rglob("1.2.628.*.dcm")))


def assert_accounted_for(summary: Summary, output: Path, origin_files: OriginFiles) -> Set[Resource]:
    """The instances that arrived."""
    arrived = set()
    for instance, path in origin_files.items():
        here = output.joinpath(*instance.uids[:2], f"{instance.sop_instance_uid}.dcm")
        if here.exists():
            assert here.read_bytes() == path.read_bytes(), f"{instance} is not what the origin has"
            arrived.add(instance)
        else:
            named = [failure for failure in summary.failed if failure.resource.contains(instance)]
            assert named, f"nobody says where {instance} is"
            assert all(failure.reason for failure in named)
    here_too = len(arrived) + strangers_in(output)
    assert summary.stored + summary.already_there == here_too
    assert len(list(output.rglob("*.dcm"))) == here_too, "something came that nobody asked for"
    assert not list(output.rglob("*.part"))
    return arrived


def assert_the_next_run_fetches_exactly_what_is_missing(
    output: Path, origin_files: OriginFiles, arrived: Set[Resource], resources: Sequence[Resource], **options: Any
) -> None:
    here_too = len(arrived) + strangers_in(output)
    with OriginServer(origin_files.values()) as server:
        summary = retrieve(server, output, resources, **options)
    assert summary.complete
    assert (summary.stored, summary.already_there) == (len(origin_files) - len(arrived), here_too)
    assert summary.bytes == sum(path.stat().st_size for each, path in origin_files.items() if each not in arrived)
    assert summary.fetched_again == 0
    assert assert_accounted_for(summary, output, origin_files) == set(origin_files)
