"""What somebody else may try at the listener of a sign-in: none of it is accepted, none of it leaks."""

import contextlib
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from canary import canary
from DICOMWebNodesLib.errors import DICOMWebNodesError, SignInFailed
from fakes.authorization_server.browser import Browser, get
from fakes.authorization_server.server import AuthorizationServer

from .conftest import PUBLIC, Clock
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
