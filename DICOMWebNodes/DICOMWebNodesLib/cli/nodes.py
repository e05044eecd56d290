"""``nodes``: list, add, edit, remove, duplicate, test, import, export, providers, choices."""

from __future__ import annotations

from dataclasses import replace

from ..errors import InvalidValue
from ..nodes.node import Node
from .context import Context
from .exit_codes import ExitCode
from .node_exchange import add_exchange_commands
from .node_list import add_list_command
from .node_options import add_node_options, with_options
from .node_secrets import keep, proxy_password_to_keep, secrets_to_keep
from .node_test import add_test_command
from .parser import PROGRAM, Subparsers, add_command, add_group
from .provider_choices import add_choices_command
from .provider_options import add_provider_options, lines_about, new_node, tell_authentication


def add_to(subparsers: Subparsers) -> None:
    commands = add_group(subparsers, "nodes", "the DICOMweb servers that you keep by name")

    add_list_command(commands)

    adding = add_command(
        commands,
        "add",
        _add,
        "add a node",
        arguments="NAME URL | NAME --provider PROVIDER",
        examples=f"""\
  {PROGRAM} nodes add Lab http://localhost:8042/dicom-web
  {PROGRAM} nodes add Archive https://pacs.example.org/rs --ca-file hospital.pem --read-timeout 300
  {PROGRAM} nodes add PACS --provider dcm4chee --set host=pacs.example.org:8443 --set aet=DCM4CHEE""",
    )
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("url", metavar="URL", nargs="?", help="base URL of the service, without /studies")
    add_provider_options(adding)
    add_node_options(adding)

    showing = add_command(
        commands, "providers", _providers, "the servers whose URL is made from its parts", arguments="[PROVIDER]"
    )
    showing.add_argument("provider", metavar="PROVIDER", nargs="?", help="show the parts of this one")

    add_choices_command(commands)

    editing = add_command(
        commands, "edit", _edit, "change a node", arguments="NODE", description="What no option names stays as it is."
    )
    editing.add_argument("node", metavar="NODE")
    editing.add_argument("--name")
    editing.add_argument("--url")
    editing.add_argument("--position", type=int, metavar="N", help="its place among your own nodes, from 1")
    add_node_options(editing)

    removing = add_command(commands, "remove", _remove, "remove nodes", arguments="NODE...")
    removing.add_argument("nodes", metavar="NODE", nargs="+")

    duplicating = add_command(
        commands, "duplicate", _duplicate, "copy a node, a predefined one for example", arguments="NODE [NAME]"
    )
    duplicating.add_argument("node", metavar="NODE")
    duplicating.add_argument("name", metavar="NAME", nargs="?", default="", help="of the copy")

    add_test_command(commands)
    add_exchange_commands(commands)


def _add(context: Context) -> ExitCode:
    args = context.args
    node = with_options(new_node(context), context)
    secrets = secrets_to_keep(context)
    proxy_password = proxy_password_to_keep(context, node.proxy_user)
    context.nodes.add(node)
    keep(context, node, secrets, proxy_password)
    context.console.print(f"Added '{node.name}': {node.url}")
    _tell_likely_url(node, context)
    if args.provider:
        tell_authentication(node, context)
    context.console.tell(f"Try it: {PROGRAM} nodes test '{node.name}'")
    return ExitCode.DONE


def _providers(context: Context) -> ExitCode:
    for line in lines_about(context.args.provider, context.console.columns):
        context.console.print(line)
    return ExitCode.DONE


def _edit(context: Context) -> ExitCode:
    args, store = context.args, context.nodes
    named = {field: getattr(args, field) for field in ("name", "url") if getattr(args, field) is not None}
    if args.position is not None and args.position < 1:
        raise InvalidValue(f"--position is {args.position}", field="--position", next_step="The first place is 1.")
    secrets = secrets_to_keep(context)
    before = store.get(args.node)
    proxy_password = proxy_password_to_keep(context, before.proxy_user)
    node = store.update(before.uid, lambda node: with_options(replace(node, **named), context))
    if before.secret_headers or before.proxy_user:
        context.authentication.forget_secrets_of_node(before, node)
    keep(context, node, secrets, proxy_password)
    if args.position is not None:
        store.move(node.uid, args.position - 1)
    context.console.print(f"Changed '{node.name}': {node.url}")
    if args.url is not None:
        _tell_likely_url(node, context)
    return ExitCode.DONE


def _tell_likely_url(node: Node, context: Context) -> None:
    """It may be right as it is."""
    from ..dicomweb.url_hint import hint_about

    hint = hint_about(node.url)
    if hint is not None:
        context.console.warn(f"{hint} (to change it: {PROGRAM} nodes edit '{node.name}' --url URL)")


def _remove(context: Context) -> ExitCode:
    for name in context.args.nodes:
        node = context.nodes.remove(name)
        if node.secret_headers or node.proxy_user:
            context.authentication.forget_secrets_of_node(node)
        context.console.print(f"Removed '{node.name}'")
    return ExitCode.DONE


def _duplicate(context: Context) -> ExitCode:
    node = context.nodes.duplicate(context.args.node, context.args.name)
    context.console.print(f"Added '{node.name}': {node.url}")
    for header in node.secret_headers:
        context.console.tell(f"give its secret header again: nodes edit '{node.name}' --header-env {header}=VARIABLE")
    if node.proxy_user:
        context.console.tell(
            f"give its password for the proxy again: nodes edit '{node.name}' --proxy-user {node.proxy_user}"
        )
    return ExitCode.DONE
