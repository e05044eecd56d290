"""What an instance that is no picture is called (PS3.4 annex B); pydicom's table of them takes long to import."""

from __future__ import annotations

from typing import Dict

from slicer.i18n import tr as _

_STORAGE = "1.2.840.10008.5.1.4.1.1."


def title(sop_class_uid: str) -> str:
    """The UID itself when it is not known here."""
    known = _titles() if sop_class_uid.startswith(_STORAGE) else {}
    return known.get(sop_class_uid[len(_STORAGE) :], sop_class_uid)


def _titles() -> Dict[str, str]:
    return {
        "11.1": _("Presentation state"),
        "11.2": _("Presentation state"),
        "66": _("Raw data"),
        "66.1": _("Spatial registration"),
        "66.2": _("Spatial fiducials"),
        "66.3": _("Deformable spatial registration"),
        "66.5": _("Surface segmentation"),
        "88.11": _("Structured report"),
        "88.22": _("Structured report"),
        "88.33": _("Structured report"),
        "88.34": _("Structured report"),
        "88.59": _("Key object selection"),
        "88.67": _("Radiation dose report"),
        "104.1": _("PDF document"),
        "104.2": _("CDA document"),
        "104.3": _("STL model"),
        "104.4": _("OBJ model"),
        "481.3": _("RT structure set"),
        "481.5": _("RT plan"),
        "481.8": _("RT ion plan"),
        "9.1.1": _("Electrocardiogram"),
    }
