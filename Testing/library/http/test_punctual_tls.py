"""A secure connection is made within a time, though something comes all the time."""

import ssl

import pytest
from DICOMWebNodesLib.auth.back_channel import BackChannel
from DICOMWebNodesLib.errors import TimedOut
from DICOMWebNodesLib.nodes.tls import TLS
from fakes.drip import dripping, tunnel

from .asking import get, session_for

# The beginning of a record that holds the beginning of a server's hello (RFC 8446 section 4).
HELLO = b"\x16\x03\x03\x40\x00\x02\x00\x3f\xf0"
TIME = 0.2  # seconds to connect; the server goes on for ten
ELSEWHERE = "https://archive.example.org/dicom-web"


@pytest.fixture
def secure_tunnel(authority):
    """What a proxy does first that is itself talked to over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return lambda connection: tunnel(context.wrap_socket(connection, server_side=True))


def ask_archive(url, proxy, ca_file):
    session = session_for(
        url, attempts=1, connect_timeout=TIME, read_timeout=TIME, proxy=proxy, tls=TLS(ca_file=ca_file)
    )
    get(session)


def ask_provider(url, proxy, ca_file):
    BackChannel(ca_file, proxy=lambda: proxy, timeouts=(TIME, TIME)).get(url, asked="test")


@pytest.mark.parametrize("ask", [ask_archive, ask_provider])
class TestWhatDripsBeforeThereIsAnAnswer:
    def test_a_handshake(self, ask, ca_file):
        with dripping(HELLO) as server, pytest.raises(TimedOut):
            ask(server.replace("http:", "https:"), "", ca_file)

    def test_a_handshake_behind_a_proxy(self, ask, ca_file):
        with dripping(HELLO, meet=tunnel) as proxy, pytest.raises(TimedOut):
            ask(ELSEWHERE, proxy, ca_file)

    def test_a_handshake_behind_a_proxy_with_tls(self, ask, ca_file, secure_tunnel):
        with dripping(HELLO, meet=secure_tunnel) as proxy, pytest.raises(TimedOut):
            ask(ELSEWHERE, proxy.replace("http:", "https:"), ca_file)


def test_the_header_with_which_a_proxy_grants_a_tunnel(ca_file):
    with dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n") as proxy, pytest.raises(TimedOut):
        ask_archive(ELSEWHERE, proxy, ca_file)
