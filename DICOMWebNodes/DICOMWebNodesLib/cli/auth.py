"""``auth``: how you sign in, kept by name: templates, list, add, edit, remove, secrets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Dict, Tuple

from .auth_options import add_secret_options, filled_from, pairs_of, secret_asked, secret_of, with_fields
from .auth_shown import NONE_YET, as_json, in_words, warn_of_memory
from .auth_sign_in import add_signing_in
from .context import Context
from .exit_codes import ExitCode
from .parser import PROGRAM, Parser, Subparsers, add_command, add_group
from .table import Column, table

if TYPE_CHECKING:
    from ..auth.method import AuthMethod

_FIELDS = "issuer, client_id, scope, redirect_port, ca_file ..."


def add_to(subparsers: Subparsers) -> None:
    commands = add_group(subparsers, "auth", "how you sign in, kept by name; nodes refer to it")
    _add_keeping(commands)
    add_signing_in(commands)


def _add_keeping(commands: Subparsers) -> None:
    showing = add_command(
        commands,
        "templates",
        _templates,
        "what there is to choose from, and what each one asks",
        arguments="[TEMPLATE]",
    )
    showing.add_argument("template", metavar="TEMPLATE", nargs="?", help="show what this one asks")

    listing = add_command(commands, "list", _list, "list the authentication methods")
    listing.add_argument("--json", action="store_true", help="all fields, as a JSON array; never a secret")

    adding = add_command(
        commands,
        "add",
        _add,
        "add a method from a template",
        arguments="TEMPLATE",
        description="Secrets are asked for.",
        examples=f"""\
  {PROGRAM} auth add keycloak --set base_url=https://login.example.org --set realm=dcm4che --set client_id=slicer
  {PROGRAM} auth add basic --name 'Lab password' --set user_name=ada
  {PROGRAM} nodes edit Lab --authentication 'Lab password'""",
    )
    adding.add_argument("template", metavar="TEMPLATE")
    adding.add_argument("--name", default="", help="default: the template's")
    _add_set_option(adding, "an answer to the template; may be repeated")
    adding.add_argument("--allow-plain-http", action="store_true", help="let the provider do without TLS: for tests")
    adding.add_argument("--no-discovery", action="store_true", help="ask the issuer only when somebody signs in")
    add_secret_options(adding)

    editing = add_command(commands, "edit", _edit, "change a method, or its secret", arguments="METHOD")
    editing.add_argument("method", metavar="METHOD")
    editing.add_argument("--name")
    _add_set_option(editing, f"a field: {_FIELDS}; may be repeated")
    editing.add_argument("--secret", action="store_true", help="ask for its password, token, key or client secret")
    add_secret_options(editing)

    removing = add_command(
        commands, "remove", _remove, "remove methods, with their secrets and sign-ins", arguments="METHOD..."
    )
    removing.add_argument("methods", metavar="METHOD", nargs="+")

    where = add_command(commands, "secrets", _secrets, "tell where secrets are kept, or choose a file")
    choice = where.add_mutually_exclusive_group()
    choice.add_argument("--file", action="store_true", help="move them into a file that only you can read")
    choice.add_argument("--no-file", action="store_true", help="delete that file with all that is in it")


def _add_set_option(parser: Parser, explained: str) -> None:
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=explained)


# --- keeping methods ---------------------------------------------------------------------------------------------


def _templates(context: Context) -> ExitCode:
    from ..auth.template import template, templates

    if context.args.template:
        chosen = template(context.args.template)
        context.console.print(f"{chosen.title}: {chosen.help}")
        context.console.print(f"See {chosen.link}")
        columns = (Column("Name"), Column("Asks for"), Column("Default"), Column("Explained"))
        rows = [
            (each.name, _label(each.label, each.required, each.secret), each.default, each.help or each.example)
            for each in chosen.questions
        ]
    else:
        columns = (Column("Template"), Column("For"), Column("Asks for", 60), Column("See", 60))
        rows = [
            (
                each.name,
                each.title,
                ", ".join(one.name for one in each.questions if one.required and not one.default),
                each.link,
            )
            for each in templates().values()
        ]
    for line in table(columns, rows, context.console.columns):
        context.console.print(line)
    return ExitCode.DONE


def _label(label: str, required: bool, secret: bool) -> str:
    return label + ("" if required else " (optional)") + (" (secret)" if secret else "")


def _list(context: Context) -> ExitCode:
    store = context.authentication.methods
    if context.args.json:
        context.console.write(json.dumps([as_json(context, method) for method in store.methods()], indent=2) + "\n")
    else:
        columns = (Column("Name", 40), Column("Kind"), Column("At", 50), Column("Status", 200), Column("Used by", 40))
        rows = [_row(context, method) for method in store.methods()]
        for line in table(columns, rows, context.console.columns):
            context.console.print(line)
        if not rows:
            context.console.tell(NONE_YET)
    for name, reason in store.unusable():
        context.console.warn(f"the method '{name}' in {store.path} cannot be used and is left alone: {reason}")
    return ExitCode.DONE


def _row(context: Context, method: AuthMethod) -> Tuple[str, ...]:
    status = context.authentication.status_or_problem(method)
    users = ", ".join(node.name for node in context.nodes.nodes() if node.authentication == method.uid)
    return method.name, method.kind.value, _place_of(method), in_words(status), users


def _place_of(method: AuthMethod) -> str:
    if method.provider is not None:
        return method.provider.issuer or method.provider.token_endpoint
    return next((value for _, value in method.settings if value), "")


def _add(context: Context) -> ExitCode:
    from ..auth.template import template

    args = context.args
    chosen = template(args.template)
    filled = filled_from(chosen, context)
    method = filled.method if args.no_discovery else context.authentication.discovered(filled.method)
    context.authentication.add(method, filled.secret)
    context.console.print(f"Added '{method.name}'")
    warn_of_memory(context, "the secret" if filled.secret else "")
    if method.needs_person:
        context.console.tell(f"Sign in: {PROGRAM} auth login '{method.name}'")
    context.console.tell(f"Use it: {PROGRAM} nodes edit NODE --authentication '{method.name}'")
    return ExitCode.DONE


def _edit(context: Context) -> ExitCode:
    from dataclasses import replace

    args, authentication = context.args, context.authentication
    fields = pairs_of(args.set, "--set")
    named: Dict[str, Any] = {} if args.name is None else {"name": args.name}
    method = authentication.methods.get(args.method)
    if args.secret or args.secret_env or args.secret_stdin:
        authentication.set_secret(method, secret_asked(context, secret_of(method)))
        warn_of_memory(context, "the secret")
    was_ready = authentication.status_or_problem(method).ready
    method = authentication.update(method.uid, lambda before: with_fields(replace(before, **named), fields))
    context.console.print(f"Changed '{method.name}'")
    if was_ready and not authentication.status_or_problem(method).ready:
        context.console.tell(f"The sign-in was for what it was before. Sign in: {PROGRAM} auth login '{method.name}'")
    return ExitCode.DONE


def _remove(context: Context) -> ExitCode:
    for name in context.args.methods:
        context.console.print(f"Removed '{context.authentication.remove(name).name}'")
    return ExitCode.DONE


def _secrets(context: Context) -> ExitCode:
    from ..auth.file_secrets import FileSecrets
    from ..auth.open_secrets import file_of_secrets, move_secrets
    from ..auth.secret_store import MovableSecrets

    file: FileSecrets = file_of_secrets(context.settings_folder)
    if context.args.file:
        authentication = context.authentication
        move_secrets(MovableSecrets(authentication.secrets), authentication.keys(), context.settings_folder, True)
    if context.args.no_file:
        file.remove()
    place = file.place if file.exists else context.authentication.secrets.place
    context.console.print(f"Secrets are kept in {place}")
    return ExitCode.DONE
