"""``nodes import`` and ``nodes export``: files that people give each other, and those of Weasis."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterable, List, Sequence, Tuple

from ..errors import AuthMethodNotFound, InvalidValue, SecretUnavailable
from ..nodes.document import Document
from ..nodes.headers import is_secret_name
from ..nodes.import_file import METHODS, read_import
from ..nodes.importing import ImportReport, free_name
from ..nodes.node import Node
from ..storage import write_atomically
from .context import Context
from .exit_codes import ExitCode
from .parser import PROGRAM, Subparsers, add_command
from .table import counted

if TYPE_CHECKING:
    from ..auth.method import AuthMethod
    from ..auth.weasis import WeasisMethod
    from ..nodes.weasis import WeasisNode

_FORMATS = ("json", "weasis", "weasis-authentication")


def add_exchange_commands(commands: Subparsers) -> None:
    importing = add_command(
        commands,
        "import",
        _import,
        "add the nodes of files that 'nodes export' or Weasis wrote",
        arguments="FILE...",
        description="Names that are taken get a number; nothing is replaced.",
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
        help="weasis: as dicomWebNodes.xml; weasis-authentication: how these nodes sign in, as authenticationNodes.xml",
    )
    exporting.add_argument("--output", "-o", metavar="FILE", type=Path, help="default: standard output")
    exporting.add_argument("--with-secrets", action="store_true", help="secret headers too: keep the file to yourself")


# --- importing ------------------------------------------------------------------------------------------------------


def _import(context: Context) -> ExitCode:
    documents = [(path, read_import(path)) for path in context.args.files]  # a wrong one is told before any is added
    if context.args.with_secrets:
        _check_with_secrets(context, documents)
    for _, root in documents:  # first, because nodes refer to them
        if not isinstance(root, Document) and root.tag == METHODS:
            from ..auth.weasis import methods_of

            _import_methods(context, methods_of(root))
    for _, found in documents:
        if isinstance(found, Document):
            _tell(context, context.nodes.import_entries(found.entries))
        elif found.tag != METHODS:
            from ..nodes.weasis import nodes_of

            _import_weasis_nodes(context, nodes_of(found))
    return ExitCode.DONE


def _check_with_secrets(context: Context, documents: Sequence[Tuple[Path, Any]]) -> None:
    for path, found in documents:
        if isinstance(found, Document):
            raise InvalidValue(
                f"{path} is not a file of Weasis", field="--with-secrets", next_step="Import it without --with-secrets."
            )
    if not context.authentication.secrets.lasts:
        raise SecretUnavailable(
            "there is no place that keeps secrets",
            next_step="Install keyring, choose a file with 'auth secrets --file', or import without --with-secrets.",
        )


def _tell(context: Context, report: ImportReport) -> None:
    new_names = {here: there for there, here in report.renamed}
    for node in report.added:
        renamed = f" (in the file '{new_names[node.name]}', a name that is taken)" if node.name in new_names else ""
        context.console.print(f"Added '{node.name}': {node.url}{renamed}")
    for name, reason in report.skipped:
        context.console.print(f"Skipped '{name}': {reason}")
    context.console.tell(f"{counted(len(report.added), 'node')} added, {len(report.skipped)} skipped")


def _import_weasis_nodes(context: Context, found: Sequence[WeasisNode]) -> None:
    report = context.nodes.import_entries(each.entry for each in found)
    _tell(context, report)
    in_file = {each.entry.uid: each for each in found}
    for node in report.added:
        source = in_file[node.uid]
        if context.args.with_secrets:
            _trust(context, node, source)
        else:
            for header in source.secrets:
                _tell_left_out(context, node, f"the header '{header}'", f"--header-env {header}=VARIABLE")
            if source.entry.node and source.entry.node.authentication:
                _tell_left_out(context, node, "the authentication", "--authentication METHOD")


def _trust(context: Context, node: Node, source: WeasisNode) -> None:
    """Give the node what an import leaves out: its secret headers, and its authentication when that is here."""
    assert source.entry.node is not None
    authentication = source.entry.node.authentication
    try:
        method = context.authentication.methods.get(authentication).uid if authentication else ""
    except AuthMethodNotFound:
        method = ""
        context.console.warn(
            f"'{node.name}' signs in with a method that is not here: import authenticationNodes.xml too"
        )
    for name, value in source.secrets.items():
        context.authentication.set_secret_header(node, name, value)
    context.nodes.update(
        node.uid, lambda before: replace(before, secret_headers=tuple(source.secrets), authentication=method)
    )


def _tell_left_out(context: Context, node: Node, what: str, option: str) -> None:
    context.console.tell(f"left out: {what} of '{node.name}'; give it with: nodes edit '{node.name}' {option}")


def _import_methods(context: Context, found: Iterable[WeasisMethod]) -> None:
    for each in found:
        reason = each.reason or _add_method(context, each)
        if reason:
            context.console.print(f"Skipped the method '{each.name}': {reason}")


def _add_method(context: Context, found: WeasisMethod) -> str:
    """Why it was not added; "" when it was."""
    assert found.method is not None
    here = context.authentication.methods.methods()
    for other in here:
        if other.uid == found.method.uid:
            return f"it is here already, as '{other.name}'"
    method = replace(found.method, name=free_name(found.method.name, {other.name.casefold() for other in here}))
    context.authentication.add(method, found.secret if context.args.with_secrets else "")
    context.console.print(f"Added the method '{method.name}'")
    if found.secret and not context.args.with_secrets:
        context.console.tell(f"left out: the client secret of '{method.name}'; 'auth login' asks for it")
    return ""


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
        return format_methods(methods), counted(len(methods), "method")
    if context.args.format == "weasis":
        from ..nodes.weasis import format_nodes

        return format_nodes(nodes), counted(len(nodes), "node")
    return context.nodes.export(nodes, secrets=context.args.with_secrets), counted(len(nodes), "node")


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
