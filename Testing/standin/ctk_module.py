"""The module ``ctk``."""

from __future__ import annotations

import types
from typing import Any

from . import ctk_dicom, ctk_widgets


def make() -> types.ModuleType:
    module = types.ModuleType("ctk", "CTK's classes, as far as the module uses them.")
    for cls in (*ctk_widgets.FOR_DESIGNER, ctk_widgets.ctkMessageBox, ctk_widgets.ctkSettingsPanel):
        setattr(module, cls.__name__, cls)
    module.ctkDICOMDatabase = ctk_dicom.ctkDICOMDatabase
    module.ctkDICOMIndexer = ctk_dicom.ctkDICOMIndexer
    module.__getattr__ = _refuse
    return module


def _refuse(name: str) -> Any:
    raise AttributeError(f"ctk.{name} is not in CTK's wrappers, or nobody has looked: see standin/ctk_module.py")
