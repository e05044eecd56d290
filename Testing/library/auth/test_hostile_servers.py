"""What a token endpoint or a DICOMweb server may try: no token leaves for elsewhere, none is shown."""

import json

import pytest
from canary import canaries_in, canary
from DICOMWebNodesLib.auth.credentials import BearerAuth
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
from DICOMWebNodesLib.dicomweb.query import Query
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.wado_rs import WadoRS
from DICOMWebNodesLib.errors import DICOMWebNodesError, ServerError, SignInFailed
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.worker.protocol import error_line
from fakes.scripted_server import Reply, ScriptedServer, json_reply

from .conftest import BASIC
from .test_authorization_code import endpoint_of, refusals, sign_in

# --- the token endpoint ---------------------------------------------------------------------------------------------


def test_a_secret_that_the_token_endpoint_repeats_is_masked(server, browser):
    def repeat(fields, authorization):
        from fakes.authorization_server.model import Refusal

        raise Refusal("invalid_grant", f"code {fields['code']} with {fields['code_verifier']} of {BASIC.secret}")

    server.authority.token = repeat
    running = sign_in(endpoint_of(server, BASIC), browser)
    with pytest.raises(SignInFailed, match=r"code \*\*\* with \*\*\* of \*\*\*") as raised:
        running.wait(10)
    assert not canaries_in((str(raised.value) + raised.value.detail + browser.wait()).encode())
    refusals(server)


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (200, "text/html", b"<html>%b</html>"),
        (200, "application/json", b'["%b"]'),
        (200, "application/json", b'{"access_token": 1, "x": "%b"}'),
        (200, "application/json", b'{"access_token": "a\\nSet-Cookie: %b"}'),
        (200, "application/json", b'{"access_token": "%b", "token_type": "DPoP"}'),
        (302, "text/html", b"%b"),
        (400, "application/json", b'{"access_token": "%b", "token_type": "Bearer"}'),
        (500, "text/plain", b"failed with %b"),
    ],
)
def test_a_token_in_an_answer_that_is_not_right_is_neither_used_nor_shown(server, browser, status, content_type, body):
    server.replacement["/token"] = (status, content_type, body % canary("in-the-body").encode())
    running = sign_in(endpoint_of(server, openid=False), browser)
    with pytest.raises((SignInFailed, ServerError)) as raised:
        running.wait(10)
    shown = f"{raised.value} {raised.value.detail} {raised.value.as_dict()} {browser.wait()}"
    assert not canaries_in(shown.encode())


def test_a_token_in_an_error_description_is_masked(server, browser):
    jwt = server.authority.id_token("slicer", "n")
    content = {"error": "invalid_request", "error_description": f"{jwt} has no audience"}
    server.replacement["/token"] = (400, "application/json", json.dumps(content).encode())
    with pytest.raises(SignInFailed, match=r"\*\*\* has no audience \(invalid_request\)"):
        sign_in(endpoint_of(server), browser).wait(10)
    assert jwt not in browser.wait()


def test_a_redirect_of_the_token_endpoint_is_not_followed(server, browser):
    with ScriptedServer([]) as evil:
        original = server.answer

        def redirecting(method, target, headers, body):
            if target == "/token":
                return 307, {"Location": f"{evil.origin}/token"}, b""
            return original(method, target, headers, body)

        server.answer = redirecting
        with pytest.raises(SignInFailed, match="status 307 without an access token"):
            sign_in(endpoint_of(server), browser).wait(10)
        assert not evil.requests


def test_an_endless_answer_is_cut(server, browser):
    server.replacement["/token"] = (200, "application/json", b"{" + b" " * 2_000_000)
    with pytest.raises(DICOMWebNodesError, match="larger than 1,048,576 bytes"):
        sign_in(endpoint_of(server), browser).wait(10)


# --- the DICOMweb server --------------------------------------------------------------------------------------------


def ask(server, credential, path="studies"):
    session = Session(Node("Node", server.url), credential, pacer=Pacer(attempts=1))
    with session.request("GET", path, asked="search studies") as response:
        return response.json()


def test_a_redirect_to_another_host_does_not_take_the_token_along():
    with ScriptedServer([json_reply([])]) as elsewhere:
        with ScriptedServer([Reply(status=307, headers={"Location": f"{elsewhere.url}/studies"})]) as server:
            assert ask(server, BearerAuth(canary("bearer"))) == []
            assert "authorization" in server.requests[0].headers
        assert "authorization" not in elsewhere.requests[0].headers


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_a_token_that_the_server_repeats_in_an_error_is_not_shown(status):
    token = canary("bearer")
    body = f'{{"message": "the token {token} is not good"}}'.encode()
    with ScriptedServer([Reply(body, status, {"Content-Type": "application/json"})]) as server:
        with pytest.raises(DICOMWebNodesError) as raised:
            ask(server, BearerAuth(token))
    assert "the token *** is not good" in str(raised.value)
    assert not canaries_in(str(raised.value.as_dict()).encode())
    # What the worker sends, with all that the sentences are made of.
    assert b"the token *** is not good" in error_line(1, raised.value)
    assert not canaries_in(error_line(1, raised.value))


@pytest.mark.parametrize("status", [401, 500])
def test_a_token_that_the_server_repeats_beside_the_status_is_not_shown(status):
    token = canary("bearer")
    with ScriptedServer([Reply(status=status, reason=f"no {token} " + "is good " * 9)]) as server:
        with pytest.raises(DICOMWebNodesError, match=rf"answered {status} no \*\*\* is good .*…") as raised:
            ask(server, BearerAuth(token))
    assert not canaries_in(error_line(1, raised.value))


def test_a_retrieve_url_on_another_host_is_asked_at_the_node_instead():
    token, series = canary("bearer"), "studies/1.2/series/3.4"
    with ScriptedServer([]) as evil:
        found = [{"00081190": {"vr": "UR", "Value": [f"{evil.origin}/steal/{series}"]}}]
        with ScriptedServer([json_reply(found), json_reply([])]) as server:
            session = Session(Node("Node", server.url), BearerAuth(token), pacer=Pacer(attempts=1))
            (row,) = QidoRS(session).search(Query.series(limit=1))
            list(WadoRS(session).metadata(Resource.from_url(row.text("RetrieveURL"))))
        assert [request.path for request in server.requests] == ["/dicom-web/series", f"/dicom-web/{series}/metadata"]
    assert not evil.requests


@pytest.mark.parametrize("uri", ["{evil}/bulk/1", "//{host}/bulk/1", "{evil}/dicom-web/../bulk/1"])
def test_bulk_data_on_another_host_is_not_fetched_from_there(uri):
    with ScriptedServer([]) as evil:
        uri = uri.format(evil=evil.origin, host=evil.origin.partition("//")[2])
        with ScriptedServer(lambda request: Reply(b"", 404)) as server:
            session = Session(Node("Node", server.url), BearerAuth(canary("bearer")), pacer=Pacer(attempts=1))
            with pytest.raises(DICOMWebNodesError):
                with WadoRS(session).bulk_data(uri) as parts:
                    list(parts)
    assert not evil.requests
