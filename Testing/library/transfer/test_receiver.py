"""From the parts of an answer to files."""

from pathlib import Path

import pytest
from DICOMWebNodesLib.dicomweb.multipart_events import PartEnded, PartStarted, Payload
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import ConnectionLost
from DICOMWebNodesLib.transfer.folder import InstanceFolder
from DICOMWebNodesLib.transfer.receiver import Receiver
from fakes.part10_files import part10

INSTANCE = Resource("1.2", "1.2.3", "1.2.3.4")


def receive(folder, *contents, size=1 << 20, length="", doubted=lambda resource, size: False, breaks=False):
    """What was received and what was refused, of parts in pieces of ``size`` bytes whose heads say ``length``.
    ``breaks``: the connection, before the end of a part."""
    received, refused = [], []

    def place(identity):
        return Resource(*INSTANCE.uids[:2], identity.sop_instance_uid)

    def events():
        for content in contents:
            yield PartStarted({"content-length": length} if length else {})
            for start in range(0, len(content), size):
                yield Payload(memoryview(content)[start : start + size])
            if breaks:
                raise ConnectionLost("it broke")
            yield PartEnded()

    Receiver(
        InstanceFolder(folder),
        place,
        received=lambda resource, path, size: received.append((resource, Path(path).read_bytes())),
        refused=refused.append,
        arrived=lambda size: None,
        doubted=doubted,
    ).take(events())
    return received, refused


@pytest.mark.parametrize("size", [1, 100, 1000, 1 << 20])
def test_pieces_of_any_size_make_the_same_file(tmp_path, size):
    content = part10(*INSTANCE.uids)
    assert receive(tmp_path, content, size=size) == ([(INSTANCE, content)], [])


def test_an_instance_with_nothing_behind_its_uids_is_an_instance(tmp_path):
    content = part10(*INSTANCE.uids, payload=0)
    content = content[: content.rindex(b"\xe0\x7f\x10\x00")]  # without the element of the pixel data
    content = content[: content.index(b"1.2.3\0", content.index(b"\x20\x00\x0e\x00"))]
    whole_of_study = content[: content.index(b"\x20\x00\x0e\x00")]
    assert receive(tmp_path, whole_of_study) == ([(INSTANCE, whole_of_study)], [])


def test_an_empty_part_is_refused(tmp_path):
    received, refused = receive(tmp_path, b"", part10(*INSTANCE.uids))
    assert [resource for resource, _ in received] == [INSTANCE]
    assert len(refused) == 1


CUT = part10(*INSTANCE.uids)[:-500]
IN_PIECES = pytest.mark.parametrize("size", [1 << 20, 100], ids=["in one piece", "in many pieces"])


@IN_PIECES
def test_what_ends_in_the_middle_is_doubted_and_leaves_no_file(size, tmp_path):
    doubts = []
    assert receive(tmp_path, CUT, size=size, doubted=lambda *doubt: doubts.append(doubt)) == ([], [])
    assert doubts == [(INSTANCE, len(CUT))]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@IN_PIECES
def test_what_breaks_off_leaves_no_file(size, tmp_path):
    with pytest.raises(ConnectionLost):
        receive(tmp_path, part10(*INSTANCE.uids), size=size, breaks=True)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@IN_PIECES
def test_what_is_no_instance_is_refused_once(size, tmp_path):
    received, refused = receive(tmp_path, b"<html>" * 100, part10(*INSTANCE.uids), size=size)
    assert [resource for resource, _ in received] == [INSTANCE]
    assert len(refused) == 1


@IN_PIECES
def test_what_ends_in_the_middle_is_taken_when_nobody_minds(size, tmp_path):
    assert receive(tmp_path, CUT, size=size, doubted=lambda *_: True) == ([(INSTANCE, CUT)], [])


@IN_PIECES
@pytest.mark.parametrize("length", [str(len(CUT) + 500), "9" * 5000])
def test_what_is_shorter_than_its_head_says_and_ends_in_the_middle_is_never_taken(length, size, tmp_path):
    assert receive(tmp_path, CUT, size=size, length=length, doubted=lambda *_: True) == ([], [])


@IN_PIECES
@pytest.mark.parametrize("length", ["7", "99999", "many"])
def test_a_file_that_ends_as_it_should_is_taken_whatever_its_head_says(length, size, tmp_path):
    content = part10(*INSTANCE.uids)
    assert receive(tmp_path, content, size=size, length=length) == ([(INSTANCE, content)], [])


@IN_PIECES
def test_a_file_of_the_length_that_its_head_says_is_taken_however_it_is_built(size, tmp_path):
    assert receive(tmp_path, CUT, size=size, length=str(len(CUT))) == ([(INSTANCE, CUT)], [])
