"""The logic's part for sending, with what an earlier session did not finish."""

from dataclasses import replace
from typing import Any, Callable, FrozenSet, List, Optional, Sequence, Tuple

from .database import patientOf, seriesNamed
from .journal import Journal, UnfinishedSend
from .logic_base import Host, listOf
from .logic_nodes import NodeName, nameOf
from .logic_transfers import TransfersLogic, noteEndWith
from .send_values import SendSummary
from .sending import SendJob


class SendingLogic(TransfersLogic):
    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._sends: List[SendJob] = []

    def stop(self) -> None:
        self._stopWaiting(self._sends)
        super().stop()

    @property
    def sends(self) -> Tuple[SendJob, ...]:
        """Of this session, also those that are over."""
        return tuple(self._sends)

    def startSend(
        self, node: NodeName, seriesUIDs: Sequence[str] = (), files: Sequence[str] = (), title: str = ""
    ) -> SendJob:
        series = tuple(seriesNamed(self._host.database(), listOf(seriesUIDs)))
        title = title or patientOf(self._host.database(), series)
        return self._startSend(UnfinishedSend(nameOf(node), series, tuple(str(file) for file in listOf(files)), title))

    def send(
        self,
        node: NodeName,
        seriesUIDs: Sequence[str] = (),
        files: Sequence[str] = (),
        title: str = "",
        progress: Optional[Callable[[Any], Any]] = None,
    ) -> SendSummary:
        summary: SendSummary = self.wait(self.startSend(node, seriesUIDs, files, title), progress)
        return summary

    def retrySend(self, job: SendJob, resource: str = "") -> SendJob:
        """Send what ``job``, which is over, did not bring to the server, and nothing else.

        ``resource``: one series that is over, of a job that may go on; the job that does so already, if there is one.
        """
        if not resource:
            entry = UnfinishedSend(job.node, job.seriesUIDs, job.files, job.title, job.uid)
            return self._startSend(entry, job.settledMarks)
        under_way = job.retries.get(resource)
        if under_way is None or under_way.isOver:
            series = resource.rpartition("/")[2]
            of_series = (series,) if series in job.seriesUIDs else ()
            entry = UnfinishedSend(job.node, of_series, () if of_series else _filesOf(job, series), job.title)
            under_way = job.retries[resource] = self._startSend(entry, job.settledMarks, job)
            noteEndWith(under_way, job, self._journal())
        return under_way

    def unfinishedSends(self) -> Tuple[UnfinishedSend, ...]:
        """Of earlier sessions, and of this one those that failed."""
        journal = self._journal()
        return self._unclaimed(journal.sends(), journal, self._sends) if journal else ()

    def resumeSend(self, unfinished: UnfinishedSend) -> SendJob:
        """What the server has confirmed is not sent again; what may have been on its way is looked for first."""
        journal = self._journal()
        return self._startSend(unfinished, journal.confirmed(unfinished.uid) if journal else frozenset())

    def confirmedOf(self, unfinished: UnfinishedSend) -> int:
        """Of how many files the server has said that it has them."""
        journal = self._journal()
        return len(journal.confirmed(unfinished.uid)) if journal else 0

    def forgetSend(self, unfinished: UnfinishedSend) -> None:
        self._forget(unfinished)

    def _startSend(
        self, entry: UnfinishedSend, earlier: Optional[FrozenSet[str]] = None, part_of: Optional[SendJob] = None
    ) -> SendJob:
        """``earlier``: marks of what is not sent again, None: it is the first attempt. ``part_of``: the job of which
        it repeats a series."""
        journal = self._journal() if entry.seriesUIDs or entry.files else None  # nothing will ever be to resume

        def confirm(marks: Sequence[str]) -> None:
            if part_of is not None:
                part_of.noteSettled(marks)
            for uid in (entry.uid, part_of.uid) if part_of is not None else (entry.uid,):
                if journal is not None:
                    journal.confirm(uid, marks)

        job = SendJob(
            entry.node,
            entry.seriesUIDs,
            entry.files,
            entry.title,
            uid=entry.uid,
            earlier=earlier,
            confirm=confirm,
            client=self._client,
            database=self._host.database(),
            slices=self._slices,
        )
        problem = self._claim(job, entry, journal)
        if problem is None and journal is not None:
            journal.confirm(entry.uid, (earlier or frozenset()) - journal.confirmed(entry.uid))
            job.seriesCancelled.connect(lambda: _noteCancelled(entry, job, journal))
        self._sends.append(job)
        return self._begin(job, problem)


def _noteCancelled(entry: UnfinishedSend, job: SendJob, journal: Journal) -> None:
    """What a person has cancelled is not resumed. Files that were named one by one stay in the entry: which series
    they are of is known only when they are sent."""
    left = replace(entry, seriesUIDs=tuple(uid for uid in entry.seriesUIDs if uid not in job.cancelledSeries))
    if left.seriesUIDs or left.files:
        journal.add(left)
    else:
        journal.remove(entry.uid)


def _filesOf(job: SendJob, series: str) -> Tuple[str, ...]:
    """The files of a series, as far as their outcomes have told that they are of it."""
    return tuple(each["path"] for each in job.outcomes if each.get("series_instance_uid") == series and each["path"])
