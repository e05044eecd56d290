"""Which transfer syntaxes can be decoded here, and what would help where they cannot."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from ..errors import NoPicture
from ..text import Text, listed

if TYPE_CHECKING:
    from pydicom.dataset import Dataset
    from pydicom.uid import UID

_LIBJPEG = listed(["pylibjpeg", "pylibjpeg-libjpeg"])
_OPENJPEG = listed(["pylibjpeg", "pylibjpeg-openjpeg"])
_PACKAGES = {
    "1.2.840.10008.1.2.4.50": Text("pillow, or {packages}", packages=_LIBJPEG),
    "1.2.840.10008.1.2.4.51": _LIBJPEG,
    "1.2.840.10008.1.2.4.57": _LIBJPEG,
    "1.2.840.10008.1.2.4.70": _LIBJPEG,
    "1.2.840.10008.1.2.4.80": _LIBJPEG,
    "1.2.840.10008.1.2.4.81": _LIBJPEG,
    "1.2.840.10008.1.2.4.90": Text("pillow, or {packages}", packages=_OPENJPEG),
    "1.2.840.10008.1.2.4.91": Text("pillow, or {packages}", packages=_OPENJPEG),
    "1.2.840.10008.1.2.4.201": _OPENJPEG,
    "1.2.840.10008.1.2.4.202": _OPENJPEG,
    "1.2.840.10008.1.2.4.203": _OPENJPEG,
}
_MODULES = {"pylibjpeg-libjpeg": "libjpeg", "pylibjpeg-openjpeg": "openjpeg"}
_VIDEO = ("1.2.840.10008.1.2.4.10", "1.2.840.10008.1.2.7")  # MPEG-2, H.264, H.265; SMPTE ST 2110


def no_decoder(data_set: Dataset) -> NoPicture:
    """Why pixels of this transfer syntax could not be decoded: what they are, and which package would show them."""
    syntax = data_set.file_meta.TransferSyntaxUID
    modality = data_set.get("Modality", "")
    if syntax.startswith(_VIDEO):
        return NoPicture(Text("it is a video ({syntax})", syntax=_named(syntax)), modality=modality)
    packages = _PACKAGES.get(str(syntax), "")
    if all(find_spec(module) for package, module in _MODULES.items() if package in packages):
        packages = ""  # it is there already, and did not help
    return NoPicture(
        Text("its pixels are compressed with {syntax}, and no decoder here can read them", syntax=_named(syntax)),
        modality=modality,
        next_step=Text("Install {packages} into Slicer's Python to see it.", packages=packages) if packages else "",
    )


def _named(syntax: UID) -> str:
    """As the standard calls it, or the UID of one that nobody here knows."""
    return str(syntax.name)
