"""A small picture of a series, whatever the server has to make it of."""

import pytest
from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.preview import Preview
from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import Forbidden, NotFound
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Reply, ScriptedServer, json_reply

SERIES = Resource("1.2", "1.2.3")
PICTURE = Reply(b"\xff\xd8", headers={"Content-Type": "image/jpeg"})


def uid(tag, value):
    return {tag: {"vr": "UI", "Value": [value]}}


FOUND_SERIES = json_reply([{**uid("0020000E", "1.2.3"), "00201209": {"vr": "IS", "Value": [7]}}])
FOUND_INSTANCE = json_reply([uid("00080018", "1.2.3.4")])


def preview(server, resource, *, profile="generic", searched=True):
    session = Session(Node("Test", server.url, profile=profile), pacer=Pacer(attempts=1))
    return Preview(session, QidoRS(session) if searched else None).of(resource)


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


def test_a_server_that_is_known_to_have_none_is_not_asked():
    with ScriptedServer([PICTURE]) as server:
        instance = Resource("1.2", "1.2.3", "1.2.3.4")
        assert preview(server, instance, profile="orthanc").content == b"\xff\xd8"
        assert server.requests[0].path.endswith("/rendered")


def test_who_may_not_see_the_thumbnail_may_not_see_the_instance_either():
    with ScriptedServer([Reply(status=403)]) as server, pytest.raises(Forbidden):
        preview(server, SERIES)


def test_a_series_that_is_not_there_is_named():
    with ScriptedServer([Reply(status=404), json_reply([])]) as server, pytest.raises(NotFound, match=r"1\.2/1\.2\.3"):
        preview(server, SERIES)


def test_a_server_that_cannot_be_searched_says_so():
    with ScriptedServer([Reply(status=404)]) as server, pytest.raises(NotFound, match="no picture of the series"):
        preview(server, SERIES, searched=False)
