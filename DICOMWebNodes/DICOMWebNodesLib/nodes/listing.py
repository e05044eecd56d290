"""All nodes there are, as one value, and the rules that hold among them: every change gives a new listing."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Callable, Iterable, Optional, Set, Tuple

from ..errors import InvalidNode, NodeNameTaken, NodeNotFound, NodeReadOnly, NodeStoreError
from ..text import Text, choice_of
from .document import Entry
from .importing import ImportReport, free_name, import_entries
from .node import Node
from .service_type import Usage


@dataclass(frozen=True)
class Listing:
    """The entries of the user's file in their order, and the predefined nodes, which are read-only.

    A method that takes ``name_or_uid`` raises NodeNotFound, and InvalidNode for an entry that is not usable.
    """

    own: Tuple[Entry, ...]
    predefined: Tuple[Node, ...] = ()

    @property
    def nodes(self) -> Tuple[Node, ...]:
        return tuple(entry.node for entry in self._all if entry.node)

    def get(self, name_or_uid: str) -> Node:
        return _usable(self._find(name_or_uid))

    def added(self, node: Node) -> Listing:
        """Raises NodeNameTaken, or InvalidNode when the uid is taken or the retrieve partner unsuitable."""
        self._check_name(node)
        if any(node.uid == entry.uid for entry in self._all):
            raise InvalidNode(
                Text("there is a node with the uid '{uid}' already", uid=node.uid), field="uid", node=node.name
            )
        self._check_partner(node)
        return replace(self, own=(*self.own, Entry(node)))

    def updated(self, name_or_uid: str, change: Callable[[Node], Node]) -> Tuple[Listing, Node]:
        """Raises NodeReadOnly, NodeNameTaken, InvalidNode for an unsuitable partner, and what ``change`` raises."""
        index = self._own_index(name_or_uid)
        before = _usable(self.own[index])
        after = replace(change(before), uid=before.uid)
        others = replace(self, own=self.own[:index] + self.own[index + 1 :])
        others._check_name(after)
        if after.retrieve_partner != before.retrieve_partner:
            others._check_partner(after)
        if not after.offers(Usage.RETRIEVE):
            others._check_is_nobodys_partner(before)
        entry = replace(self.own[index], node=after)
        return replace(self, own=(*self.own[:index], entry, *self.own[index + 1 :])), after

    def without(self, name_or_uid: str) -> Tuple[Listing, Node]:
        """Raises NodeReadOnly, and NodeStoreError while the node is another one's retrieve partner."""
        index = self._own_index(name_or_uid)
        node = _usable(self.own[index])
        self._check_is_nobodys_partner(node)
        return replace(self, own=self.own[:index] + self.own[index + 1 :]), node

    def duplicated(self, name_or_uid: str, name: str = "") -> Tuple[Listing, Node]:
        """With a copy below it, at the end of one's own where it is predefined, under the name given, else the first
        one free. Raises NodeNameTaken."""
        original = self._find(name_or_uid)
        node = _usable(original)
        name = name or free_name(f"{node.name[:180]} copy", self._names)
        copy = replace(node, name=name, uid=uuid.uuid4().hex)
        self._check_name(copy)
        own = [place for place, entry in enumerate(self.own, 1) if entry is original]
        below = own[0] if own else len(self.own)
        return replace(self, own=(*self.own[:below], replace(original, node=copy), *self.own[below:])), copy

    def moved(self, name_or_uid: str, position: int) -> Listing:
        """With one of the user's own nodes at another place among them, from 0. Raises NodeReadOnly."""
        index = self._own_index(name_or_uid)
        others = self.own[:index] + self.own[index + 1 :]
        usable = [place for place, entry in enumerate(others) if entry.node]
        position = max(0, position)
        place = usable[position] if position < len(usable) else len(others)
        return replace(self, own=(*others[:place], self.own[index], *others[place:]))

    def imported(self, entries: Iterable[Entry]) -> Tuple[Listing, ImportReport]:
        new, report = import_entries(entries, self._all)
        return replace(self, own=self.own + new), report

    @property
    def _all(self) -> Tuple[Entry, ...]:
        uids = {entry.uid for entry in self.own}
        names = {entry.name.casefold() for entry in self.own}
        # A newer extension may bring a predefined node whose name this user has given to another one.
        behind = (
            Entry(replace(node, name=free_name(node.name, names))) for node in self.predefined if node.uid not in uids
        )
        return (*self.own, *behind)

    @property
    def _names(self) -> Set[str]:
        return {entry.name.casefold() for entry in self._all}

    def _find(self, name_or_uid: str) -> Entry:
        name = " ".join(name_or_uid.split()).casefold()
        entries = self._all
        by_uid = (entry for entry in entries if entry.uid == name_or_uid)
        by_name = (entry for entry in entries if entry.name.casefold() == name)
        found = next(by_uid, None) or next(by_name, None)
        if found is None:
            cause = Text("there is no node '{name_or_uid}'", name_or_uid=name_or_uid)
            raise NodeNotFound(cause, next_step=choice_of([entry.name for entry in entries]))
        return found

    def _own_index(self, name_or_uid: str) -> int:
        found = self._find(name_or_uid)
        index = next((index for index, entry in enumerate(self.own) if entry is found), None)
        if index is None:
            raise NodeReadOnly(Text("'{name}' is predefined and cannot be changed", name=found.name))
        return index

    def _check_name(self, node: Node) -> None:
        if node.name.casefold() in self._names:
            raise NodeNameTaken(Text("there is a node named '{node}' already", node=node.name))

    def _check_partner(self, node: Node) -> None:
        if not node.retrieve_partner:
            return
        partner: Optional[Node] = next((other for other in self.nodes if other.uid == node.retrieve_partner), None)
        if partner is None:
            cause = Text(
                "its retrieve partner, the node with the uid '{uid}', does not exist", uid=node.retrieve_partner
            )
        elif not partner.offers(Usage.RETRIEVE):
            cause = Text(
                "its retrieve partner '{partner}' is of type '{type}'",
                partner=partner.name,
                type=partner.service_type.value,
            )
        else:
            return
        raise InvalidNode(cause, field="retrieve_partner", node=node.name, next_step="Choose one that can retrieve.")

    def _check_is_nobodys_partner(self, node: Node) -> None:
        for other in self.nodes:
            if other.retrieve_partner == node.uid:
                raise NodeStoreError(
                    Text("'{node}' retrieves what '{name}' finds", node=node.name, name=other.name),
                    next_step=Text("Give '{name}' another retrieve partner first.", name=other.name),
                )


def _usable(entry: Entry) -> Node:
    if entry.node is None:
        raise InvalidNode(
            Text("it is in the file of nodes but cannot be used: {reason}", reason=entry.reason),
            node=entry.name,
            next_step="Correct it there, or use the version that wrote it.",
        )
    return entry.node
