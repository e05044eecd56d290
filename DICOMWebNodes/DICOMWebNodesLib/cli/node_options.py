"""The fields of a node as options of ``nodes add`` and ``nodes edit``."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Dict, Optional, Sequence

from ..dicomweb.profile import profile_for
from ..errors import InvalidHeader, InvalidValue
from ..nodes.headers import is_secret_name
from ..nodes.node import Node
from ..nodes.service_type import ServiceType
from .credential_options import name_and_variable
from .parser import Parser

if TYPE_CHECKING:
    from .context import Context

_TLS = ("verify", "ca_file", "client_certificate", "client_key")


def add_node_options(parser: Parser) -> None:
    """Options that are not given are not in the arguments: only what is said is changed."""
    service = parser.add_argument_group("service", argument_default=argparse.SUPPRESS)
    service.add_argument("--service-type", metavar="TYPE", help="dicomweb, qido-rs, wado-rs, wado-uri or stow-rs")
    service.add_argument(
        "--retrieve-with", metavar="NODE", help="the node that retrieves what this QIDO-RS node finds; '' for none"
    )
    service.add_argument("--profile", metavar="NAME", help="provider profile; '' to recognise it from the URL")
    service.add_argument("--page-size", metavar="ROWS", help="rows of a search per request; '' for the profile's")
    service.add_argument(
        "--document-limit",
        metavar="MB",
        help="refuse JSON, XML and images of more megabytes; '' for the usual 256",
    )
    service.add_argument(
        "--transfer-syntax", metavar="UID", help="UID of the transfer syntax to ask for; '*' takes what is stored"
    )
    http = parser.add_argument_group("HTTP", argument_default=argparse.SUPPRESS)
    http.add_argument(
        "--header", action="append", metavar="'NAME: VALUE'", help="send this header; an empty value removes it"
    )
    http.add_argument(
        "--header-env",
        metavar="NAME=VARIABLE",
        action="append",
        help="a secret header, from this environment variable; its value is kept with the secrets",
    )
    http.add_argument("--authentication", metavar="METHOD", help="authentication method; '' for none")
    plain = http.add_mutually_exclusive_group()
    plain.add_argument(
        "--allow-plain-http",
        dest="allow_plain_http_credential",
        action="store_true",
        help="send secrets to this node although everybody on the way can read them",
    )
    plain.add_argument("--forbid-plain-http", dest="allow_plain_http_credential", action="store_false")
    http.add_argument("--connect-timeout", type=_seconds, metavar="SECONDS")
    http.add_argument("--read-timeout", type=_seconds, metavar="SECONDS", help="between two pieces of an answer")
    http.add_argument("--proxy", metavar="URL", help="http(s)://host:port; '' for the environment's")
    http.add_argument("--proxy-user", metavar="NAME", help="for that proxy; the password is asked for; '' for none")
    proxy_password = http.add_mutually_exclusive_group()
    proxy_password.add_argument(
        "--proxy-password-env", metavar="VARIABLE", help="the proxy's password from this environment variable"
    )
    proxy_password.add_argument(
        "--proxy-password-stdin", action="store_true", help="it is the first line of standard input"
    )
    tls = parser.add_argument_group("TLS", argument_default=argparse.SUPPRESS)
    verify = tls.add_mutually_exclusive_group()
    verify.add_argument("--verify", dest="verify", action="store_true", help="check the server's certificate (default)")
    verify.add_argument("--no-verify", dest="verify", action="store_false", help="trust any certificate: for tests")
    tls.add_argument("--ca-file", type=absolute_path, metavar="PEM", help="certificates of the authority to trust")
    tls.add_argument("--client-certificate", type=absolute_path, metavar="PEM")
    tls.add_argument("--client-key", type=absolute_path, metavar="PEM")


def with_options(node: Node, context: Context) -> Node:
    """The node with what the options say. Raises InvalidValue, NodeNotFound, AuthMethodNotFound."""
    given = vars(context.args)
    changes: Dict[str, Any] = {
        name: given[name]
        for name in ("connect_timeout", "read_timeout", "proxy", "proxy_user", "profile", "allow_plain_http_credential")
        if name in given
    }
    if given.get("proxy") == "" and "proxy_user" not in given:
        changes["proxy_user"] = ""
    if "service_type" in given:
        changes["service_type"] = ServiceType.parse(given["service_type"])
    if "retrieve_with" in given:
        changes["retrieve_partner"] = context.nodes.get(given["retrieve_with"]).uid if given["retrieve_with"] else ""
    if "authentication" in given:
        method = given["authentication"]
        changes["authentication"] = context.authentication.methods.get(method).uid if method else ""
    if "page_size" in given:
        changes["page_size"] = _count("--page-size", given["page_size"])
    if "document_limit" in given:
        changes["document_limit"] = _count("--document-limit", given["document_limit"]) or Node.document_limit
    if "transfer_syntax" in given:
        changes["transfer_syntax"] = given["transfer_syntax"] or "*"
    if "header" in given or "header_env" in given:
        changes.update(_changed_headers(node, given.get("header", ()), given.get("header_env", ())))
    tls = {name: given[name] for name in _TLS if name in given}
    if tls:
        changes["tls"] = replace(node.tls, **tls)
    changed = replace(node, **changes)
    profile_for(changed)  # a name that there is not is an error now, not at the first search
    return changed


def _changed_headers(node: Node, lines: Sequence[str], from_environment: Sequence[str]) -> Dict[str, Any]:
    headers = {name.lower(): (name, value) for name, value in node.headers}
    secret = {name.lower(): name for name in node.secret_headers}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise InvalidHeader("a header is written as 'NAME: VALUE'", field="--header")
        if value.strip() and is_secret_name(name):
            raise InvalidHeader(
                f"the header '{name.strip()}' looks secret, and arguments are no place for secrets",
                field="--header",
                next_step="Put its value into an environment variable and use '--header-env NAME=VARIABLE'.",
            )
        headers.pop(name.lower(), None)
        secret.pop(name.lower(), None)
        if value.strip():
            headers[name.lower()] = (name, value)
    for name, _ in map(name_and_variable, from_environment):
        headers.pop(name.lower(), None)
        secret[name.lower()] = name
    return {"headers": tuple(headers.values()), "secret_headers": tuple(secret.values())}


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds") from error


def _count(option: str, text: str) -> Optional[int]:
    if not text:
        return None
    try:
        return int(text)
    except ValueError as error:
        raise InvalidValue(f"{option} is '{text}', not a whole number", field=option) from error


def absolute_path(text: str) -> str:
    """Of a file that an option names; absolute, because the next command runs somewhere else."""
    return os.path.abspath(os.path.expanduser(text)) if text else ""
