"""From the parts of an answer to verified files: nothing is parsed that need not be, nothing written twice."""

from __future__ import annotations

from typing import Callable, Iterator, Optional, Tuple

from ..dicomweb.multipart_events import PartEnded, PartEvent, PartStarted, Payload
from ..dicomweb.part10 import Identity
from ..dicomweb.part10_layouts import IdentityReader
from ..dicomweb.resource import Resource
from ..dicomweb.whole_file import is_whole
from ..errors import MalformedInstance
from .folder import InstanceFolder, PartFile, write_whole

_MOST_DIGITS = 19  # of a length; a longer one is too large whatever follows
# Where an instance belongs; None: it is not wanted, its bytes are dropped.
Placement = Callable[[Identity], Optional[Resource]]


class Receiver:
    """Takes one answer's parts. ``place`` says where each belongs, ``received`` is told of each whole file, by its
    path, and its size in bytes, ``refused`` of each part that is no instance, and ``arrived`` of every piece's size;
    ``identities`` may serve several answers.

    A delimiter does not prove that the part before it is whole: a server that cannot read on may close it all the same.
    So a part has as many bytes as its head says, or it ends as a DICOM file does. Else ``doubted`` is told of it and
    its size, and says whether it is taken nevertheless, which it never is with fewer bytes than its head says.
    """

    def __init__(
        self,
        folder: InstanceFolder,
        place: Placement,
        *,
        received: Callable[[Resource, str, int], None],
        refused: Callable[[MalformedInstance], None],
        arrived: Callable[[int], None],
        doubted: Callable[[Resource, int], bool],
        identities: Optional[IdentityReader] = None,
    ) -> None:
        self._folder = folder
        self._place = place
        self._received = received
        self._refused = refused
        self._arrived = arrived
        self._doubted = doubted
        self._length = ""  # in bytes, as the part's head says
        self._identities = identities or IdentityReader()
        self._first: Optional[memoryview] = None  # the first piece of a part, while it may be all of it
        self._head: Optional[bytearray] = None
        self._look_at = 1  # bytes; not before so many are there
        self._open: Optional[Tuple[Resource, str, PartFile]] = None

    def take(self, events: Iterator[PartEvent]) -> None:
        """Everything that comes; whatever ends it early, no file of a broken part stays."""
        try:
            for event in events:
                if type(event) is Payload:
                    data = event.data
                    self._arrived(len(data))
                    if self._open is not None:
                        self._open[2].write(data)
                    else:
                        self._begin(data)
                elif type(event) is PartStarted:
                    self._head = bytearray()
                    self._look_at = 1
                    self._length = event.headers.get("content-length", "")
                elif type(event) is PartEnded:
                    self._end()
        finally:
            self._drop()

    def _begin(self, data: memoryview) -> None:
        """What comes before there is a file: the first piece waits, because most small parts have one only."""
        if self._first is not None:
            first, self._first = self._first, None
            self._look_into(first)
        elif self._head is not None and self._look_at == 1:
            self._first = data
            return
        self._look_into(data)

    def _look_into(self, data: memoryview) -> None:
        """Open the file as soon as the first bytes tell which instance they belong to."""
        if self._open is not None:
            self._open[2].write(data)
            return
        if self._head is None:
            return
        whole = memoryview(self._head + data) if self._head else data
        if len(whole) >= self._look_at:
            # Looked at anew only when there is twice as much: small pieces do not cost the square of their number.
            self._look_at = 2 * len(whole)
            if self._place_by(whole):
                return
        self._head += data

    def _place_by(self, head: memoryview) -> bool:
        """Whether these first bytes tell, for good or bad, what becomes of the part."""
        try:
            identity = self._identities.read(head)
        except MalformedInstance as error:
            self._head = None
            self._refused(error)
            return True
        if identity is None:
            return False
        self._head = None
        resource = self._place(identity)
        if resource is not None:
            path = self._folder.name_of(resource)
            self._open = (resource, path, PartFile(path))
            self._open[2].write(head)
        return True

    def _end(self) -> None:
        if self._open is not None:
            resource, path, file = self._open
            if self._is_taken(resource, file.size, file.is_whole):
                self._open = None
                file.keep()
                self._received(resource, path, file.size)
            self._drop()
        elif self._first is not None:
            first, self._first = self._first, None
            self._take_whole(first)
        elif self._head is not None:
            self._take_whole(memoryview(self._head))

    def _take_whole(self, content: memoryview) -> None:
        """A part of which nothing is written yet."""
        self._head = None
        try:
            identity = self._identities.read(content, whole=True)
        except MalformedInstance as error:
            self._refused(error)
            return
        resource = self._place(identity) if identity is not None else None
        if resource is not None and self._is_taken(resource, len(content), lambda: is_whole(content)):
            path = self._folder.name_of(resource)
            write_whole(path, content)
            self._received(resource, path, len(content))

    def _is_taken(self, resource: Resource, size: int, ends_properly: Callable[[], bool]) -> bool:
        if self._length == str(size) or ends_properly():
            return True
        says_more = self._length.isdecimal() and int(self._length[:_MOST_DIGITS]) > size
        return self._doubted(resource, size) and not says_more

    def _drop(self) -> None:
        self._first = None
        if self._open is not None:
            self._open[2].discard()
            self._open = None
