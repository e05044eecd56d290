"""Which transfers are not finished, so that they can be resumed after a restart. Several Slicers may keep it."""

import contextlib
import hashlib
import json
import os
import uuid
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Dict, FrozenSet, Iterable, Iterator, List, Optional, Sequence, Tuple, Type, TypeVar, Union

from DICOMWebNodesLib.errors import StoreUnavailable
from DICOMWebNodesLib.storage.file_lock import FileLock
from DICOMWebNodesLib.worker.opened_manifests import PREFIX

from .claims import Claim, claim, forget, isClaimed

FILE_NAME = "unfinished.json"
_MARK = 16  # hexadecimal digits
_PATIENCE = 0.5  # a write takes a few milliseconds


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
_Entry = TypeVar("_Entry", UnfinishedImport, UnfinishedSend)


def markOf(path: str, about: os.stat_result) -> str:
    """Stands for a file as it is now, without telling its name."""
    text = f"{path}\n{about.st_size}\n{about.st_mtime_ns}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_MARK]


class Journal:
    """A small file in the folder of the imported files, and beside it one for each send with what the server has
    confirmed of it. A journal that cannot be kept stops no transfer. ``patience``: seconds for another Slicer that
    writes just now; then this one writes all the same."""

    def __init__(self, folder: Path, patience: float = _PATIENCE) -> None:
        self._folder = folder
        self._patience = patience
        self._path = folder / FILE_NAME

    def claim(self, uid: str) -> Optional[Claim]:
        """Before work on a transfer begins; None: another Slicer works on it."""
        self._makeFolder()
        return claim(self._folder, uid)

    def isClaimed(self, uid: str) -> bool:
        """Whether a living Slicer works on it: the one that had it may have crashed."""
        return isClaimed(self._folder, uid)

    def standingOf(self, uid: str) -> Standing:
        if all(each.uid != uid for each in self._all()):
            return Standing.GONE
        return Standing.UNDER_WAY if self.isClaimed(uid) else Standing.UNFINISHED

    def entries(self) -> Tuple[UnfinishedImport, ...]:
        """Imports. A damaged file counts as empty."""
        return _entries(UnfinishedImport, self._read("imports"))

    def sends(self) -> Tuple[UnfinishedSend, ...]:
        return _entries(UnfinishedSend, self._read("sends"))

    def add(self, entry: Unfinished) -> None:
        """In the place of the one with the same uid."""
        with self._writing():
            self._write([each for each in self._all() if each.uid != entry.uid] + [entry])

    def remove(self, uid: str) -> None:
        with self._writing():
            before = self._all()
            after = [each for each in before if each.uid != uid]
            if len(after) < len(before):
                self._write(after)
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

    def _confirmed(self, uid: str) -> Path:
        return self._path.with_name(f"sent-{hashlib.sha256(uid.encode()).hexdigest()[:_MARK]}.txt")

    def _all(self) -> List[Unfinished]:
        return [*self.entries(), *self.sends()]

    def _read(self, kind: str) -> List[Any]:
        try:
            raw = json.loads(self._path.read_text("utf-8"))
            return list(raw.get(kind, ()))
        except (OSError, ValueError, TypeError, AttributeError):
            return []

    def _write(self, entries: Sequence[Unfinished]) -> None:
        content: Dict[str, List[Any]] = {"imports": [], "sends": []}
        for entry in entries:
            content["imports" if isinstance(entry, UnfinishedImport) else "sends"].append(asdict(entry))
        temporary = self._path.with_name(f"{FILE_NAME}.{os.getpid()}")
        try:
            temporary.write_text(json.dumps(content), "utf-8")
            os.replace(temporary, self._path)
        except OSError:
            with contextlib.suppress(OSError):
                os.remove(temporary)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """What another Slicer writes between our reading and our writing would be lost."""
        self._makeFolder()
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(StoreUnavailable):
                stack.enter_context(FileLock(self._path.with_suffix(".lock"), self._patience))
            yield

    def _makeFolder(self) -> None:
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)


def _entries(kind: Type[_Entry], items: Sequence[Any]) -> Tuple[_Entry, ...]:
    """What is not an entry is passed over."""
    found = []
    for raw in items:
        with contextlib.suppress(KeyError, TypeError, AttributeError, ValueError):
            found.append(kind(**{name: _value(value) for name, value in raw.items()}))
    return tuple(found)


def _value(value: Any) -> Any:
    """Texts, tuples of texts, and what is true or not."""
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    return value if isinstance(value, bool) else str(value)
