"""One series on its way: what is there, what comes in one stream, what is filled in one by one.

A study that cannot be searched is on its way as a whole; where the server does not give it like that, as its series.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Deque, FrozenSet, Optional, Sequence, Tuple

from ..dicomweb.part10 import Identity
from ..dicomweb.part10_layouts import IdentityReader
from ..dicomweb.resource import Level, Resource
from ..errors import (
    ConnectionLost,
    DICOMWebNodesError,
    MalformedInstance,
    NotFound,
    ProtocolError,
    TimedOut,
    UnsupportedService,
)
from .arrivals import Arrivals
from .events import Failure, SeriesPlan
from .here import Here
from .receiver import Placement, Receiver
from .refusals import Refusals
from .series_account import SeriesAccount
from .trouble import is_fatal

if TYPE_CHECKING:
    from .engine import Transfer

# An answer that broke while it was read, or was none of the protocol, can be right the next time.
LOST = (ConnectionLost, TimedOut)
BROKEN = (*LOST, ProtocolError)


class SeriesTransfer:
    """The first task of a series, and the state that its further tasks share.

    ``plan.resource`` is a whole study where the server cannot be searched. ``only`` restricts it to these instances.
    ``refused``: levels at which the server did not give them.
    """

    is_plan = False

    def __init__(
        self,
        transfer: Transfer,
        plan: SeriesPlan,
        only: Optional[FrozenSet[Resource]] = None,
        refused: Sequence[Level] = (),
    ) -> None:
        self.resource = plan.resource
        self._transfer = transfer
        self._wanted = only
        self._identities = IdentityReader()
        self._here = Here(plan.resource, transfer.account.fetched_again)
        self._present = self._here.present
        self._account = SeriesAccount(
            transfer, plan.resource, len(only) if only is not None else plan.expected, self._present
        )
        self._unusable: Tuple[Failure, ...] = ()  # what the server lists and nobody can ask for
        self._came_whole = False
        self._trouble: Optional[DICOMWebNodesError] = None
        self._refusals = Refusals(transfer.source.refused, refused)

    # --- tasks --------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Stream the series when nothing of it is here, then ask for each instance that is missing."""
        self._transfer.account.started(self.resource, self._account.expected)
        self._note_what_is_there()
        can_stream = self._can_stream()
        if can_stream:
            self._stream()
        if self._transfer.verify or not (can_stream and len(self._present) == self._account.expected):
            self._list()
        if self.resource.level is Level.STUDY and self._wanted and self._can_be_handed_over():
            self._hand_over()
        else:
            self._fill()

    def abandon(self, error: DICOMWebNodesError) -> None:
        """It could not start or not go on."""
        known = len(self._wanted) + len(self._unusable) if self._wanted is not None else None
        self._account.abandoned(error, known)

    def fetch(self, instance: Resource) -> None:
        """Ask for one instance that is missing."""
        self._transfer.again(instance, lambda: self._ask_for(instance), BROKEN)
        self._account.settled()

    def abandon_one(self, instance: Resource, error: DICOMWebNodesError) -> None:
        self._account.one_abandoned(instance, error)

    # --- steps --------------------------------------------------------------------------------------------------

    def _note_what_is_there(self) -> None:
        folder = self._transfer.folder
        folder.remove_abandoned(self.resource)
        for instance, path in self._transfer.inventory(self.resource).items():
            if self._wanted is None or instance in self._wanted:
                self._present[instance] = True
                self._transfer.account.already_there(self.resource, instance, path)

    def _can_stream(self) -> bool:
        return self._wanted is None and not self._present and self._transfer.source.retrieves(self.resource.level)

    def _stream(self) -> None:
        """Everything in one request; an answer that breaks is made good by what follows."""
        self._transfer.gate(self.resource)
        try:
            refused = self._receive(self.resource, self._here.place)
            self._came_whole = refused is None and bool(self._present or self._here.doubted)
        except DICOMWebNodesError as error:
            if is_fatal(error):
                raise
            self._trouble = error
            self._refusals.note(self.resource.level, error)

    def _list(self) -> None:
        """Learn which instances there should be, unless that is known or cannot be known."""
        if self._wanted is not None:
            return
        try:
            listed = self._transfer.again(
                self.resource,
                lambda: self._transfer.catalogue.instances_of(self.resource, self._account.expected),
                LOST,
            )
        except (UnsupportedService, NotFound):
            if not self._came_whole or self._transfer.verify:
                raise
            # Its end is all that can be known of it.
            doubted = self._here.doubted
            self._wanted = frozenset((*self._present, *doubted)) if doubted else None
            return
        self._wanted, self._unusable = listed.instances, listed.unusable
        if listed.instances or listed.unusable:
            return
        if self._trouble is not None:
            raise self._trouble
        if not self._present:
            raise NotFound("the server has no instances of it", status=404)

    def _can_be_handed_over(self) -> bool:
        return not self._present and self._transfer.source.retrieves(Level.SERIES)

    def _hand_over(self) -> None:
        """The series of a study, each in a task of its own, in the place of this one."""
        counts = Counter(instance.parent for instance in self._wanted or ())
        # What has no UID of its own comes with its series, or is named there.
        counts.update(each.resource for each in self._unusable if each.resource.level is Level.SERIES)
        plans = tuple(SeriesPlan(series, count) for series, count in sorted(counts.items()))
        self._transfer.account.planned(self.resource, plans)
        for plan in plans:
            self._transfer.queue.put(SeriesTransfer(self._transfer, plan, refused=self._refusals.levels))
        self._account.expected = None
        self._account.failed(each for each in self._unusable if each.resource.level is Level.STUDY)
        self._account.finish()

    def _fill(self) -> None:
        # What came and is not in the list may be what stands there without a UID.
        came = 0 if self._transfer.verify else len(self._present.keys() - (self._wanted or frozenset()))
        self._account.failed(self._unusable[came:])
        if self._wanted is not None:
            self._transfer.account.expects(self.resource, max(len(self._wanted), self._account.expected or 0))
        missing = sorted(self._wanted - self._present.keys()) if self._wanted is not None else []
        self._account.waits_for(len(missing))
        for instance in missing:
            self._transfer.queue.put(InstanceTransfer(self, instance))

    def _ask_for(self, instance: Resource) -> None:
        def place(identity: Identity) -> Optional[Resource]:
            is_it = identity.sop_instance_uid == instance.sop_instance_uid and instance not in self._present
            return instance if is_it else None

        refusal: Optional[MalformedInstance] = None
        try:
            refusal = self._receive(instance, place)
        except BROKEN:
            if instance not in self._present:
                raise
        if instance not in self._present:
            if instance in self._here.doubted:
                refusal = MalformedInstance("the server sends only a part of it")
            raise refusal or MalformedInstance(
                "the server sent another instance, or none", next_step="Tell the server's administrator."
            )

    def _receive(self, resource: Resource, place: Placement) -> Optional[MalformedInstance]:
        """Take one answer. Gives the last part's refusal, if any part was no instance."""
        transfer = self._transfer
        # The last one alone: there may be a million of them.
        refusals: Deque[MalformedInstance] = deque(maxlen=1)

        arrivals = Arrivals(self._arrived)

        def arrived(size: int) -> None:
            arrivals.add(size)
            transfer.gate(resource)

        receiver = Receiver(
            transfer.folder,
            place,
            received=self._received,
            refused=refusals.append,
            arrived=arrived,
            doubted=self._here.is_the_servers_own,
            identities=self._identities,
        )
        with transfer.source.retrieve(resource) as events:
            try:
                receiver.take(events)
            finally:
                arrivals.tell()
        transfer.note_arrival(0, answers=1)
        return refusals[-1] if refusals else None

    def _arrived(self, size: int) -> None:
        self._transfer.account.arrived(self.resource, size)
        self._transfer.note_arrival(size)

    def _received(self, instance: Resource, path: str, size: int) -> None:
        self._present[instance] = False
        self._refusals.came()
        self._transfer.account.stored(self.resource, instance, path, size)
        self._transfer.note_success()


class InstanceTransfer:
    """The task of one missing instance."""

    is_plan = False

    def __init__(self, series: SeriesTransfer, instance: Resource) -> None:
        self.resource = instance
        self._series = series

    def run(self) -> None:
        self._series.fetch(self.resource)

    def abandon(self, error: DICOMWebNodesError) -> None:
        self._series.abandon_one(self.resource, error)
