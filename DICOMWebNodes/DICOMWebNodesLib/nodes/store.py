"""The nodes of this user, in one file that several programs may change at the same time."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path
from typing import Callable, Iterable, Optional, Sequence, Tuple, TypeVar

from ..errors import NodeStoreError
from ..storage.files import write_atomically
from ..storage.folders import settings_folder
from ..storage.settings_file import DamagedFile, SettingsFile
from ..text import Text
from .document import Document, Entry, format_document, parse_document, without_secrets
from .field_values import LONGEST_NAME
from .import_file import METHODS, read_import
from .importing import ImportReport
from .listing import Listing
from .node import Node
from .predefined import predefined_nodes
from .url import normalise_base_url

FILE_NAME = "nodes.json"
_Result = TypeVar("_Result")


class NodeStore:
    """The user's own nodes, in their order, and behind them the predefined ones, which are read-only.

    Every call reads the file, so that what another program did is seen; every change is made under a lock and
    written whole. Names are unique without regard to case. When a damaged file was found, ``set_aside`` says
    where it is now: whoever talks to the person shows it. Any method raises StoreUnavailable.

    >>> store = NodeStore(Path("nodes.json"))  # doctest: +SKIP
    >>> store.add(Node("Research PACS", "https://pacs.example.org/dicom-web"))  # doctest: +SKIP
    """

    def __init__(self, path: Optional[Path] = None, predefined: Optional[Sequence[Node]] = None) -> None:
        self.path = path or settings_folder() / FILE_NAME
        self._file = SettingsFile(self.path, parse_document, format_document, empty=Document(), holds=Text("nodes"))
        self._predefined = tuple(predefined_nodes() if predefined is None else predefined)

    def __repr__(self) -> str:
        return f"NodeStore({str(self.path)!r})"

    @property
    def set_aside(self) -> Optional[DamagedFile]:
        return self._file.set_aside

    # --- reading ------------------------------------------------------------------------------------------------

    def nodes(self) -> Tuple[Node, ...]:
        return self._listing(self._file.read()).nodes

    def get(self, name_or_uid: str) -> Node:
        """Raises NodeNotFound, or InvalidNode for one that is in the file but cannot be used."""
        return self._listing(self._file.read()).get(name_or_uid)

    def is_predefined(self, node: Node) -> bool:
        return any(node.uid == predefined.uid for predefined in self._predefined)

    def unusable(self) -> Tuple[Tuple[str, str], ...]:
        """Names and reasons of the nodes in the file that this version cannot use; they stay in the file."""
        return tuple((entry.name, entry.reason) for entry in self._file.read().entries if not entry.node)

    @staticmethod
    def node_from_url(url: str) -> Node:
        """A node that is in no file, with the normalised URL as its name. Raises InvalidURL.

        The same URL is the same node each time, so that what is kept for a node (connections) is found again.
        """
        url = normalise_base_url(url)
        return Node(name=url[:LONGEST_NAME], url=url, uid=uuid.uuid5(uuid.NAMESPACE_URL, url).hex)

    # --- changing -----------------------------------------------------------------------------------------------

    def add(self, node: Node) -> None:
        """Append a node. Raises NodeNameTaken, or InvalidNode when its uid is taken or its partner unsuitable."""
        self._change(lambda listing: (listing.added(node), None))

    def update(self, name_or_uid: str, change: Callable[[Node], Node]) -> Node:
        """Replace a node by what ``change`` makes of it, under the lock: nobody's change in between is lost.

        Returns the new node. Raises NodeNotFound, NodeReadOnly, NodeNameTaken, InvalidNode and what ``change`` does.
        """
        return self._change(lambda listing: listing.updated(name_or_uid, change))

    def replace(self, node: Node) -> None:
        """Put the node in the place of the one with its uid; raises as :meth:`update` does."""
        self.update(node.uid, lambda _: node)

    def remove(self, name_or_uid: str) -> Node:
        """Raises NodeNotFound, NodeReadOnly, or NodeStoreError while another node has it as its retrieve partner."""
        return self._change(lambda listing: listing.without(name_or_uid))

    def duplicate(self, name_or_uid: str, name: str = "") -> Node:
        """Add a copy below it, named "... copy" unless a name is given; of a predefined one behind one's own. Raises
        NodeNotFound and NodeNameTaken."""
        return self._change(lambda listing: listing.duplicated(name_or_uid, name))

    def move(self, name_or_uid: str, position: int) -> None:
        """Give one of the user's own nodes another place among them, from 0. Raises NodeNotFound, NodeReadOnly."""
        self._change(lambda listing: (listing.moved(name_or_uid, position), None))

    # --- exchange -----------------------------------------------------------------------------------------------

    def export(self, nodes: Iterable[Node], *, secrets: bool = False) -> bytes:
        """A document that :meth:`import_from` reads. Headers that look secret stay out unless ``secrets``."""
        chosen = (node if secrets else without_secrets(node) for node in nodes)
        return format_document(Document(tuple(Entry(node) for node in chosen)))

    def export_to(self, path: Path, nodes: Iterable[Node], *, secrets: bool = False) -> None:
        write_atomically(path, self.export(nodes, secrets=secrets), mode=0o600 if secrets else 0o666)

    def import_from(self, path: Path) -> ImportReport:
        """Add the nodes of a file, ours or Weasis's. When it is none, NodeStoreError, and nothing has changed."""
        found = read_import(path)
        if isinstance(found, Document):
            return self.import_entries(found.entries)
        if found.tag == METHODS:
            raise NodeStoreError(
                Text("{path} holds authentication methods", path=path),
                next_step="Import it with those: 'nodes import', or the window.",
            )
        from .weasis import nodes_of

        return self.import_entries(each.entry for each in nodes_of(found))

    def import_entries(self, entries: Iterable[Entry]) -> ImportReport:
        """Add what was read elsewhere; names and uids that are taken give way."""
        entries = tuple(entries)
        return self._change(lambda listing: listing.imported(entries))

    # --- the file -----------------------------------------------------------------------------------------------

    def _listing(self, document: Document) -> Listing:
        return Listing(document.entries, self._predefined)

    def _change(self, change: Callable[[Listing], Tuple[Listing, _Result]]) -> _Result:
        def change_document(document: Document) -> Tuple[Document, _Result]:
            listing, result = change(self._listing(document))
            return replace(document, entries=listing.own), result

        return self._file.change(change_document)
