"""Manifests with what this installation knows: its nodes, and its sessions to fetch and to search with."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import Callable, ContextManager, Dict, Iterable, Iterator, List, Sequence, Tuple

from ..dicomweb.dicom_json import Attributes
from ..dicomweb.multipart_events import PartEvent, Payload
from ..dicomweb.part10 import read_identity
from ..dicomweb.query import Query
from ..dicomweb.resource import Level, Resource
from ..dicomweb.session import Session
from ..dicomweb.unusable import noted
from ..dicomweb.wado_uri import WadoURI
from ..errors import MalformedAttribute, MalformedInstance, NotFound
from ..nodes.node import Node
from ..nodes.service_type import ServiceType
from ..text import Text
from .opening import open_manifest
from .target import Target, target_of

Lent = Callable[[Node], ContextManager[Session]]
Search = Callable[[Node, Query], Iterable[Attributes]]
_NOBODYS = "2.25.0"  # a UID that stands for one that is not known yet
_LONGEST_HEAD = 8 * 1024 * 1024  # bytes; the UIDs of an instance are among its first attributes
_LEVELS = {"SOPInstanceUID": Level.INSTANCE, "SeriesInstanceUID": Level.SERIES}


@dataclass(frozen=True)
class Opened:
    """What a manifest or link asks for, and from where it would come. ``remarks``: for the person who decides."""

    targets: Tuple[Target, ...]
    remarks: Tuple[str, ...]


def open_targets(source: str, nodes: Sequence[Node], lent: Lent) -> Opened:
    """As :func:`.opening.open_manifest`, which says what ``source`` may be and what is raised.

    A manifest on the server of a node is fetched with that node's sign-in.
    """

    @contextlib.contextmanager
    def connect(origin: str) -> Iterator[Session]:
        with lent(_node_at(origin, nodes)) as session:
            yield session

    manifest = open_manifest(source, connect)
    targets = tuple(target_of(part, nodes) for part in manifest.parts)
    remarks = (*manifest.remarks, *(remark for target in targets for remark in target.remarks))
    return Opened(targets, tuple(dict.fromkeys(remarks)))


def identified(target: Target, lent: Lent) -> Target:
    """With the UIDs of files that only say themselves what they are, of each of which the beginning is fetched.

    Raises :class:`~..errors.MalformedInstance` for what is no DICOM file, and what fetching raises.
    """
    files = target.part.unidentified
    if not files:
        return target
    stand_ins = {Resource(_NOBODYS, _NOBODYS, f"{_NOBODYS}.{number}"): file for number, file in enumerate(files, 1)}
    found: Dict[Resource, str] = dict(target.part.addressing.files)
    with lent(target.node) as session:
        source = WadoURI(session, replace(target.part.addressing, files=stand_ins))
        for stand_in, file in stand_ins.items():
            with source.retrieve(stand_in) as events:
                found[_identity(events, file.partition("?")[0])] = file
    part = replace(
        target.part,
        resources=tuple(dict.fromkeys((*target.part.resources, *found))),
        addressing=replace(target.part.addressing, files=found),
        unidentified=(),
    )
    return replace(target, part=part)


def _identity(events: Iterator[PartEvent], file: str) -> Resource:
    head = bytearray()
    for event in events:
        if isinstance(event, Payload):
            head += event.data
            identity = read_identity(head)
            if identity is not None or len(head) > _LONGEST_HEAD:
                break
    else:
        identity = read_identity(head, whole=True)
    if identity is None or not (identity.study_instance_uid and identity.series_instance_uid):
        raise MalformedInstance(Text("{file} does not say to which study it belongs", file=file))
    return Resource(identity.study_instance_uid, identity.series_instance_uid, identity.sop_instance_uid)


def resources_of(target: Target, search: Search, warn: Callable[[str], None]) -> Tuple[Resource, ...]:
    """What is named, and what has to be searched for; ``warn`` hears of what the server lists with a UID that is none.

    Raises NotFound when there is nothing of it, and MalformedAttribute when there is nothing else.
    """
    found: Dict[Resource, None] = dict.fromkeys(target.part.resources)
    problems: List[MalformedAttribute] = []
    for matching in target.part.matching:
        level = next((_LEVELS[name] for name, _ in matching if name in _LEVELS), Level.STUDY)
        for row in search(target.node, Query(level, matching)):
            with noted(level, problems):
                found[_identified_by(row, level)] = None
    if not found:
        missing = NotFound("the server has none of what the manifest asks for", status=404, node=target.node.name)
        raise next(iter(problems), missing)
    for problem in problems:
        warn(problem.cause)
    return tuple(found)


def _identified_by(row: Attributes, level: Level) -> Resource:
    """Raises MalformedAttribute."""
    if level is Level.STUDY:
        return Resource(row.study_instance_uid)
    if level is Level.SERIES:
        return Resource(row.study_instance_uid, row.series_instance_uid)
    return Resource(row.study_instance_uid, row.series_instance_uid, row.sop_instance_uid)


def _node_at(origin: str, nodes: Iterable[Node]) -> Node:
    for node in nodes:
        if node.origin == origin and node.authentication:
            return replace(node, url=origin, service_type=ServiceType.DICOMWEB, retrieve_partner="", profile="generic")
    return Node(origin, origin, profile="generic")
