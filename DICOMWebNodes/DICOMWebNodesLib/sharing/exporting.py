"""Files for other people and for Weasis: nodes, or how they sign in; what may not be in such a file is named.

Secrets are only in our own form, and there only when a person asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, List, Sequence, Tuple

from ..auth.method import AuthMethod
from ..errors import InvalidValue
from ..nodes.headers import is_secret_name
from ..nodes.node import Node
from ..nodes.store import NodeStore
from ..text import Text
from .left_out import CLIENT_SECRET, HEADER, METHOD, LeftOut

OWN, WEASIS, WEASIS_METHODS = FORMATS = ("json", "weasis", "weasis-authentication")


@dataclass(frozen=True)
class Exported:
    """``count``: of nodes, or of methods, that are in ``document``."""

    document: bytes = field(repr=False)
    count: int
    left_out: Tuple[LeftOut, ...] = ()


def export(
    store: NodeStore,
    nodes: Sequence[Node],
    method_of: Callable[[str], AuthMethod],
    file_format: str,
    *,
    secrets: bool = False,
    newer: bool = False,
) -> Exported:
    """``method_of(uid)`` gives authentication methods; ``newer``: for Weasis in its JSON instead of XML.

    Raises InvalidValue, AuthMethodNotFound.
    """
    if file_format not in FORMATS:
        raise InvalidValue(
            Text("the format is {format!r}", format=file_format),
            field="format",
            next_step=Text("Choose one of {names}.", names=", ".join(FORMATS)),
        )
    if secrets and file_format != OWN:
        raise InvalidValue(
            "a file for Weasis is written without secrets", field="--with-secrets", next_step="Leave the option out."
        )
    if file_format == WEASIS_METHODS:
        return _methods(nodes, method_of, newer)
    kept_back = ((node, name) for node in nodes for name in _secret(node, file_format))
    left_out = () if secrets else tuple(LeftOut(node.name, HEADER, name) for node, name in kept_back)
    if file_format == OWN:
        return Exported(store.export(nodes, secrets=secrets), len(nodes), left_out)
    from ..nodes.weasis import format_nodes

    return Exported(_for_weasis(format_nodes(nodes), newer), len(nodes), left_out)


def _methods(nodes: Sequence[Node], method_of: Callable[[str], AuthMethod], newer: bool) -> Exported:
    from ..auth.weasis import format_methods, reason_against

    methods: List[AuthMethod] = []
    left_out: List[LeftOut] = []
    for uid in dict.fromkeys(node.authentication for node in nodes if node.authentication):
        method = method_of(uid)
        reason = reason_against(method)
        if reason:
            left_out.append(LeftOut(method.name, METHOD, reason=reason))
            continue
        methods.append(method)
        if method.has_secret:
            left_out.append(LeftOut(method.name, CLIENT_SECRET))
    return Exported(_for_weasis(format_methods(methods), newer), len(methods), tuple(left_out))


def _for_weasis(document: bytes, newer: bool) -> bytes:
    if not newer:
        return document
    from ..nodes.weasis_json import json_of

    return json_of(document)


def _secret(node: Node, file_format: str) -> Tuple[str, ...]:
    """Names of headers whose values are not in the file."""
    plain = tuple(name for name, _ in node.headers if is_secret_name(name))
    return plain if file_format == OWN else (*plain, *node.secret_headers)
