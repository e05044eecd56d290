"""What goes to an authorization server, and nothing else."""

import itertools
import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from canary import canary
from DICOMWebNodesLib.auth.back_channel import BackChannel
from DICOMWebNodesLib.errors import (
    ConnectionLost,
    DICOMWebNodesError,
    ServerError,
    TimedOut,
    TLSFailed,
    TooManyRequests,
)
from fakes.drip import dripping
from fakes.scripted_server import Reply, ScriptedServer

LIBRARY = Path(__file__).resolve().parents[3] / "DICOMWebNodes"


def test_what_is_in_the_netrc_file_is_not_sent(tmp_path):
    netrc = tmp_path / "kept-by-other-programs" / "netrc"
    netrc.parent.mkdir()
    netrc.write_text(f"default login ada password {canary('netrc')}\n")
    program = "import sys; from DICOMWebNodesLib.auth.back_channel import BackChannel\n"
    program += "BackChannel().post(sys.argv[1], 'a=b', asked='test')"
    environment = {**os.environ, "NETRC": str(netrc), "PYTHONPATH": str(LIBRARY)}
    with ScriptedServer([Reply(b"{}")]) as server:
        command = [sys.executable, "-c", program, f"{server.origin}/token"]
        subprocess.run(command, env=environment, check=True, timeout=60)
    (request,) = server.requests
    assert "authorization" not in request.headers
    assert (request.body, request.headers["content-type"]) == (b"a=b", "application/x-www-form-urlencoded")


@pytest.mark.parametrize(("status", "kind"), [(500, ServerError), (503, ServerError), (429, TooManyRequests)])
def test_a_server_in_trouble_is_told_without_its_words(status, kind):
    with ScriptedServer([Reply(canary("echoed").encode(), status, reason=canary("echoed too"))]) as server:
        with pytest.raises(kind, match=f"could not test: 127.0.0.1:[0-9]+ answered {status}") as raised:
            BackChannel().post(f"{server.origin}/token", "a=b", asked="test")
    assert "Canary" not in str(raised.value.as_dict())


def test_a_connection_that_breaks_is_told_with_what_to_check():
    with ScriptedServer([Reply(silent=True)]) as server:
        with pytest.raises(ConnectionLost, match="the provider's address in the authentication method"):
            BackChannel().get(f"{server.origin}/metadata", asked="test")


@pytest.mark.parametrize(
    "beginning",
    [
        b"HTTP/1.1 200 ",
        b"HTTP/1.1 200 OK\r\nX-Endless: ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08" + bytes(6),
    ],
    ids=["status", "header", "body", "chunk", "compressed"],
)
def test_an_answer_that_drips_is_given_up_though_it_never_stops(beginning):
    """A second passes at each look at the clock."""
    channel = BackChannel(patience=10, clock=itertools.count().__next__)
    with dripping(beginning) as origin, pytest.raises(TimedOut, match="did not end its answer within 10 s"):
        channel.post(f"{origin}/token", "a=b", asked="test")


def test_a_proxy_that_drips_is_given_up_as_well():
    with dripping(b"HTTP/1.1 200 ") as proxy:
        channel = BackChannel(patience=10, clock=itertools.count().__next__, proxy=lambda: proxy)
        with pytest.raises(TimedOut, match=r"provider\.example\.org did not end its answer"):
            channel.get("https://provider.example.org/metadata", asked="test")


def test_the_ca_file_decides_who_is_believed(tmp_path, openssl):
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subject = ["-subj", "/CN=login", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, *subject]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ScriptedServer([Reply(b"{}")], tls=context) as server:
        with pytest.raises(TLSFailed, match="no secure connection to 127"):
            BackChannel().get(server.origin, asked="test")
        assert BackChannel(str(certificate)).get(server.origin, asked="test").status == 200


def test_a_ca_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DICOMWebNodesError, match=r"invalid path: .*none\.pem"):
        BackChannel(str(tmp_path / "none.pem")).get("https://127.0.0.1:9/", asked="test")


def test_a_server_without_a_good_certificate_gets_nothing():
    with ScriptedServer([]) as server:
        with pytest.raises((TLSFailed, ConnectionLost)):
            BackChannel().post(server.origin.replace("http:", "https:"), "secret=1", asked="test")
        server.violations.clear()


def test_an_answer_is_not_shown_in_a_repr():
    with ScriptedServer(
        [Reply(canary("token").encode(), 200, {"Content-Type": "application/json; charset=utf-8"})]
    ) as server:
        answer = BackChannel().get(server.origin, asked="test")
    assert "Canary" not in repr(answer)
    with pytest.raises(DICOMWebNodesError, match=r"the answer \(application/json\) is not a JSON object") as raised:
        answer.json_object()
    assert "Canary" not in str(raised.value)
