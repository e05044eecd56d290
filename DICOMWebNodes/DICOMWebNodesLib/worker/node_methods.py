"""Methods for the list of nodes."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Dict, Optional

from ..storage.files import write_atomically
from .jobs import Job
from .methods import Method, NodeReference, Object, Strings
from .values import imported_as_dict, node_as_dict, node_from_dict

if TYPE_CHECKING:
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    nodes = NodeMethods(service)
    return {
        "nodes.list": Method(nodes.list),
        "nodes.get": Method(nodes.get),
        "nodes.add": Method(nodes.add),
        "nodes.update": Method(nodes.update),
        "nodes.remove": Method(nodes.remove),
        "nodes.duplicate": Method(nodes.duplicate),
        "nodes.move": Method(nodes.move),
        "nodes.import": Method(nodes.import_from),
        "nodes.export": Method(nodes.export),
        "nodes.test": Method(nodes.test, "server"),
    }


class NodeMethods:
    """Each gives a JSON value; a node is given by name or uid."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._store = service.nodes

    def list(self, job: Job) -> Object:
        """Items: {"node", "predefined"}. Result: what is in the file and cannot be used, and a damaged file's story."""
        nodes = self._store.nodes()
        for node in nodes:
            job.tell("items", {"node": node_as_dict(node), "predefined": self._store.is_predefined(node)})
        damaged = self._store.set_aside
        return {
            "count": len(nodes),
            "unusable": [list(pair) for pair in self._store.unusable()[:100]],
            "damaged": damaged.told if damaged else "",
        }

    def get(self, job: Job, *, node: str) -> Object:
        return node_as_dict(self._store.get(node))

    def add(self, job: Job, *, node: Object) -> Object:
        added = node_from_dict(node)
        self._store.add(added)
        return node_as_dict(added)

    def update(self, job: Job, *, uid: str, node: Object) -> Object:
        """The whole node anew; it keeps its uid. The values of secret headers that it has no more are forgotten."""
        before = self._store.get(uid)
        after = self._store.update(uid, lambda old: replace(node_from_dict(node), uid=old.uid))
        if before.secret_headers or before.proxy_user:
            self._service.authentication.forget_secrets_of_node(before, after)
        return node_as_dict(after)

    def remove(self, job: Job, *, node: str) -> Object:
        """With the values of its secret headers and its password for a proxy."""
        removed = self._store.remove(node)
        if removed.secret_headers or removed.proxy_user:
            self._service.authentication.forget_secrets_of_node(removed)
        return node_as_dict(removed)

    def duplicate(self, job: Job, *, node: str, name: str = "") -> Object:
        return node_as_dict(self._store.duplicate(node, name))

    def move(self, job: Job, *, node: str, position: int) -> Object:
        self._store.move(node, position)
        return node_as_dict(self._store.get(node))

    def import_from(self, job: Job, *, path: str, secrets: bool = False) -> Object:
        """A file with nodes or with authentication methods; ``secrets``: those of Weasis's files too."""
        from ..sharing.importing import FileImport

        importing = FileImport(self._store, lambda: self._service.authentication, secrets=secrets)
        (imported,) = importing.run([Path(path)])
        return imported_as_dict(imported)

    def export(
        self, job: Job, *, path: str, nodes: Strings, secrets: bool = False, file_format: str = "json"
    ) -> Object:
        """``nodes``: no names are all of the user's own; ``file_format``: one of :data:`..exporting.FORMATS`, for
        Weasis in its newer form when the file is called .json. The result: {count, left_out}."""
        from ..sharing.exporting import export

        file = Path(path)
        own = [node for node in self._store.nodes() if not self._store.is_predefined(node)]
        exported = export(
            self._store,
            [self._store.get(name) for name in nodes] or own,
            lambda uid: self._service.authentication.methods.get(uid),
            file_format,
            secrets=secrets,
            newer=file.suffix.lower() == ".json",
        )
        write_atomically(file, exported.document, mode=0o600 if secrets else 0o666)
        return {"count": exported.count, "left_out": [asdict(each) for each in exported.left_out]}

    def test(
        self, job: Job, *, node: NodeReference, secret_headers: Optional[Object] = None, proxy_password: str = ""
    ) -> int:
        """Items: {"service", "ok", "message", "offers"}; ``ok`` is null for what was not tried or is not offered.

        ``secret_headers``: values that were typed into the node's editor, and ``proxy_password``, for this test only.
        """
        tested = self._service.node(node)
        if secret_headers or proxy_password:
            typed = {name: str(value) for name, value in (secret_headers or {}).items()}
            with self._service.workspace_once(typed, proxy_password) as workspace:
                checks = workspace.test(tested, control=job.control)
        else:
            checks = self._service.workspace.test(tested, control=job.control)
        for check in checks:
            job.tell("items", check.as_dict())
        return len(checks)
