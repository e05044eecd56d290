"""Only what is needed is fetched, and only what belongs to the frame is read."""

from __future__ import annotations

import io
from pathlib import Path

import numpy
import pydicom
import pytest
from DICOMWebNodesLib.errors import LimitExceeded, NoPicture
from DICOMWebNodesLib.pictures.arriving_file import ArrivingFile
from DICOMWebNodesLib.pictures.frame import read_frame, read_header
from DICOMWebNodesLib.pictures.made_here import BUDGET
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, RLELossless

FILES = Path(pydicom.data.__file__).parent / "test_files"
PIECE = 64 * 1024
IS_PYDICOM_2 = pydicom.__version__.startswith("2.")


def pieces_of(content):
    for start in range(0, len(content), PIECE):
        yield memoryview(content[start : start + PIECE])


def multi_frame(syntax, pixels, frames, **attributes):
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    made.SOPClassUID, made.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = (
        "1.2.840.10008.5.1.4.1.1.7",
        "1.2.3",
    )
    made.Rows = made.Columns = 512
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PixelRepresentation = 1, "MONOCHROME2", 0
    made.BitsAllocated, made.BitsStored, made.HighBit = 8, 8, 7
    made.NumberOfFrames = frames
    for name, value in attributes.items():
        setattr(made, name, value)
    made.add_new(0x7FE00010, "OB", pixels)
    made["PixelData"].is_undefined_length = syntax != ExplicitVRLittleEndian
    if IS_PYDICOM_2:
        made.is_little_endian, made.is_implicit_VR = True, False
    file = io.BytesIO()
    made.save_as(file, **({"write_like_original": False} if IS_PYDICOM_2 else {"enforce_file_format": True}))
    return file.getvalue()


FRAME = 512 * 512


def numbered(count):
    return [bytes([number]) * FRAME for number in range(count)]


def test_of_a_huge_multi_frame_image_a_few_megabytes_are_fetched():
    """400 frames, 100 MB: the middle is beyond the budget, so that the last frame within it is shown."""
    content = multi_frame(ExplicitVRLittleEndian, b"".join(numbered(200) + numbered(200)), 400)
    with ArrivingFile(pieces_of(content), 64 << 20) as file:
        frame = read_frame(read_header(file), BUDGET)
        assert set(frame.PixelData) == {BUDGET // FRAME - 1}
        assert file.arrived <= BUDGET + 2 * PIECE


def test_of_a_small_one_nothing_behind_the_middle_is_fetched():
    content = multi_frame(ExplicitVRLittleEndian, b"".join(numbered(10)), 10)
    with ArrivingFile(pieces_of(content), 64 << 20) as file:
        assert set(read_frame(read_header(file), BUDGET).PixelData) == {5}
        assert file.arrived <= 6 * FRAME + 2 * PIECE


def test_the_limit_holds_for_a_frame_that_is_larger():
    content = multi_frame(ExplicitVRLittleEndian, bytes(FRAME), 1)
    with ArrivingFile(pieces_of(content), 2 * PIECE) as file, pytest.raises(LimitExceeded):
        read_frame(read_header(file), BUDGET)


def fragments(frame):
    """The bytes of the only frame of a data set, without the table of its one offset and the headers of the items."""
    return frame.PixelData[20:]


@pytest.mark.parametrize("has_offsets", [True, False])
def test_an_encapsulated_frame_is_found_with_and_without_offsets(has_offsets):
    content = multi_frame(RLELossless, encapsulate(numbered(9), has_bot=has_offsets), 9)
    with ArrivingFile(pieces_of(content), 64 << 20) as file:
        assert set(fragments(read_frame(read_header(file), BUDGET))) == {4}
        assert file.arrived <= 5 * FRAME + 2 * PIECE


@pytest.mark.parametrize("has_offsets", [True, False])
def test_a_frame_in_several_fragments_is_put_together(has_offsets):
    """Without offsets the start of a codestream tells where a frame begins (ISO/IEC 15444-1 annex A)."""
    frames = [b"\xff\x4f\xff\x51" + bytes([number]) * (FRAME // 4) for number in range(5)]
    content = multi_frame(JPEG2000Lossless, encapsulate(frames, fragments_per_frame=3, has_bot=has_offsets), 5)
    frame = read_frame(read_header(io.BytesIO(content)), BUDGET)
    assert fragments(frame)[: len(frames[2])] == frames[2]


def test_with_and_without_offsets_the_budget_holds():
    for has_offsets in (True, False):
        content = multi_frame(RLELossless, encapsulate(numbered(60), has_bot=has_offsets), 60)
        with ArrivingFile(pieces_of(content), 64 << 20) as file:
            number = fragments(read_frame(read_header(file), 4 * FRAME))[0]
            assert 0 < number <= 4
            assert file.arrived <= 6 * FRAME + 2 * PIECE


def test_an_extended_offset_table_is_understood():
    frames = numbered(4)
    offsets = numpy.array([number * (FRAME + 8) for number in range(4)], numpy.uint64).tobytes()
    lengths = numpy.array([FRAME] * 4, numpy.uint64).tobytes()
    pixels = encapsulate(frames, has_bot=False)
    content = multi_frame(RLELossless, pixels, 4, ExtendedOffsetTable=offsets, ExtendedOffsetTableLengths=lengths)
    assert set(fragments(read_frame(read_header(io.BytesIO(content)), BUDGET))) == {2}


def test_the_frame_that_is_read_is_the_one_that_pydicom_reads():
    for name in ("rtdose.dcm", "rtdose_expb.dcm", "rtdose_rle.dcm", "SC_rgb_rle_2frame.dcm", "CT_small.dcm"):
        whole = pydicom.dcmread(FILES / name)
        frames = int(whole.get("NumberOfFrames") or 1)
        wanted = whole.pixel_array[frames // 2] if frames > 1 else whole.pixel_array
        with (FILES / name).open("rb") as file:
            assert (read_frame(read_header(file), BUDGET).pixel_array == wanted).all(), name


def test_an_arriving_file_reads_and_seeks_as_any_other():
    content = bytes(range(256)) * 2000
    with ArrivingFile(pieces_of(content), 1 << 20) as file:
        assert file.read(10) == content[:10]
        assert file.seek(300_000) == 300_000
        assert file.read(5) == content[300_000:300_005]
        assert file.seek(-5, 1) == 300_000
        assert file.seek(-3, 2) == len(content) - 3
        assert file.read() == content[-3:]
        assert file.read(1) == b""


@pytest.mark.parametrize("box", [b"\x00\x00\x00\x00jp2h", b"\xff\xff\xff\xffjp2h", b""])
def test_boxes_around_a_codestream_are_left_out(box):
    """pydicom 3.0 looks for it for ever behind a box without a length."""
    signature = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
    codestream = b"\xff\x4f\xff\x51" + bytes(100)
    content = multi_frame(JPEG2000Lossless, encapsulate([signature + box + codestream]), 1)
    assert fragments(read_frame(read_header(io.BytesIO(content)), BUDGET)).startswith(codestream)
    without = multi_frame(JPEG2000Lossless, encapsulate([signature + box]), 1)
    with pytest.raises(NoPicture, match="no codestream"):
        read_frame(read_header(io.BytesIO(without)), BUDGET)
