"""Previews of real files: every photometric interpretation, transfer syntax, depth and sign that pydicom ships."""

from __future__ import annotations

import io
from pathlib import Path

import numpy
import pydicom.data
import pytest
from DICOMWebNodesLib.errors import NoPicture
from DICOMWebNodesLib.pictures.made_here import LONGEST, preview_of
from PIL import Image

FILES = Path(pydicom.data.__file__).parent / "test_files"
IS_PYDICOM_3 = int(pydicom.__version__.partition(".")[0]) >= 3


def picture_of(name):
    """The preview as Pillow reads it: an independent witness of the PNG as well."""
    with (FILES / name).open("rb") as file:
        return Image.open(io.BytesIO(preview_of(file)))


def pixels_of(name):
    return numpy.asarray(picture_of(name).convert("RGB")).astype(int)


def assert_alike(one, other, tolerance=3):
    assert one.shape == other.shape
    assert numpy.abs(one - other).mean() <= tolerance


BARS = "SC_rgb_rle.dcm"
# Nobody can install it there, which is what these words tell --require-all.
OF_PYDICOM_3 = pytest.mark.skipif(
    not IS_PYDICOM_3, reason="not part of the project under pydicom 2, which does not ship it or not decode it"
)


@pytest.mark.parametrize(
    "name",
    [
        "SC_ybr_full_422_uncompressed.dcm",
        "SC_rgb_dcmtk_+eb+cr.dcm",
        "SC_rgb_dcmtk_+eb+cy+n1.dcm",
        "SC_rgb_dcmtk_+eb+cy+n2.dcm",
        "SC_rgb_dcmtk_+eb+cy+np.dcm",
        "SC_rgb_dcmtk_+eb+cy+s2.dcm",
        "SC_rgb_dcmtk_+eb+cy+s4.dcm",
        "SC_rgb_jpeg_dcmtk.dcm",
        pytest.param("SC_rgb_jpeg_lossy_gdcm.dcm", marks=OF_PYDICOM_3),
        "SC_rgb_gdcm_KY.dcm",
        "SC_rgb_rle_16bit.dcm",
        "SC_rgb_rle_32bit.dcm",
    ],
)
def test_one_colour_picture_in_many_codings_looks_the_same(name):
    """RGB, YBR_FULL, YBR_FULL_422; native, RLE, JPEG, JPEG 2000; 8, 16 and 32 bits: red at the top, white below."""
    pixels = pixels_of(name)
    assert_alike(pixels, pixels_of(BARS), tolerance=6)
    assert numpy.abs(pixels[4].mean(0) - (255, 0, 0)).max() < 12
    assert numpy.abs(pixels[-4].mean(0) - (255, 255, 255)).max() < 12


@pytest.mark.parametrize(
    "name", ["SC_rgb_rle_2frame.dcm", "SC_rgb_rle_16bit_2frame.dcm", "SC_rgb_rle_32bit_2frame.dcm"]
)
def test_of_two_frames_the_second_is_shown(name):
    """In these files it is the inverse of the first."""
    assert_alike(255 - pixels_of(name), pixels_of(BARS))


@pytest.mark.parametrize(
    "name",
    [
        "MR_small_implicit.dcm",
        "MR_small_bigendian.dcm",
        "MR_small_expb.dcm",
        "MR_small_RLE.dcm",
        "MR_small_padded.dcm",
        pytest.param("MR_small_jp2klossless.dcm", marks=OF_PYDICOM_3),
    ],
)
def test_one_grey_picture_in_many_codings_looks_the_same(name):
    assert (pixels_of(name) == pixels_of("MR_small.dcm")).all()


def test_what_is_missing_at_the_end_is_dark():
    assert (pixels_of("MR_truncated.dcm")[:-1] == pixels_of("MR_small.dcm")[:-1]).all()


@pytest.mark.parametrize("name", ["rtdose_expb.dcm", "rtdose_rle.dcm"])
def test_the_middle_frame_is_found_in_native_and_in_encapsulated_pixels(name):
    assert (pixels_of(name) == pixels_of("rtdose.dcm")).all()


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("CT_small.dcm", (128, 128)),
        pytest.param("JPEG2000.dcm", (64, 256), marks=OF_PYDICOM_3),
        ("image_dfl.dcm", (256, 256)),
        pytest.param("examples_palette.dcm", (256, 112), marks=OF_PYDICOM_3),
        pytest.param("examples_ybr_color.dcm", (256, 192), marks=OF_PYDICOM_3),
        ("SC_rgb_small_odd_big_endian.dcm", (3, 3)),
    ],
)
def test_it_is_small_and_keeps_its_shape(name, size):
    picture = picture_of(name)
    assert picture.size == size
    assert max(picture.size) <= LONGEST


@OF_PYDICOM_3
def test_a_palette_gives_colour():
    pixels = pixels_of("examples_palette.dcm")
    assert (pixels[10, 20:40] == pixels[10, 20]).all()
    assert numpy.abs(pixels.max(axis=2) - pixels.min(axis=2)).max() > 60


@pytest.mark.parametrize(
    ("name", "modality", "words"),
    [
        ("test-SR.dcm", "SR", "a structured report, not an image"),
        ("rtplan.dcm", "RTPLAN", "a radiotherapy plan"),
        ("liver_1frame.dcm", "SEG", "a segmentation"),
        ("waveform_ecg.dcm", "ECG", "an ECG"),
    ],
)
def test_what_is_no_image_is_named(name, modality, words):
    with pytest.raises(NoPicture, match=words) as raised:
        picture_of(name)
    assert raised.value.modality == modality


@pytest.mark.parametrize(
    ("name", "coding", "package"),
    [
        ("MR_small_jpeg_ls_lossless.dcm", "JPEG-LS Lossless", "pylibjpeg-libjpeg"),
        ("JPGExtended.dcm", "JPEG Extended", "pylibjpeg-libjpeg"),
        ("SC_rgb_jpeg_gdcm.dcm", "JPEG Lossless", "pylibjpeg-libjpeg"),
    ],
)
def test_what_no_decoder_here_reads_says_which_package_would(name, coding, package):
    pytest.importorskip("numpy")
    with pytest.raises(NoPicture, match=f"compressed with {coding}") as raised:
        picture_of(name)
    assert package in raised.value.next_step


def test_a_file_that_is_no_dicom_is_no_picture():
    with pytest.raises(NoPicture, match="no DICOM file"):
        preview_of(io.BytesIO(b"<html>" * 1000))


def test_a_small_deflated_file_does_not_fill_the_memory(tmp_path):
    """A hundred megabytes and more of zeros in some kilobytes."""
    import zlib

    content = (FILES / "image_dfl.dcm").read_bytes()
    end_of_meta = 144 + int.from_bytes(content[140:144], "little")
    data_set = zlib.decompress(content[end_of_meta:], -zlib.MAX_WBITS)
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = compressor.compress(data_set)
    bomb += b"".join(compressor.compress(bytes(1 << 20)) for _ in range(130)) + compressor.flush()
    with pytest.raises(NoPicture, match="larger than"):
        preview_of(io.BytesIO(content[:end_of_meta] + bomb))
