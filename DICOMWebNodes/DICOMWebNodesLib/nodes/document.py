"""The JSON document that holds nodes: the user's own, the predefined ones, and what people mail to each other.

::

    {"format": "DICOMWebNodes", "version": 1, "nodes": [{"uid": ..., "name": ..., "url": ..., ...}]}

What a newer version adds (fields at the top, in a node, its tls or its headers; whole nodes that this version
finds invalid) is carried along untouched, and the version number stays the newer one.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields, replace
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple

from ..errors import InvalidNode, InvalidValue
from ..storage.settings_file import Envelope, format_envelope, parse_envelope
from ..text import Text
from .headers import is_secret_name
from .node import Node
from .service_type import ServiceType
from .tls import TLS

FORMAT = "DICOMWebNodes"
MEMBER = "nodes"
VERSION = 1
_ALWAYS_WRITTEN = ("uid", "name", "url", "service_type")


@dataclass(frozen=True)
class Entry:
    """One element of "nodes": a node with the JSON it came from, or, without a node, the reason why it is none."""

    node: Optional[Node]
    raw: Any = field(default_factory=dict)
    reason: str = ""

    @property
    def name(self) -> str:
        return self.node.name if self.node else self._text("name")

    @property
    def uid(self) -> str:
        return self.node.uid if self.node else self._text("uid")

    def _text(self, key: str) -> str:
        value = self.raw.get(key) if isinstance(self.raw, dict) else None
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Document:
    """``extra``: the fields at the top that this version does not know."""

    entries: Tuple[Entry, ...] = ()
    version: int = VERSION
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def nodes(self) -> Tuple[Node, ...]:
        return tuple(entry.node for entry in self.entries if entry.node)


def parse_document(content: bytes) -> Document:
    """Read a document. Raises NodeStoreError, a reason without a path, when it is damaged or something else."""
    envelope = parse_envelope(content, FORMAT, MEMBER)
    return Document(_unique(_entry(node) for node in envelope.items), envelope.version, envelope.extra)


def format_document(document: Document) -> bytes:
    """The document as UTF-8, indented so that a person can read and compare it."""
    items = (_merged(entry.raw, node_to_json(entry.node)) if entry.node else entry.raw for entry in document.entries)
    return format_envelope(Envelope(tuple(items), document.version, document.extra), FORMAT, MEMBER)


def without_secrets(node: Node) -> Node:
    """The node without the headers whose names look like those of secrets."""
    return replace(node, headers=tuple(header for header in node.headers if not is_secret_name(header[0])))


def node_to_json(node: Node) -> Dict[str, Any]:
    """The fields that say something: identity and service always, others when they are not the default."""
    to_json: Dict[str, Callable[[Any], Any]] = {
        "service_type": lambda service_type: service_type.value,
        "tls": lambda tls: {item.name: getattr(tls, item.name) for item in fields(tls)},
        "headers": lambda headers: [{"name": name, "value": value} for name, value in headers],
    }
    return {
        name: to_json.get(name, lambda value: value)(getattr(node, name))
        for name, default in _DEFAULTS.items()
        if name in _ALWAYS_WRITTEN or getattr(node, name) != default
    }


def node_from_json(raw: Any) -> Node:
    """A node from its JSON; fields that this version does not know are passed over. Raises InvalidValue."""
    if not isinstance(raw, dict):
        raise InvalidNode(Text("a node is a JSON object, and this is {raw!r}", raw=raw))
    known = {name: raw[name] for name in _DEFAULTS if name in raw}
    for name in ("name", "url", "uid"):
        if not isinstance(known.get(name), str):
            raise InvalidNode(Text("the node has no {name}", name=name), field=name)
    if "service_type" in known:
        known["service_type"] = ServiceType.parse(_typed(known["service_type"], str, "service_type"))
    if "tls" in known:
        tls = _typed(known["tls"], dict, "tls")
        known["tls"] = TLS(**{item.name: tls[item.name] for item in fields(TLS) if item.name in tls})
    if "headers" in known:
        known["headers"] = [_header_from_json(header) for header in _typed(known["headers"], list, "headers")]
    return Node(**known)


_DEFAULTS: Mapping[str, Any] = {
    item.name: item.default_factory() if item.default_factory is not MISSING else item.default for item in fields(Node)
}


def _entry(raw: Any) -> Entry:
    try:
        return Entry(node_from_json(raw), raw)
    except InvalidValue as error:
        return Entry(None, raw, error.cause)


def _unique(entries: Iterable[Entry]) -> Tuple[Entry, ...]:
    """Of two entries with one name or uid (a file edited by hand) the first counts."""
    seen: set[str] = set()
    unique: List[Entry] = []
    for entry in entries:
        marks = {f"name {entry.name.casefold()}", f"uid {entry.uid}"}
        if entry.node and marks & seen:
            entry = Entry(None, entry.raw, Text("another node before it has its name or its uid"))
        seen |= marks
        unique.append(entry)
    return tuple(unique)


def _typed(value: Any, kind: type, field_name: str) -> Any:
    if not isinstance(value, kind):
        raise InvalidNode(Text("{field_name} is {value!r}", field_name=field_name, value=value), field=field_name)
    return value


def _header_from_json(raw: Any) -> Tuple[str, str]:
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str) or not isinstance(raw.get("value"), str):
        raise InvalidNode("a header has not both a name and a value", field="headers")
    return raw["name"], raw["value"]


def _merged(old: Any, new: Dict[str, Any]) -> Dict[str, Any]:
    """``new`` with what ``old`` has beyond the fields of this version."""
    unknown = {key: value for key, value in old.items() if key not in _DEFAULTS}
    known_tls = {item.name for item in fields(TLS)}
    unknown_tls = {key: value for key, value in old.get("tls", {}).items() if key not in known_tls}
    if unknown_tls:
        new["tls"] = {**new.get("tls", {}), **unknown_tls}
    if "headers" in new and "headers" in old:
        old_headers = {header["name"].lower(): header for header in old["headers"]}
        new["headers"] = [{**old_headers.get(header["name"].lower(), {}), **header} for header in new["headers"]]
    return {**new, **unknown}
