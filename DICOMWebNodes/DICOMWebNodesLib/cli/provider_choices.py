"""``nodes choices``: what a provider lists for the parts of its URL, for whoever is signed in."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Dict, List, Optional

from ..dicomweb.profile import Profile, profile_named
from ..errors import InvalidValue
from .auth_options import pairs_of
from .ctrl_c import interruptible
from .exit_codes import ExitCode
from .node_options import absolute_path
from .parser import PROGRAM, Subparsers, add_command
from .table import Column, table

if TYPE_CHECKING:
    from ..dicomweb.part_choices import Choice
    from ..dicomweb.url_form import Part
    from .context import Context


def add_choices_command(commands: Subparsers) -> None:
    choosing = add_command(
        commands,
        "choices",
        _choices,
        "what there is to choose from at a provider where you are signed in",
        arguments="PROVIDER --authentication METHOD",
        description="Shows what the next part of the URL can be.",
        examples=f"""\
  {PROGRAM} nodes choices google --authentication Google
  {PROGRAM} nodes choices google --authentication Google --set project=radiology-1""",
    )
    choosing.add_argument("provider", metavar="PROVIDER", help="'nodes providers' shows what there is")
    choosing.add_argument("--authentication", metavar="METHOD", required=True, help="how you sign in there")
    choosing.add_argument(
        "--set", action="append", default=[], metavar="PART=VALUE", help="a part that is chosen; may be repeated"
    )
    choosing.add_argument("--proxy", metavar="URL", default="", help="http(s)://host:port")
    choosing.add_argument(
        "--proxy-user", metavar="NAME", default="", help="for that proxy; the password is what a node keeps for both"
    )
    choosing.add_argument(
        "--ca-file", metavar="PEM", type=absolute_path, default="", help="certificates of the authority to trust"
    )
    choosing.add_argument("--json", action="store_true", help="the choices as a JSON array")


def _choices(context: Context) -> ExitCode:
    args = context.args
    profile, chosen = profile_named(args.provider), pairs_of(args.set, "--set")
    for name in chosen:
        profile.form.part(name)
    part = next_part(profile, chosen)
    if part is None:
        raise InvalidValue(
            f"nothing is left to choose for '{profile.name}'", next_step=f"Add the node: {_adding(profile, chosen)}"
        )
    method = context.authentication.methods.get(args.authentication)
    password = context.authentication.kept_proxy_password(args.proxy, args.proxy_user)
    with context.workspace_as(partial(context.authentication.credential_for, proxy_password=password)) as workspace:
        ask = partial(
            workspace.choices,
            authentication=method.uid,
            proxy=args.proxy,
            proxy_user=args.proxy_user,
            ca_file=args.ca_file,
        )
        found = interruptible(lambda control: list(ask(profile, part.name, chosen, control=control)))
    if args.json:
        context.console.write(json.dumps([asdict(choice) for choice in found], indent=2) + "\n")
    else:
        _show(context, profile, part, chosen, found)
    return ExitCode.DONE


def next_part(profile: Profile, chosen: Dict[str, str]) -> Optional[Part]:
    """The first part with choices that is not chosen yet."""
    return next((part for part in profile.form.parts if part.choices is not None and part.name not in chosen), None)


def _show(context: Context, profile: Profile, part: Part, chosen: Dict[str, str], found: List[Choice]) -> None:
    console = context.console
    if not found:
        console.tell(f"There is no {part.label.lower()} that you may see.")
        return
    for line in table(
        (Column(part.label), Column("Name", 60)), ((each.value, each.title) for each in found), console.columns
    ):
        console.print(line)
    then = {**chosen, part.name: found[0].value}
    if next_part(profile, then) is None:
        console.tell(f"Then, for example: {_adding(profile, then)}")
    else:
        console.tell(f"Then add, for example: --set {part.name}={found[0].value}")


def _adding(profile: Profile, chosen: Dict[str, str]) -> str:
    parts = " ".join(f"--set {name}={value}" for name, value in chosen.items())
    return f"{PROGRAM} nodes add NAME --provider {profile.name} {parts} --authentication METHOD"
