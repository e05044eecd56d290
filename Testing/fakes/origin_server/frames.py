"""The frames of an instance as octet streams (PS3.18 8.7.3.3)."""

from __future__ import annotations

import re
from array import array
from typing import List

import pydicom
from pydicom import encaps
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, RLELossless

from .messages import Refusal

OCTETS = "application/octet-stream"
PIXEL_DATA = "7FE00010"

COMPRESSED_TYPES = {  # table 8.7.3-5
    "1.2.840.10008.1.2.4.50": "image/jpeg",
    "1.2.840.10008.1.2.4.51": "image/jpeg",
    "1.2.840.10008.1.2.4.57": "image/jpeg",
    "1.2.840.10008.1.2.4.70": "image/jpeg",
    "1.2.840.10008.1.2.4.80": "image/jls",
    "1.2.840.10008.1.2.4.81": "image/jls",
    "1.2.840.10008.1.2.4.90": "image/jp2",
    "1.2.840.10008.1.2.4.91": "image/jp2",
    "1.2.840.10008.1.2.5": "image/dicom-rle",
}

DEFAULT_SYNTAXES = {  # of these types, same table: what is meant without a transfer-syntax parameter
    "image/jpeg": "1.2.840.10008.1.2.4.70",
    "image/jls": "1.2.840.10008.1.2.4.80",
    "image/jp2": "1.2.840.10008.1.2.4.90",
    "image/dicom-rle": "1.2.840.10008.1.2.5",
}


class NoDecoder(Exception):
    """The pixels are there, but only compressed."""


def frame_count(dataset: pydicom.Dataset) -> int:
    return int(dataset.get("NumberOfFrames") or 1) if "PixelData" in dataset else 0


def frame_numbers(text: str, count: int) -> List[int]:
    """A list of frames from 1 (10.4.1.1.3): 400 when it is none, 404 beyond the last frame."""
    if not re.fullmatch(r"[1-9]\d*(,[1-9]\d*)*", text, re.ASCII):
        raise Refusal(400, f"not a list of frame numbers: {text!r}")
    numbers = [int(number) for number in text.split(",")]
    if max(numbers) > count:
        raise Refusal(404, f"there is no frame {max(numbers)} of {count}")
    return numbers


def compressed_frames(dataset: pydicom.Dataset) -> List[bytes]:
    """The frames of encapsulated pixel data, without their fragments."""
    count = frame_count(dataset)
    if hasattr(encaps, "generate_frames"):  # pydicom 3
        return list(encaps.generate_frames(dataset.PixelData, number_of_frames=count))
    return list(encaps.generate_pixel_data_frame(dataset.PixelData, count))


def native_frames(dataset: pydicom.Dataset) -> List[bytes]:
    """The frames as uncompressed little endian bytes."""
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax == RLELossless:
        decompress(dataset)
    elif syntax.is_compressed and syntax.is_encapsulated:
        raise NoDecoder(f"there is no decoder for {syntax.name}")
    pixels = dataset.PixelData
    if syntax == ExplicitVRBigEndian:
        pixels = _with_bytes_swapped(pixels, dataset.BitsAllocated)
    size = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * dataset.BitsAllocated // 8
    return [pixels[index * size : (index + 1) * size] for index in range(frame_count(dataset))]


def decompress(dataset: pydicom.Dataset) -> None:
    """Turn RLE, which pydicom decodes by itself, into Explicit VR Little Endian, in place."""
    pixels = dataset.pixel_array
    dataset.PixelData = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
    dataset["PixelData"].VR = "OW"
    dataset["PixelData"].is_undefined_length = False
    if dataset.SamplesPerPixel > 1:
        dataset.PlanarConfiguration = 0
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian


def _with_bytes_swapped(pixels: bytes, bits: int) -> bytes:
    if bits not in (16, 32):
        return pixels
    swapped = array({16: "H", 32: "I"}[bits], pixels)
    swapped.byteswap()
    return swapped.tobytes()
