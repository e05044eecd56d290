"""``nodes import`` and ``nodes export``: files that people give each other, and those of Weasis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, List, Sequence, Tuple

from ..errors import InvalidValue
from ..nodes.headers import is_secret_name
from ..nodes.node import Node
from ..storage import write_atomically
from .context import Context
from .exit_codes import ExitCode
from .parser import PROGRAM, Subparsers, add_command
from .table import counted

if TYPE_CHECKING:
    from ..auth.method import AuthMethod
    from ..exchange import Imported, LeftOut

_FORMATS = ("json", "weasis", "weasis-authentication")


def add_exchange_commands(commands: Subparsers) -> None:
    importing = add_command(
        commands,
        "import",
        _import,
        "add the nodes of files that 'nodes export' or Weasis wrote",
        arguments="FILE...",
        description="Names that are taken get a number; nothing is replaced. Of Weasis: dicomWebNodes.xml and .json, "
        "authenticationNodes.xml and authentication.json.",
        examples=f"""\
  {PROGRAM} nodes import colleague.json
  {PROGRAM} nodes import --with-secrets authenticationNodes.xml dicomWebNodes.xml""",
    )
    importing.add_argument("files", metavar="FILE", nargs="+", type=Path)
    importing.add_argument(
        "--with-secrets",
        action="store_true",
        help="from Weasis's files take secret headers, client secrets, and which node signs in how too: "
        "for files of your own",
    )

    exporting = add_command(
        commands,
        "export",
        _export,
        "write nodes to a file that a colleague can import",
        arguments="[NODE...]",
        description="Headers that look secret are left out.",
    )
    exporting.add_argument("nodes", metavar="NODE", nargs="*", help="default: all of your own")
    exporting.add_argument(
        "--format",
        choices=_FORMATS,
        default="json",
        help="weasis: as dicomWebNodes.xml; weasis-authentication: how these nodes sign in, as "
        "authenticationNodes.xml; in newer Weasis's JSON, dicomWebNodes.json, when FILE ends with .json",
    )
    exporting.add_argument("--output", "-o", metavar="FILE", type=Path, help="default: standard output")
    exporting.add_argument("--with-secrets", action="store_true", help="secret headers too: keep the file to yourself")


# --- importing ------------------------------------------------------------------------------------------------------


def _import(context: Context) -> ExitCode:
    from ..exchange import FileImport

    importing = FileImport(context.nodes, lambda: context.authentication, secrets=context.args.with_secrets)
    for imported in importing.run(context.args.files):
        _tell(context, imported)
    return ExitCode.DONE


def _tell(context: Context, imported: Imported) -> None:
    print_line, tell = context.console.print, context.console.tell
    for method in imported.methods:
        print_line(f"Added the method '{method.name}'")
    for name, reason in imported.skipped_methods:
        print_line(f"Skipped the method '{name}': {reason}")
    report = imported.nodes
    new_names = {here: there for there, here in report.renamed}
    for node in report.added:
        renamed = f" (in the file '{new_names[node.name]}', a name that is taken)" if node.name in new_names else ""
        print_line(f"Added '{node.name}': {node.url}{renamed}")
    for name, reason in report.skipped:
        print_line(f"Skipped '{name}': {reason}")
    if not (imported.methods or imported.skipped_methods):
        tell(f"{counted(len(report.added), 'node')} added, {len(report.skipped)} skipped")
    for each in imported.left_out:
        tell(_words_for(each))


def _words_for(left_out: LeftOut) -> str:
    name = left_out.name
    give = f"give it with: nodes edit '{name}'"
    return {
        "client secret": f"left out: the client secret of '{name}'; 'auth login' asks for it",
        "header": f"left out: the header '{left_out.header}' of '{name}'; "
        f"{give} --header-env {left_out.header}=VARIABLE",
        "authentication": f"left out: the authentication of '{name}'; {give} --authentication METHOD",
        "unknown method": f"warning: '{name}' signs in with a method that is not here: "
        "import authenticationNodes.xml too",
    }[left_out.what]


# --- exporting ------------------------------------------------------------------------------------------------------


def _export(context: Context) -> ExitCode:
    args, store = context.args, context.nodes
    if args.with_secrets and args.format != "json":
        raise InvalidValue(
            "a file for Weasis is written without secrets", field="--with-secrets", next_step="Leave the option out."
        )
    own = [node for node in store.nodes() if not store.is_predefined(node)]
    chosen = [store.get(name) for name in args.nodes] or own
    written, what = _written(context, chosen)
    if args.output:
        write_atomically(args.output, written, mode=0o600 if args.with_secrets else 0o666)
        context.console.tell(f"{what} written to {args.output}")
    else:
        context.console.write(written.decode("utf-8"))
    if not args.with_secrets and args.format != "weasis-authentication":
        for node in chosen:
            for header in _secret_headers(node, args.format):
                context.console.tell(f"left out: the header '{header}' of '{node.name}'")
    return ExitCode.DONE


def _written(context: Context, nodes: Sequence[Node]) -> Tuple[bytes, str]:
    """The file and, in words, what is in it."""
    if context.args.format == "weasis-authentication":
        from ..auth.weasis import format_methods

        methods = _methods_for_weasis(context, nodes)
        return _for_weasis(context, format_methods(methods)), counted(len(methods), "method")
    if context.args.format == "weasis":
        from ..nodes.weasis import format_nodes

        return _for_weasis(context, format_nodes(nodes)), counted(len(nodes), "node")
    return context.nodes.export(nodes, secrets=context.args.with_secrets), counted(len(nodes), "node")


def _for_weasis(context: Context, document: bytes) -> bytes:
    output = context.args.output
    if output is None or output.suffix.lower() != ".json":
        return document
    from ..nodes.weasis_json import json_of

    return json_of(document)


def _methods_for_weasis(context: Context, nodes: Sequence[Node]) -> List[AuthMethod]:
    from ..auth.weasis import reason_against

    methods = []
    for uid in dict.fromkeys(node.authentication for node in nodes if node.authentication):
        method = context.authentication.methods.get(uid)
        reason = reason_against(method)
        if reason:
            context.console.tell(f"left out: the method '{method.name}': {reason}")
        else:
            methods.append(method)
            if method.has_secret:
                context.console.tell(f"left out: the client secret of '{method.name}'")
    return methods


def _secret_headers(node: Node, file_format: str) -> Tuple[str, ...]:
    plain = tuple(name for name, _ in node.headers if is_secret_name(name))
    return plain if file_format == "json" else (*plain, *node.secret_headers)
