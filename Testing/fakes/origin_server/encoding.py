"""In which transfer syntax an instance can be given (PS3.18 8.7.3)."""

from __future__ import annotations

import io
import warnings
from typing import Optional

import pydicom
from pydicom.uid import (
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
    RLELossless,
)

from .archive import Instance
from .frames import decompress
from .messages import Refusal
from .multipart import Part

DICOM = "application/dicom"
_LOSSY = (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless, JPEG2000)
_UNCOMPRESSED = (ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian, RLELossless)  # and can be made so here


def encode(instance: Instance, transfer_syntax: str) -> Optional[Part]:
    """The instance in a transfer syntax: "" for the default, "*" as stored; None when it cannot be had.

    As stored is byte for byte. The default is Explicit VR Little Endian, except for what is only there in a lossy
    syntax. ``*`` also gives the syntaxes that web services should not use, as every real server does.
    """
    stored = instance.transfer_syntax_uid
    wanted = transfer_syntax or (stored if stored in _LOSSY else ExplicitVRLittleEndian)
    location = {"Content-Location": instance.url}
    if wanted in ("*", stored):
        content_type = f"{DICOM}; transfer-syntax={stored}"
        return Part(content_type, instance.size, instance.chunks, location)
    if wanted == ExplicitVRLittleEndian and stored in _UNCOMPRESSED:
        content = _to_explicit_little_endian(instance.read())
        return Part.of_bytes(f"{DICOM}; transfer-syntax={wanted}", content, location)
    return None


def check_transfer_syntax(transfer_syntax: str) -> None:
    """406 for the two syntaxes that web services shall not use; 400 for what is none."""
    if transfer_syntax in ("1.2.840.10008.1.2", "1.2.840.10008.1.2.2"):
        raise Refusal(406, f"transfer syntax {transfer_syntax} shall not be used with web services (PS3.18 8.7.3)")
    known = pydicom.uid.UID_dictionary.get(transfer_syntax, ("", ""))[1] == "Transfer Syntax"
    if transfer_syntax not in ("", "*") and not known:
        raise Refusal(400, f"not a transfer syntax: {transfer_syntax!r}")


def _to_explicit_little_endian(dataset: pydicom.Dataset) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if dataset.file_meta.TransferSyntaxUID == RLELossless:
            decompress(dataset)
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        output = io.BytesIO()
        if pydicom.__version__.startswith("2."):
            dataset.is_implicit_VR, dataset.is_little_endian = False, True
            pydicom.dcmwrite(output, dataset, write_like_original=False)
        else:
            pydicom.dcmwrite(output, dataset, implicit_vr=False, little_endian=True, enforce_file_format=True)
    return output.getvalue()
