"""The person's browser."""

from __future__ import annotations

import os
import sys
import threading
from typing import Callable, Mapping, Optional


def open_in_browser(
    url: str,
    *,
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    open_url: Optional[Callable[[str], bool]] = None,
    patience: float = 2.0,
) -> bool:
    """Show ``url`` in the person's browser and return at once; False when there is none.

    On a computer without a screen a text browser would take over the terminal: there it opens nothing. ``patience``:
    seconds for a browser to say that it cannot start.
    """
    has_screen = platform in ("win32", "darwin") or any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if not has_screen and not environ.get("BROWSER"):
        return False
    if open_url is None:
        import webbrowser

        open_url = webbrowser.open
    return _returns_soon(open_url, url, patience)


def _returns_soon(open_url: Callable[[str], bool], url: str, patience: float) -> bool:
    """What ``open_url`` says; True when it has not come back yet: some starters wait until the browser is closed."""
    told = []

    def run() -> None:
        try:
            told.append(open_url(url))
        except Exception:  # what a browser's starter raises is not the person's problem: the address is shown
            told.append(False)

    thread = threading.Thread(target=run, name="open-browser", daemon=True)
    thread.start()
    thread.join(patience)
    return told[0] if told else True
