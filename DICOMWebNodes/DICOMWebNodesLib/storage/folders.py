"""Where things are: what is installed, this user's settings, and what can be had again."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Mapping

RESOURCES = Path(__file__).resolve().parents[2] / "Resources"
"""What is installed beside the library: provider profiles, predefined nodes, templates."""


def settings_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The folder of this user's settings: ``$DICOMWEBNODES_HOME``, else the one that the platform prescribes."""
    if environ.get("DICOMWEBNODES_HOME"):
        return Path(environ["DICOMWEBNODES_HOME"]).expanduser()
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.path.expanduser("~"))
    if platform == "win32":
        parent = Path(environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif platform == "darwin":
        parent = home / "Library" / "Application Support"
    else:
        parent = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    return parent / "DICOMWebNodes"


def cache_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The folder for what can be had again: ``$DICOMWEBNODES_HOME/cache``, else where the platform wants it."""
    if environ.get("DICOMWEBNODES_HOME"):
        return settings_folder(environ, platform) / "cache"
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.path.expanduser("~"))
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "DICOMWebNodes" / "cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / "DICOMWebNodes"
    return Path(environ.get("XDG_CACHE_HOME") or home / ".cache") / "DICOMWebNodes"
