"""One frame of an instance, read without the others (PS3.3 section C.7.6.6, PS3.5 section 8.2 and annex A.4)."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Iterator, List, NamedTuple, Tuple, Union, cast

from ..errors import NoPicture
from ..text import Text

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from .arriving_file import ArrivingFile

File = Union[BinaryIO, "ArrivingFile"]

_PIXELS = {0x7FE00010: "PixelData", 0x7FE00008: "FloatPixelData", 0x7FE00009: "DoubleFloatPixelData"}
_UNDEFINED = 0xFFFFFFFF
_ITEM = 0xFFFEE000
_DEFLATED = "1.2.840.10008.1.2.1.99"
_EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
_BIG_ENDIAN = "1.2.840.10008.1.2.2"
_CAPITALS = re.compile(rb"[A-Z]{2}")
# JPEG and JPEG-LS (ISO/IEC 10918-1 annex B), JPEG 2000 (ISO/IEC 15444-1 annex A): how each image begins.
_CODESTREAM = b"\xff\x4f\xff\x51"
_STARTS = (b"\xff\xd8\xff", _CODESTREAM)
_JP2 = b"\x00\x00\x00\x0cjP"  # ISO/IEC 15444-1 annex I
_MOST_PIXELS = 64 * 1024 * 1024  # of one frame


class Header(NamedTuple):
    """Everything before the pixels, the file where they begin, and the transfer syntax that they are in."""

    data_set: Dataset
    file: File
    syntax: str


def read_frame(header: Header, budget: int) -> Dataset:
    """The data set of the instance with the frame in its middle as its only one, pixels not decoded.

    Where the middle is more than ``budget`` bytes away, an earlier frame. Raises :class:`~..errors.NoPicture`.
    """
    data_set, file, syntax = header
    if "Rows" not in data_set or "Columns" not in data_set:
        raise NoPicture("it has no pixels")
    _check_size(data_set)
    tag, vr, length, order = _pixel_element(file, syntax)
    frames = _frames(data_set)
    if length == _UNDEFINED:
        number, content = _encapsulated(file, data_set, frames, order, budget)
        _put_encapsulated(data_set, content)
    else:
        number, content = _native(file, data_set, frames, length, budget)
        data_set.add_new(tag, vr, content)
    data_set.NumberOfFrames = 1
    _apply_functional_groups(data_set, number)
    return data_set


# --- the header -----------------------------------------------------------------------------------------------------


def read_header(file: File) -> Header:
    """Raises :class:`~..errors.NoPicture`."""
    import pydicom
    from pydicom.errors import InvalidDicomError

    file.seek(0)
    start = file.read(1024)
    try:
        if _DEFLATED.encode() in start:
            return _inflated(file, start)
        file.seek(0)
        data_set = pydicom.dcmread(cast(BinaryIO, file), stop_before_pixels=True)
    except InvalidDicomError as error:
        raise NoPicture("it is no DICOM file") from error
    syntax = data_set.file_meta.get("TransferSyntaxUID", "")
    if not syntax:
        raise NoPicture("its transfer syntax is not given")
    return Header(data_set, file, str(syntax))


def _inflated(file: File, start: bytes) -> Header:
    """A data set that is compressed as a whole (PS3.5 annex A.5), as far as the budget of the file goes.

    Not by pydicom, which sets no limit to what a few bytes may become.
    """
    from pydicom.dataset import FileMetaDataset
    from pydicom.filereader import read_dataset
    from pydicom.uid import UID

    group_length = struct.unpack_from("<I", start, 140)[0]
    file.seek(144 + group_length)
    decompressor = zlib.decompressobj(-zlib.MAX_WBITS)
    limit = 2 * _MOST_PIXELS
    try:
        plain = decompressor.decompress(file.read(), limit)
    except zlib.error:
        raise NoPicture("its deflated data set is damaged") from None
    if decompressor.unconsumed_tail:
        raise NoPicture(Text("it is larger than {size} MB", size=limit // 1000000))
    inflated = BytesIO(plain)
    data_set = read_dataset(
        inflated, is_implicit_VR=False, is_little_endian=True, stop_when=lambda tag, vr, length: tag in _PIXELS
    )
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = UID(_EXPLICIT_LITTLE)
    return Header(data_set, inflated, _EXPLICIT_LITTLE)


def _pixel_element(file: File, syntax: str) -> Tuple[int, str, int, str]:
    """Tag, VR and length of the element that comes next, and the byte order."""
    order = ">" if syntax == _BIG_ENDIAN else "<"
    header = file.read(8)
    if len(header) < 8:
        raise NoPicture("it has no pixels")
    group, element = struct.unpack_from(order + "HH", header)
    tag = group << 16 | element
    if tag not in _PIXELS:
        raise NoPicture("it has no pixels")
    if not _CAPITALS.fullmatch(header[4:6]):
        return tag, "OW", struct.unpack_from(order + "I", header, 4)[0], order
    return tag, header[4:6].decode("ascii"), _unpacked(file, order + "I")[0], order


def _check_size(data_set: Dataset) -> None:
    if not 0 < data_set.Rows * data_set.Columns * int(data_set.get("SamplesPerPixel", 1)) <= _MOST_PIXELS:
        raise NoPicture(
            Text("{columns} by {rows} pixels are too many for a preview", columns=data_set.Columns, rows=data_set.Rows)
        )


def _frames(data_set: Dataset) -> int:
    try:
        return max(1, int(data_set.get("NumberOfFrames") or 1))
    except (TypeError, ValueError):
        return 1


# --- the pixels -------------------------------------------------------------------------------------------------------


def _native(file: File, data_set: Dataset, frames: int, length: int, budget: int) -> Tuple[int, bytes]:
    bits = data_set.Rows * data_set.Columns * int(data_set.get("SamplesPerPixel", 1)) * data_set.BitsAllocated
    if data_set.get("PhotometricInterpretation") in ("YBR_FULL_422", "YBR_PARTIAL_422"):
        bits = bits * 2 // 3  # two pixels share their colour
    if bits % 8:  # frames of single bits follow each other without a gap
        bits, frames = bits + 8 - bits % 8, 1
    size = bits // 8
    frames = min(frames, max(1, length // size))
    number = min(frames // 2, max(0, budget // size - 1))
    file.seek(number * size, 1)
    even = size + size % 2
    return number, file.read(even).ljust(even, b"\0")  # padded: the end of a file that was cut off


def _encapsulated(file: File, data_set: Dataset, frames: int, order: str, budget: int) -> Tuple[int, bytes]:
    """The bytes of one frame, of all its fragments."""
    offsets = _offsets(file, data_set, order)
    start = file.tell()
    if len(offsets) >= frames > 1:
        number = min(frames // 2, max(0, sum(offset <= budget for offset in offsets) - 1))
        file.seek(start + offsets[number])
        end = offsets[number + 1] if number + 1 < len(offsets) else _UNDEFINED
        return number, b"".join(_fragments(file, order, start + end))
    return _nth_image(_fragments(file, order), frames, lambda: file.tell() - start, budget)


def _offsets(file: File, data_set: Dataset, order: str) -> List[int]:
    """Where each frame begins behind the first item, which holds the Basic Offset Table, if that is known."""
    _, length = _item(file, order)
    table = file.read(length)
    extended = data_set.get("ExtendedOffsetTable")
    if extended:
        return list(struct.unpack(f"{order}{len(extended) // 8}Q", extended[: len(extended) // 8 * 8]))
    return list(struct.unpack(f"{order}{length // 4}I", table[: length // 4 * 4]))


def _fragments(file: File, order: str, end: int = 1 << 62) -> Iterator[bytes]:
    while file.tell() < end:
        tag, length = _item(file, order)
        if tag != _ITEM:
            return
        yield file.read(length)


def _nth_image(fragments: Iterator[bytes], frames: int, position: Callable[[], int], budget: int) -> Tuple[int, bytes]:
    """Without offsets a frame begins where an image of the coding begins; in others each fragment is one (RLE)."""
    number, image, is_wanted = -1, b"", False
    for fragment in fragments:
        is_coded = image.startswith(_STARTS)
        if not image or (frames > 1 and (fragment.startswith(_STARTS) or not is_coded)):
            if is_wanted:
                break
            number, image = number + 1, b""
        image += fragment
        is_wanted = number >= frames // 2 or position() > budget
        if is_wanted and frames > 1 and not image.startswith(_STARTS):
            break
    return max(number, 0), image


def _item(file: File, order: str) -> Tuple[int, int]:
    group, element, length = _unpacked(file, order + "HHI")
    return group << 16 | element, length


def _unpacked(file: File, layout: str) -> Tuple[Any, ...]:
    content = file.read(struct.calcsize(layout))
    if len(content) < struct.calcsize(layout):
        raise NoPicture("it ends in the middle of its pixels")
    return struct.unpack(layout, content)


def _put_encapsulated(data_set: Dataset, frame: bytes) -> None:
    from pydicom.encaps import encapsulate

    for keyword in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths"):
        if keyword in data_set:
            delattr(data_set, keyword)
    if frame.startswith(_JP2):
        # The boxes around a codestream do not belong here (PS3.5 section A.4.4); pydicom 3.0 steps over them, and for
        # ever when one says that it has no length.
        frame = frame[max(0, frame.find(_CODESTREAM)) :]
        if frame.startswith(_JP2):
            raise NoPicture("its JPEG 2000 image has no codestream")
    data_set.add_new(0x7FE00010, "OB", encapsulate([frame]))
    data_set["PixelData"].is_undefined_length = True


# --- what holds for this frame only --------------------------------------------------------------------------------


def _apply_functional_groups(data_set: Dataset, number: int) -> None:
    """Window and rescaling of an enhanced multi-frame image (PS3.3 section C.7.6.16) where others have theirs."""
    per_frame = data_set.get("PerFrameFunctionalGroupsSequence") or []
    groups = [*(data_set.get("SharedFunctionalGroupsSequence") or [])[:1], *per_frame[number : number + 1]]
    for group in groups:
        for macro in ("PixelValueTransformationSequence", "FrameVOILUTSequence", "PixelMeasuresSequence"):
            for item in (group.get(macro) or [])[:1]:
                data_set.update(item)
