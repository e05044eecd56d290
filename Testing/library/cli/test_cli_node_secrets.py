"""Secrets of nodes on the command line: they are kept with the secrets, and leave with the node."""

from __future__ import annotations

from base64 import b64encode

import pytest
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from DICOMWebNodesLib.auth.secret_store import MemorySecrets
from requests import Request

from .test_cli_nodes import URL, listed


@pytest.fixture
def secrets(cli):
    """A place that keeps secrets, as a person chooses it who has no keyring."""
    cli.secrets = FileSecrets(cli.nodes_file.parent / "secrets" / "secrets.json")
    cli.secrets.create()
    return cli.secrets


def headers_sent(cli, name):
    cli("nodes", "test", name, test=lambda node: ())
    node = cli.workspace.nodes.get(name)
    return cli.workspace.credentials(node)(Request("GET", node.url).prepare()).headers


def test_a_secret_header_is_kept_with_the_secrets_and_sent(cli, secrets):
    cli.environ["PACS_KEY"] = "hunter2"
    outcome = cli("nodes", "add", "Lab", URL, "--header-env", "X-Api-Key=PACS_KEY")
    assert outcome.code == 0, outcome.err
    assert listed(cli)["Lab"]["secret_headers"] == ["X-Api-Key"]
    assert "hunter2" not in cli.nodes_file.read_text()
    assert headers_sent(cli, "Lab")["X-Api-Key"] == "hunter2"


def test_a_secret_header_can_be_changed_removed_and_goes_with_its_node(cli, secrets):
    cli.environ.update(ONE="hunter2", TWO="hunter3")
    cli("nodes", "add", "Lab", URL, "--header-env", "X-Api-Key=ONE", "--header-env", "X-Token=ONE")
    cli("nodes", "edit", "Lab", "--header-env", "x-api-key=TWO", "--header", "X-Token:")
    assert headers_sent(cli, "Lab")["X-Api-Key"] == "hunter3"
    assert "hunter2" not in secrets.path.read_text()
    cli("nodes", "remove", "Lab")
    assert "hunter3" not in secrets.path.read_text()


def test_the_copy_of_a_node_wants_its_secret_headers_again(cli, secrets):
    cli.environ["PACS_KEY"] = "hunter2"
    cli("nodes", "add", "Lab", URL, "--header-env", "X-Api-Key=PACS_KEY")
    assert "nodes edit 'Lab copy' --header-env X-Api-Key=VARIABLE" in cli("nodes", "duplicate", "Lab").err


def test_a_secret_header_that_nothing_would_keep_is_refused_before_the_node_is_added(cli):
    cli.environ["PACS_KEY"] = "hunter2"
    outcome = cli("nodes", "add", "Lab", URL, "--header-env", "X-Api-Key=PACS_KEY")
    assert outcome.code == 4
    assert "no place that keeps the value of a secret header" in outcome.err
    assert not cli.nodes_file.exists()


PROXY = ("--proxy", "http://proxy:3128", "--proxy-user", "ada")


def told_to_the_proxy(cli, name, *options):
    cli("nodes", "test", name, *options, test=lambda node: ())
    return cli.workspace.credentials(cli.workspace.nodes.get(name)).proxy_authorization()


@pytest.mark.parametrize("way", ["--proxy-password-env", "--proxy-password-stdin", "asked"])
def test_the_password_for_a_proxy_is_kept_with_the_secrets(way, cli, secrets):
    cli.environ["WORD"] = "hunter2"
    options = {"--proxy-password-env": [way, "WORD"], "--proxy-password-stdin": [way]}.get(way, [])
    outcome = cli("nodes", "add", "Lab", URL, *PROXY, *options, stdin="hunter2\n", terminal=True, typed="hunter2")
    assert outcome.code == 0, outcome.err
    assert cli.asked == (["password of ada for the proxy: "] if way == "asked" else [])
    assert listed(cli)["Lab"]["proxy_user"] == "ada"
    assert "hunter2" not in cli.nodes_file.read_text() + outcome.err
    assert told_to_the_proxy(cli, "Lab") == f"Basic {b64encode(b'ada:hunter2').decode()}"
    cli.environ["TOKEN"] = "abcdef"
    assert told_to_the_proxy(cli, "Lab", "--token-env", "TOKEN", "--allow-plain-http").startswith("Basic ")


@pytest.mark.parametrize(
    "change",
    [["--proxy", "http://other:3128"], ["--proxy-user", "eve", "--proxy-password-env", "OTHER"], ["--proxy", ""]],
    ids=["another proxy", "another user", "no proxy"],
)
def test_the_password_for_a_proxy_goes_with_it(change, cli, secrets):
    cli.environ.update(WORD="hunter2", OTHER="hunter3")
    cli("nodes", "add", "Lab", URL, *PROXY, "--proxy-password-env", "WORD")
    assert "hunter2" in secrets.path.read_text()
    outcome = cli("nodes", "edit", "Lab", *change)
    assert outcome.code == 0, outcome.err
    assert "hunter2" not in secrets.path.read_text()


def test_a_node_that_is_copied_exported_or_removed_takes_no_password_for_a_proxy_along(cli, secrets):
    cli.environ["WORD"] = "hunter2"
    cli("nodes", "add", "Lab", URL, *PROXY, "--proxy-password-env", "WORD")
    assert "nodes edit 'Lab copy' --proxy-user ada" in cli("nodes", "duplicate", "Lab").err
    assert "hunter2" not in cli("nodes", "export", "Lab", "--with-secrets").out
    cli("nodes", "remove", "Lab")
    assert "hunter2" not in secrets.path.read_text()


def test_a_password_for_a_proxy_that_leads_nowhere_is_refused_before_the_node_is_added(cli, secrets):
    cli.environ["WORD"] = "hunter2"
    without_user = cli("nodes", "add", "Lab", URL, "--proxy", "http://proxy", "--proxy-password-env", "WORD")
    without_proxy = cli("nodes", "add", "Lab", URL, "--proxy-user", "ada", "--proxy-password-env", "WORD")
    assert "Add --proxy-user NAME" in without_user.err
    assert "no proxy" in without_proxy.err
    cli.secrets = MemorySecrets()
    assert "no place that keeps" in cli("nodes", "add", "Lab", URL, *PROXY, "--proxy-password-env", "WORD").err
    assert not cli.nodes_file.exists()
