"""Which imports are not finished, so that they can be resumed after a restart."""

import contextlib
import json
import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, List, Sequence, Tuple

FILE_NAME = "unfinished.json"


@dataclass(frozen=True)
class UnfinishedImport:
    """What was asked for; the files that have come already are not fetched again."""

    node: str
    resources: Tuple[str, ...]
    title: str = ""
    uid: str = field(default_factory=lambda: uuid.uuid4().hex)


class Journal:
    """A small file in the folder of the imported files. A journal that cannot be kept stops no import."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def entries(self) -> Tuple[UnfinishedImport, ...]:
        """A damaged file counts as empty."""
        try:
            raw = json.loads(self._path.read_text("utf-8"))
            return tuple(_entry(each) for each in raw["imports"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return ()

    def add(self, entry: UnfinishedImport) -> None:
        self._write([each for each in self.entries() if each.uid != entry.uid] + [entry])

    def remove(self, uid: str) -> None:
        before = self.entries()
        after = [each for each in before if each.uid != uid]
        if len(after) < len(before):
            self._write(after)

    def _write(self, entries: Sequence[UnfinishedImport]) -> None:
        imports: List[Any] = [
            {"uid": each.uid, "node": each.node, "resources": list(each.resources), "title": each.title}
            for each in entries
        ]
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary = self._path.with_name(f"{FILE_NAME}.{os.getpid()}")
            temporary.write_text(json.dumps({"imports": imports}), "utf-8")
            os.replace(temporary, self._path)


def _entry(raw: Any) -> UnfinishedImport:
    resources = tuple(str(resource) for resource in raw["resources"])
    return UnfinishedImport(str(raw["node"]), resources, str(raw.get("title", "")), str(raw["uid"]))
