"""``nodes add --provider``: a URL made from its parts, as the provider's profile asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Mapping

from ..dicomweb.profile import Profile, profile_named, profile_of, profiles
from ..errors import InvalidNode, InvalidValue
from ..nodes.node import Node
from .auth_options import pairs_of
from .parser import PROGRAM, Parser
from .table import Column, table

if TYPE_CHECKING:
    from .context import Context


def add_provider_options(parser: Parser) -> None:
    group = parser.add_argument_group("provider", "Instead of a URL. 'nodes providers' shows what there is.")
    group.add_argument("--provider", metavar="NAME", help="make the URL of such a server from its parts")
    group.add_argument(
        "--set", action="append", default=[], metavar="PART=VALUE", help="a part of the URL; may be repeated"
    )


def new_node(context: Context) -> Node:
    """The node of the URL that is given, or of the provider's parts. Raises InvalidValue; InvalidNode for a part."""
    args = context.args
    if bool(args.url) == bool(args.provider):
        raise InvalidValue(
            "there is both a URL and a provider" if args.url else "there is neither a URL nor a provider",
            field="url",
            next_step="Give the URL, or --provider with the parts of the URL.",
        )
    parts = pairs_of(args.set, "--set")
    if args.provider:
        return _node_of(args.name, profile_named(args.provider), parts)
    if parts:
        raise InvalidValue("--set is for the parts of a provider's URL", field="--set", next_step="Add --provider.")
    return Node(args.name, args.url)


def _node_of(name: str, profile: Profile, parts: Mapping[str, str]) -> Node:
    """The node says what its provider is when its URL does not."""
    for part in parts:
        profile.form.part(part)  # one that there is not may be a misspelt one that seems to be missing
    problems = profile.form.problems(parts)
    if problems:  # told all at once
        first = next(iter(problems))
        raise InvalidNode(
            "; ".join(f"{part}: {problem.cause}" for part, problem in problems.items()),
            field=first,
            next_step=f"Add --set {first}=...; 'nodes providers {profile.name}' explains.",
        )
    url = profile.url_from(parts)
    return Node(name, url, profile="" if profile_of(url) is profile else profile.name)


def tell_authentication(node: Node, context: Context) -> None:
    """The next step of somebody whose provider usually wants a credential."""
    template = profile_named(context.args.provider).authentication
    if template and not node.authentication and not node.secret_headers:
        context.console.tell(
            f"Signing in there: {PROGRAM} auth add {template} ..., "
            f"then {PROGRAM} nodes edit '{node.name}' --authentication METHOD"
        )


def lines_about(name: str, terminal_columns: int) -> Iterator[str]:
    """All providers, or the parts of the URL of the one that is named. Raises InvalidNode."""
    if not name:
        columns = (Column("Provider"), Column("For", 60), Column("Parts"), Column("Signing in"))
        rows = ((each.name, each.title, _names(each), each.authentication) for each in profiles().values())
        return table(columns, rows, terminal_columns)
    return _lines_about_one(profile_named(name), terminal_columns)


def _lines_about_one(profile: Profile, terminal_columns: int) -> Iterator[str]:
    yield f"{profile.title}: {profile.help}"
    yield f"See {profile.link}"
    yield f"URL: {profile.form.template}"
    columns = (Column("Part"), Column("Is"), Column("Default"), Column("Example"), Column("Explained"))
    rows = ((part.name, part.label, part.default, part.example, part.help) for part in profile.form.parts)
    yield from table(columns, rows, terminal_columns)
    if profile.authentication:
        yield f"Signing in: {PROGRAM} auth templates {profile.authentication}"


def _names(profile: Profile) -> str:
    return ", ".join(f"[{part.name}]" if part.default else part.name for part in profile.form.parts)
