"""The nodes that come with the extension: public servers to try, read-only."""

from __future__ import annotations

from pathlib import Path
from typing import Tuple

from ..errors import NodeStoreError
from ..storage.folders import RESOURCES
from ..text import Text
from .document import parse_document
from .node import Node

FOLDER = RESOURCES / "Nodes"


def predefined_nodes(folder: Path = FOLDER) -> Tuple[Node, ...]:
    """The nodes of all files in the folder, in the order of the file names. Raises NodeStoreError."""
    return tuple(node for path in sorted(folder.glob("*.json")) for node in _read(path))


def _read(path: Path) -> Tuple[Node, ...]:
    next_step = "Correct the file, or install the extension again."
    try:
        document = parse_document(path.read_bytes())
    except NodeStoreError as error:
        raise NodeStoreError(
            Text("{path} cannot be used: {cause}", path=path, cause=error.cause), next_step=next_step
        ) from error
    for entry in document.entries:
        if not entry.node:
            raise NodeStoreError(
                Text("the node '{name}' in {path} is wrong: {reason}", name=entry.name, path=path, reason=entry.reason),
                next_step=next_step,
            )
    return document.nodes
