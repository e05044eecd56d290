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
from typing import Any, Dict, FrozenSet, Mapping, Optional, Tuple, Type, TypeVar
from urllib.parse import urlsplit

from ..errors import InvalidNode
from ..nodes.field_values import LARGEST_PAGE
from ..nodes.node import Node
from ..storage.folders import RESOURCES
from ..text import Text
from .findings import Offer
from .matching_key import tags_of
from .resource import Level
from .token_bucket import TokenBucket
from .url_form import ANY_URL, URLForm

FOLDER = RESOURCES / "Providers"
_Member = TypeVar("_Member", bound=Enum)


class Quirk(Enum):
    """One way in which a server departs from PS3.18, or does less; the value is its name in the data files."""

    RAW_QUERY_VALUES = "raw-query-values"
    """Query values are never percent-decoded: ``*`` goes raw, ``?`` stands for ``^``, space and anything that is
    not ASCII, and the answer is filtered here."""

    MODALITIES_COMMA = "modalities-comma"
    """A list in ModalitiesInStudy is separated by commas; a backslash matches nothing."""

    MODALITIES_LIMIT = "modalities-limit"
    """With ModalitiesInStudy the limit counts from the first result of all, not from the offset (Orthanc 1.10): pages
    behind the first one would be empty."""

    FUZZY_IGNORED = "fuzzy-ignored"
    """``fuzzymatching=true`` is accepted and has no effect; the person who asks for it is told."""

    WADO_URI_RAW_SLASH = "wado-uri-raw-slash"
    """WADO-URI wants ``contentType=application/dicom`` with its slash not percent-encoded."""

    NO_THUMBNAIL = "no-thumbnail"
    """There is no ``/thumbnail`` (PS3.18 section 10.4.1.1.3); ``/rendered`` of an instance takes its place."""

    MATCHING_IGNORED = "matching-ignored"
    """A search answers with more than matches, or with everything; the answer is filtered here."""

    NO_WILDCARDS = "no-wildcards"
    """Only whole values are found, and names by their beginnings with ``fuzzymatching=true``; a value with ``*`` or
    ``?`` is compared here."""

    NO_QUESTION_MARK = "no-question-mark"
    """``?`` is no wildcard: ``*`` is sent for it, and the answer filtered here."""

    CLOSED_RANGES = "closed-ranges"
    """A range of dates without one of its ends finds nothing: it gets one."""

    ONE_VALUE = "one-value"
    """A list of UIDs matches nothing: each is asked for by itself."""

    INCLUDE_TAGS = "include-tags"
    """``includefield`` knows attributes by tag, not by keyword."""

    NO_STUDY_METADATA = "no-study-metadata"
    """Metadata come for a series at most."""

    SINGLE_PART = "single-part"
    """An instance comes bare, as application/dicom; the multipart form is refused."""

    STORE_NAMES_SERIES = "store-names-series"
    """A store names the series that come, and their studies, in the query (``clinical_trial_protocol_info``)."""

    FORBIDDEN_IS_UNAUTHORIZED = "forbidden-is-unauthorized"
    """403 also means that the token is missing or has expired, for which 401 is made."""


