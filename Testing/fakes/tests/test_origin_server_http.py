"""The origin server on the wire: methods, authorization, connections, faults."""

from __future__ import annotations

import http.client
import socket
from dataclasses import replace
from typing import Iterator
from urllib.parse import urlsplit

import pytest
from fakes.origin_server import ConnectionCut, OriginServer, Request, Response
from fakes.raw_client import ask

JSON = "application/dicom+json"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("DELETE", "/studies", "GET, POST"), ("POST", "/series", "GET"), ("HEAD", "/studies/1.2/metadata", "GET")],
)
def test_a_method_that_a_resource_does_not_have_is_not_allowed(
    server: OriginServer, method: str, path: str, allowed: str
) -> None:
    answer = ask(server.url + path, JSON, method)
    assert (answer.status, answer.headers["Allow"]) == (405, allowed)


def test_a_connection_serves_several_requests(server: OriginServer) -> None:
    url = urlsplit(server.url)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    connection.connect()
    sock = connection.sock
    for path in ("/studies?limit=1", "/nothing", "/studies?limit=2", "/studies?PatientID=nobody"):
        connection.request("GET", url.path + path, headers={"Accept": JSON})
        connection.getresponse().read()
        assert connection.sock is sock
    connection.close()


def test_a_request_without_host_is_a_bad_request(server: OriginServer) -> None:
    url = urlsplit(server.url)
    with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
        connection.sendall(b"GET /dicomweb/studies HTTP/1.1\r\n\r\n")
        assert connection.makefile("rb").readline().startswith(b"HTTP/1.1 400 ")


def test_only_who_is_authorized_gets_anything() -> None:
    with OriginServer(authorized=lambda authorization: authorization == "Bearer of-good-news") as server:
        refused = ask(f"{server.url}/studies", JSON)
        assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, 'Basic realm="origin server"')
        assert ask(f"{server.url}/studies", JSON, headers={"Authorization": "Bearer of-good-news"}).status == 204


def test_a_fault_takes_the_place_of_the_response() -> None:
    def unavailable(request: Request, response: Response) -> Response:
        return Response.of_text(503, "later", {"Retry-After": "1"})

    with OriginServer(fault=unavailable) as server:
        assert ask(f"{server.url}/studies", JSON).headers["Retry-After"] == "1"
        assert [exchange.status for exchange in server.exchanges] == [503]


def test_a_fault_in_the_byte_stream_cuts_the_connection_where_it_is(server: OriginServer) -> None:
    one = server.archive.all()[0]

    def cut(request: Request, response: Response) -> Response:
        return replace(response, body=first_bytes(response.body, 100))

    def first_bytes(body: Iterator[bytes], count: int) -> Iterator[bytes]:
        yield next(iter(body))[:count]
        raise ConnectionCut

    with OriginServer([one.path], fault=cut) as faulty, pytest.raises(http.client.IncompleteRead) as caught:
        ask(faulty.archive.all()[0].url, "application/dicom; transfer-syntax=*")
    assert caught.value.partial == one.path.read_bytes()[:100]


def test_nothing_listens_after_the_with_block(server: OriginServer) -> None:
    with OriginServer() as short_lived:
        url = urlsplit(short_lived.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((url.hostname, url.port), timeout=10)


def test_requests_are_remembered_in_order() -> None:
    with OriginServer() as server:
        ask(f"{server.url}/studies?limit=1", JSON)
        ask(f"{server.url}/series", JSON)
        assert [exchange.request.target for exchange in server.exchanges] == [
            "/dicomweb/studies?limit=1",
            "/dicomweb/series",
        ]
