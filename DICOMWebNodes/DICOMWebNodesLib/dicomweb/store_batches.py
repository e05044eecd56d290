"""Files into requests: what each file is, and how many of them one request takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Iterator, List, Set

from ..text import Text
from .multipart_encoder import FilePart
from .part10 import Identity, read_identity

# The account of so many instances is a document of a few hundred kilobytes.
MOST_INSTANCES = 500
_FIRST_READ = 64 * 1024
_MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10"


class NotAnInstance(Exception):
    """The file is none of those that can be stored; the message says what it is."""


@dataclass(frozen=True)
class StorableFile:
    """A file that holds an instance."""

    part: FilePart
    identity: Identity

    @property
    def path(self) -> Path:
        return self.part.path

    @property
    def size(self) -> int:
        return self.part.size

    @property
    def uid(self) -> str:
        return self.identity.sop_instance_uid


Batch = List[StorableFile]


def storable_file(path: Path) -> StorableFile:
    """Recognise a file by its beginning, of which about :data:`part10.HEAD_LIMIT` bytes are read at most.

    Raises :class:`NotAnInstance` for what is no DICOM, or only lists instances;
    :class:`~..errors.MalformedInstance` for a damaged one; OSError when it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_FIRST_READ)
        if head[128:132] != b"DICM":
            raise NotAnInstance(Text("it is not a DICOM file (PS3.10)"))
        whole = len(head) < _FIRST_READ
        identity = read_identity(head, whole=whole)
        while identity is None:
            more = file.read(len(head))
            whole = len(more) < len(head)
            head += more
            identity = read_identity(head, whole=whole)
    if identity.sop_class_uid == _MEDIA_STORAGE_DIRECTORY:
        raise NotAnInstance(Text("it is a DICOMDIR, an index of instances"))
    return StorableFile(FilePart(path), identity)


class Appetite:
    """How much the server takes in one request: it is found out with a single instance, then doubled with every
    request that is accepted and halved with every one that is refused.

    So a server that refuses everything is sent each instance once and not ever again in ever smaller batches.
    """

    def __init__(self, most_bytes: int) -> None:
        self.bytes = most_bytes
        self.instances = 1

    def accepted(self) -> None:
        self.instances = min(MOST_INSTANCES, self.instances * 2)

    def refused(self, batch: Batch, *, too_large: bool) -> None:
        self.instances = max(1, self.instances // 2)
        if too_large:
            self.bytes = min(self.bytes, sum(file.size for file in batch) // 2)


def batches(files: Iterable[StorableFile], appetite: Appetite) -> Iterator[Batch]:
    """The files in their order, as many at once as the appetite of that moment is for, at least one.

    A UID is in a batch once only, so that the server's account tells which file it means.
    """
    batch: Batch = []
    size = 0
    uids: Set[str] = set()
    for file in files:
        full = len(batch) >= appetite.instances or size + file.size > appetite.bytes or file.uid in uids
        if batch and full:
            yield batch
            batch, size, uids = [], 0, set()
        batch.append(file)
        size += file.size
        uids.add(file.uid)
    if batch:
        yield batch