@dataclass(frozen=True)
class Profile:
    """What is known of one kind of server."""

    name: str
    title: str
    quirks: FrozenSet[Quirk] = frozenset()
    page_size: int = 100  # rows asked for at once when the node does not say
    retrieve_levels: Tuple[Level, ...] = tuple(Level)  # what WADO-RS answers for with all instances in it
    unsearchable: FrozenSet[Offer] = frozenset()  # searches that it does not have, which are put together here
    matches: FrozenSet[str] = frozenset()  # keywords of the attributes that it can compare; none: any
    requests_per_second: int = 0  # that the server takes in the long run; 0: as many as come
    burst: int = 1  # requests that it takes at once after a pause
    help: str = ""  # for the person who configures such a node
    link: str = ""  # the server's own documentation
    form: URLForm = ANY_URL
    recognised_by: Tuple[str, ...] = ()  # patterns (*, ?) over normalised URLs in lower case; none: the form's own
    authentication: str = ""  # name of the template (auth.template) that such a server usually takes; "": none

    def has(self, quirk: Quirk) -> bool:
        return quirk in self.quirks

    def compares(self, attribute: str) -> bool:
        """Whether a search can match on this keyword or tag."""
        if not self.matches or attribute in self.matches:
            return True
        return tags_of(attribute) in {tags_of(keyword) for keyword in self.matches}

    def bucket(self) -> TokenBucket:
        """A new one, for what talks to one server of this kind."""
        # What is sent evenly arrives less so: a tenth is left over for that.
        return TokenBucket(0.9 * self.requests_per_second, max(1, self.burst * 9 // 10))

    def url_from(self, parts: Mapping[str, str]) -> str:
        """The base URL of these parts. Raises InvalidNode whose ``field`` is the name of the part that is wrong."""
        return self.form.url_from(parts)

    def parts_of(self, url: str) -> Mapping[str, str]:
        """The parts of a base URL. Raises InvalidURL, and InvalidNode for one that is not of this form."""
        return self.form.parts_of(url)


@cache
def profiles(folder: Path = FOLDER) -> Mapping[str, Profile]:
    """All profiles of a folder by name, read once. Raises InvalidNode for a file that is wrong in any way."""
    found = {path.stem: _read(path) for path in sorted(folder.glob("*.json"))}
    return MappingProxyType(found)


def profile_named(name: str) -> Profile:
    """Raises InvalidNode for a name that there is none of."""
    known = profiles()
    if name not in known:
        raise InvalidNode(
            Text("there is no provider profile '{name}'", name=name),
            field="profile",
            next_step=Text("Choose one of {names}.", names=", ".join(known)),
        )
    return known[name]


def profile_for(node: Node) -> Profile:
    """The node's own profile, else that of its URL. Raises InvalidNode when it names one that there is not."""
    if not node.profile:
        return profile_of(node.url)
    try:
        return profile_named(node.profile)
    except InvalidNode as error:
        raise error.about(node=node.name) from None


def profile_of(url: str) -> Profile:
    """The one whose longest pattern recognises a normalised URL; "generic" recognises any."""
    matches = (
        (len(pattern), profile.name)
        for profile in profiles().values()
        for pattern in profile.recognised_by or (profile.form.recognised_by,)
        if fnmatchcase(url.lower(), pattern)
    )
    return profiles()[max(matches)[1]]


def owner_of(url: str) -> Optional[Profile]:
    """Whose host it is, whatever the path is, as while a URL is typed; None for a host that anybody may have."""
    host = urlsplit(url.lower()).netloc
    for profile in profiles().values():
        pattern = urlsplit(profile.form.recognised_by).netloc
        if "." in pattern and fnmatchcase(host, pattern):
            return profile
    return None


_FIELDS = {
    "title": str,
    "help": str,
    "link": str,
    "url": str,
    "parts": list,
    "authentication": str,
    "page_size": int,
    "requests_per_second": int,
    "burst": int,
    "quirks": list,
    "unsearchable": list,
    "matches": list,
    "retrieve_levels": list,
    "recognised_by": list,
}


def _read(path: Path) -> Profile:
    try:
        raw = json.loads(path.read_bytes())
    except ValueError as error:
        raise _wrong(path, Text("it is not JSON: {error}", error=error)) from error
    if not isinstance(raw, dict):
        raise _wrong(path, Text("it is not a JSON object"))
    for key, value in raw.items():
        if key not in _FIELDS:
            raise _wrong(path, Text("unknown field '{key}'", key=key))
        if type(value) is not _FIELDS[key]:
            raise _wrong(path, Text("the field '{key}' is {value!r}", key=key, value=value))
        kind, holds = (dict, Text("objects")) if key == "parts" else (str, Text("text"))
        if isinstance(value, list) and not all(isinstance(item, kind) for item in value):
            raise _wrong(path, Text("the field '{key}' holds something else than {holds}", key=key, holds=holds))
    return _profile(path, raw)


def _profile(path: Path, raw: Dict[str, Any]) -> Profile:
    if not raw.get("title"):
        raise _wrong(path, Text("it has no title"))
    if not 1 <= raw.get("page_size", 1) <= LARGEST_PAGE:
        raise _wrong(path, Text("a page of {raw} rows", raw=raw["page_size"]))
    if raw.get("requests_per_second", 0) < 0 or raw.get("burst", 1) < 1:
        raise _wrong(path, Text("it takes no requests"))
    fields: Dict[str, Any] = dict(raw, recognised_by=tuple(raw.get("recognised_by", ())))
    template, parts = fields.pop("url", ""), fields.pop("parts", [])
    if template or parts:
        try:
            fields["form"] = URLForm.of(template, parts)
        except ValueError as error:
            raise _wrong(path, error.args[0]) from error
    if "quirks" in raw:
        fields["quirks"] = frozenset(_member(path, Quirk, value) for value in raw["quirks"])
    if "unsearchable" in raw:
        fields["unsearchable"] = frozenset(_member(path, Offer, f"search {each}") for each in raw["unsearchable"])
    if "matches" in raw:
        fields["matches"] = frozenset(raw["matches"])
    if "retrieve_levels" in raw:
        fields["retrieve_levels"] = tuple(_member(path, Level, value) for value in raw["retrieve_levels"])
    return Profile(name=path.stem, **fields)


def _member(path: Path, kind: Type[_Member], value: str) -> _Member:
    try:
        return kind(value)
    except ValueError as error:
        raise _wrong(path, Text("unknown {name} '{value}'", name=kind.__name__.lower(), value=value)) from error


def _wrong(path: Path, why: str) -> InvalidNode:
    return InvalidNode(
        Text("the provider profile {path} cannot be used: {why}", path=path, why=why),
        field="profile",
        next_step="Correct the file, or install the extension again.",
    )
