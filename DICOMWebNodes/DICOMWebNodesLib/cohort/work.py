"""One row: found and retrieved. In this process with a workspace that is given, or in any other with its own."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Iterator, List, Optional, Set

from ..dicomweb.matching import Matching
from ..dicomweb.query import Query
from ..dicomweb.resource import Resource
from ..dicomweb.unusable import noted
from ..errors import DICOMWebNodesError, MalformedAttribute
from ..storage.folders import settings_folder
from ..transfer.control import Control
from ..workspace import Workspace
from .row import CANCELLED, COMPLETE, INCOMPLETE, NOT_FOUND, CohortRow, RowOutcome, failure

if TYPE_CHECKING:
    from ..dicomweb.dicom_json import Attributes


@dataclass(frozen=True)
class RowTask:
    """What a process needs to know of a row: no secret is in it.

    ``settings``: the folder in which that process finds nodes and authentication methods; "": its own.
    """

    line: int
    row: CohortRow
    node: str
    output: str
    settings: str = ""
    connections: int = 4
    verify: bool = False


Work = Callable[[RowTask], RowOutcome]


def retrieve_row(task: RowTask) -> RowOutcome:
    """The work of an executor: nodes, methods and secrets are found where it runs."""
    try:
        return retrieve_with(workspace_of(task.settings), task)
    except DICOMWebNodesError as error:
        return failure(task.line, error)


class WorkHere:
    """The work of threads that share ``workspace``, with the credentials that it has; can be cancelled."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._running: Set[Control] = set()
        self._cancelled = False
        self._lock = threading.Lock()

    def __call__(self, task: RowTask) -> RowOutcome:
        control = Control()
        with self._lock:
            if self._cancelled:
                return RowOutcome(task.line, CANCELLED)
            self._running.add(control)
        try:
            return retrieve_with(self._workspace, task, control)
        finally:
            with self._lock:
                self._running.discard(control)

    def cancel(self) -> None:
        """Rows under way end now; what they have brought stays."""
        with self._lock:
            self._cancelled = True
            running = tuple(self._running)
        for control in running:
            control.cancel()


def retrieve_with(workspace: Workspace, task: RowTask, control: Optional[Control] = None) -> RowOutcome:
    """Retrieve what a row means; what fails is in the outcome."""
    found: List[Resource] = []
    problems: List[MalformedAttribute] = []  # of what the server lists and nobody can ask for
    try:
        found.extend(dict.fromkeys(resources_of(task.row, workspace, task.node, problems)))
        names = tuple(map(str, found))
        if not found and problems:
            raise problems[0]
        if not found:
            return RowOutcome(task.line, NOT_FOUND, code="not-found", reason="the server knows nothing like it")
        summary = workspace.retrieve(
            task.node, found, Path(task.output), control=control, connections=task.connections, verify=task.verify
        )
    except DICOMWebNodesError as error:
        return failure(task.line, error, tuple(map(str, found)))
    first = summary.failed[0] if summary.failed else None
    code, reason = (first.code, first.reason) if first else ("", "")
    if problems and not first:
        code, reason = problems[0].code, problems[0].cause
    if code == "not-found" and not (summary.stored or summary.already_there or problems):
        word = NOT_FOUND
    else:
        word = CANCELLED if summary.cancelled else COMPLETE if summary.complete and not problems else INCOMPLETE
    return RowOutcome(
        task.line,
        word,
        summary.stored,
        summary.already_there,
        summary.missing + len(problems),
        summary.bytes,
        round(summary.seconds, 3),
        code,
        reason,
        names,
    )


def resources_of(
    row: CohortRow, workspace: Workspace, node: str, problems: List[MalformedAttribute]
) -> Iterator[Resource]:
    """What the row means; asks the node where the row does not say it. ``problems``: where to note what the server
    lists with a UID that is none."""
    narrow = row.matching("modality", "series_description")
    if row.series_instance_uid or row.sop_instance_uid:
        yield from _named(row, workspace, node, problems)
    elif row.study_instance_uid and not narrow:
        yield Resource(row.study_instance_uid)
    elif row.study_instance_uid:
        yield from _series_of(row.study_instance_uid, narrow, workspace, node, problems)
    else:
        query = Query.studies(**row.matching("patient_id", "accession_number", "study_id", "study_date"))
        for study in _usable(query, workspace, node, lambda found: Resource(found.study_instance_uid), problems):
            if narrow:
                yield from _series_of(study.study_instance_uid, narrow, workspace, node, problems)
            else:
                yield study


def _named(row: CohortRow, workspace: Workspace, node: str, problems: List[MalformedAttribute]) -> Iterator[Resource]:
    """A series or an instance; the UIDs above it are asked for where they are missing."""
    study, series, instance = row.study_instance_uid, row.series_instance_uid, row.sop_instance_uid
    if study and series:
        return iter([Resource(study, series, instance)])
    if instance:
        query = Query.instances(study, **row.matching("series_instance_uid", "sop_instance_uid"))
        return _usable(
            query,
            workspace,
            node,
            lambda found: Resource(study or found.study_instance_uid, found.series_instance_uid, instance),
            problems,
        )
    query = Query.series(SeriesInstanceUID=series)
    return _usable(query, workspace, node, lambda found: Resource(found.study_instance_uid, series), problems)


def _series_of(
    study: str, narrow: dict[str, str], workspace: Workspace, node: str, problems: List[MalformedAttribute]
) -> Iterator[Resource]:
    query = Query.series(study, includefield=tuple(narrow), **narrow)
    return _usable(query, workspace, node, lambda found: Resource(study, found.series_instance_uid), problems)


def _usable(
    query: Query,
    workspace: Workspace,
    node: str,
    resource_of: Callable[[Attributes], Resource],
    problems: List[MalformedAttribute],
) -> Iterator[Resource]:
    """One with a UID that is none is noted and does not hold up the others."""
    for found in _matching(query, workspace, node):
        with noted(query.level, problems):
            yield resource_of(found)


def _matching(query: Query, workspace: Workspace, node: str) -> Iterator[Attributes]:
    """Looked at once more here: who ignores a matching key would send the whole archive."""
    matches = Matching(query)
    return (found for found in workspace.search(node, query) if matches(found.raw))


@lru_cache(maxsize=8)
def workspace_of(settings: str) -> Workspace:
    """This process's workspace for a folder of settings ("": its own), signing as the nodes there say."""
    from ..nodes.store import FILE_NAME, NodeStore

    folder = Path(settings) if settings else settings_folder()
    return Workspace(NodeStore(folder / FILE_NAME))
