"""From decoded pixels to what a screen shows: the grayscale and the colour pipeline of PS3.4 section N.2."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Optional

from ..errors import NoPicture
from ..text import Text
from .decoders import no_decoder

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

_PERCENTILES = (1.0, 99.5)
_SAMPLES = 1_000_000  # pixels that percentiles are taken from
_ENOUGH = 1024  # pixels a side: of an image that is larger not every one is looked at


def render(data_set: Dataset) -> NDArray[uint8]:
    """Grey (rows, columns) or RGB (rows, columns, 3) of a data set with one frame, thinned out where it is large.

    Raises :class:`~..errors.NoPicture`, and whatever pydicom and a decoder raise for pixels that are damaged.
    """
    photometric = data_set.get("PhotometricInterpretation", "MONOCHROME2")
    if data_set.get("SamplesPerPixel", 1) not in (1, 3):
        raise NoPicture(Text("its pixels are “{photometric}”, which is not known here", photometric=photometric))
    pixels = _frame(data_set)
    if photometric == "PALETTE COLOR":
        return _eight_bits(_pydicom("apply_color_lut")(pixels, data_set))
    if pixels.ndim > 2:
        return _colour(pixels, data_set, photometric)
    grey = _grey(pixels, data_set)
    return 255 - grey if photometric == "MONOCHROME1" else grey


def _pydicom(function: str) -> Any:
    """A function of pydicom 3's ``pixels``, which pydicom 2 has elsewhere."""
    try:
        module = import_module("pydicom.pixels")
    except ImportError:
        module = import_module("pydicom.pixel_data_handlers.util")
    return getattr(module, function)


def _frame(data_set: Dataset) -> NDArray[Any]:
    """Decoded. Raises :class:`~..errors.NoPicture` when nothing here can."""
    try:
        pixels: NDArray[Any] = data_set.pixel_array
    except Exception as error:  # what a decoder raises for a stranger's bytes nobody knows
        if data_set.file_meta.TransferSyntaxUID.is_compressed:
            raise no_decoder(data_set) from error
        raise
    if pixels.ndim > 2 and pixels.shape[0] == 1 and pixels.shape[0] != data_set.Rows:
        pixels = pixels[0]  # a frame of one row is none of one frame
    step = max(1, max(pixels.shape[:2]) // _ENOUGH)
    return pixels[::step, ::step]


# --- grey -----------------------------------------------------------------------------------------------------------


def _grey(pixels: NDArray[Any], data_set: Dataset) -> NDArray[uint8]:
    padding = _padding(pixels, data_set)
    values = _pydicom("apply_modality_lut")(_stored(pixels, data_set), data_set)
    shown = _by_voi_lut(values, data_set)
    if shown is None:
        shown = _by_window(values, data_set)
    if shown is None or shown.min() == shown.max():
        # No window, or one that shows nothing.
        shown = _by_percentiles(values, padding)
    return shown


def _stored(pixels: NDArray[Any], data_set: Dataset) -> NDArray[Any]:
    """Without the bits above the stored ones, which once held overlays (PS3.5 section 8.1.2)."""
    stored = data_set.get("BitsStored") or 0
    if pixels.dtype.kind == "u" and 0 < stored < pixels.dtype.itemsize * 8:
        pixels = pixels & pixels.dtype.type((1 << stored) - 1)
    return pixels


def _padding(pixels: NDArray[Any], data_set: Dataset) -> Optional[NDArray[Any]]:
    """Which pixels stand for none (PS3.3 section C.7.5.1.1.2)."""
    value = data_set.get("PixelPaddingValue")
    return None if value is None else pixels == value


def _by_voi_lut(values: NDArray[Any], data_set: Dataset) -> Optional[NDArray[uint8]]:
    """PS3.3 section C.11.2.1.1."""
    luts = data_set.get("VOILUTSequence") or []
    if not luts or "LUTData" not in luts[0] or not (values == values.astype(int)).all():
        return None
    entries = _pydicom("apply_voi")(values.astype(int), data_set)
    bits = luts[0].LUTDescriptor[2] or 16
    return _scaled(entries, 0, (1 << bits) - 1)


def _by_window(values: NDArray[Any], data_set: Dataset) -> Optional[NDArray[uint8]]:
    """The first of its windows (PS3.3 sections C.11.2.1.2 and C.11.2.1.3); None: there is none that can be used."""
    import numpy

    centre, width = _first(data_set.get("WindowCenter")), _first(data_set.get("WindowWidth"))
    if centre is None or width is None or not width > 0:
        return None
    function = data_set.get("VOILUTFunction") or "LINEAR"
    if function == "SIGMOID":
        return _scaled(1 / (1 + numpy.exp(numpy.clip(-4 * (values - centre) / width, -50, 50))), 0, 1)
    if function == "LINEAR_EXACT" or width <= 1:
        return _scaled(values, centre - width / 2, centre + width / 2)
    return _scaled(values, centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2)


def _first(value: Any) -> Optional[float]:
    try:
        return None if value is None else float(value if isinstance(value, (str, float, int)) else value[0])
    except (TypeError, ValueError, IndexError):
        return None


def _by_percentiles(values: NDArray[Any], padding: Optional[NDArray[Any]]) -> NDArray[uint8]:
    import numpy

    counted = values if padding is None or padding.all() else values[~padding]
    counted = counted[numpy.isfinite(counted)].ravel()
    if not counted.size:
        return numpy.zeros(values.shape, numpy.uint8)
    low, high = numpy.percentile(counted[:: counted.size // _SAMPLES + 1], _PERCENTILES)
    if low == high:  # nearly all are the same
        low, high = counted.min(), counted.max()
    return _scaled(values, float(low), float(high))


def _scaled(values: NDArray[Any], low: float, high: float) -> NDArray[uint8]:
    """``low`` black, ``high`` white."""
    import numpy

    share = (numpy.nan_to_num(values.astype(float)) - low) / ((high - low) or 1.0)
    return (numpy.clip(share, 0, 1) * 255 + 0.5).astype(numpy.uint8)


# --- colour ---------------------------------------------------------------------------------------------------------


def _colour(pixels: NDArray[Any], data_set: Dataset, photometric: str) -> NDArray[uint8]:
    if photometric in ("YBR_FULL", "YBR_FULL_422") and not _decoded_as_rgb(data_set):
        pixels = _pydicom("convert_color_space")(pixels, "YBR_FULL", "RGB")
    elif photometric.startswith("YBR_PARTIAL"):
        raise NoPicture(Text("its pixels are “{photometric}”, which is retired", photometric=photometric))
    return _eight_bits(pixels, int(data_set.get("BitsStored") or 0))


def _decoded_as_rgb(data_set: Dataset) -> bool:
    """pydicom 3 gives RGB whatever was stored; pydicom 2 gives what the file says."""
    import pydicom

    return int(pydicom.__version__.partition(".")[0]) >= 3


def _eight_bits(pixels: NDArray[Any], stored: int = 0) -> NDArray[uint8]:
    import numpy

    if pixels.dtype == numpy.uint8:
        return pixels
    # Palettes of 16 bits are sometimes filled with values of 8.
    bits = stored or (8 if pixels.max(initial=0) < 256 else pixels.dtype.itemsize * 8)
    return _scaled(pixels, 0, (1 << bits) - 1)
