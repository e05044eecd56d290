"""WADO-RS and WADO-URI: what is asked for, and what is made of every kind of answer."""

import pytest
from DICOMWebNodesLib.dicomweb.multipart_events import PartEnded, Payload
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.wado_rs import WadoRS
from DICOMWebNodesLib.dicomweb.wado_uri import WadoURI
from DICOMWebNodesLib.errors import (
    ConnectionLost,
    NotAcceptable,
    NotDICOMweb,
    NotFound,
    ProtocolError,
    TruncatedMultipart,
)
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from fakes.part10_files import part10
from fakes.scripted_server import Framing, Reply, ScriptedServer, json_reply

SERIES = Resource("1.2", "1.2.3")
INSTANCE = Resource("1.2", "1.2.3", "1.2.3.4")
AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*'


def session_for(server, **fields):
    fields = {"profile": "generic", **fields}
    return Session(Node("Test", server.url, **fields), pacer=Pacer(attempts=1))


def multipart(*parts, boundary="b", header_boundary=None, closed=True):
    body = b"".join(
        b"--%s\r\nContent-Type: application/dicom\r\n\r\n%s\r\n" % (boundary.encode(), part) for part in parts
    )
    end = b"--%s--\r\n" % boundary.encode() if closed else b""
    content_type = f'multipart/related; type="application/dicom"; boundary={header_boundary or boundary}'
    return Reply(body + end, headers={"Content-Type": content_type}, framing=Framing.CLOSE)


def parts_of(service, resource):
    found = [b""]
    with service.retrieve(resource) as events:
        for event in events:
            if isinstance(event, Payload):
                found[-1] += bytes(event.data)
            elif isinstance(event, PartEnded):
                found.append(b"")
    return found[:-1]


# --- what is asked ------------------------------------------------------------------------------------------------


def test_a_series_is_asked_for_as_it_is_stored_and_uncompressed_by_http():
    with ScriptedServer([multipart(b"one", b"two")]) as server:
        assert parts_of(WadoRS(session_for(server)), SERIES) == [b"one", b"two"]
        request = server.requests[0]
    assert request.path == "/dicom-web/studies/1.2/series/1.2.3"
    assert request.headers["accept"] == AS_STORED
    assert request.headers["accept-encoding"] == "identity"


def test_a_node_can_ask_for_a_transfer_syntax():
    with ScriptedServer([multipart(b"one")]) as server:
        parts_of(WadoRS(session_for(server, transfer_syntax="1.2.840.10008.1.2.1")), SERIES)
        assert server.requests[0].headers["accept"].endswith("; transfer-syntax=1.2.840.10008.1.2.1")


@pytest.mark.parametrize("status", [400, 406])
def test_the_form_of_accept_that_a_server_takes_is_found_out_once(status):
    bare = Reply(b"bare", headers={"Content-Type": "application/dicom"})
    with ScriptedServer([Reply(status=status), bare, bare]) as server:
        wado = WadoRS(session_for(server))
        assert parts_of(wado, INSTANCE) == [b"bare"]
        assert parts_of(wado, INSTANCE) == [b"bare"]
        assert [request.headers["accept"] for request in server.requests] == [
            AS_STORED,
            "application/dicom; transfer-syntax=*",
            "application/dicom; transfer-syntax=*",
        ]


def test_a_server_that_takes_no_form_says_so():
    with (
        ScriptedServer([Reply(status=406)] * 3) as server,
        pytest.raises(NotAcceptable, match=r"retrieve instance 1\.2\.3\.4"),
    ):
        parts_of(WadoRS(session_for(server)), INSTANCE)


def test_after_a_404_no_other_form_is_tried():
    with ScriptedServer([Reply(status=404)]) as server, pytest.raises(NotFound):
        parts_of(WadoRS(session_for(server)), INSTANCE)


# --- what comes back ------------------------------------------------------------------------------------------------


def test_the_boundary_of_the_body_counts_when_the_header_names_another():
    with ScriptedServer([multipart(b"one", header_boundary="other")]) as server:
        assert parts_of(WadoRS(session_for(server)), SERIES) == [b"one"]


def test_a_body_without_its_closing_delimiter_is_not_complete():
    with (
        ScriptedServer([multipart(b"one", b"two", closed=False)]) as server,
        pytest.raises(TruncatedMultipart) as caught,
    ):
        parts_of(WadoRS(session_for(server)), SERIES)
    assert caught.value.whole_parts == 1


def test_no_content_is_no_part():
    with ScriptedServer([Reply(status=204)]) as server:
        assert parts_of(WadoRS(session_for(server)), SERIES) == []


@pytest.mark.parametrize("content_type", ["text/html", "application/dicom+json", "application/zip", ""])
def test_an_answer_that_holds_no_instances_is_named(content_type):
    reply = Reply(b"<title>Sign in</title>", headers={"Content-Type": content_type})
    with ScriptedServer([reply]) as server, pytest.raises(NotDICOMweb, match=r"could not retrieve series 1\.2\.3"):
        parts_of(WadoRS(session_for(server)), SERIES)


