"""What was found out about servers, in a file beside that of the nodes. It is of this computer: no export has it."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from ..errors import NodeStoreError
from ..storage.settings_file import Envelope, SettingsFile, format_envelope, parse_envelope
from ..text import Text
from .findings import Findings

FILE_NAME = "servers.json"
_FORMAT = "DICOMWebNodes servers"
_MEMBER = "servers"
_MOST = 200  # servers; the ones that were noted longest ago are dropped


class FindingsStore:
    """Findings by base URL: a node whose URL changes starts anew, and nodes of one URL share what is known.

    What another program notes is seen the next time that somebody asks for the findings of any server. Notes are a
    convenience: when the file cannot be read or written they last as long as the program.
    """

    def __init__(self, path: Path) -> None:
        self._file: SettingsFile[Envelope] = SettingsFile(path, _parse, _dump, empty=Envelope(), holds=Text("servers"))
        self._lock = threading.Lock()
        self._findings: Dict[str, Findings] = {}
        self._seen: Optional[Tuple[int, int]] = None  # the file as it was read last
        self._kept: Dict[str, Mapping[str, Any]] = {}

    def of(self, url: str) -> Findings:
        """The notes of a normalised base URL; what is added to them is kept."""
        with self._lock:
            self._look()
            if url not in self._findings:
                self._findings[url] = Findings(on_change=lambda: self._keep(url))
                self._findings[url].adopt(self._kept.get(url, {}))
            return self._findings[url]

    def _look(self) -> None:
        """Read the file if it is another one than before."""
        now = _stamp(self._file.path)
        if now == self._seen:
            return
        self._seen = now
        with contextlib.suppress(NodeStoreError):
            self._kept = {each["url"]: each for each in self._file.read().items}
        for url in self._findings.keys() & self._kept.keys():
            self._findings[url].adopt(self._kept[url])

    def _keep(self, url: str) -> None:
        entry = {"url": url, **self._findings[url].as_dict()}

        def change(envelope: Envelope) -> Tuple[Envelope, None]:
            others = tuple(each for each in envelope.items if each["url"] != url)
            return Envelope((*others, entry)[-_MOST:], envelope.version, envelope.extra), None

        with contextlib.suppress(NodeStoreError):
            self._file.change(change)


def _stamp(path: Path) -> Optional[Tuple[int, int]]:
    """What tells one version of a file from another; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_ino)


def _parse(content: bytes) -> Envelope:
    envelope = parse_envelope(content, _FORMAT, _MEMBER)
    if not all(isinstance(each, dict) and isinstance(each.get("url"), str) for each in envelope.items):
        raise NodeStoreError("one of its servers has no URL")
    return envelope


def _dump(envelope: Envelope) -> bytes:
    return format_envelope(envelope, _FORMAT, _MEMBER)
