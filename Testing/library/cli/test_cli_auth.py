"""``auth`` on the command line: methods are kept without their secrets."""

from __future__ import annotations

import json
import re
import stat
import sys
import time

import pytest
from canary import canary
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.auth.token import Token
from DICOMWebNodesLib.auth.token_store import token_key

from .openid import add_openid, methods_in

# --- keeping --------------------------------------------------------------------------------------------------------


def test_templates_are_listed_with_what_they_ask(cli):
    outcome = cli("auth", "templates")
    assert re.search(r"keycloak +Default Keycloak +base_url, realm, client_id +https://", outcome.out)
    assert len(outcome.lines) == 15


def test_a_template_explains_itself(cli):
    outcome = cli("auth", "templates", "keycloak")
    assert re.search(r"client_secret +Client secret \(optional\) \(secret\)", outcome.out)
    assert "/auth at its end before version 18" in outcome.out


def test_an_unknown_template_is_told(cli):
    outcome = cli("auth", "templates", "x")
    assert (outcome.code, outcome.out) == (2, "")
    assert "There are google-cloud-healthcare" in outcome.err


def test_a_method_is_added_with_what_its_issuer_says(cli, server):
    outcome = add_openid(cli, server)
    assert (outcome.code, outcome.out) == (0, "Added 'Ours'\n")
    assert "auth login 'Ours'" in outcome.err
    assert methods_in(cli)[0]["provider"]["token_endpoint"] == f"{server.issuer}/token"


def test_without_discovery_nobody_is_asked(cli, server):
    assert add_openid(cli, server, "slicer", "--no-discovery").code == 0
    assert not server.calls


def test_everything_that_is_missing_is_told_at_once(cli):
    outcome = cli("auth", "add", "keycloak", "--set", "realm=a/b")
    assert outcome.code == 2
    assert outcome.err == (
        "error: base_url: Base URL is missing; realm: Realm 'a/b' is not the name of a realm; "
        "client_id: Client ID is missing. Add --set base_url=...; 'auth templates keycloak' explains.\n"
    )


def test_a_secret_is_asked_for_and_kept_with_the_secrets(cli):
    password = canary("password")
    outcome = cli("auth", "add", "basic", "--set", "user_name=ada", terminal=True, typed=password)
    assert outcome.code == 0
    assert cli.asked == ["password: "]
    (method,) = methods_in(cli)
    assert cli.secrets.get(f"{method['uid']}/secret") == password
    assert password not in outcome.out + outcome.err + json.dumps(method)


@pytest.mark.parametrize(("option", "given"), [("--secret-env", "VARIABLE"), ("--secret-stdin", "")])
def test_a_secret_comes_from_the_environment_or_standard_input(cli, option, given):
    key = canary("key")
    cli.environ["VARIABLE"] = key
    arguments = ("auth", "add", "api-key", option, *([given] if given else []))
    assert cli(*arguments, stdin="" if given else f"{key}\n").code == 0
    assert cli.secrets.get(f"{methods_in(cli)[0]['uid']}/secret") == key
    assert not cli.asked


def test_a_secret_in_the_arguments_is_refused_without_quoting_it(cli):
    key = canary("key")
    outcome = cli("auth", "add", "api-key", "--set", f"key={key}")
    assert outcome.code == 2
    assert "arguments are no place for secrets" in outcome.err
    assert key not in outcome.err


def test_nobody_types_a_secret_in_vain(cli):
    assert cli("auth", "add", "basic", terminal=True, typed=canary()).code == 2
    assert not cli.asked


def test_whoever_has_neither_keyring_nor_file_is_warned(cli):
    outcome = cli("auth", "add", "bearer", terminal=True, typed=canary("token"))
    assert "this computer has no keyring for the secret, which ends with this command" in outcome.err
    assert "auth secrets --file" in outcome.err


def test_methods_are_listed_with_who_uses_them(cli, server):
    add_openid(cli, server)
    cli("nodes", "add", "Lab", "http://localhost:8042/dicom-web", "--authentication", "Ours")
    line = cli("auth", "list").lines[2]
    assert re.fullmatch(rf"Ours +oauth2 +{server.issuer} +sign-in required +Lab", line)


