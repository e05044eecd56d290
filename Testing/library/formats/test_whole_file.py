"""Whether a DICOM file came to its end, when nothing but its own structure tells."""

import random
import struct
from pathlib import Path

import pydicom.data
import pytest
from DICOMWebNodesLib.dicomweb.part10 import ends_with_a_value
from DICOMWebNodesLib.dicomweb.whole_file import WholeFile, is_whole, is_whole_file
from fakes.part10_files import part10

FILES = [
    "CT_small.dcm",  # Explicit VR Little Endian
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "JPEG2000.dcm",  # fragments
    "SC_rgb_rle_2frame.dcm",
    "image_dfl.dcm",  # deflated
    "liver_1frame.dcm",  # sequences in sequences
    "rtplan.dcm",
    "nested_priv_SQ.dcm",
    "ExplVR_BigEnd.dcm",
    "reportsi.dcm",
]


FOLDER = Path(pydicom.data.__file__).parent / "test_files"


def content_of(name):
    return (FOLDER / name).read_bytes()


def ends_after(content, size=1 << 16):
    whole = WholeFile()
    for start in range(0, len(content), size):
        whole.feed(memoryview(content)[start : start + size])
    return whole.ends_here


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("size", [1, 7, 4096, 1 << 20])
def test_a_whole_file_ends_at_its_end(name, size):
    assert ends_after(content_of(name), size)


@pytest.mark.parametrize("name", FILES)
def test_a_file_on_the_disk_is_judged_like_its_bytes(name, tmp_path):
    content = content_of(name)
    for cut in (len(content), len(content) - 20, *random.Random(3).sample(range(len(content)), 20), 0):
        path = tmp_path / str(cut)
        path.write_bytes(content[:cut])
        with path.open("rb", buffering=0) as file:
            assert is_whole_file(file) == is_whole(content[:cut]) == ends_after(content[:cut])


@pytest.mark.parametrize("name", FILES)
def test_the_quick_look_never_takes_a_part_for_the_whole(name):
    content = content_of(name)
    for cut in (*random.Random(5).sample(range(len(content)), 200), 0):
        assert not ends_with_a_value(content[:cut]) or ends_after(content[:cut])


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "rtplan.dcm"])
def test_the_quick_look_is_enough_for_most_files(name):
    assert ends_with_a_value(content_of(name))


def test_a_long_value_on_the_disk_is_not_read(tmp_path):
    """Not only because that takes long: with two gigabytes of it the test would too."""
    head = part10("1.2", "1.2.3", "1.2.3.4", payload=2)
    at = head.rindex(b"\xe0\x7f\x10\x00")
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(head[: at + 8] + struct.pack("<I", 1 << 31))
        file.seek(1 << 31, 1)
        file.truncate()
    with path.open("rb", buffering=0) as file:
        assert is_whole_file(file)
    with path.open("r+b", buffering=0) as file:
        file.truncate(path.stat().st_size - 1)
        assert not is_whole_file(file)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_cut_in_its_last_value_does_not(name):
    assert not ends_after(content_of(name)[:-20])  # the deflated one has something behind its end


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small_implicit.dcm", "liver_1frame.dcm", "JPEG2000.dcm"])
def test_a_file_that_is_cut_anywhere_ends_only_between_two_elements(name):
    content = content_of(name)
    cuts = random.Random(7).sample(range(len(content)), 200)
    between = [cut for cut in cuts if ends_after(content[:cut])]
    data_set = pydicom.dcmread(FOLDER / name)
    assert len(between) <= len(data_set) + 20 * ("liver" in name)
    pixel_data = data_set["PixelData"].file_tell if hasattr(data_set["PixelData"], "file_tell") else 0
    assert all(cut <= max(pixel_data, 1) for cut in between if pixel_data)


def test_a_deflated_data_set_that_is_damaged_in_its_first_bytes_is_no_whole_file():
    content = content_of("image_dfl.dcm")
    length = struct.unpack_from("<I", content, 140)[0]  # of the file meta information (PS3.10 section 7.1)
    assert not ends_after(content[: 144 + length] + bytes.fromhex("032a0a0a") + content[148 + length :])


SEQUENCE = struct.pack("<HH2sHIHHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF, 0xFFFE, 0xE000, 0xFFFFFFFF)
ITS_END = struct.pack("<HHIHHI", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)


def nested(deep):
    head = part10("1.2", "1.2.3", "1.2.3.4")
    return head[: head.rindex(b"\xe0\x7f\x10\x00")] + SEQUENCE * deep + ITS_END * deep


def test_sequences_in_sequences_are_followed_however_deep_they_are():
    content = nested(10_000)
    assert ends_after(content)
    assert not ends_after(content[:-8])


def test_sequences_without_an_end_fill_no_memory():
    assert ends_after(nested(100_000)[:-8]), "what cannot be followed is left alone"


def test_nothing_is_no_file():
    assert not WholeFile().ends_here


def test_a_page_of_html_never_comes_to_its_end():
    assert not ends_after(b"<html>" * 100)
