"""What somebody else may try: none of it is accepted, none of it leaks."""

import contextlib
import json
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

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
from fakes.authorization_server.browser import Browser, get
from fakes.authorization_server.server import AuthorizationServer
from fakes.scripted_server import Reply, ScriptedServer, json_reply

from .conftest import BASIC, PUBLIC, Clock
from .test_authorization_code import endpoint_of, refusals, sign_in


@pytest.fixture
def waiting(server):
    """A sign-in that waits for the browser, and the URL that its listener is at."""
    running = sign_in(endpoint_of(server), None)
    query = parse_qs(urlsplit(running.wait_for_prompt(10).url).query)
    running.redirect_uri, running.our_state = query["redirect_uri"][0], query["state"][0]
    yield running
    running.cancel()


def visit(url, method="GET", headers=None):
    """Status and body of one request without a browser's help."""
    request = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def callback(running, **fields):
    return f"{running.redirect_uri}?{urlencode(fields)}"


def finish(running):
    get(running.url)
    return running.wait(10)


# --- the listener ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", [{"code": "evil", "state": "foreign"}, {"code": "evil"}, {"error": "access_denied"}, {"state": ""}, {}]
)
def test_an_answer_with_a_foreign_or_no_state_neither_signs_in_nor_ends_the_sign_in(waiting, fields):
    assert visit(callback(waiting, **fields))[0] == 404
    assert finish(waiting) == "ada@example.org"


def test_a_foreign_answer_is_told_when_nobody_finishes(server):
    clock = Clock()
    running = sign_in(endpoint_of(server), None, clock=clock)
    redirect_uri = parse_qs(urlsplit(running.wait_for_prompt(10).url).query)["redirect_uri"][0]
    visit(f"{redirect_uri}?code=evil&state=foreign")
    clock.now += 601
    with contextlib.suppress(OSError):
        visit(redirect_uri)  # something has to happen for the clock to be looked at
    with pytest.raises(DICOMWebNodesError) as raised:
        running.wait(10)
    assert "1 time(s): a callback that has the state of another sign-in" in raised.value.detail


def test_a_code_injected_before_the_real_one_is_not_redeemed(server, waiting):
    assert visit(callback(waiting, code=canary("injected"), state=waiting.our_state[:-1] + "x"))[0] == 404
    assert finish(waiting) == "ada@example.org"
    assert server.authority.granted == ["authorization_code"]


def test_a_code_injected_after_the_real_one_finds_nobody(server, waiting):
    assert finish(waiting) == "ada@example.org"
    with pytest.raises(OSError, match=r"refused|reset"):
        visit(callback(waiting, code=canary("injected"), state=waiting.our_state))
    assert server.calls.count("POST /token") == 1


def test_somebody_elses_code_with_our_state_is_refused_for_its_verifier(server, waiting):
    """The attacker signed in elsewhere and knows our state: PKCE binds the code to who asked for it."""
    theirs = sign_in(endpoint_of(server), None)
    asked = parse_qs(urlsplit(theirs.wait_for_prompt(10).url).query)
    stolen = server.authority.authorize({name: value for name, (value,) in asked.items()})
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    visit(callback(waiting, code=code, state=waiting.our_state, iss=server.issuer))
    with pytest.raises(SignInFailed, match=r"another redirect URI|wrong code_verifier"):
        waiting.wait(10)
    theirs.cancel()
    assert len(refusals(server)) == 1


def test_the_second_callback_is_not_answered(server):
    """Two answers that arrive together: the first counts, whoever sent the second learns nothing."""
    running = sign_in(endpoint_of(server), None)
    location = _redirect_of(running.wait_for_prompt(10).url)
    with socket.create_connection(("127.0.0.1", urlsplit(location).port)) as second:
        head = f"GET {location.partition('://')[2].partition('/')[2]} HTTP/1.1\r\n"
        second.sendall(head.encode())  # not finished yet
        assert "signed in as ada" in visit(location)[1]
        assert running.wait(10) == "ada@example.org"
        second.settimeout(10)
        try:
            answer = second.recv(1000)
        except ConnectionError:
            answer = b""
    assert b"200" not in answer


def _redirect_of(url):
    """Where the authorization server would send the browser."""

    class Stop(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({}), Stop).open(url, timeout=10)
    except urllib.error.HTTPError as error:
        return error.headers["Location"]
    raise AssertionError("no redirect")


@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "OPTIONS", "DELETE"])
def test_only_get_is_answered(waiting, method):
    assert visit(callback(waiting, code="c", state=waiting.our_state), method)[0] == 404
    assert finish(waiting) == "ada@example.org"