def test_the_list_as_json_has_no_secret(cli):
    token = canary("bearer")
    cli("auth", "add", "bearer", "--secret-stdin", stdin=f"{token}\n")
    outcome = cli("auth", "list", "--json")
    (method,) = outcome.json
    assert (method["name"], method["kind"], method["status"]["ready"]) == ("Bearer token", "bearer", True)
    assert token not in outcome.out


def test_fields_are_edited_by_name(cli, server):
    add_openid(cli, server)
    changes = ("scope=openid dicom", "redirect_port=8765", "openid=false", "authorization_parameters=prompt=consent&x=")
    options = [word for change in changes for word in ("--set", change)]
    assert cli("auth", "edit", "ours", "--name", "Theirs", *options).out == "Changed 'Theirs'\n"
    (method,) = methods_in(cli)
    assert method["registration"] == {
        "client_id": "slicer",
        "scope": "openid dicom",
        "redirect_port": 8765,
        "authorization_parameters": {"prompt": "consent", "x": ""},
    }
    assert "openid" not in method["provider"]


def test_a_changed_scope_asks_for_a_sign_in(cli, server):
    add_openid(cli, server)
    (method,) = methods_in(cli)
    cli.secrets.set(token_key(method["uid"]), Token(canary("access"), obtained_at=time.time()).to_json())
    assert not cli("auth", "edit", "Ours", "--name", "Theirs").err
    assert "auth login 'Theirs'" in cli("auth", "edit", "Theirs", "--set", "scope=openid dicom").err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("redirect_port=x", "redirect_port is 'x', not a number"),
        ("openid=maybe", "Give true or false"),
        ("grant=password", "Choose one of authorization_code"),
        ("issuer=http://evil.example.org", "plain http"),
        ("colour=blue", "has no 'colour'. It has name, issuer,"),
        ("scope", "--set is 'scope', not NAME=VALUE"),
    ],
)
def test_a_wrong_field_changes_nothing(cli, server, change, says):
    add_openid(cli, server)
    before = methods_in(cli)
    outcome = cli("auth", "edit", "Ours", "--set", change)
    assert (outcome.code, says in outcome.err) == (2, True), outcome.err
    assert methods_in(cli) == before


def test_a_secret_is_replaced(cli):
    new = canary("new")
    cli("auth", "add", "bearer", "--secret-stdin", stdin=f"{canary('old')}\n")
    assert cli("auth", "edit", "bearer token", "--secret", terminal=True, typed=new).code == 0
    assert cli.secrets.get(f"{methods_in(cli)[0]['uid']}/secret") == new


def test_a_method_without_a_secret_gets_none(cli, server):
    add_openid(cli, server)
    outcome = cli("auth", "edit", "Ours", "--secret", terminal=True, typed=canary())
    assert (outcome.code, "has no secret" in outcome.err) == (2, True)


def test_a_method_in_use_is_not_removed(cli, server):
    add_openid(cli, server)
    cli("nodes", "add", "Lab", "http://localhost", "--authentication", "Ours")
    outcome = cli("auth", "remove", "Ours")
    assert (outcome.code, outcome.out) == (2, "")
    assert "is the authentication of 'Lab'. Give these nodes another" in outcome.err
    cli("nodes", "edit", "Lab", "--authentication", "")
    assert cli("auth", "remove", "Ours").out == "Removed 'Ours'\n"
    assert methods_in(cli) == []


# --- where secrets are ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_a_file_is_used_only_after_somebody_has_chosen_it(cli):
    file = FileSecrets(cli.nodes_file.parent / "secrets" / "secrets.json")
    assert cli("auth", "secrets").out == "Secrets are kept in memory, until this program ends\n"
    assert not file.exists
    assert cli("auth", "secrets", "--file").out == f"Secrets are kept in {file.path}, which only you can read\n"
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert "memory" in cli("auth", "secrets", "--no-file").out
    assert not file.exists


@pytest.mark.parametrize("command", ["list", "status"])
def test_an_empty_list_says_how_to_begin(cli, command):
    outcome = cli("auth", command)
    assert outcome.code == 0
    assert "There are no authentication methods yet" in outcome.err
    assert cli("auth", command, "--json").json == []
