"""Which transfers are not finished, so that they can be resumed after a restart. Several Slicers may keep it."""

import contextlib
import hashlib
import json
import os
import time
import uuid
from dataclasses import asdict, dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any, Callable, Dict, FrozenSet, Iterable, List, Optional, Tuple, Type, Union

from DICOMWebNodesLib.dicomweb.named import resources_of
from DICOMWebNodesLib.worker.opened_manifests import PREFIX

from .claims import Claim, Claims, forget, isClaimed, shortened

_MARK = 16  # hexadecimal digits
_PREFIX = "unfinished-"


class Standing(Enum):
    """What has become of a transfer that was not finished."""

    UNFINISHED = "unfinished"
    UNDER_WAY = "under way"  # some Slicer works on it
    GONE = "gone"  # it is done, or somebody wanted it no more


def _newUID() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class UnfinishedImport:
    """What was asked for; the files that have come already are not fetched again. ``cancelled``: series, as
    "study/series", that a person did not want after all."""

    node: str
    resources: Tuple[str, ...]
    title: str = ""
    uid: str = field(default_factory=_newUID)
    cancelled: Tuple[str, ...] = ()
    verify: bool = False

    @property
    def manifestHost(self) -> str:
        """Where a manifest or link asked to fetch it; "" for an import from a node. What such a manifest brought for
        its own server is not kept: in another session it has to be opened again."""
        return self.node[len(PREFIX) :].rpartition("/")[0] if self.node.startswith(PREFIX) else ""

    def isAgain(self, other: "UnfinishedImport") -> bool:
        """Whether it asks for the same as ``other`` by a manifest that was opened again."""
        return (
            bool(self.manifestHost)
            and self.manifestHost == other.manifestHost
            and set(self.resources) == set(other.resources)
        )


@dataclass(frozen=True)
class UnfinishedSend:
    """What was to be sent: series of the database, and files."""

    node: str
    seriesUIDs: Tuple[str, ...] = ()
    files: Tuple[str, ...] = ()
    title: str = ""
    uid: str = field(default_factory=_newUID)


Unfinished = Union[UnfinishedImport, UnfinishedSend]
_KINDS: Dict[str, Type[Unfinished]] = {"import": UnfinishedImport, "send": UnfinishedSend}


def markOf(path: str, about: os.stat_result) -> str:
    """Stands for a file as it is now, without telling its name."""
    text = f"{path}\n{about.st_size}\n{about.st_mtime_ns}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]


class Journal:
    """Small files in the folder of the imported files, one for each transfer, so that Slicers that write at the same
    time neither wait for each other nor lose anything; and beside it one for each send with what the server has
    confirmed of it. A journal that cannot be kept stops no transfer. ``claims``: of this Slicer; ``clock``: seconds
    since the epoch."""

    def __init__(self, folder: Path, claims: Optional[Claims] = None, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._claims = claims or Claims()
        self._clock = clock

    def claim(self, uid: str) -> Optional[Claim]:
        """Before work on a transfer begins; None: another Slicer works on it."""
        self._makeFolder()
        return self._claims.claim(self._folder, uid)

    def isClaimed(self, uid: str) -> bool:
        """Whether a living Slicer works on it: the one that had it may have crashed."""
        return isClaimed(self._folder, uid)

    def standingOf(self, uid: str) -> Standing:
        if _read(self._pathOf(uid)) is None:
            return Standing.GONE
        return Standing.UNDER_WAY if self.isClaimed(uid) else Standing.UNFINISHED

    def entries(self) -> Tuple[UnfinishedImport, ...]:
        """Imports, as they were noted. A damaged file counts as none, and a copy of one: nobody could forget it."""
        return tuple(each for each in self._all() if isinstance(each, UnfinishedImport))

    def sends(self) -> Tuple[UnfinishedSend, ...]:
        return tuple(each for each in self._all() if isinstance(each, UnfinishedSend))

    def add(self, entry: Unfinished) -> None:
        """In the place of the one with the same uid."""
        kind = next(name for name, kind in _KINDS.items() if isinstance(entry, kind))
        content = json.dumps({"noted": self._clock(), kind: asdict(entry)})
        self._makeFolder()
        path = self._pathOf(entry.uid)
        temporary = path.with_suffix(f".{os.getpid()}")
        try:
            temporary.write_text(content, "utf-8")
            os.replace(temporary, path)
        except OSError:
            with contextlib.suppress(OSError):
                os.remove(temporary)

    def remove(self, uid: str) -> None:
        with contextlib.suppress(OSError):
            os.remove(self._pathOf(uid))
        self.tidy(uid)

    def tidy(self, uid: str) -> None:
        """Remove what lies beside an entry that there is no more."""
        if self.standingOf(uid) is Standing.GONE:
            forget(self._folder, uid)
            with contextlib.suppress(OSError):
                os.remove(self._confirmed(uid))

    def confirm(self, uid: str, marks: Iterable[str]) -> None:
        """Note files of a send (:func:`markOf`) that need not be sent again. It costs the same however many there
        are already."""
        lines = "".join(f"{mark}\n" for mark in marks if mark)
        if lines:
            with contextlib.suppress(OSError), open(self._confirmed(uid), "a", encoding="ascii") as file:
                file.write(lines)

    def confirmed(self, uid: str) -> FrozenSet[str]:
        """What was noted; the last line may have been cut short."""
        try:
            lines = self._confirmed(uid).read_text("ascii").split()
        except (OSError, ValueError):
            return frozenset()
        return frozenset(line for line in lines if len(line) == _MARK)

    def _pathOf(self, uid: str) -> Path:
        return self._folder / f"{_PREFIX}{shortened(uid)}.json"

    def _confirmed(self, uid: str) -> Path:
        return self._folder / f"sent-{shortened(uid)}.txt"

    def _all(self) -> List[Unfinished]:
        noted = []
        for path in self._files():
            read = _read(path)
            if read is not None and path == self._pathOf(read[1].uid):
                noted.append(read)
        return [entry for _, entry in sorted(noted, key=lambda each: (each[0], each[1].uid))]

    def _files(self) -> List[Path]:
        try:
            return list(self._folder.glob(f"{_PREFIX}*.json"))
        except OSError:
            return []

    def _makeFolder(self) -> None:
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)


def _read(path: Path) -> Optional[Tuple[float, Unfinished]]:
    """When it was noted, in seconds since the epoch, and what; None for a file that holds no entry."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        raw = json.loads(path.read_text("utf-8"))
        for name, kind in _KINDS.items():
            if name in raw:
                return float(raw["noted"]), _entry(kind, raw[name])
    return None


def _entry(kind: Type[Unfinished], raw: Dict[str, Any]) -> Unfinished:
    """Raises ValueError, KeyError or TypeError for what is none."""
    types = {each.name: each.type for each in fields(kind)}
    entry = kind(**{name: _value(raw[name], types[name]) for name in ("uid", *raw)})
    if isinstance(entry, UnfinishedImport):
        resources_of((*entry.resources, *entry.cancelled))
    return entry


def _value(value: Any, type: Any) -> Any:
    """A text, what is true or not, or a tuple of texts."""
    if type in (str, bool):
        if isinstance(value, type):
            return value
    elif isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise TypeError
