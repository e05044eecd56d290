from __future__ import annotations

import base64

import pytest
from DICOMWebNodesLib.errors import ServerError
from DICOMWebNodesLib.nodes.node import Node
from requests import Request

HOST = "https://pacs.example.org/rs"


def signed(cli, url=HOST + "/studies"):
    """The headers that a request to ``url`` would carry."""
    request = Request("GET", url).prepare()
    credential = cli.workspace.credentials(Node("x", url.rpartition("/")[0]))
    return (credential(request) if credential else request).headers


def run(cli, *options, node=HOST, **more):
    return cli("nodes", "test", node, *options, **{"test": lambda node: (), **more})


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_a_password_is_asked_for_on_a_terminal(cli):
    outcome = run(cli, "--user", "ada", typed="hunter2", terminal=True)
    assert outcome.code == 0, outcome.err
    assert cli.asked == ["password of ada: "]
    assert signed(cli)["Authorization"] == basic("ada", "hunter2")


def test_without_a_terminal_nothing_waits_for_a_password(cli):
    outcome = run(cli, "--user", "ada")
    assert outcome.code == 2
    assert "no terminal to ask for the password of ada" in outcome.err
    assert "--password-env VARIABLE or --password-stdin" in outcome.err
    assert cli.asked == []


def test_a_password_comes_from_a_named_variable_or_from_standard_input(cli):
    cli.environ["PACS_PASSWORD"] = "höhle"
    run(cli, "--user", "ada", "--password-env", "PACS_PASSWORD")
    assert signed(cli)["Authorization"] == basic("ada", "höhle")
    run(cli, "--user", "ada", "--password-stdin", stdin="from stdin \nnot this\n")
    assert signed(cli)["Authorization"] == basic("ada", "from stdin ")


def test_a_token_comes_from_a_named_variable_or_from_standard_input(cli):
    cli.environ["PACS_TOKEN"] = "abcdef"
    run(cli, "--token-env", "PACS_TOKEN")
    assert signed(cli)["Authorization"] == "Bearer abcdef"
    run(cli, "--token-stdin", stdin="ghijkl\r\n")
    assert signed(cli)["Authorization"] == "Bearer ghijkl"


def test_a_secret_header_comes_from_a_named_variable(cli):
    cli.environ["PACS_KEY"] = "hunter2"
    run(cli, "--header-env", "X-Api-Key=PACS_KEY")
    assert signed(cli)["X-Api-Key"] == "hunter2"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--password-env", "X"], "a password without a user"),
        (["--user", "ada", "--password-env", "NOWHERE"], "the environment variable 'NOWHERE' is not set"),
        (["--token-env", "NOWHERE"], "the environment variable 'NOWHERE' is not set"),
        (["--token-stdin"], "standard input has no token"),
        (["--user", "ada", "--password-stdin"], "standard input has no password"),
        (["--user", "a:b", "--password-env", "SECRET"], "has a colon"),
        (["--header-env", "X-Api-Key"], "not NAME=VARIABLE"),
        (["--header-env", "Host=SECRET"], "'Host' cannot be configured"),
        (["--user", "ada", "--token-env", "SECRET"], "not allowed with argument"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_sent(cli, options, message):
    cli.environ["SECRET"] = "hunter2"
    outcome = run(cli, *options)
    assert outcome.code == 2
    assert message in outcome.err
    assert "hunter2" not in outcome.err


def test_a_secret_that_was_mistaken_for_an_argument_name_is_not_quoted_as_a_header(cli):
    cli.environ["TOKEN"] = "abc\r\nX-Injected: 1"
    outcome = run(cli, "--token-env", "TOKEN")
    assert outcome.code == 2
    assert "abc" not in outcome.err


def test_the_credential_goes_to_the_origin_of_the_named_node_only(cli):
    cli.environ["PACS_TOKEN"] = "abcdef"
    run(cli, "--token-env", "PACS_TOKEN")
    assert "Authorization" in signed(cli, "https://pacs.example.org/wado/x")
    assert "Authorization" not in signed(cli, "https://pacs.example.org:8443/rs/x")
    assert "Authorization" not in signed(cli, "http://pacs.example.org/rs/x")
    assert "Authorization" not in signed(cli, "https://other.example.org/rs/x")


def test_without_options_nothing_is_signed(cli):
    run(cli)
    assert cli.workspace.credentials(Node("x", HOST)) is None


def test_a_secret_over_plain_http_needs_an_explicit_yes(cli):
    cli.environ["PACS_TOKEN"] = "abcdef"
    outcome = run(cli, "--token-env", "PACS_TOKEN", node="http://pacs.example.org/rs")
    assert outcome.code == 4
    assert "is plain http: everybody on the way could read the credential" in outcome.err
    assert "--allow-plain-http" in outcome.err
    assert run(cli, "--token-env", "PACS_TOKEN", "--allow-plain-http", node="http://pacs.example.org/rs").code == 0
    assert run(cli, "--token-env", "PACS_TOKEN", node="http://127.0.0.1:8042/rs").code == 0


def test_a_secret_is_cut_out_of_whatever_is_shown(cli, raising):
    cli.environ["PACS_PASSWORD"] = "hunter2"
    echoing = ServerError("it echoed hunter2", status=500, detail=f"you sent {basic('ada', 'hunter2')}")
    outcome = run(cli, "--user", "ada", "--password-env", "PACS_PASSWORD", "--verbose", test=raising(echoing))
    assert "it echoed ***" in outcome.err
    assert "hunter2" not in outcome.err
    assert basic("ada", "hunter2").split()[1] not in outcome.err
