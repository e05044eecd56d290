"""The logic's part for importing, with what an earlier session did not finish."""

from dataclasses import replace
from typing import Any, Callable, List, Optional, Sequence, Tuple

from DICOMWebNodesLib.dicomweb.named import resources_of

from .importing import ImportJob
from .indexing import Indexing
from .journal import UnfinishedImport
from .logic_base import Host
from .logic_nodes import NodeName, nameOf
from .logic_transfers import TransfersLogic, noteEndWith


class ImportingLogic(TransfersLogic):
    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._indexing = Indexing(host.makeIndexer, host.later)
        self._imports: List[ImportJob] = []

    def stop(self) -> None:
        self._stopWaiting(self._imports)
        super().stop()

    @property
    def imports(self) -> Tuple[ImportJob, ...]:
        """Of this session, also those that are over; they live as long as the logic."""
        return tuple(self._imports)

    def startImportStudies(
        self, node: NodeName, resources: Sequence[Any], title: str = "", verify: bool = False
    ) -> ImportJob:
        named = tuple(map(str, resources_of(resources)))
        return self._startImport(UnfinishedImport(nameOf(node), named, title, verify=verify))

    def importStudies(
        self,
        node: NodeName,
        resources: Sequence[Any],
        title: str = "",
        progress: Optional[Callable[[Any], Any]] = None,
        verify: bool = False,
    ) -> Any:
        return self.wait(self.startImportStudies(node, resources, title, verify), progress)

    def unfinishedImports(self) -> Tuple[UnfinishedImport, ...]:
        """Of earlier sessions, and of this one those that failed."""
        journal = self._journal()
        return self._unclaimed(journal.entries(), journal, self._imports) if journal else ()

    def resumeImport(self, unfinished: UnfinishedImport) -> ImportJob:
        return self._startImport(unfinished)

    def retryImport(self, job: ImportJob, resource: str = "") -> ImportJob:
        """Import again what ``job``, which is over, was asked for: only what is missing is fetched.

        ``resource``: one series that is over, of a job that may go on; the job that does so already, if there is one.
        """
        if resource:
            under_way = job.retries.get(resource)
            if under_way is None or under_way.isOver:
                entry = UnfinishedImport(job.node, (resource,), job.title, verify=job.verify)
                under_way = job.retries[resource] = self._startImport(entry)
                noteEndWith(under_way, job, self._journal())
            return under_way
        return self._startImport(UnfinishedImport(job.node, job.resources, job.title, job.uid, verify=job.verify))

    def forgetImport(self, unfinished: UnfinishedImport) -> None:
        self._forget(unfinished)

    def _startImport(self, entry: UnfinishedImport) -> ImportJob:
        journal = self._journal()
        others = self.unfinishedImports() if entry.manifestHost else ()  # a script may have left thousands of them
        before = (each for each in others if entry.isAgain(each))
        entry = replace(entry, uid=next(before, entry).uid, title=entry.title or ", ".join(entry.resources)[:80])
        job = ImportJob(
            entry.node,
            resources_of(entry.resources),
            entry.title,
            verify=entry.verify,
            uid=entry.uid,
            cancelled=entry.cancelled,
            client=self._client,
            database=self._host.database(),
            indexing=self._indexing,
            slices=self._slices,
        )
        problem = self._claim(job, entry, journal)
        if problem is None and journal is not None:
            job.seriesCancelled.connect(lambda: journal.add(replace(entry, cancelled=job.cancelledSeries)))
            job.finished.connect(lambda job: self._host.refreshBrowser())
        self._imports.append(job)
        return self._begin(job, problem)
