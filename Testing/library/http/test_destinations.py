"""What goes where: headers, credentials and cookies reach their server and no other."""

import itertools

import pytest
from DICOMWebNodesLib.auth.credentials import BasicAuth, BearerAuth, Credential
from DICOMWebNodesLib.errors import (
    Forbidden,
    RedirectRefused,
    Unauthorized,
)
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

from .asking import get, session_for


def test_headers_and_credential_go_to_the_node():
    with ScriptedServer([json_reply([])]) as server:
        get(session_for(server, credential=BearerAuth("s3cret"), headers=(("X-Site", "7"),)))
        fields = server.requests[0].headers
    assert fields["authorization"] == "Bearer s3cret"
    assert fields["x-site"] == "7"


def test_a_redirect_within_the_server_keeps_them():
    with ScriptedServer([Reply(status=307, headers={"Location": "/other"}), json_reply([1])]) as server:
        assert get(session_for(server, credential=BearerAuth("s3cret"))) == [1]
        assert [(each.path, each.headers["authorization"]) for each in server.requests] == [
            ("/dicom-web/studies", "Bearer s3cret"),
            ("/other", "Bearer s3cret"),
        ]


def test_a_redirect_to_another_server_takes_nothing_along():
    with ScriptedServer([json_reply([1])]) as other:
        redirect = Reply(status=302, headers={"Location": f"{other.origin}/x", "Set-Cookie": "session=s3cret"})
        with ScriptedServer([redirect]) as server:
            assert get(session_for(server, credential=BearerAuth("s3cret"), headers=(("X-Key", "s3cret"),))) == [1]
        assert "s3cret" not in repr(other.requests[0])


def test_a_redirect_may_be_as_long_as_signed_addresses_are():
    with ScriptedServer([json_reply([1])]) as other:
        redirect = Reply(status=302, headers={"Location": f"{other.origin}/x?X-Amz-Security-Token={'t' * 3000}"})
        with ScriptedServer([redirect]) as server:
            assert get(session_for(server)) == [1]


def test_another_host_whose_name_begins_with_the_nodes_is_another_host():
    """A proxy is asked, because it has all names."""
    redirect = Reply(status=302, headers={"Location": "http://pacs.example.evil.test/dicom-web/studies"})
    with ScriptedServer([redirect, json_reply([1])], proxy=True) as proxy:
        session = session_for("http://pacs.example", proxy=proxy.origin, credential=BearerAuth("s3cret"))
        assert get(session) == [1]
        assert [request.headers.get("authorization") for request in proxy.requests] == ["Bearer s3cret", None]


def test_redirects_that_lead_ever_further_have_an_end():
    pages = itertools.count()
    with ScriptedServer(lambda request: Reply(status=302, headers={"Location": f"/{next(pages)}"})) as server:
        with pytest.raises(RedirectRefused, match="in a circle"):
            get(session_for(server))
        assert len(server.requests) == 6


def test_a_store_does_not_follow_to_another_server():
    with ScriptedServer([]) as other:
        with ScriptedServer([Reply(status=307, headers={"Location": other.url})]) as server:
            with pytest.raises(RedirectRefused, match="another host"):
                with session_for(server).request("POST", "studies", asked="store", body=lambda: b"x"):
                    pass


@pytest.mark.parametrize("location", ["/dicom-web/studies", "ftp://127.0.0.1/x", "file:///etc/passwd"])
def test_a_redirect_in_a_circle_or_to_an_unsafe_place_is_refused(location):
    with ScriptedServer([Reply(status=301, headers={"Location": location})]) as server:
        with pytest.raises(RedirectRefused):
            get(session_for(server))


@pytest.mark.parametrize(
    "location", ["http://[hush/x", "http://127.0.0.1:0/hush", "http://127.0.0.1:x/hush", "http://.invalid/hush"]
)
def test_a_redirect_to_what_is_no_address_is_refused_without_quoting_it(location):
    reply = Reply(status=302, headers={"Location": location})
    with (
        ScriptedServer([reply]) as server,
        pytest.raises(RedirectRefused, match="to an address that is none") as caught,
    ):
        get(session_for(server))
    assert "hush" not in str(caught.value)


def test_an_error_that_echoes_the_credential_does_not_show_it():
    def echo(request: Request) -> Reply:
        return Reply(f"who is {request.headers['authorization']} {request.headers['x-key']}".encode(), 403)

    with ScriptedServer(echo) as server, pytest.raises(Forbidden) as caught:
        get(session_for(server, credential=BasicAuth("me", "pa55word"), headers=(("X-Key", "k3y-value"),)))
    shown = f"{caught.value} {caught.value.detail} {caught.value.as_dict()}"
    assert "pa55word" not in shown
    assert "k3y-value" not in shown
    assert server.requests[0].headers["authorization"].split()[1] not in shown


class Renewable(Credential):
    def __init__(self, tokens):
        self._tokens = list(tokens)

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._tokens[0]}"
        return request

    def renew(self):
        self._tokens.pop(0)
        return bool(self._tokens)


def test_a_401_renews_the_credential_once_and_asks_again():
    with ScriptedServer([Reply(status=401), json_reply([1])]) as server:
        assert get(session_for(server, credential=Renewable(["old", "new"]))) == [1]
        assert [each.headers["authorization"] for each in server.requests] == ["Bearer old", "Bearer new"]


def test_a_second_401_is_final():
    with ScriptedServer([Reply(status=401)] * 2) as server, pytest.raises(Unauthorized):
        get(session_for(server, credential=Renewable(["old", "new", "newer"])))


def test_another_server_that_wants_a_sign_in_is_not_taken_for_the_node():
    """Its 401 renews no token of the node, and nobody is told to sign in there."""
    credential = Renewable(["old", "new"])
    with ScriptedServer([Reply(status=401)]) as other:
        with ScriptedServer([redirect_to(other)]) as server:
            with pytest.raises(RedirectRefused, match=r"127\.0\.0\.1:\d+\), which answered 401.*a node of its own"):
                get(session_for(server, credential=credential))
    assert credential.renew()  # both are still there


def test_a_cookie_goes_back_to_the_server_that_set_it_and_to_no_other():
    with ScriptedServer([json_reply([], Set_Cookie="route=elsewhere; Path=/")]) as other:
        cookie = {"Set-Cookie": "route=backend-2; Path=/"}
        replies = [Reply(b"[]", headers=cookie), json_reply([]), redirect_to(other), json_reply([])]
        with ScriptedServer(replies) as server:
            session = session_for(server)
            for _ in replies:
                get(session)
            assert [request.headers.get("cookie") for request in server.requests] == [None, *["route=backend-2"] * 3]
        assert [request.headers.get("cookie") for request in other.requests] == [None]


def redirect_to(other):
    return Reply(status=302, headers={"Location": f"{other.origin}/x"})


def test_a_path_that_is_not_plain_is_written_as_requests_writes_it():
    with ScriptedServer([json_reply([])] * 4) as server:
        session = session_for(server)
        for path in ("studies/1.2", "studies/a b", "studies/./1.2?x=%7e", "studies/1%2E2"):
            get(session, path)
        asked = [(request.path.partition("/studies/")[2], request.query) for request in server.requests]
        assert asked == [("1.2", ""), ("a%20b", ""), ("1.2", "x=~"), ("1.2", "")]


def test_credentials_in_netrc_are_not_used(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with ScriptedServer([json_reply([])]) as server:
        get(session_for(server))
        assert "authorization" not in server.requests[0].headers
