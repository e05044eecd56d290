"""``nodes``: list, add, edit, remove, duplicate, test, import, export, providers, choices."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Dict, List

from ..errors import InvalidValue, SecretUnavailable
from ..nodes.document import node_to_json
from ..nodes.headers import is_secret_name
from ..nodes.node import Node
from ..nodes.store import NodeStore
from .context import Context
from .credential_options import add_credential_options, headers_from_environment, secret_from
from .ctrl_c import interruptible
from .exit_codes import ExitCode, exit_code_of, kind_of_error
from .node_exchange import add_exchange_commands
from .node_options import add_node_options, with_options
from .parser import PROGRAM, Subparsers, add_command, add_group
from .provider_choices import add_choices_command
from .provider_options import add_provider_options, lines_about, new_node, tell_authentication
from .table import Column, table

if TYPE_CHECKING:
    from ..dicomweb.findings import Findings


def add_to(subparsers: Subparsers) -> None:
    commands = add_group(subparsers, "nodes", "the DICOMweb servers that you keep by name")

    listing = add_command(commands, "list", _list, "list all nodes")
    listing.add_argument(
        "--json",
        action="store_true",
        help="all fields, as a JSON array, with what was found out about each server; secret headers are hidden",
    )

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

    testing = add_command(
        commands,
        "test",
        _test,
        "try each service that a node offers",
        arguments="NODE",
        description="Nothing is changed on the server. What is found is kept until the node's URL changes, and used by "
        "searches, transfers and previews.",
    )
    testing.add_argument("node", metavar="NODE")
    testing.add_argument("--json", action="store_true", help="the result as a JSON array")
    add_credential_options(testing)

    add_exchange_commands(commands)


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


def _add(context: Context) -> ExitCode:
    args = context.args
    node = with_options(new_node(context), context)
    secrets = _secrets_to_keep(context)
    proxy_password = _proxy_password(context, node.proxy_user)
    context.nodes.add(node)
    _keep(context, node, secrets, proxy_password)
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
    secrets = _secrets_to_keep(context)
    before = store.get(args.node)
    proxy_password = _proxy_password(context, before.proxy_user)
    node = store.update(before.uid, lambda node: with_options(replace(node, **named), context))
    if before.secret_headers or before.proxy_user:
        context.authentication.forget_secrets_of_node(before, node)
    _keep(context, node, secrets, proxy_password)
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


def _test(context: Context) -> ExitCode:
    with context.workspace() as workspace:
        checks = interruptible(lambda control: workspace.test(context.args.node, control=control))
    if context.args.json:
        rows = [check.as_dict() for check in checks]
        context.console.write(json.dumps(rows, indent=2) + "\n")
    else:
        verdict = {True: "ok", False: "failed", None: "-"}
        for check in checks:
            first, *more = _wrapped(check.message, context.console.columns)
            context.console.print(f"{check.service.value:8}  {verdict[check.ok]:7}  {first}")
            for line in more:
                context.console.print(f"{'':19}{line}")
    codes = {exit_code_of(kind_of_error(check.code)) for check in checks if check.ok is False}
    return ExitCode.DONE if not codes else codes.pop() if len(codes) == 1 else ExitCode.FAILED


def _wrapped(message: str, columns: int) -> List[str]:
    """In lines that fit beside the service and the verdict on a terminal; in one where there is none (0)."""
    if not columns:
        return [message]
    import textwrap

    return textwrap.wrap(message, max(40, columns - 20)) or [""]


def _secrets_to_keep(context: Context) -> Dict[str, str]:
    """Names and values of secret headers; before anything is changed, because they may not be there or not last."""
    headers = headers_from_environment(context)
    if headers and not context.authentication.secrets.lasts:
        raise SecretUnavailable(
            "there is no place that keeps the value of a secret header",
            next_step="Install keyring, or give '--header-env NAME=VARIABLE' to each command that uses the node.",
        )
    return headers


def _proxy_password(context: Context, known_user: str) -> str:
    """Asked for with a user name, unless an option says where it is; "" when neither is given.

    ``known_user``: of the node as it is. Raises InvalidValue, SecretUnavailable.
    """
    args = context.args
    variable, from_stdin = getattr(args, "proxy_password_env", None), getattr(args, "proxy_password_stdin", False)
    user = getattr(args, "proxy_user", "")
    password = secret_from(context, variable, from_stdin, "password for the proxy")
    if user and not password:
        instead = "--proxy-password-env VARIABLE or --proxy-password-stdin"
        password = context.console.ask_secret(f"password of {user} for the proxy", instead)
    if password and not (user or known_user):
        raise InvalidValue(
            "there is a password for a proxy without a user", field="--proxy-user", next_step="Add --proxy-user NAME."
        )
    if password and not context.authentication.secrets.lasts:
        raise SecretUnavailable(
            "there is no place that keeps the password for a proxy",
            next_step="Install keyring, or put it into HTTPS_PROXY of the environment.",
        )
    if password:
        context.console.hide(password)
    return password


def _keep(context: Context, node: Node, headers: Dict[str, str], proxy_password: str) -> None:
    """Put the values of secret headers, and the password for the proxy, with the secrets."""
    for name, value in headers.items():
        context.authentication.set_secret_header(node, name, value)
    if proxy_password:
        context.authentication.of_nodes.set_proxy_password(node, proxy_password)


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
