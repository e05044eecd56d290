"""The grayscale pipeline on data sets made for it, where what has to come out can be said in numbers."""

from __future__ import annotations

import io

import numpy
import pydicom
import pytest
from DICOMWebNodesLib.errors import NoPicture
from DICOMWebNodesLib.pictures.made_here import preview_of
from DICOMWebNodesLib.pictures.rendering import render
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

IS_PYDICOM_2 = pydicom.__version__.startswith("2.")
RAMP = numpy.arange(16, dtype=numpy.uint16).reshape(4, 4) * 100  # 0, 100 ... 1500


def data_set(pixels, **attributes):
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    if IS_PYDICOM_2:
        made.is_little_endian, made.is_implicit_VR = True, False
    made.Rows, made.Columns = pixels.shape[-2:] if pixels.ndim == 2 or pixels.shape[-1] != 3 else pixels.shape[:2]
    made.SamplesPerPixel = 1
    made.PhotometricInterpretation = "MONOCHROME2"
    made.PixelRepresentation = int(pixels.dtype.kind == "i")
    if pixels.dtype.kind == "f":
        keyword, vr = ("FloatPixelData", "OF") if pixels.dtype.itemsize == 4 else ("DoubleFloatPixelData", "OD")
    else:
        keyword, vr = "PixelData", "OW"
        made.BitsStored = pixels.dtype.itemsize * 8
        made.HighBit = made.BitsStored - 1
    made.BitsAllocated = pixels.dtype.itemsize * 8
    made.add_new(
        {"PixelData": 0x7FE00010, "FloatPixelData": 0x7FE00008, "DoubleFloatPixelData": 0x7FE00009}[keyword],
        vr,
        pixels.tobytes(),
    )
    for name, value in attributes.items():
        setattr(made, name, value)
    return made


def shown(pixels, **attributes):
    return render(data_set(pixels, **attributes)).ravel().tolist()


def test_a_window_is_applied_as_the_standard_says():
    """PS3.3 section C.11.2.1.2: below c - 0.5 - (w-1)/2 black, above c - 0.5 + (w-1)/2 white."""
    grey = shown(RAMP, WindowCenter=700.5, WindowWidth=401)
    assert grey[:6] == [0] * 6
    assert grey[6:9] == [64, 128, 191]
    assert grey[9:] == [255] * 7


def test_the_other_functions_of_a_window_too():
    exact = shown(RAMP, WindowCenter=700, WindowWidth=400, VOILUTFunction="LINEAR_EXACT")
    assert exact[5:10] == [0, 64, 128, 191, 255]
    sigmoid = shown(RAMP, WindowCenter=700, WindowWidth=400, VOILUTFunction="SIGMOID")
    assert sigmoid[7] == 128
    assert 0 < sigmoid[3] < sigmoid[6] < 128 < sigmoid[8] < 255


def test_the_first_of_several_windows_counts():
    one = shown(RAMP, WindowCenter=700.5, WindowWidth=401)
    assert shown(RAMP, WindowCenter=["700.5", "10"], WindowWidth=["401", "20"]) == one


def test_monochrome_1_is_dark_where_values_are_high():
    one = shown(RAMP, WindowCenter=700.5, WindowWidth=401)
    inverted = shown(RAMP, WindowCenter=700.5, WindowWidth=401, PhotometricInterpretation="MONOCHROME1")
    assert inverted == [255 - value for value in one]


def test_the_window_is_of_rescaled_values():
    one = shown(RAMP, WindowCenter=700.5, WindowWidth=401)
    rescaled = shown(RAMP, RescaleSlope=2, RescaleIntercept=-1000, WindowCenter=400.5, WindowWidth=801)
    assert [abs(a - b) <= 1 for a, b in zip(one, rescaled)] == [True] * 16


def test_signed_values():
    signed = RAMP.astype(numpy.int16) - 800
    assert shown(signed, WindowCenter=-99.5, WindowWidth=401) == shown(RAMP, WindowCenter=700.5, WindowWidth=401)


@pytest.mark.parametrize("kind", [numpy.float32, numpy.float64])
def test_float_pixels(kind):
    grey = shown(RAMP.astype(kind) / 3)
    assert grey[0] == 0
    assert grey[-1] == 255
    assert grey == sorted(grey)


def test_pixels_that_are_no_numbers_are_black():
    pixels = RAMP.astype(numpy.float32)
    pixels[0, 0], pixels[3, 3] = numpy.nan, numpy.inf
    grey = shown(pixels)
    assert grey[0] == 0
    assert len(set(grey)) > 10


