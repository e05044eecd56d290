"""A preview made from an instance's own pixels."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Iterator

from ..errors import DICOMWebNodesError, NoPicture
from ..text import Text
from .png import png_of

if TYPE_CHECKING:
    from .frame import File

LONGEST = 256
"""Pixels; larger than any list shows, small enough to be kept by the thousand."""
BUDGET = 8 * 1024 * 1024
"""How many bytes of a multi-frame image may pass by until the frame that is shown."""

NOT_IMAGES = {
    "AU": Text("audio"),
    "DOC": Text("a document"),
    "ECG": Text("an ECG"),
    "EPS": Text("an electrophysiology recording"),
    "FID": Text("fiducials"),
    "HD": Text("a haemodynamic waveform"),
    "KO": Text("a key object selection"),
    "PLAN": Text("a plan"),
    "PR": Text("a presentation state"),
    "REG": Text("a registration"),
    "RTPLAN": Text("a radiotherapy plan"),
    "RTRECORD": Text("a radiotherapy treatment record"),
    "RTSTRUCT": Text("a radiotherapy structure set"),
    "RWV": Text("a real world value mapping"),
    "SEG": Text("a segmentation"),
    "SMR": Text("a stereometric relationship"),
    "SR": Text("a structured report"),
    "TEXTUREMAP": Text("a texture map"),
}
"""Modalities (PS3.3 section C.7.3.1.1.1) whose instances are no pictures, in words."""


def no_image(modality: str) -> NoPicture:
    """For one of :data:`NOT_IMAGES`."""
    return NoPicture(Text("it is {what}, not an image", what=NOT_IMAGES[modality]), modality=modality)


def preview_of(file: File) -> bytes:
    """PNG of at most :data:`LONGEST` pixels a side: the middle frame, as its window shows it.

    Raises :class:`~..errors.NoPicture` when it cannot be shown, with the reason and what would help, and what reading
    ``file`` raises.
    """
    with _explained():
        import numpy
        import pydicom.config

    from .frame import read_frame, read_header
    from .rendering import render
    from .shrinking import aspect_of, shrink

    # Values that break the rules come from the server; pydicom would quote them in warnings.
    with pydicom.config.disable_value_validation(), _explained():
        header = read_header(file)
        modality = str(header.data_set.get("Modality") or "")
        if modality in NOT_IMAGES:
            raise no_image(modality)
        try:
            data_set = read_frame(header, BUDGET)
            pixels = shrink(render(data_set), LONGEST, aspect_of(data_set))
        except NoPicture as error:
            error.modality = modality
            raise
        return png_of(numpy.ascontiguousarray(pixels))


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Whatever goes wrong between a stranger's file and a picture is a reason to show none."""
    try:
        yield
    except DICOMWebNodesError:
        raise
    except ImportError as error:
        raise NoPicture(
            Text("the Python package {package} is not installed", package=error.name),
            next_step="Install it to see previews.",
        ) from error
    except Exception as error:
        raise NoPicture(Text("its pixels cannot be read ({error})", error=type(error).__name__)) from error
