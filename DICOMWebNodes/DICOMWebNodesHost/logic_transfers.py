"""What imports and sends have in common: the journal of what is not finished, and whose it is."""

from typing import Any, Dict, Optional, Sequence, Tuple, TypeVar

from DICOMWebNodesLib.errors import InvalidValue, NodeNotFound, TransferError, WorkerFailed

from .claims import Claim, Claims
from .database import databaseProblem, importFolder
from .importing import ImportJob
from .job import JobState
from .journal import Journal, Standing, Unfinished
from .logic_base import Host, LogicBase
from .sending import SendJob
from .slices import Slices

_NEVER_RIGHT = (NodeNotFound, InvalidValue)  # what was asked for, in a script: there is nothing to resume
_Entry = TypeVar("_Entry", bound=Unfinished)
_Job = TypeVar("_Job", ImportJob, SendJob)


class TransfersLogic(LogicBase):
    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._slices = Slices(host.later)
        self._claims = Claims()
        self._claimed: Dict[str, Claim] = {}  # by the uid of what is under way

    def stop(self) -> None:
        """End the worker process; the jobs under way fail. The next request starts another one."""
        super().stop()
        self.letGo()

    def _stopWaiting(self, jobs: Sequence[Any]) -> None:
        """Those that have not begun fail too: they would start another worker."""
        for job in jobs:
            job.abandon(WorkerFailed("the worker process was stopped"))

    def letGo(self) -> None:
        """Nothing is on its way any more: any Slicer may take it up, also while what has come is still indexed here."""
        for claim in self._claimed.values():
            claim.release()
        self._claimed.clear()

    def _journal(self) -> Optional[Journal]:
        database = self._host.database()
        return Journal(importFolder(database), self._claims) if databaseProblem(database) is None else None

    def _unclaimed(self, entries: Sequence[_Entry], journal: Journal, jobs: Sequence[Any]) -> Tuple[_Entry, ...]:
        """What no Slicer works on, neither this one nor another that has the same database open.

        ``jobs``: those of this one, also where nothing can be locked.
        """
        running = {job.uid for job in jobs if not job.isOver}
        return tuple(entry for entry in entries if entry.uid not in running and not journal.isClaimed(entry.uid))

    def standingOf(self, unfinished: Unfinished) -> Standing:
        """What has become of it meanwhile; other Slicers may have the same database open."""
        journal = self._journal()
        if journal is None:  # nobody can tell while the database is closed
            return Standing.UNFINISHED
        return journal.standingOf(unfinished.uid)

    def _forget(self, unfinished: Unfinished) -> None:
        """But for what another Slicer has taken up meanwhile: when that one crashes it is still to be offered."""
        journal = self._journal()
        if journal is not None and not journal.isClaimed(unfinished.uid):
            journal.remove(unfinished.uid)

    def _claim(self, job: Any, entry: Unfinished, journal: Optional[Journal]) -> Optional[TransferError]:
        """Note that this Slicer works on it, until ``job`` is over. What keeps it from that, if anything does."""
        if journal is None:  # the job will say what is wrong with the database
            return None
        if entry.uid in self._claimed:
            return TransferError("it is under way already", next_step="Try again when it has ended.")
        claim = journal.claim(entry.uid)
        if claim is None:
            return TransferError(
                "another Slicer that has this DICOM database open is at it already",
                next_step="Look there how far it is, or try again when it has ended.",
            )
        self._claimed[entry.uid] = claim
        isNew = journal.standingOf(entry.uid) is Standing.GONE
        journal.add(entry)
        job.finished.connect(lambda job: self._conclude(job, journal, claim, isNew))
        return None

    def _begin(self, job: _Job, problem: Optional[TransferError]) -> _Job:
        """It is started, unless there is a ``problem``, with which it ends."""
        self._tellStart(job)
        if problem is not None:
            job.fail(problem)
        else:
            job.start()
        return job

    def _conclude(self, job: Any, journal: Journal, claim: Claim, isNew: bool) -> None:
        if isNew and isinstance(job.error, _NEVER_RIGHT):
            journal.remove(job.uid)
        conclude(job, journal, claim)
        if self._claimed.get(job.uid) is claim:
            del self._claimed[job.uid]


def conclude(job: Any, journal: Journal, claim: Claim) -> None:
    """The journal first: another Slicer could take up what is done as soon as nobody has a claim to it."""
    try:
        noteEnd(job, journal)
    finally:
        claim.release()
    journal.tidy(job.uid)  # where it could not be noted at all


def noteEnd(job: Any, journal: Journal) -> None:
    """Done or given up by a person: nothing to resume. ``job``: an import or a send."""
    if job.state is JobState.CANCELLED or job.isAsWanted:
        journal.remove(job.uid)


def noteEndWith(retry: Any, job: Any, journal: Optional[Journal]) -> None:
    """What ``retry`` brings may be all that ``job`` lacks."""
    if journal is not None:
        retry.finished.connect(lambda retry: noteEnd(job, journal))
