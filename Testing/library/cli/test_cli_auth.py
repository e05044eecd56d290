"""``auth`` on the command line: methods are kept without their secrets, and a person signs in."""

from __future__ import annotations

import json
import re
import shlex
import stat
import sys
import threading
import time

import pytest
from canary import canary
from DICOMWebNodesLib.auth.browser import open_in_browser
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.auth.token import Token
from DICOMWebNodesLib.auth.token_store import token_key
from fakes.authorization_server.authority import DEVICE_GRANT
from fakes.authorization_server.browser import get
from fakes.authorization_server.model import Client
from fakes.authorization_server.server import AuthorizationServer
from requests import PreparedRequest
from terminal import press_ctrl_c, text_of

GRANTS = frozenset({"authorization_code", "refresh_token", DEVICE_GRANT})
PUBLIC = Client("slicer", grants=GRANTS)
SECRET = Client("secret", grants=GRANTS, secret=canary("client-secret"), auth_method="client_secret_basic")


@pytest.fixture
def server():
    with AuthorizationServer(PUBLIC, SECRET) as running:
        yield running
    assert not running.unexpected


def add_openid(cli, server, client="slicer", *more, **options):
    answers = ("--set", f"issuer={server.issuer}", "--set", f"client_id={client}", "--name", "Ours")
    return cli("auth", "add", "openid", *answers, *more, **options)


def methods_in(cli):
    return json.loads((cli.nodes_file.parent / "auth.json").read_text())["methods"]


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


# --- signing in -----------------------------------------------------------------------------------------------------


@pytest.fixture
def script(cli):
    """A browser program that opens nothing: it notes the address."""
    path = cli.nodes_file.parent.parent / "browser.py"
    path.write_text("import sys, urllib.request as u\nu.build_opener(u.ProxyHandler({})).open(sys.argv[1]).read()\n")
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(path))} %s"


def started(start, cli, *argv, **environ):
    FileSecrets(cli.nodes_file.parent / "secrets" / "secrets.json").create()
    return start("auth", *argv, environ={"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": "", **environ})


def test_login_prints_the_address_and_waits(cli, server, start):
    add_openid(cli, server)
    process = started(start, cli, "login", "Ours", "--no-browser")
    assert b"Open this address in a browser on this computer" in process.stderr.readline()
    assert "signed in as ada@example.org" in get(process.stderr.readline().decode().strip())
    out, _ = process.communicate(timeout=60)
    assert (process.returncode, text_of(out)) == (0, "Signed in as ada@example.org\n")


def test_login_opens_the_browser(cli, server, start, script):
    add_openid(cli, server)
    process = started(start, cli, "login", "Ours", BROWSER=script)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, text_of(out)) == (0, "Signed in as ada@example.org\n"), err
    assert b"Finish in the browser that has opened" in err


def test_login_with_a_device_code_says_where_to_enter_it(cli, server, start):
    add_openid(cli, server)
    process = started(start, cli, "login", "Ours", "--device")
    told = text_of(process.stderr.readline())
    assert told == f"On any computer, open {server.issuer}/device and enter WDJB-MJHT\n"
    process.kill()


def test_the_next_command_is_signed_in_too_until_logout(cli, server, start, run):
    add_openid(cli, server)
    process = started(start, cli, "login", "Ours", "--no-browser")
    process.stderr.readline()
    get(process.stderr.readline().decode().strip())
    process.communicate(timeout=60)
    code, out, _ = run("auth", "status", "Ours", "--json")
    (method,) = json.loads(out)
    assert (code, method["status"]["account"]) == (0, "ada@example.org")
    code, out, _ = run("auth", "status")
    assert "signed in as ada@example.org, renews by itself" in out
    code, out, _ = run("auth", "logout", "Ours")
    assert out == f"Signed out, and the token is revoked at {server.issuer}\n"
    code, out, _ = run("auth", "status")
    assert (code, "sign-in required" in out) == (4, True)


def test_a_person_who_says_no_gets_an_exit_status_and_the_reason(cli, server, start):
    add_openid(cli, server)
    server.authority.approves = False
    process = started(start, cli, "login", "Ours", "--no-browser")
    process.stderr.readline()
    get(process.stderr.readline().decode().strip())
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert b"the access was denied at" in err


