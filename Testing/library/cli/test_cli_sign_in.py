"""``login`` and ``logout`` on the command line: a person signs in, in a browser or with a code."""

from __future__ import annotations

import json
import re
import shlex
import sys
import threading

import pytest
from canary import canary
from DICOMWebNodesLib.auth.browser import open_in_browser
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from fakes.authorization_server.browser import get
from requests import PreparedRequest
from terminal import press_ctrl_c, text_of

from .openid import add_openid, methods_in

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
