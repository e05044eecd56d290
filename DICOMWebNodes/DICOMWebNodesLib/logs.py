"""What is logged, and where it goes: a line an action at INFO, a line a request at DEBUG.

No line has a secret or data of a patient in it: values that a search asks for are masked, UIDs are shortened to their
ends. Other libraries' loggers are left alone on purpose: at DEBUG urllib3 would write whole request targets.
"""

from __future__ import annotations

import contextlib
import logging
import re
import time
from typing import Callable, Iterator
from urllib.parse import urlsplit

from .errors import DICOMWebNodesError

ROOT = logging.getLogger("DICOMWebNodesLib")
LEVELS = {"warning": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
MASK = "***"
# Parameters of PS3.18 whose values say nothing about a patient.
_PLAIN = frozenset(["limit", "offset", "includefield", "fuzzymatching", "requestType", "contentType", "transferSyntax"])
# Four numbers are an Internet address; a UID may be shorter only where a path says that it is one.
_UID = re.compile(r"((?:studies|series|instances)/)([\d.]+)|(?<![\w.])()(\d+(?:\.\d+){4,})(?![\w.])")
_SHOWN = 4  # digits of a UID: enough to tell neighbours apart


class Action:
    """``result`` completes the line: "12 found"."""

    result = ""


@contextlib.contextmanager
def action(logger: logging.Logger, node: str, what: str) -> Iterator[Action]:
    """One line when the block ends, however it does: "Lab: search studies: 12 found, 0.31 s"."""
    if not logger.isEnabledFor(logging.INFO):
        yield Action()
        return
    started = time.monotonic()
    told = Action()
    try:
        yield told
    except GeneratorExit:
        told.result = ", ".join(filter(None, (told.result, "stopped")))
        raise
    except BaseException as error:
        told.result = error.code if isinstance(error, DICOMWebNodesError) else type(error).__name__
        raise
    finally:
        logger.info("%s: %s: %s, %.2f s", node, what, told.result or "done", time.monotonic() - started)


def request_line(method: str, url: str, base: str) -> str:
    """A request without what it is about: "GET studies?PatientName=***&limit=100".

    ``base`` is the node's URL; of an address elsewhere only the origin is shown, because the rest may sign it.
    """
    if url != base and not url.startswith((f"{base}/", f"{base}?")):  # another host's name may begin with ours
        parts = urlsplit(url)
        return f"{method} {parts.scheme}://{parts.netloc}/{MASK}"
    path, _, query = url[len(base) :].partition("?")
    masked = "&".join(_masked(parameter) for parameter in query.split("&")) if query else ""
    return f"{method} {without_uids(path).lstrip('/')}{f'?{masked}' if masked else ''}"


def without_uids(text: str) -> str:
    """UIDs shortened to their last digits: "~4711"."""
    return _UID.sub(lambda match: f"{match[1] or ''}~{(match[2] or match[4])[-_SHOWN:]}", text)


def write_to(tell: Callable[[str], None], level: str) -> Callable[[], None]:
    """From now on every line goes to ``tell``; returns what ends that. ``level``: one of :data:`LEVELS`."""
    handler = _Teller(tell)
    ROOT.addHandler(handler)
    set_level(level)
    return lambda: ROOT.removeHandler(handler)


def set_level(level: str) -> None:
    ROOT.setLevel(LEVELS[level])


def level() -> str:
    """One of :data:`LEVELS`."""
    return next((name for name, number in LEVELS.items() if ROOT.getEffectiveLevel() >= number), "debug")


class _Teller(logging.Handler):
    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell
        self.setFormatter(logging.Formatter("%(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(self.format(record))


def _masked(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    return parameter if name in _PLAIN or not value else f"{name}{equals}{MASK}"
