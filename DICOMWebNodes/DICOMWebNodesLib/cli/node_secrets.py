"""The secrets of a node that is added or changed: the values of its secret headers, the password for its proxy."""

from __future__ import annotations

from typing import Dict

from ..errors import InvalidValue, SecretUnavailable
from ..nodes.node import Node
from .context import Context
from .credential_options import headers_from_environment, secret_from


def secrets_to_keep(context: Context) -> Dict[str, str]:
    """Names and values of secret headers; before anything is changed, because they may not be there or not last."""
    headers = headers_from_environment(context)
    if headers and not context.authentication.secrets.lasts:
        raise SecretUnavailable(
            "there is no place that keeps the value of a secret header",
            next_step="Install keyring, or give '--header-env NAME=VARIABLE' to each command that uses the node.",
        )
    return headers


def proxy_password_to_keep(context: Context, known_user: str) -> str:
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


def keep(context: Context, node: Node, headers: Dict[str, str], proxy_password: str) -> None:
    """Put the values of secret headers, and the password for the proxy, with the secrets."""
    for name, value in headers.items():
        context.authentication.set_secret_header(node, name, value)
    if proxy_password:
        context.authentication.of_nodes.set_proxy_password(node, proxy_password)
