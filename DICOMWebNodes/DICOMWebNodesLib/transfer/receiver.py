"""From the parts of an answer to verified files: nothing is parsed that need not be, nothing written twice."""

from __future__ import annotations

from typing import Callable, Iterator, Optional, Tuple

from ..dicomweb.multipart import PartEnded, PartEvent, PartStarted, Payload
from ..dicomweb.part10 import Identity, IdentityReader
from ..dicomweb.resource import Resource
from ..errors import MalformedInstance
from .folder import InstanceFolder, PartFile

# Where an instance belongs; None: it is not wanted, its bytes are dropped.
Placement = Callable[[Identity], Optional[Resource]]


class Receiver:
    """Takes one answer's parts. ``place`` says where each belongs, ``received`` is told of each whole file,
    ``refused`` of each part that is no instance, and ``arrived`` of every piece's size in bytes; ``identities`` may
    serve several answers."""

    def __init__(
        self,
        folder: InstanceFolder,
        place: Placement,
        *,
        received: Callable[[Resource, PartFile], None],
        refused: Callable[[MalformedInstance], None],
        arrived: Callable[[int], None],
        identities: Optional[IdentityReader] = None,
    ) -> None:
        self._folder = folder
        self._place = place
        self._received = received
        self._refused = refused
        self._arrived = arrived
        self._identities = identities or IdentityReader()
        self._head: Optional[bytearray] = None
        self._look_at = 1  # bytes; not before so many are there
        self._open: Optional[Tuple[Resource, PartFile]] = None

    def take(self, events: Iterator[PartEvent]) -> None:
        """Everything that comes; whatever ends it early, no file of a broken part stays."""
        try:
            for event in events:
                if type(event) is Payload:
                    self._arrived(len(event.data))
                    self._write(event.data)
                elif type(event) is PartStarted:
                    self._head = bytearray()
                    self._look_at = 1
                elif type(event) is PartEnded:
                    self._end()
        finally:
            self._drop()

    def _write(self, data: memoryview) -> None:
        if self._open is not None:
            self._open[1].write(data)
        elif self._head is not None:
            self._identify(self._head, data)

    def _identify(self, head: bytearray, data: memoryview) -> None:
        """Open the file as soon as the first bytes tell which instance they belong to."""
        # The first piece is nearly always enough: it is then written as it is, without a copy.
        whole = memoryview(head + data) if head else data
        if len(whole) < self._look_at:
            head += data
            return
        # Looked at anew only when there is twice as much, so that small pieces do not cost the square of their number.
        self._look_at = 2 * len(whole)
        if not self._place_by(whole, last=False):
            head += data

    def _place_by(self, head: memoryview, *, last: bool) -> bool:
        """Whether these first bytes tell, for good or bad, what becomes of the part; ``last``: there are no more."""
        try:
            identity = self._identities.read(head, whole=last)
        except MalformedInstance as error:
            self._head = None
            self._refused(error)
            return True
        if identity is None:
            return False
        self._head = None
        resource = self._place(identity)
        if resource is not None:
            self._open = (resource, PartFile(self._folder.path_of(resource)))
            self._open[1].write(head)
        return True

    def _end(self) -> None:
        if self._head is not None:
            self._place_by(memoryview(bytes(self._head)), last=True)
        if self._open is not None:
            (resource, file), self._open = self._open, None
            file.keep()
            self._received(resource, file)

    def _drop(self) -> None:
        if self._open is not None:
            self._open[1].discard()
            self._open = None