@pytest.mark.parametrize(
    "window",
    [
        {},
        {"WindowCenter": 5000, "WindowWidth": 10},  # shows nothing
        {"WindowCenter": 700, "WindowWidth": 0},
        {"WindowCenter": 700},
    ],
)
def test_without_a_window_that_shows_anything_the_values_themselves_decide(window):
    grey = shown(RAMP, **window)
    assert grey[0] == 0
    assert grey[-1] == 255
    assert 120 < grey[8] < 145


def test_padding_does_not_decide():
    padded = RAMP.copy()
    padded[0] = 60000
    grey = shown(padded, PixelPaddingValue=60000)
    assert grey[4] == 0
    assert grey[-1] == 255
    assert len(set(grey)) > 10


def test_a_voi_lut_comes_before_a_window():
    lut = Dataset()
    lut.LUTDescriptor = [16, 0, 8]
    lut["LUTDescriptor"].VR = "US"
    lut.LUTData = [255 - 16 * value for value in range(16)]
    lut["LUTData"].VR = "US"
    pixels = numpy.arange(16, dtype=numpy.uint16).reshape(4, 4)
    grey = shown(pixels, VOILUTSequence=Sequence([lut]), WindowCenter=8, WindowWidth=16)
    assert grey == [255 - 16 * value for value in range(16)]


def test_a_modality_lut():
    lut = Dataset()
    lut.LUTDescriptor = [16, 0, 16]
    lut["LUTDescriptor"].VR = "US"
    lut.LUTData = [1500 - 100 * value for value in range(16)]
    lut["LUTData"].VR = "US"
    pixels = numpy.arange(16, dtype=numpy.uint16).reshape(4, 4)
    grey = shown(pixels, ModalityLUTSequence=Sequence([lut]), WindowCenter=700.5, WindowWidth=401)
    assert grey == shown(RAMP, WindowCenter=700.5, WindowWidth=401)[::-1]


def test_bits_above_the_stored_ones_are_not_shown():
    overlaid = RAMP | 0x8000
    grey = shown(overlaid, BitsStored=12, HighBit=11, WindowCenter=700.5, WindowWidth=401)
    assert grey == shown(RAMP, WindowCenter=700.5, WindowWidth=401)


def test_all_the_same_is_no_error():
    assert len(set(shown(numpy.full((4, 4), 7, numpy.uint8)))) == 1


@pytest.mark.parametrize("planar", [0, 1])
def test_planes_and_pixels_of_colour(planar):
    colours = numpy.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [9, 9, 9]]], numpy.uint8)
    made = data_set(colours, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=planar)
    if planar:
        made.PixelData = numpy.moveaxis(colours, 2, 0).tobytes()
    assert (render(made) == colours).all()


def test_what_is_no_known_coding_of_colour_is_said():
    four = numpy.zeros((2, 8), numpy.uint8)
    made = data_set(four, SamplesPerPixel=4, PhotometricInterpretation="CMYK", PlanarConfiguration=0, Columns=2)
    with pytest.raises(NoPicture, match="CMYK"):
        render(made)


def file_of(made):
    file = io.BytesIO()
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = "1.2.3"
    made.save_as(file, **({"write_like_original": False} if IS_PYDICOM_2 else {"enforce_file_format": True}))
    file.seek(0)
    return file


def test_pixels_become_square():
    """Four times as high as wide: a picture of 40 by 10 mm."""
    made = data_set(numpy.zeros((100, 100), numpy.uint16), PixelSpacing=[0.4, 0.1])
    assert Image.open(preview_file(made)).size == (25, 100)


def preview_file(made):
    return io.BytesIO(preview_of(file_of(made)))


def test_an_enhanced_image_is_shown_with_the_window_of_its_frame():
    def functional_groups(center):
        window, group = Dataset(), Dataset()
        window.WindowCenter, window.WindowWidth = center, 401
        group.FrameVOILUTSequence = Sequence([window])
        return group

    frames = numpy.stack([RAMP * 0, RAMP, RAMP * 0])
    made = data_set(frames, NumberOfFrames=3, Rows=4, Columns=4)
    made.PerFrameFunctionalGroupsSequence = Sequence(functional_groups(each) for each in (0, 700.5, 9000))
    grey = numpy.asarray(Image.open(preview_file(made))).ravel().tolist()
    assert grey == shown(RAMP, WindowCenter=700.5, WindowWidth=401)


def test_an_image_that_is_too_large_is_not_decoded():
    made = data_set(numpy.zeros((4, 4), numpy.uint8), Rows=60000, Columns=60000)
    with pytest.raises(NoPicture, match="60000 by 60000 pixels are too many"):
        preview_of(file_of(made))