@pytest.mark.parametrize(
    "path", ["/", "/favicon.ico", "/callback/", "/callback%2f", "/CALLBACK", "/../callback", "//callback"]
)
def test_every_other_path_is_not_found(waiting, path):
    root = waiting.redirect_uri.rpartition("/")[0]
    assert visit(f"{root}{path}?code=c&state={waiting.our_state}")[0] == 404
    assert finish(waiting) == "ada@example.org"


def test_a_page_that_gives_its_own_name_our_address_is_not_answered(waiting):
    url = callback(waiting, code="c", state=waiting.our_state)
    assert visit(url, headers={"Host": "evil.example.org"})[0] == 404
    assert finish(waiting) == "ada@example.org"


def test_a_flood_on_the_listener_does_not_keep_the_person_out(waiting):
    address = ("127.0.0.1", urlsplit(waiting.redirect_uri).port)
    idle = [socket.create_connection(address, timeout=10) for _ in range(100)]
    stop = threading.Event()

    def flood():
        while not stop.is_set():
            with contextlib.suppress(OSError):
                with socket.create_connection(address, timeout=10) as connection:
                    connection.sendall(
                        b"GET /callback?code=x&state=y HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + b"x" * 4096
                    )

    threads = [threading.Thread(target=flood, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        assert finish(waiting) == "ada@example.org"
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)
        for connection in idle:
            connection.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"G" * 40_000,
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 9000,
    ],
    ids=["TLS", "empty lines", "half a line", "no end", "many headers"],  # Windows takes no name that is so long
)
def test_garbage_on_the_listener_is_survived(waiting, garbage):
    with socket.create_connection(("127.0.0.1", urlsplit(waiting.redirect_uri).port), timeout=10) as connection:
        connection.sendall(garbage)
        assert finish(waiting) == "ada@example.org"


def test_the_page_runs_nothing_and_shows_the_providers_words_as_text(waiting):
    payload = "</p><script>alert(document.cookie)</script><img src=http://evil.example.org/x>"
    browser = Browser()
    browser(
        callback(waiting, error="server_error", error_description=payload, state=waiting.our_state, iss=_iss(waiting))
    )
    page = browser.wait()
    assert "<script" not in page
    assert "<img" not in page
    assert "server_error" in page
    assert browser.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "no-referrer" in browser.headers["Referrer-Policy"]
    with pytest.raises(SignInFailed) as raised:
        waiting.wait(10)
    assert "<" not in str(raised.value)


def test_the_page_loads_nothing_from_anywhere(waiting):
    page = get(waiting.url)
    assert "signed in as ada" in page
    assert not [word for word in ("http:", "https:", "src=", "href=", "url(", "<script", "<form") if word in page]


def _iss(running):
    """The issuer, as the authorization URL tells."""
    parts = urlsplit(running.url)
    return f"{parts.scheme}://{parts.netloc}"


# --- the issuer (RFC 9207) ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("iss", ["https://evil.example.org", "", None])
def test_an_answer_of_another_issuer_is_a_mix_up(server, waiting, iss):
    fields = {"code": canary("mixed-up"), "state": waiting.our_state, **({} if iss is None else {"iss": iss})}
    visit(callback(waiting, **fields))
    with pytest.raises(SignInFailed, match="Somebody may have tampered"):
        waiting.wait(10)
    assert "POST /token" not in server.calls


def test_an_issuer_that_answers_although_it_never_said_so_is_compared_too(server):
    endpoint = endpoint_of(server)
    endpoint.provider = replace(endpoint.provider, iss_in_response=False)
    running = sign_in(endpoint, None)
    asked = parse_qs(urlsplit(running.wait_for_prompt(10).url).query)
    visit(f"{asked['redirect_uri'][0]}?code=c&state={asked['state'][0]}&iss=https://evil.example.org")
    with pytest.raises(SignInFailed, match=r"https://evil\.example\.org"):
        running.wait(10)


def test_metadata_of_another_issuer_is_refused(authentication, server):
    from fakes.authorization_server.methods import oauth_method

    with AuthorizationServer(PUBLIC) as evil:
        server.authority.issuer, honest = evil.issuer, server.authority.issuer
        method = oauth_method(server, PUBLIC)
        server.authority.issuer = evil.issuer
        method = replace(method, provider=replace(method.provider, issuer=honest))
        authentication.add(method)
        with pytest.raises(DICOMWebNodesError, match="is that of another issuer"):
            authentication.sign_in(method.name).wait(10)
        assert not evil.calls
        server.authority.issuer = honest


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
