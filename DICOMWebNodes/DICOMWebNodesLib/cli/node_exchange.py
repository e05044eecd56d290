"""``nodes import`` and ``nodes export``: files that people give each other, and those of Weasis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..storage.files import write_atomically
from .context import Context
from .exit_codes import ExitCode
from .parser import PROGRAM, Subparsers, add_command, file
from .table import counted

if TYPE_CHECKING:
    from ..sharing.importing import Imported
    from ..sharing.left_out import LeftOut

WEASIS_METHODS = "weasis-authentication"
_FORMATS = ("json", "weasis", WEASIS_METHODS)


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
    importing.add_argument("files", metavar="FILE", nargs="+", type=file)
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
    exporting.add_argument("--output", "-o", metavar="FILE", type=file, help="default: standard output")
    exporting.add_argument("--with-secrets", action="store_true", help="secret headers too: keep the file to yourself")


# --- importing ------------------------------------------------------------------------------------------------------


def _import(context: Context) -> ExitCode:
    from ..sharing.importing import FileImport

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
    from ..sharing.exporting import export

    args, store = context.args, context.nodes
    own = [node for node in store.nodes() if not store.is_predefined(node)]
    exported = export(
        store,
        [store.get(name) for name in args.nodes] or own,
        lambda uid: context.authentication.methods.get(uid),
        args.format,
        secrets=args.with_secrets,
        newer=args.output is not None and args.output.suffix.lower() == ".json",
    )
    if args.output:
        write_atomically(args.output, exported.document, mode=0o600 if args.with_secrets else 0o666)
        what = "method" if args.format == WEASIS_METHODS else "node"
        context.console.tell(f"{counted(exported.count, what)} written to {args.output}")
    else:
        context.console.write(exported.document.decode("utf-8"))
    for each in exported.left_out:
        context.console.tell(f"left out: {_not_written(each)}")
    return ExitCode.DONE


def _not_written(left_out: LeftOut) -> str:
    name = left_out.name
    return {
        "client secret": f"the client secret of '{name}'",
        "header": f"the header '{left_out.header}' of '{name}'",
        "method": f"the method '{name}': {left_out.reason}",
    }[left_out.what]
