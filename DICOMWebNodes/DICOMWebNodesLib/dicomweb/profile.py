"""Provider profiles: how the servers of one kind differ from the standard. Data files, one for each kind.

Behaviour depends on a named :class:`Quirk`, never on the name of a provider.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Dict, FrozenSet, Mapping, Tuple, Type, TypeVar

from ..errors import InvalidNode
from ..nodes.node import LARGEST_PAGE, Node
from ..storage import RESOURCES
from .resource import Level

GENERIC = "generic"
FOLDER = RESOURCES / "Providers"
_Member = TypeVar("_Member", bound=Enum)


class Quirk(Enum):
    """One way in which a server departs from PS3.18, or does less; the value is its name in the data files."""

    RAW_QUERY_VALUES = "raw-query-values"
    """Query values are never percent-decoded: ``*`` goes raw, ``?`` stands for ``^``, space and anything that is
    not ASCII, and the answer is filtered here."""

    MODALITIES_COMMA = "modalities-comma"
    """A list in ModalitiesInStudy is separated by commas; a backslash matches nothing."""

    FUZZY_IGNORED = "fuzzy-ignored"
    """``fuzzymatching=true`` is accepted and has no effect; the person who asks for it is told."""

    WADO_URI_RAW_SLASH = "wado-uri-raw-slash"
    """WADO-URI wants ``contentType=application/dicom`` with its slash not percent-encoded."""

    NO_THUMBNAIL = "no-thumbnail"
    """There is no ``/thumbnail`` (PS3.18 section 10.4.1.1.3); ``/rendered`` of an instance takes its place."""

    NO_RENDERED_SERIES = "no-rendered-series"
    """``/rendered`` answers for an instance, not for a study or a series."""

    PLAIN_PART_HEADER = "plain-part-header"
    """A STOW-RS part with a ``transfer-syntax`` parameter is dropped in silence: the part header says
    ``application/dicom`` and nothing more."""


@dataclass(frozen=True)
class Profile:
    """What is known of one kind of server."""

    name: str
    title: str
    quirks: FrozenSet[Quirk] = frozenset()
    page_size: int = 100  # rows asked for at once when the node does not say
    retrieve_levels: Tuple[Level, ...] = tuple(Level)  # what WADO-RS answers for with all instances in it
    help: str = ""  # for the person who configures such a node
    link: str = ""  # the server's own documentation
    example: str = ""  # a base URL with its variable parts in capitals
    recognised_by: Tuple[str, ...] = ()  # patterns (*, ?) over normalised base URLs in lower case

    def has(self, quirk: Quirk) -> bool:
        return quirk in self.quirks


@cache
def profiles(folder: Path = FOLDER) -> Mapping[str, Profile]:
    """All profiles of a folder by name, read once. Raises InvalidNode for a file that is wrong in any way."""
    found = {path.stem: _read(path) for path in sorted(folder.glob("*.json"))}
    return MappingProxyType(found)


def profile_for(node: Node) -> Profile:
    """The node's own profile, else the one whose longest pattern recognises its URL, else "generic".

    Raises InvalidNode when the node names a profile that there is not.
    """
    known = profiles()
    if node.profile:
        if node.profile not in known:
            raise InvalidNode(
                f"there is no provider profile '{node.profile}'",
                field="profile",
                node=node.name,
                next_step=f"Choose one of {', '.join(known)}, or none.",
            )
        return known[node.profile]
    url = node.url.lower()
    matches = [
        (len(pattern), profile.name)
        for profile in known.values()
        for pattern in profile.recognised_by
        if fnmatchcase(url, pattern)
    ]
    return known[max(matches)[1] if matches else GENERIC]


_FIELDS = {
    "title": str,
    "help": str,
    "link": str,
    "example": str,
    "page_size": int,
    "quirks": list,
    "retrieve_levels": list,
    "recognised_by": list,
}


def _read(path: Path) -> Profile:
    try:
        raw = json.loads(path.read_bytes())
    except ValueError as error:
        raise _wrong(path, f"it is not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise _wrong(path, "it is not a JSON object")
    for key, value in raw.items():
        if key not in _FIELDS:
            raise _wrong(path, f"unknown field '{key}'")
        if type(value) is not _FIELDS[key]:
            raise _wrong(path, f"the field '{key}' is {value!r}")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise _wrong(path, f"the field '{key}' holds something else than text")
    return _profile(path, raw)


def _profile(path: Path, raw: Dict[str, Any]) -> Profile:
    if not raw.get("title"):
        raise _wrong(path, "it has no title")
    if not 1 <= raw.get("page_size", 1) <= LARGEST_PAGE:
        raise _wrong(path, f"a page of {raw['page_size']} rows")
    fields: Dict[str, Any] = dict(raw, recognised_by=tuple(raw.get("recognised_by", ())))
    if "quirks" in raw:
        fields["quirks"] = frozenset(_member(path, Quirk, value) for value in raw["quirks"])
    if "retrieve_levels" in raw:
        fields["retrieve_levels"] = tuple(_member(path, Level, value) for value in raw["retrieve_levels"])
    return Profile(name=path.stem, **fields)


def _member(path: Path, kind: Type[_Member], value: str) -> _Member:
    try:
        return kind(value)
    except ValueError as error:
        raise _wrong(path, f"unknown {kind.__name__.lower()} '{value}'") from error


def _wrong(path: Path, why: str) -> InvalidNode:
    return InvalidNode(
        f"the provider profile {path} cannot be used: {why}",
        field="profile",
        next_step="Correct the file, or install the extension again.",
    )
