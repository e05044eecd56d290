"""Images that a browser can show (PS3.18 8.3.5 and 8.7.4)."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import Callable, Dict, Optional, Sequence, Tuple

import numpy
import pydicom
from PIL import Image

from .messages import Refusal

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}  # the default first
_PARAMETERS = ("accept", "annotation", "charset", "iccprofile", "quality", "viewport", "window")


@dataclass(frozen=True)
class Rendering:
    """The query parameters: ``viewport`` in pixels (width, height), ``window`` as center and width."""

    viewport: Optional[Tuple[int, int]] = None
    window: Optional[Tuple[float, float]] = None
    quality: int = 90

    @classmethod
    def of(cls, parameters: Sequence[Tuple[str, str]], allowed: Sequence[str] = _PARAMETERS) -> Rendering:
        """400 for what 8.3.5 does not allow."""
        options: Dict[str, object] = {}
        for name, value in parameters:
            if name not in allowed:
                raise Refusal(400, f"not a parameter of this resource: {name!r}")
            if name in _READERS:
                options[name] = _READERS[name](value)
        return cls(**options)  # type: ignore[arg-type]


def _viewport(value: str) -> Tuple[int, int]:
    match = re.fullmatch(r"([1-9]\d{0,4}),([1-9]\d{0,4})", value)
    if not match:
        raise Refusal(400, f"a viewport is a width and a height in pixels, not {value!r}")
    return int(match[1]), int(match[2])


def _window(value: str) -> Tuple[float, float]:
    number = r"-?\d+(?:\.\d+)?"
    match = re.fullmatch(rf"({number}),({number}),(linear|linear-exact|sigmoid)", value)
    if not match or float(match[2]) <= 0:
        raise Refusal(400, f"a window is a center, a width and a shape, not {value!r}")
    return float(match[1]), float(match[2])


def _quality(value: str) -> int:
    if not re.fullmatch(r"[1-9]\d?|100", value):
        raise Refusal(400, f"the quality is from 1 to 100, not {value!r}")
    return int(value)


_READERS: Dict[str, Callable[[str], object]] = {"viewport": _viewport, "window": _window, "quality": _quality}


def render(dataset: pydicom.Dataset, frames: Sequence[int], content_type: str, rendering: Rendering) -> bytes:
    """The frames (from 0) in one of :data:`FORMATS`; several of them as an animation. 406 when it cannot be done."""
    arrays = _arrays(dataset)
    images = [_image(dataset, arrays[frame], rendering) for frame in frames]
    output = io.BytesIO()
    animation = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
    images[0].save(output, FORMATS[content_type], quality=rendering.quality, **animation)
    return output.getvalue()


def _arrays(dataset: pydicom.Dataset) -> numpy.ndarray:
    """The pixels with the frames first."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pixels = dataset.pixel_array
    except Exception as problem:  # a decoder can fail in every way
        raise Refusal(406, f"this instance cannot be rendered here: {problem}") from None
    return pixels if int(dataset.get("NumberOfFrames") or 1) > 1 else pixels[numpy.newaxis]


def _image(dataset: pydicom.Dataset, pixels: numpy.ndarray, rendering: Rendering) -> Image.Image:
    kind = dataset.PhotometricInterpretation
    if kind in ("MONOCHROME1", "MONOCHROME2"):
        image = Image.fromarray(_windowed(dataset, pixels, rendering.window))
    elif kind in ("RGB", "YBR_FULL", "YBR_FULL_422") and pixels.dtype == numpy.uint8:
        mode = "RGB" if kind == "RGB" else "YCbCr"
        image = Image.frombytes(mode, (pixels.shape[1], pixels.shape[0]), pixels.tobytes()).convert("RGB")
    else:
        raise Refusal(406, f"{kind} in {pixels.dtype} is not rendered here")
    if rendering.viewport:
        image.thumbnail(rendering.viewport)
    return image


def _windowed(dataset: pydicom.Dataset, pixels: numpy.ndarray, window: Optional[Tuple[float, float]]) -> numpy.ndarray:
    """PS3.3 C.11.2.1.2.1, the linear function."""
    values = pixels * float(dataset.get("RescaleSlope") or 1) + float(dataset.get("RescaleIntercept") or 0)
    if window is None and dataset.get("WindowWidth"):
        window = (_first(dataset.WindowCenter), _first(dataset.WindowWidth))
    if window is None:
        window = ((values.max() + values.min() + 1) / 2, values.max() - values.min() + 1)
    center, width = window
    shown = numpy.clip((values - (center - 0.5)) / max(width - 1, 1) + 0.5, 0, 1)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        shown = 1 - shown
    return (shown * 255).round().astype(numpy.uint8)


def _first(value: object) -> float:
    return float(value[0] if isinstance(value, (list, pydicom.multival.MultiValue)) else value)  # type: ignore[arg-type]
