"""``nodes list``."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Dict

from ..nodes.document import node_to_json
from ..nodes.headers import is_secret_name
from ..nodes.node import Node
from ..nodes.store import NodeStore
from .context import Context
from .exit_codes import ExitCode
from .parser import Subparsers, add_command
from .table import Column, table

if TYPE_CHECKING:
    from ..dicomweb.findings import Findings


def add_list_command(commands: Subparsers) -> None:
    listing = add_command(commands, "list", _list, "list all nodes")
    listing.add_argument(
        "--json",
        action="store_true",
        help="all fields, as a JSON array, with what was found out about each server; secret headers are hidden",
    )


def _list(context: Context) -> ExitCode:
    store = context.nodes
    nodes = store.nodes()
    if context.args.json:
        from ..dicomweb.findings_store import FILE_NAME as FINDINGS_FILE
        from ..dicomweb.findings_store import FindingsStore

        found = FindingsStore(store.path.with_name(FINDINGS_FILE))
        rows = [{**_as_json(node, store), **_found(found.of(node.url))} for node in nodes]
        context.console.write(json.dumps(rows, indent=2) + "\n")
    else:
        columns = (Column("Name", 40), Column("Service"), Column("URL"), Column("Notes", 60))
        cells = (
            (node.name, node.service_type.value.partition(" (")[0], node.url, _notes(node, store)) for node in nodes
        )
        for line in table(columns, cells, context.console.columns):
            context.console.print(line)
    for name, reason in store.unusable():
        context.console.warn(f"the node '{name}' in {store.path} cannot be used and is left alone: {reason}")
    return ExitCode.DONE


def _notes(node: Node, store: NodeStore) -> str:
    notes = []
    if store.is_predefined(node):
        notes.append("predefined")
    if node.retrieve_partner:
        partner = next((other.name for other in store.nodes() if other.uid == node.retrieve_partner), "a missing node")
        notes.append(f"retrieves with {partner}")
    if node.authentication:
        notes.append("signs in")
    if not node.tls.verify:
        notes.append("any certificate")
    return ", ".join(notes)


def _found(findings: Findings) -> Dict[str, Any]:
    """What was found out about the node's server, if anything was."""
    return {"found": findings.as_dict()} if findings.offers or findings.page_cap else {}


def _as_json(node: Node, store: NodeStore) -> Dict[str, Any]:
    shown = replace(
        node, headers=tuple((name, "***" if is_secret_name(name) else value) for name, value in node.headers)
    )
    return {**node_to_json(shown), "predefined": store.is_predefined(node)}
