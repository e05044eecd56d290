"""Signing in for one command. A secret is asked for, or comes from the environment or from standard input."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Dict, Iterator, Optional, Tuple

from ..errors import InvalidValue, PlainHTTPRefused
from .parser import Parser

if TYPE_CHECKING:
    from ..auth.credentials import Credential
    from ..nodes.node import Node
    from .context import Context, Credentials


def add_credential_options(parser: Parser) -> None:
    group = parser.add_argument_group("signing in", "Instead of the authentication of the node, for this command.")
    how = group.add_mutually_exclusive_group()
    how.add_argument("--user", metavar="NAME", help="Basic authentication; the password is asked for")
    how.add_argument("--token-env", metavar="VARIABLE", help="a bearer token from this environment variable")
    how.add_argument("--token-stdin", action="store_true", help="a bearer token from the first line of standard input")
    how.add_argument(
        "--header-env",
        metavar="NAME=VARIABLE",
        action="append",
        help="a secret header, an API key for example, from this environment variable; may be repeated",
    )
    where = group.add_mutually_exclusive_group()
    where.add_argument("--password-env", metavar="VARIABLE", help="the password from this environment variable")
    where.add_argument(
        "--password-stdin", action="store_true", help="the password from the first line of standard input"
    )
    group.add_argument(
        "--allow-plain-http", action="store_true", help="send the secret although everybody on the way can read it"
    )


def credentials_of(context: Context) -> Credentials:
    """What signs requests: the credential of the options for the named node's origin, each node's own elsewhere."""
    from ..auth.plain_http import check_plain_http

    given = _given(context)
    if given is None:
        return stored_credentials(context)
    for secret in given.secrets():
        context.console.hide(secret)
    if not context.args.node:
        raise InvalidValue(
            "a user, token or key is for one node, and several are named",
            next_step="Give the nodes authentication methods, or search them one by one.",
        )
    named = context.resolve(context.args.node)
    with _plain_http_option_named():
        check_plain_http(_as_allowed(context, named))
    return lambda node: _through_proxy(context, node, given) if node.origin == named.origin else _stored(context, node)


def stored_credentials(context: Context) -> Credentials:
    """Each node's own, where no options are given for one of them."""
    return lambda node: _stored(context, node)


def _given(context: Context) -> Optional[Credential]:
    from ..auth.credentials import BasicAuth, BearerAuth, HeaderAuth

    args = context.args
    if args.user is None and (args.password_env or args.password_stdin):
        raise InvalidValue("there is a password without a user", field="--user", next_step="Add --user NAME.")
    if args.user is not None:
        if ":" in args.user:
            raise InvalidValue(f"the user name '{args.user}' has a colon (RFC 7617 section 2)", field="--user")
        return BasicAuth(args.user, _password(context))
    if args.token_env:
        return BearerAuth(_from_environment(context, args.token_env))
    if args.token_stdin:
        return BearerAuth(_from_stdin(context, "token"))
    if args.header_env:
        return HeaderAuth(headers_from_environment(context))
    return None


def headers_from_environment(context: Context) -> Dict[str, str]:
    """Names and values of all ``--header-env``. Raises InvalidValue."""
    pairs = map(name_and_variable, getattr(context.args, "header_env", None) or ())
    return {name: _from_environment(context, variable) for name, variable in pairs}


def name_and_variable(text: str) -> Tuple[str, str]:
    """The two sides of ``--header-env``. Raises InvalidValue, which does not quote what may be a secret."""
    name, equals, variable = text.partition("=")
    if not equals or not variable:
        raise InvalidValue(f"--header-env is '{name}', not NAME=VARIABLE", field="--header-env")
    return name.strip(), variable


def _stored(context: Context, node: Node) -> Optional[Credential]:
    if not (node.authentication or node.secret_headers or node.headers or node.proxy_user):
        return None  # and no keyring is opened
    with _plain_http_option_named():
        return context.authentication.credential_for(_as_allowed(context, node))


def _through_proxy(context: Context, node: Node, given: Credential) -> Optional[Credential]:
    """The proxy's password is the node's, whoever signs in at the server."""
    return context.authentication.signing.through_proxy(node, given) if node.proxy_user else given


def _as_allowed(context: Context, node: Node) -> Node:
    return replace(node, allow_plain_http_credential=True) if context.args.allow_plain_http else node


@contextmanager
def _plain_http_option_named() -> Iterator[None]:
    try:
        yield
    except PlainHTTPRefused as error:
        error.next_step = (
            "Use https in the node's URL, or say yes with --allow-plain-http (with 'nodes edit' it is remembered)."
        )
        raise


def _password(context: Context) -> str:
    args = context.args
    instead = "--password-env VARIABLE or --password-stdin"
    given = secret_from(context, args.password_env, args.password_stdin, "password")
    return given or context.console.ask_secret(f"password of {args.user}", instead)


def secret_from(context: Context, variable: Optional[str], from_stdin: bool, what: str) -> str:
    """The secret in that environment variable or on standard input; "" when neither is named. Raises InvalidValue."""
    if variable:
        return _from_environment(context, variable)
    return _from_stdin(context, what) if from_stdin else ""


def _from_environment(context: Context, variable: str) -> str:
    value = context.environ.get(variable, "")
    if not value:
        raise InvalidValue(
            f"the environment variable '{variable}' is not set",
            next_step="Give the name of the variable that holds the secret, not the secret.",
        )
    return value


def _from_stdin(context: Context, what: str) -> str:
    if "-" in getattr(context.args, "resources", ()):
        raise InvalidValue(
            f"standard input cannot bring both the {what} and what to retrieve",
            next_step="Put the secret into an environment variable, or the resources into a file.",
        )
    value = context.console.stdin.readline().rstrip("\r\n")
    if not value:
        raise InvalidValue(f"standard input has no {what} in its first line")
    return value
