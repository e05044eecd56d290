"""What somebody who helps needs to know: versions, nodes without secrets, the last errors. Text for an e-mail."""

from __future__ import annotations

import json
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Iterable, Iterator, Mapping, Tuple

from . import __version__
from .auth.document import method_to_json
from .auth.method import AuthMethod
from .last_errors import LastErrors
from .nodes.document import node_to_json, without_secrets
from .nodes.node import Node
from .nodes.store import NodeStore

_PACKAGES = ("requests", "urllib3", "pydicom", "oauthlib", "keyring", "cryptography", "numpy")


def diagnostics(
    folder: Path, nodes: NodeStore, methods: Iterable[AuthMethod], secrets: str, more: Mapping[str, str] = {}
) -> str:
    """``secrets``: where they are kept, in words; ``more``: what the program around knows of itself."""
    return "\n".join(_lines(folder, nodes, methods, secrets, more)) + "\n"


def _lines(
    folder: Path, nodes: NodeStore, methods: Iterable[AuthMethod], secrets: str, more: Mapping[str, str]
) -> Iterator[str]:
    yield f"DICOMWebNodes {__version__}"
    for name, value in (*_versions(), *more.items(), ("settings", str(folder)), ("secrets", f"kept in {secrets}")):
        yield f"{name}: {value}"
    yield ""
    yield "Nodes (without secrets):"
    for node in nodes.nodes():
        yield f"  {json.dumps(_node(node), ensure_ascii=False)}"
    for name, reason in nodes.unusable():
        yield f"  cannot be used: {name}: {reason}"
    yield ""
    yield "Authentication methods (without secrets):"
    for method in methods:
        yield f"  {json.dumps(method_to_json(method), ensure_ascii=False)}"
    yield ""
    yield "Last errors:"
    for error in LastErrors(folder).all():
        yield "  " + ", ".join(f"{name} {value}" for name, value in error.items())


def _versions() -> Iterator[Tuple[str, str]]:
    yield "Python", f"{sys.version.split()[0]} ({sys.implementation.name})"
    yield "system", platform.platform()
    for package in _PACKAGES:
        yield package, _version(package)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def _node(node: Node) -> Mapping[str, object]:
    """Names of header fields without their values: what looks harmless may name somebody."""
    shown = node_to_json(without_secrets(node))
    if node.headers:
        shown["headers"] = [name for name, _ in node.headers]
    return shown
