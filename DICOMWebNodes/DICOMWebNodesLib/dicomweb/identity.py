"""What tells one result of a search from another, and the results of many nodes as one list."""

from __future__ import annotations

import json
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple

from .dicom_json import Attributes
from .resource import Level, Resource

Row = Mapping[str, Any]  # one result, in DICOM JSON
UID_TAGS = {Level.STUDY: "0020000D", Level.SERIES: "0020000E", Level.INSTANCE: "00080018"}


def identity(row: Row, tag: str) -> str:
    """What tells one result from another: its UID, else all of it; nothing is left out for want of a UID."""
    try:
        uid = row[tag]["Value"][0]
    except (KeyError, IndexError, TypeError):
        uid = None
    return uid if isinstance(uid, str) and uid.strip("\0 ") else json.dumps(row, sort_keys=True)


def in_place(rows: Iterable[Row], within: Optional[Resource]) -> Iterable[Row]:
    """Rows that name the study or series in which they were searched for, so that each can be retrieved by itself:
    a server need not tell what it was asked within (PS3.18 table 10.6.3-4)."""
    if within is None:
        return rows
    place = {tag: {"vr": "UI", "Value": [uid]} for tag, uid in zip(UID_TAGS.values(), within.uids)}
    return (_completed(row, place) for row in rows)


def _completed(row: Row, place: Row) -> Row:
    unsaid = {tag: element for tag, element in place.items() if not _is_said(row.get(tag))}
    return {**row, **unsaid} if unsaid else row


def _is_said(element: Any) -> bool:
    """Also what is wrong: whoever looks at it has to hear of that."""
    return element is not None and not (isinstance(element, dict) and not element.get("Value"))


class MergedAttributes(Attributes):
    """What one node says of a study, series or instance; ``nodes``: the names of all that have it."""

    __slots__ = ("_attributes", "nodes")

    def __init__(self, attributes: Attributes, nodes: Tuple[str, ...]) -> None:
        self._attributes = attributes
        self.nodes = nodes

    @property
    def raw(self) -> Mapping[str, Any]:  # type: ignore[override]
        return self._attributes.raw

    def __reduce__(self) -> Tuple[Any, ...]:
        """To another process: by itself it would be made without what it reads from."""
        return MergedAttributes, (self._attributes, self.nodes)


def merged(level: Level, found: Iterable[Tuple[str, Iterable[Attributes]]]) -> List[MergedAttributes]:
    """The results of nodes, given by their names, each once: as the first of the nodes says that has it.

    They are told apart by the UID of their level; what has none is kept.
    """
    by_identity: Dict[str, Tuple[Attributes, List[str]]] = {}
    for name, results in found:
        for attributes in results:
            names = by_identity.setdefault(identity(attributes.raw, UID_TAGS[level]), (attributes, []))[1]
            if name not in names:
                names.append(name)
    return [MergedAttributes(attributes, tuple(names)) for attributes, names in by_identity.values()]
