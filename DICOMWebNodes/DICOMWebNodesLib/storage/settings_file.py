"""A versioned JSON document in the settings folder that several programs may change at the same time.

::

    {"format": <what it is>, "version": 1, <member>: [...], ...}

What a newer version adds is carried along untouched, and the version number stays the newer one. A damaged file is
set aside, never overwritten.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Generic, Mapping, Optional, Tuple, TypeVar

from ..errors import NodeStoreError
from ..text import Text
from .file_lock import FileLock
from .files import read_settings, set_aside, write_atomically

Content = TypeVar("Content")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Envelope:
    """What is around the items. ``extra``: the fields at the top that this version does not know."""

    items: Tuple[Any, ...] = ()
    version: int = 1
    extra: Mapping[str, Any] = field(default_factory=dict)


def parse_envelope(content: bytes, format_name: str, member: str) -> Envelope:
    """Read a document. Raises NodeStoreError, a reason without a path, when it is damaged or something else."""
    try:
        raw = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NodeStoreError(Text("it is not UTF-8 text (byte {position})", position=error.start)) from error
    except json.JSONDecodeError as error:
        raise NodeStoreError(
            Text("it is not JSON: {problem} in line {line}", problem=error.msg, line=error.lineno)
        ) from error
    except RecursionError as error:
        raise NodeStoreError("its JSON is nested too deeply") from error
    except ValueError as error:  # Python's own limit (sys.set_int_max_str_digits)
        raise NodeStoreError("its JSON has a number that is too long") from error
    if not isinstance(raw, dict) or raw.get("format") != format_name:
        raise NodeStoreError(
            Text(
                'it is not a file of {member}: it has no "format": "{format_name}"',
                member=member,
                format_name=format_name,
            )
        )
    version, items = raw.get("version"), raw.get(member)
    if type(version) is not int or version < 1:
        raise NodeStoreError(Text("its version is {version!r}", version=version))
    if not isinstance(items, list):
        raise NodeStoreError(Text('it has no list of "{member}"', member=member))
    extra = {key: value for key, value in raw.items() if key not in ("format", "version", member)}
    return Envelope(tuple(items), version, extra)


def format_envelope(envelope: Envelope, format_name: str, member: str) -> bytes:
    """The document as UTF-8, indented so that a person can read and compare it."""
    raw = {"format": format_name, "version": envelope.version, **envelope.extra, member: list(envelope.items)}
    return (json.dumps(raw, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class DamagedFile:
    """A file that could not be read and was given another name; ``path`` is where it is now."""

    path: Path
    reason: str
    holds: str

    def __str__(self) -> str:
        return str(self.told)

    @property
    def told(self) -> Text:
        """What has happened to it, for a person."""
        return Text(
            "The file of {holds} was damaged: {reason}. It is kept as {path}; the list starts anew.",
            holds=self.holds,
            reason=self.reason,
            path=self.path,
        )


class SettingsFile(Generic[Content]):
    """One file, read as a whole and changed as a whole under a lock.

    ``parse`` raises NodeStoreError for a damaged file; ``set_aside`` then says where it is now. ``holds`` names what
    is in it. Every method raises StoreUnavailable.
    """

    def __init__(
        self,
        path: Path,
        parse: Callable[[bytes], Content],
        dump: Callable[[Content], bytes],
        *,
        empty: Content,
        holds: str,
    ) -> None:
        self.path = path
        self.set_aside: Optional[DamagedFile] = None
        self._parse = parse
        self._dump = dump
        self._empty = empty
        self._holds = holds
        self._lock = FileLock(path.with_name(path.name + ".lock"))

    def read(self) -> Content:
        """What is in the file now; without a lock, because it is only ever replaced whole."""
        content = read_settings(self.path)
        try:
            return self._parsed(content)
        except NodeStoreError:
            with self._lock:
                return self._read_locked()

    def change(self, change: Callable[[Content], Tuple[Content, Result]]) -> Result:
        """Write what ``change`` makes of the content, under the lock, and return its second value."""
        with self._lock:
            before = self._read_locked()
            after, result = change(before)
            if after != before:
                write_atomically(self.path, self._dump(after))
        return result

    def _read_locked(self) -> Content:
        """A damaged file is set aside under the lock only, lest its good heir be renamed too."""
        content = read_settings(self.path)
        try:
            return self._parsed(content)
        except NodeStoreError as damage:
            self.set_aside = DamagedFile(set_aside(self.path), damage.cause, self._holds)
            return self._empty

    def _parsed(self, content: Optional[bytes]) -> Content:
        return self._empty if content is None else self._parse(content)
