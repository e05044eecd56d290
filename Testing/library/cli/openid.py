"""A method of an OpenID provider, and its clients."""

from __future__ import annotations

import json

from canary import canary
from fakes.authorization_server.authority import DEVICE_GRANT
from fakes.authorization_server.model import Client

GRANTS = frozenset({"authorization_code", "refresh_token", DEVICE_GRANT})
PUBLIC = Client("slicer", grants=GRANTS)
SECRET = Client("secret", grants=GRANTS, secret=canary("client-secret"), auth_method="client_secret_basic")


def add_openid(cli, server, client="slicer", *more, **options):
    answers = ("--set", f"issuer={server.issuer}", "--set", f"client_id={client}", "--name", "Ours")
    return cli("auth", "add", "openid", *answers, *more, **options)


def methods_in(cli):
    return json.loads((cli.nodes_file.parent / "auth.json").read_text())["methods"]