@pytest.mark.parametrize(("cut", "arrives"), [(0, True), (1, False)])
def test_a_bare_instance_whose_end_http_does_not_tell_has_to_come_to_its_own_end(cut, arrives):
    content = part10(*INSTANCE.uids)
    body = content[: len(content) - cut]
    reply = Reply(body, headers={"Content-Type": "application/dicom"}, framing=Framing.CLOSE)
    with ScriptedServer([reply]) as server:
        wado = WadoRS(session_for(server))
        if arrives:
            assert parts_of(wado, INSTANCE) == [content]
        else:
            with pytest.raises(ConnectionLost, match="ends in the middle"):
                parts_of(wado, INSTANCE)


def test_metadata_comes_as_attributes():
    row = {"00080018": {"vr": "UI", "Value": ["1.2.3.4"]}}
    with ScriptedServer([json_reply([row, row])]) as server:
        found = list(WadoRS(session_for(server)).metadata(SERIES))
        assert server.requests[0].path.endswith("/series/1.2.3/metadata")
    assert [each.sop_instance_uid for each in found] == ["1.2.3.4", "1.2.3.4"]


def test_a_thumbnail_is_a_picture_or_an_error():
    png = Reply(b"\x89PNG", headers={"Content-Type": "image/png"})
    page = Reply(b"<html>", headers={"Content-Type": "text/html"})
    with ScriptedServer([png, page]) as server:
        wado = WadoRS(session_for(server))
        assert wado.thumbnail(SERIES).content == b"\x89PNG"
        with pytest.raises(NotDICOMweb):
            wado.rendered(INSTANCE)
        assert [request.path.rpartition("/")[2] for request in server.requests] == ["thumbnail", "rendered"]


def test_frames_are_asked_for_by_number():
    frame = Reply(
        b"--b\r\n\r\npixels\r\n--b--", headers={"Content-Type": "multipart/related; boundary=b"}, framing=Framing.CLOSE
    )
    with ScriptedServer([frame]) as server:
        with WadoRS(session_for(server)).frames(INSTANCE, [2, 3]) as events:
            assert b"".join(bytes(each.data) for each in events if isinstance(each, Payload)) == b"pixels"
        assert server.requests[0].path.endswith("/instances/1.2.3.4/frames/2,3")


def test_frames_that_cannot_be_had_as_plain_bytes_come_as_the_server_has_them():
    jpeg = Reply(
        b"--b\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--b--",
        headers={"Content-Type": "multipart/related; boundary=b"},
        framing=Framing.CLOSE,
    )
    with ScriptedServer([Reply(status=406), jpeg]) as server:
        with WadoRS(session_for(server)).frames(INSTANCE, [1]) as events:
            assert b"".join(bytes(each.data) for each in events if isinstance(each, Payload)) == b"\xff\xd8"


@pytest.mark.parametrize(
    "uri",
    ["http://evil.example/x/studies/1.2/bulk/7?a=b", "/elsewhere/studies/1.2/bulk/7?a=b", "studies/1.2/bulk/7?a=b"],
)
def test_bulk_data_is_asked_of_the_node_whatever_host_its_address_names(uri):
    data = Reply(
        b"--b\r\n\r\nbulk\r\n--b--", headers={"Content-Type": "multipart/related; boundary=b"}, framing=Framing.CLOSE
    )
    with ScriptedServer([data]) as server:
        with WadoRS(session_for(server)).bulk_data(uri) as events:
            assert b"".join(bytes(each.data) for each in events if isinstance(each, Payload)) == b"bulk"
        assert (server.requests[0].path, server.requests[0].query) == ("/dicom-web/studies/1.2/bulk/7", "a=b")


@pytest.mark.parametrize("uri", ["http://evil.example/bulk", "file:///etc/passwd", "//evil.example/x", "../../secret"])
def test_bulk_data_elsewhere_is_refused(uri):
    with ScriptedServer([]) as server, pytest.raises(ProtocolError):
        with WadoRS(session_for(server)).bulk_data(uri):
            pass


# --- WADO-URI ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("profile", "slash"), [("generic", "%2F"), ("orthanc", "/")])
def test_wado_uri_asks_for_one_instance(profile, slash):
    bare = Reply(b"bare", headers={"Content-Type": "application/dicom"})
    with ScriptedServer([bare]) as server:
        session = session_for(server, service_type=ServiceType.WADO_URI, profile=profile)
        assert parts_of(WadoURI(session), INSTANCE) == [b"bare"]
        assert server.requests[0].path == "/dicom-web"
        assert server.requests[0].query == (
            f"requestType=WADO&studyUID=1.2&seriesUID=1.2.3&objectUID=1.2.3.4&contentType=application{slash}dicom"
        )


def test_a_page_of_html_from_wado_uri_is_no_instance():
    with ScriptedServer([Reply(b"<html>", headers={"Content-Type": "text/html"})]) as server:
        with pytest.raises(NotDICOMweb):
            parts_of(WadoURI(session_for(server, service_type=ServiceType.WADO_URI)), INSTANCE)
