"""The logic's part for sending, with what an earlier session did not finish."""

from typing import Any, Callable, List, Optional, Sequence, Tuple

from .database import databaseProblem, importFolder, patientOf
from .job import JobState
from .journal import Journal, UnfinishedSend
from .logic_base import Host, LogicBase
from .sending import SendJob, SendSummary
from .slices import Slices


class SendingLogic(LogicBase):
    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._slices = Slices(host.later)
        self._sends: List[SendJob] = []

    @property
    def sends(self) -> Tuple[SendJob, ...]:
        """Of this session, also those that are over."""
        return tuple(self._sends)

    def startSend(
        self, node: str, seriesUIDs: Sequence[str] = (), files: Sequence[str] = (), title: str = ""
    ) -> SendJob:
        title = title or patientOf(self._host.database(), seriesUIDs)
        return self._startSend(UnfinishedSend(node, tuple(seriesUIDs), tuple(str(file) for file in files), title))

    def send(
        self,
        node: str,
        seriesUIDs: Sequence[str] = (),
        files: Sequence[str] = (),
        title: str = "",
        progress: Optional[Callable[[Any], Any]] = None,
    ) -> SendSummary:
        summary: SendSummary = self.wait(self.startSend(node, seriesUIDs, files, title), progress)
        return summary

    def retrySend(self, job: SendJob) -> SendJob:
        """Send what ``job``, which is over, did not bring to the server, and nothing else."""
        seriesUIDs, files = job.unsent()
        return self._startSend(UnfinishedSend(job.node, seriesUIDs, files, job.title, job.uid))

    def unfinishedSends(self) -> Tuple[UnfinishedSend, ...]:
        """Of earlier sessions, and of this one those that failed."""
        journal = self._journal()
        running = {job.uid for job in self._sends if not job.isOver}
        return tuple(entry for entry in journal.sends() if entry.uid not in running) if journal else ()

    def resumeSend(self, unfinished: UnfinishedSend) -> SendJob:
        """From its beginning: a server that has an instance says so."""
        return self._startSend(unfinished)

    def forgetSend(self, unfinished: UnfinishedSend) -> None:
        journal = self._journal()
        if journal is not None:
            journal.remove(unfinished.uid)

    def _startSend(self, entry: UnfinishedSend) -> SendJob:
        job = SendJob(
            entry.node,
            entry.seriesUIDs,
            entry.files,
            entry.title,
            uid=entry.uid,
            client=self._client,
            database=self._host.database(),
            slices=self._slices,
        )
        journal = self._journal()
        if journal is not None:
            journal.add(entry)
            job.finished.connect(lambda job: noteEnd(job, journal))
        self._sends.append(job)
        self._tellStart(job)
        return job.start()

    def _journal(self) -> Optional[Journal]:
        database = self._host.database()
        return Journal(importFolder(database)) if databaseProblem(database) is None else None


def noteEnd(job: Any, journal: Journal) -> None:
    """Done or given up by a person: nothing to resume. ``job``: an import or a send."""
    if job.state is JobState.CANCELLED or (job.state is JobState.DONE and job.value.complete):
        journal.remove(job.uid)
