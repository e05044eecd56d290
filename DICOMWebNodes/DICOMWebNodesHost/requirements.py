"""Python packages that Slicer does not bring along, installed when they are first used, after asking."""

import importlib.util
from pathlib import Path
from typing import Any, Callable, List, Optional

from DICOMWebNodesLib.errors import AuthenticationError, DICOMWebNodesError
from DICOMWebNodesLib.text import Text

from .slices import Later

REQUESTER = "DICOMWebNodes"
FILE = Path(__file__).resolve().parent.parent / "Resources" / "requirements.txt"


def _isThere() -> bool:
    return importlib.util.find_spec("oauthlib") is not None


def _install() -> None:
    import slicer

    packaging = _packaging()
    if packaging is not None:  # it asks by itself
        packaging.pip_ensure(packaging.load_requirements(str(FILE)), requester=REQUESTER)
    elif slicer.util.mainWindow() is not None:
        from slicer.i18n import tr as _

        question = _(
            "Signing in with OAuth needs the Python package oauthlib, which is not installed yet. "
            "Download and install it from the Python Package Index now?"
        )
        if slicer.util.confirmOkCancelDisplay(question):
            slicer.util.pip_install(["-r", str(FILE)])  # a list: the path may have spaces


def _packaging() -> Any:
    """Of Slicer 5.12 and later, which does not import it by itself; None of earlier ones."""
    try:
        from slicer import packaging
    except ImportError:
        return None
    return packaging


def ensureOAuth(isThere: Callable[[], bool] = _isThere, install: Callable[[], None] = _install) -> None:
    """oauthlib, which only OAuth needs. Raises AuthenticationError when it is neither there nor wanted."""
    if isThere():
        return
    try:
        install()
    except Exception as error:
        raise _missing(Text("oauthlib could not be installed: {error}", error=error)) from error
    importlib.invalidate_caches()
    if not isThere():
        raise _missing(Text("signing in with OAuth needs the Python package oauthlib, which is not installed"))


Provided = Callable[[Optional[DICOMWebNodesError]], None]
"""Told when the package is there, or why it is not."""


class Provision:
    """Offers a package once to all jobs that lack it at the same time. ``ensure`` may ask a person and take time."""

    def __init__(self, ensure: Callable[[], None], later: Later) -> None:
        self._ensure = ensure
        self._later = later
        self._waiting: List[Provided] = []

    def provide(self, provided: Provided) -> None:
        """Returns at once."""
        self._waiting.append(provided)
        if len(self._waiting) == 1:
            self._later(0, self._offer)  # not from within the job that has just failed: the window lives while it asks

    def _offer(self) -> None:
        error: Optional[DICOMWebNodesError] = None
        try:
            self._ensure()
        except AuthenticationError as refused:
            error = refused
        waiting, self._waiting = self._waiting, []
        for provided in waiting:
            provided(error)


def _missing(cause: str) -> AuthenticationError:
    return AuthenticationError(
        cause, next_step="Run slicer.util.pip_install('oauthlib') in Slicer's Python console, or sign in otherwise."
    )