def test_ctrl_c_gives_up(cli, server, start):
    add_openid(cli, server)
    process = started(start, cli, "login", "Ours", "--no-browser")
    process.stderr.readline()
    process.stderr.readline()
    press_ctrl_c(process)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, text_of(err)) == (130, "cancelled\n")


def test_login_asks_for_the_secret_that_is_not_kept(cli):
    password = canary("password")
    cli("auth", "add", "basic", "--set", "user_name=ada", "--secret-stdin", stdin=f"{canary()}\n")
    outcome = cli("auth", "login", "Basic ada", terminal=True, typed=password)
    assert outcome.out == "The password of 'Basic ada' is kept\n"
    assert cli.secrets.get(f"{methods_in(cli)[0]['uid']}/secret") == password


def test_login_where_nobody_has_to_sign_in_says_so(cli):
    cli("auth", "add", "aws-sigv4", "--set", "region=us-east-1")
    assert cli("auth", "login", "AWS us-east-1").out == "'AWS us-east-1' needs nobody to sign in\n"


def test_a_method_that_needs_nobody_in_a_browser_says_so_instead_of_passing_over_the_option(cli):
    cli.environ["PASSWORD"] = "hunter2"
    cli("auth", "add", "basic", "--name", "Me", "--set", "user_name=ada", "--secret-env", "PASSWORD")
    for option in ("--device", "--no-browser"):
        outcome = cli("auth", "login", "Me", option)
        assert outcome.code == 2
        assert "nobody signs in with 'Me' in a browser. Leave --device and --no-browser out." in outcome.err


def test_whoever_has_to_sign_in_is_told_the_command(cli, server):
    add_openid(cli, server)
    cli("nodes", "add", "Lab", "http://127.0.0.1:9/dicom-web", "--authentication", "Ours")

    def search(node, *_, **__):
        request = PreparedRequest()
        request.prepare("GET", "http://127.0.0.1:9", auth=cli.workspace.credentials(cli.workspace.nodes.get(node)))

    outcome = cli("search", "studies", "Lab", search=search)
    assert outcome.code == 4
    assert outcome.err.splitlines()[-1] == "Sign in: python -m DICOMWebNodesLib auth login 'Ours'"


def test_a_client_that_signs_in_by_itself_is_told_how_to_give_its_secret(cli, server):
    outcome = add_openid(cli, server, "slicer", "--set", "grant=client_credentials")
    assert outcome.code == 2
    assert (
        "client credentials need a client secret. Give it with --secret-env VARIABLE or --secret-stdin" in outcome.err
    )


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX's")
def test_methods_are_listed_also_when_the_secrets_cannot_be_read(cli):
    cli.secrets = FileSecrets(cli.nodes_file.parent / "secrets" / "secrets.json")
    cli.secrets.create()
    cli.environ["PASSWORD"] = "hunter2"
    cli("auth", "add", "basic", "--name", "Me", "--set", "user_name=ada", "--secret-env", "PASSWORD")
    cli.secrets.path.chmod(0o644)
    outcome = cli("auth", "list")
    assert outcome.code == 0
    assert re.search(r"^Me +basic +ada +.*has mode 644", outcome.out, re.MULTILINE)
    assert cli("auth", "list", "--json").json[0]["status"]["ready"] is False


def test_logout_of_nobody_says_so(cli, server):
    add_openid(cli, server)
    assert cli("auth", "logout", "Ours").out == "Nobody was signed in with 'Ours'\n"


def test_a_method_that_is_not_there_is_told(cli):
    for command in ("login", "logout", "status", "remove", "edit"):
        outcome = cli("auth", command, "x")
        assert (outcome.code, "there is no authentication method 'x'" in outcome.err) == (2, True)


# --- the browser ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "platform", "opened"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"BROWSER": "firefox"}, "linux", True),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_text_browser_does_not_take_over_a_terminal(environ, platform, opened):
    urls = []
    told = open_in_browser("https://a", environ=environ, platform=platform, open_url=lambda url: not urls.append(url))
    assert (told, urls) == (opened, ["https://a"] if opened else [])


def test_a_browser_that_does_not_start_is_none():
    def broken(url):
        raise OSError("no such program")

    assert not open_in_browser("https://a", environ={"BROWSER": "x"}, open_url=broken)


def test_a_browser_that_stays_in_the_foreground_is_not_waited_for():
    closed = threading.Event()
    assert open_in_browser("https://a", environ={"BROWSER": "x"}, open_url=lambda url: closed.wait(60), patience=0)
    closed.set()
