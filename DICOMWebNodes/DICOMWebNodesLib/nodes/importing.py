"""What becomes of nodes that come from elsewhere: names and uids that are taken give way, nothing is replaced."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from itertools import count
from typing import AbstractSet, Dict, Iterable, List, Optional, Tuple

from ..text import Text
from .document import Entry, without_secrets
from .node import Node

_LONGEST_STEM = 180  # characters, so that a number still fits into a name


@dataclass(frozen=True)
class ImportReport:
    """What an import did with every node of the file."""

    added: Tuple[Node, ...] = ()
    renamed: Tuple[Tuple[str, str], ...] = ()  # (name in the file, name here); they are among the added
    skipped: Tuple[Tuple[str, str], ...] = ()  # (name in the file, why it was not added)


def import_entries(imported: Iterable[Entry], existing: Iterable[Entry]) -> Tuple[Tuple[Entry, ...], ImportReport]:
    """The entries to append to ``existing``, and the account of all that were imported.

    A node that is here already, perhaps under another name or with secret headers that an export left out, is
    skipped. Retrieve partners follow their nodes to new uids. What gives away secrets is for whoever has them to
    choose: an imported node has no authentication, whatever its file says.
    """
    existing = tuple(existing)
    names = {entry.name.casefold() for entry in existing}
    uids = {entry.uid for entry in existing}
    added: List[Entry] = []
    renamed: List[Tuple[str, str]] = []
    skipped: List[Tuple[str, str]] = []
    uid_here: Dict[str, str] = {}
    for entry in imported:
        if entry.node is None:
            skipped.append((entry.name or Text("a node without a name"), entry.reason))
            continue
        twin = _twin(entry.node, existing)
        if twin is not None:
            uid_here[entry.uid] = twin.uid
            skipped.append((entry.name, Text("it is here already, as '{twin}'", twin=twin.name)))
            continue
        uid = uuid.uuid4().hex if entry.uid in uids else entry.uid
        name = free_name(entry.name, names)
        if name != entry.name:
            renamed.append((entry.name, name))
        uid_here[entry.uid] = uid
        uids.add(uid)
        names.add(name.casefold())
        added.append(replace(entry, node=replace(_without_trust(entry.node), uid=uid, name=name)))
    nodes = tuple(_with_partner_here(entry.node, uid_here) for entry in added if entry.node)
    entries = tuple(replace(entry, node=node) for entry, node in zip(added, nodes))
    return entries, ImportReport(nodes, tuple(renamed), tuple(skipped))


def free_name(name: str, taken: AbstractSet[str]) -> str:
    """The name itself or, where it is taken (``taken`` is casefolded), with the first number that is free."""
    if name.casefold() not in taken:
        return name
    numbered = (f"{name[:_LONGEST_STEM]} ({number})" for number in count(2))
    return next(candidate for candidate in numbered if candidate.casefold() not in taken)


def _without_trust(node: Node) -> Node:
    """The node as a stranger may give it: nothing of ours goes to its server before somebody here says so."""
    return replace(node, authentication="", secret_headers=(), allow_plain_http_credential=False)


def _twin(node: Node, existing: Iterable[Entry]) -> Optional[Node]:
    def bare(other: Node) -> Node:
        return replace(_without_trust(other), uid="-", name="-", retrieve_partner="", headers=())

    for entry in existing:
        other = entry.node
        if other and bare(other) == bare(node) and node.headers in (other.headers, without_secrets(other).headers):
            return other
    return None


def _with_partner_here(node: Node, uid_here: Dict[str, str]) -> Node:
    return replace(node, retrieve_partner=uid_here.get(node.retrieve_partner, node.retrieve_partner))
