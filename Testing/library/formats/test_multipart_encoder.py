"""The multipart body of a store request: what is promised is what is sent, and it can be sent twice."""

import tracemalloc

import pytest
from DICOMWebNodesLib.dicomweb.media_types import parse_media_type
from DICOMWebNodesLib.dicomweb.multipart_encoder import FilePart, MultipartBody, make_boundary
from DICOMWebNodesLib.errors import TransferError
from hypothesis import given
from hypothesis import strategies as st

from .multipart_bodies import Part, payloads, read


@pytest.fixture
def file_of(tmp_path):
    def write(content):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.dcm"
        path.write_bytes(content)
        return path

    return write


def test_a_body_is_written_as_the_standard_has_it(file_of):
    body = MultipartBody([FilePart(file_of(b"ONE")), FilePart(file_of(b"TWO"), "application/dicom+json")], "b")
    assert b"".join(body) == (
        b"--b\r\nContent-Type: application/dicom\r\n\r\nONE\r\n"
        b"--b\r\nContent-Type: application/dicom+json\r\n\r\nTWO\r\n"
        b"--b--\r\n"
    )
    assert body.content_type == 'multipart/related; type="application/dicom"; boundary=b'


@given(contents=st.lists(st.binary(max_size=600_000), max_size=4))
def test_what_is_written_is_read_back_and_is_as_long_as_was_promised(tmp_path_factory, contents):
    folder = tmp_path_factory.mktemp("parts")
    paths = [folder / str(number) for number in range(len(contents))]
    for path, content in zip(paths, contents):
        path.write_bytes(content)
    body = MultipartBody([FilePart(path) for path in paths], make_boundary())
    blocks = list(body)
    assert sum(map(len, blocks)) == len(body)
    boundary = parse_media_type(body.content_type).parameters["boundary"].encode()
    assert payloads(*blocks, boundary=boundary) == contents


def test_a_second_iteration_reads_the_files_anew(file_of):
    path = file_of(b"ONE")
    body = MultipartBody([FilePart(path)], "b")
    first = b"".join(body)
    path.write_bytes(b"TWO")
    assert b"".join(body) == first.replace(b"ONE", b"TWO")


def test_each_body_gets_a_boundary_of_its_own_that_needs_no_quotes():
    boundaries = {make_boundary() for _ in range(100)}
    assert len(boundaries) == 100
    assert all(boundary.isalnum() and len(boundary) <= 70 for boundary in boundaries)
    assert make_boundary(lambda count: "0f" * count) == "boundary" + "0f" * 16


@pytest.mark.parametrize("content", [b"", b"shorter", b"longer" * 100])
def test_a_file_that_changed_its_size_is_an_error_and_not_a_broken_body(file_of, content):
    path = file_of(b"as it was when the length was promised")
    body = MultipartBody([FilePart(path)], "b")
    path.write_bytes(content)
    with pytest.raises(TransferError, match="changed while it was sent") as raised:
        list(body)
    assert str(path) in str(raised.value)


def test_a_file_that_vanished_is_an_error_of_this_side_and_not_of_the_connection(file_of):
    path = file_of(b"ONE")
    body = MultipartBody([FilePart(path)], "b")
    path.unlink()
    with pytest.raises(TransferError, match="cannot be read") as raised:
        list(body)
    assert str(path) in str(raised.value)
    assert not isinstance(raised.value, OSError)


def test_a_body_of_128_mib_never_sits_in_memory(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(128 * 1024 * 1024)
    body = MultipartBody([FilePart(path)], "b")
    tracemalloc.start()
    size = sum(map(len, body))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == len(body)
    assert peak < 2 * 1024 * 1024


def test_small_files_are_sent_in_few_blocks(file_of):
    parts = [FilePart(file_of(bytes(2000))) for _ in range(300)]
    blocks = list(MultipartBody(parts, "b"))
    assert len(blocks) == 3


def test_an_empty_body_closes_at_once():
    assert read(MultipartBody([], "b0undary")).parts == []


def test_an_empty_file_is_an_empty_part(file_of):
    body = MultipartBody([FilePart(file_of(b""))], "b0undary")
    assert read(body).parts == [Part({"content-type": "application/dicom"}, b"")]
