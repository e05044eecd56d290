"""A small picture of a series, whatever the server has to make it of."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pydicom.data
import pytest
from DICOMWebNodesLib.dicomweb.findings import Findings, Offer
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.wado_rs import WadoRS
from DICOMWebNodesLib.dicomweb.wado_uri import WadoURI
from DICOMWebNodesLib.errors import Forbidden, NoPicture, NotFound
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.pictures.cache import PreviewCache
from DICOMWebNodesLib.pictures.preview import Preview
from fakes.origin_server import OriginServer, Response
from fakes.scripted_server import Reply, ScriptedServer, json_reply

FILES = Path(pydicom.data.__file__).parent / "test_files"
SERIES = Resource("1.2", "1.2.3")
INSTANCE = Resource("1.2", "1.2.3", "1.2.3.4")
PICTURE = Reply(b"\xff\xd8", headers={"Content-Type": "image/jpeg"})
CT = Reply((FILES / "CT_small.dcm").read_bytes(), headers={"Content-Type": "application/dicom"})


def uid(tag, value):
    return {tag: {"vr": "UI", "Value": [value]}}


FOUND_SERIES = json_reply([{**uid("0020000E", "1.2.3"), "00201209": {"vr": "IS", "Value": [7]}}])
FOUND_INSTANCE = json_reply([uid("00080018", "1.2.3.4")])


def preview(server, resource, *, searched=True, **options):
    session = Session(Node("Test", server.url, profile="generic"), pacer=Pacer(attempts=1))
    return Preview(session.node, WadoRS(session), QidoRS(session) if searched else None, **options).of(resource)


def test_the_servers_thumbnail_comes_first():
    with ScriptedServer([PICTURE]) as server:
        assert preview(server, SERIES).content_type == "image/jpeg"
        assert server.requests[0].path.endswith("/series/1.2.3/thumbnail")


@pytest.mark.parametrize("status", [400, 404, 405, 406, 501])
def test_without_one_the_instance_in_the_middle_is_rendered(status):
    with ScriptedServer([Reply(status=status), FOUND_SERIES, FOUND_INSTANCE, PICTURE]) as server:
        assert preview(server, SERIES).content == b"\xff\xd8"
        assert "offset=3" in server.requests[2].query
        assert server.requests[3].path.endswith("/instances/1.2.3.4/rendered")
        assert server.requests[3].query == "viewport=256,256"


def test_of_a_multi_frame_image_the_middle_frame_is_rendered():
    many = json_reply([{**uid("00080018", "1.2.3.4"), "00280008": {"vr": "IS", "Value": [30]}}])
    with ScriptedServer([Reply(status=404), FOUND_SERIES, many, PICTURE]) as server:
        preview(server, SERIES)
        assert server.requests[3].path.endswith("/instances/1.2.3.4/frames/16/rendered")


@pytest.mark.parametrize("status", [400, 404, 500])
def test_where_nothing_is_rendered_it_is_made_here(status):
    with ScriptedServer([Reply(status=404), FOUND_SERIES, FOUND_INSTANCE, Reply(status=status), CT]) as server:
        picture = preview(server, SERIES)
        assert picture.content_type == "image/png"
        assert picture.content.startswith(b"\x89PNG")


def test_what_a_server_does_not_have_is_noted_and_not_asked_for_again():
    findings = Findings()
    with ScriptedServer([Reply(status=404), Reply(status=404), CT, CT]) as server:
        preview(server, INSTANCE, findings=findings)
        assert findings.known(Offer.THUMBNAIL) is False
        assert findings.known(Offer.RENDERED) is False
        preview(server, INSTANCE, findings=findings)
        assert [request.path.rpartition("/")[2] for request in server.requests][2:] == ["1.2.3.4", "1.2.3.4"]


def test_what_a_server_once_had_is_not_given_up_for_one_instance_without():
    findings = Findings({Offer.THUMBNAIL: True})
    with ScriptedServer([Reply(status=404), PICTURE]) as server:
        preview(server, INSTANCE, findings=findings)
    assert findings.known(Offer.THUMBNAIL) is True


def test_a_server_whose_profile_has_no_thumbnails_is_not_asked_for_one():
    with ScriptedServer([PICTURE]) as server:
        assert preview(server, INSTANCE, has_thumbnails=False).content == b"\xff\xd8"
        assert server.requests[0].path.endswith("/rendered")


def test_who_may_not_see_the_thumbnail_may_not_see_the_instance_either():
    with ScriptedServer([Reply(status=403)]) as server, pytest.raises(Forbidden):
        preview(server, SERIES)


def test_a_series_that_is_not_there_is_named():
    with ScriptedServer(lambda request: json_reply([]) if request.query else Reply(status=404)) as server:
        with pytest.raises(NotFound, match=r"1\.2/1\.2\.3"):
            preview(server, SERIES)


def test_a_server_that_cannot_be_searched_says_so():
    with ScriptedServer([Reply(status=404)]) as server, pytest.raises(NotFound, match="no picture of series"):
        preview(server, SERIES, searched=False)


def test_a_picture_is_asked_for_once(tmp_path):
    with ScriptedServer([PICTURE]) as server:
        first = preview(server, SERIES, cache=PreviewCache(tmp_path))
        assert preview(server, SERIES, cache=PreviewCache(tmp_path)) == first


def test_that_there_is_no_picture_is_asked_once(tmp_path):
    report = Reply((FILES / "test-SR.dcm").read_bytes(), headers={"Content-Type": "application/dicom"})
    with ScriptedServer([Reply(status=404), Reply(status=406), report]) as server:
        for _ in range(2):
            with pytest.raises(NoPicture, match="a structured report") as raised:
                preview(server, INSTANCE, cache=PreviewCache(tmp_path))
            assert raised.value.modality == "SR"
            assert raised.value.node == "Test"


def test_what_lacks_a_decoder_is_tried_again_another_day(tmp_path):
    jpeg_ls = Reply(
        (FILES / "MR_small_jpeg_ls_lossless.dcm").read_bytes(), headers={"Content-Type": "application/dicom"}
    )
    script = [Reply(status=404), Reply(status=404), jpeg_ls] * 2
    with ScriptedServer(script) as server:
        for _ in range(2):
            with pytest.raises(NoPicture, match="JPEG-LS"):
                preview(server, INSTANCE, cache=PreviewCache(tmp_path))


def without_pictures(request, response):
    """A fault: the server has neither thumbnails nor renderings."""
    return Response(404, b"") if request.path.endswith(("/thumbnail", "/rendered")) else response


@pytest.fixture(scope="module")
def bare_server():
    names = ("CT_small.dcm", "SC_rgb_rle_2frame.dcm", "test-SR.dcm", "MR_small_RLE.dcm")
    with OriginServer([FILES / name for name in names], fault=without_pictures) as server:
        yield server


@pytest.mark.parametrize(
    ("name", "size"), [("CT_small.dcm", 128), ("MR_small_RLE.dcm", 64), ("SC_rgb_rle_2frame.dcm", 100)]
)
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_a_study_a_series_and_an_instance_of_a_server_without_pictures(bare_server, name, size, levels):
    header = pydicom.dcmread(FILES / name, stop_before_pixels=True)
    uids = (header.StudyInstanceUID, header.SeriesInstanceUID, header.SOPInstanceUID)
    picture = preview(bare_server, Resource(*uids[:levels]))
    assert int.from_bytes(picture.content[16:20], "big") == size


def test_a_series_that_search_calls_a_report_is_not_even_fetched(bare_server):
    header = pydicom.dcmread(FILES / "test-SR.dcm")
    before = len(bare_server.exchanges)
    with pytest.raises(NoPicture, match="a structured report"):
        preview(bare_server, Resource(header.StudyInstanceUID, header.SeriesInstanceUID))
    asked = [exchange.request.path for exchange in bare_server.exchanges[before:]]
    assert not any("instances" in path for path in asked)


def test_a_wado_uri_node_has_pictures_of_instances_too():
    with OriginServer([FILES / "CT_small.dcm"]) as server:
        header = pydicom.dcmread(FILES / "CT_small.dcm")
        instance = Resource(header.StudyInstanceUID, header.SeriesInstanceUID, header.SOPInstanceUID)
        session = Session(Node("Test", server.wado_uri_url, ServiceType.WADO_URI), pacer=Pacer(attempts=1))
        picture = Preview(session.node, WadoURI(session), None).of(instance)
        assert picture.content_type in ("image/jpeg", "image/png")


def test_each_way_to_a_picture_waits_for_its_turn():
    turns = []

    @contextlib.contextmanager
    def turn(made_here):
        turns.append((made_here, len(server.requests)))
        yield

    with ScriptedServer([Reply(status=404), Reply(status=404), CT]) as server:
        preview(server, INSTANCE, turn=turn)
    assert turns == [(False, 0), (False, 1), (True, 2)]


def test_a_picture_that_is_kept_waits_for_nobody(tmp_path):
    def turn(made_here):
        pytest.fail("it waited")

    with ScriptedServer([PICTURE]) as server:
        preview(server, SERIES, cache=PreviewCache(tmp_path))
        assert preview(server, SERIES, cache=PreviewCache(tmp_path), turn=turn).content
