"""Values of the library as JSON and back; what both sides of the pipe share."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict
from typing import Any, Callable, Dict, Iterable, Iterator, Mapping, Sequence, Tuple, Type

from ..auth.document import method_from_json, method_to_json
from ..auth.method import AuthMethod
from ..errors import DICOMWebNodesError
from ..nodes.document import node_from_json, node_to_json
from ..nodes.importing import ImportReport
from ..nodes.node import Node
from ..sharing.importing import Imported
from ..sharing.left_out import LeftOut
from .protocol import encoded

ROW_LIMIT = 256 * 1024  # characters of one row of a search or of metadata
_NEEDED = frozenset({"0020000D", "0020000E", "00080018"})


def node_as_dict(node: Node) -> Dict[str, Any]:
    return node_to_json(node)


def node_from_dict(raw: Mapping[str, Any]) -> Node:
    """A node without a uid gets a new one. Raises InvalidValue, with ``field``."""
    return node_from_json({"uid": uuid.uuid4().hex, **raw})


def imported_as_dict(imported: Imported) -> Dict[str, Any]:
    report = imported.nodes
    return {
        "added": [node_as_dict(node) for node in report.added],
        "renamed": [list(pair) for pair in report.renamed],
        "skipped": [list(pair) for pair in report.skipped],
        "methods": [method_as_dict(method) for method in imported.methods],
        "skipped_methods": [list(pair) for pair in imported.skipped_methods],
        "left_out": [asdict(each) for each in imported.left_out],
    }


def imported_from_dict(raw: Mapping[str, Any]) -> Imported:
    return Imported(
        ImportReport(tuple(map(node_from_dict, raw["added"])), _pairs(raw["renamed"]), _pairs(raw["skipped"])),
        methods=tuple(map(method_from_dict, raw["methods"])),
        skipped_methods=_pairs(raw["skipped_methods"]),
        left_out=tuple(LeftOut(**each) for each in raw["left_out"]),
    )


def _pairs(raw: Iterable[Sequence[str]]) -> Tuple[Tuple[str, str], ...]:
    return tuple((first, second) for first, second in raw)


def method_as_dict(method: AuthMethod) -> Dict[str, Any]:
    return method_to_json(method)


def method_from_dict(raw: Mapping[str, Any]) -> AuthMethod:
    """A method without a uid gets a new one. Raises InvalidAuthMethod."""
    return method_from_json({"uid": uuid.uuid4().hex, **raw})


# --- errors -------------------------------------------------------------------------------------------------------


def error_from_dict(raw: Mapping[str, Any]) -> DICOMWebNodesError:
    """The error that ``as_dict`` described, of its own class as far as this version knows it."""
    kind = _CLASSES.get(str(raw.get("code")), DICOMWebNodesError)
    error = kind.__new__(kind)
    context = {name: _text(raw.get(name)) for name in ("node", "asked", "next_step", "detail")}
    DICOMWebNodesError.__init__(error, _text(raw.get("cause")) or "no reason was given", **context)
    for name in set(raw) - {"code", "cause", *context}:
        setattr(error, name, raw[name])
    return error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value or "")


def _tree(root: Type[DICOMWebNodesError]) -> Iterator[Type[DICOMWebNodesError]]:
    yield root
    for kind in root.__subclasses__():
        yield from _tree(kind)


_CLASSES = {kind.code: kind for kind in _tree(DICOMWebNodesError)}


# --- rows ---------------------------------------------------------------------------------------------------------


def passable_row(raw: Mapping[str, Any], limit: int = ROW_LIMIT) -> Tuple[str, Tuple[str, ...]]:
    """A row of DICOM JSON as text of not more than ``limit`` characters, and the tags of what had to be left out.

    The largest attributes go first; the UIDs stay.
    """
    try:
        text = encoded(raw)
    except ValueError:  # NaN and infinity, which some servers write and JSON does not have
        none: Callable[[str], None] = lambda name: None  # noqa: E731
        raw = json.loads(json.dumps(raw), parse_constant=none)
        text = encoded(raw)
    if len(text) <= limit:
        return text, ()
    sizes = {tag: len(tag) + len(encoded(element)) + 4 for tag, element in raw.items()}
    size = sum(sizes.values())
    left_out = {}
    for tag in sorted(raw, key=lambda tag: (tag in _NEEDED, -sizes[tag])):
        if size <= limit:
            break
        size -= sizes[tag]
        left_out[tag] = raw[tag]
    return encoded({tag: element for tag, element in raw.items() if tag not in left_out}), tuple(left_out)
