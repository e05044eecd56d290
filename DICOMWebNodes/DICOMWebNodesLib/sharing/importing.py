"""Files that people give each other, and those of Weasis: nodes and authentication methods come in together.

Nothing is replaced, names that are taken give way. Secrets, and which node signs in how, are taken only when a person
asks for that, from files of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain, starmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, Iterator, List, Sequence, Tuple

from ..auth.method import AuthMethod
from ..errors import AuthMethodNotFound, InvalidValue, SecretUnavailable
from ..nodes.document import Document
from ..nodes.import_file import METHODS, read_import
from ..nodes.importing import ImportReport, free_name
from ..nodes.node import Node
from ..nodes.store import NodeStore
from ..text import Text
from .left_out import AUTHENTICATION, CLIENT_SECRET, HEADER, UNKNOWN_METHOD, LeftOut

if TYPE_CHECKING:
    from ..auth.authentication import Authentication
    from ..auth.weasis import WeasisMethod
    from ..nodes.weasis import WeasisNode


@dataclass(frozen=True)
class Imported:
    """The account of one file: ``nodes`` of a file of nodes, ``methods`` of one of authentication methods."""

    nodes: ImportReport = field(default_factory=ImportReport)
    methods: Tuple[AuthMethod, ...] = ()
    skipped_methods: Tuple[Tuple[str, str], ...] = ()  # (name in the file, why it was not added)
    left_out: Tuple[LeftOut, ...] = ()


class FileImport:
    """``authentication`` is opened only when a file needs it, because that may open the system's keyring.

    ``secrets``: take those of Weasis's files too.
    """

    def __init__(
        self, nodes: NodeStore, authentication: Callable[[], Authentication], *, secrets: bool = False
    ) -> None:
        self._nodes = nodes
        self._authentication = authentication
        self._secrets = secrets

    def run(self, paths: Sequence[Path]) -> Iterator[Imported]:
        """Import files, those with methods first, because nodes refer to them. A wrong one is told before any is.

        Raises NodeStoreError, StoreUnavailable; InvalidValue and SecretUnavailable when secrets cannot be taken.
        """
        documents = [(path, read_import(path)) for path in paths]
        if self._secrets:
            self._check_secrets(documents)
        for _, root in sorted(documents, key=lambda each: not _has_methods(each[1])):
            if isinstance(root, Document):
                report = self._nodes.import_entries(root.entries)
                in_file = {entry.uid: entry.node for entry in root.entries if entry.node is not None}
                added = [(node, in_file[node.uid]) for node in report.added if node.uid in in_file]
                yield Imported(report, left_out=tuple(chain.from_iterable(starmap(_not_taken, added))))
            elif _has_methods(root):
                from ..auth.weasis import methods_of

                yield self._methods(methods_of(root))
            else:
                from ..nodes.weasis import nodes_of

                yield self._weasis_nodes(nodes_of(root))

    def _check_secrets(self, documents: Sequence[Tuple[Path, Any]]) -> None:
        for path, found in documents:
            if isinstance(found, Document):
                raise InvalidValue(
                    Text("{path} is not a file of Weasis", path=path),
                    field="--with-secrets",
                    next_step="Import it without --with-secrets.",
                )
        if not self._authentication().secrets.lasts:
            raise SecretUnavailable(
                "there is no place that keeps secrets",
                next_step="Install keyring, choose a file with 'auth secrets --file', or import without secrets.",
            )

    # --- methods ----------------------------------------------------------------------------------------------------

    def _methods(self, found: Sequence[WeasisMethod]) -> Imported:
        added: List[AuthMethod] = []
        skipped: List[Tuple[str, str]] = []
        left_out: List[LeftOut] = []
        for each in found:
            reason = each.reason or self._reason_against(each)
            if reason:
                skipped.append((each.name, reason))
                continue
            method = self._add(each)
            added.append(method)
            if each.secret and not self._secrets:
                left_out.append(LeftOut(method.name, CLIENT_SECRET))
        return Imported(methods=tuple(added), skipped_methods=tuple(skipped), left_out=tuple(left_out))

    def _reason_against(self, found: WeasisMethod) -> str:
        assert found.method is not None
        here = {method.uid: method.name for method in self._authentication().methods.methods()}
        return Text("it is here already, as '{twin}'", twin=here[found.method.uid]) if found.method.uid in here else ""

    def _add(self, found: WeasisMethod) -> AuthMethod:
        assert found.method is not None
        authentication = self._authentication()
        taken = {method.name.casefold() for method in authentication.methods.methods()}
        method = replace(found.method, name=free_name(found.method.name, taken))
        authentication.add(method, found.secret if self._secrets else "")
        return method

    # --- nodes ------------------------------------------------------------------------------------------------------

    def _weasis_nodes(self, found: Sequence[WeasisNode]) -> Imported:
        report = self._nodes.import_entries(each.entry for each in found)
        in_file: Dict[str, WeasisNode] = {each.entry.uid: each for each in found}
        left_out: List[LeftOut] = []
        for node in report.added:
            source = in_file[node.uid]
            left_out += self._trust(node, source) if self._secrets else _left_out(node, source)
            left_out += (LeftOut(node.name, HEADER, header) for header in source.missing)
        return Imported(report, left_out=tuple(left_out))

    def _trust(self, node: Node, source: WeasisNode) -> Iterator[LeftOut]:
        """Give the node what an import leaves out: its secret headers, and its authentication when that is here."""
        assert source.entry.node is not None
        authentication, method = source.entry.node.authentication, ""
        try:
            method = self._authentication().methods.get(authentication).uid if authentication else ""
        except AuthMethodNotFound:
            yield LeftOut(node.name, UNKNOWN_METHOD)
        for name, value in source.secrets.items():
            self._authentication().set_secret_header(node, name, value)
        self._nodes.update(
            node.uid, lambda before: replace(before, secret_headers=tuple(source.secrets), authentication=method)
        )


def _not_taken(node: Node, in_file: Node) -> Iterator[LeftOut]:
    """``node``: as it is here, of which a person has to choose the sign-in."""
    for header in in_file.secret_headers:
        yield LeftOut(node.name, HEADER, header)
    if in_file.authentication:
        yield LeftOut(node.name, AUTHENTICATION)


def _left_out(node: Node, source: WeasisNode) -> Iterator[LeftOut]:
    for header in source.secrets:
        yield LeftOut(node.name, HEADER, header)
    if source.entry.node is not None and source.entry.node.authentication:
        yield LeftOut(node.name, AUTHENTICATION)


def _has_methods(found: Any) -> bool:
    return not isinstance(found, Document) and found.tag == METHODS
