"""A cohort through any :class:`concurrent.futures.Executor`: threads, processes, or the machines of a cluster.

::

    from concurrent.futures import ProcessPoolExecutor
    from DICOMWebNodesLib.cohort.run import retrieve_cohort

    with ProcessPoolExecutor(4) as executor:
        for outcome in retrieve_cohort("cohort.csv", "data", executor, node="Lab"):
            print(outcome.line, outcome.outcome, outcome.reason)
"""

from __future__ import annotations

import concurrent.futures
from collections import Counter
from pathlib import Path
from typing import Callable, Dict, Iterator, Mapping, Optional, Set, Tuple, Union

from ..errors import (
    AuthMethodNotFound,
    ConnectionRefused,
    DiskFull,
    NameNotResolved,
    NodeNotFound,
    NotWritable,
    PlainHTTPRefused,
    ProxyFailed,
    SecretUnavailable,
    SignInFailed,
    SignInRequired,
    TLSFailed,
    TransferError,
    Unauthorized,
    UnsupportedService,
)
from .result_file import ResultFile
from .row import CANCELLED, DUPLICATE, FAILED, NOT_STARTED, RowOutcome
from .table import CohortFile, Line
from .work import RowTask, Work, retrieve_row, workspace_of

# So many rows of one node in a row may fail like this before its others are left alone.
MOST_TROUBLE = 10
_HOPELESS = frozenset(
    kind.code
    for kind in (
        *(SignInRequired, SignInFailed, AuthMethodNotFound, PlainHTTPRefused, SecretUnavailable, Unauthorized),
        *(NameNotResolved, ConnectionRefused, TLSFailed, ProxyFailed),
        *(NodeNotFound, UnsupportedService, DiskFull, NotWritable),
    )
)
_LOOK_UP = 0.5  # seconds; nothing else lets Ctrl-C through on Windows

PathLike = Union[str, Path]


def retrieve_cohort(
    cohort: PathLike,
    output: PathLike,
    executor: concurrent.futures.Executor,
    *,
    node: str = "",
    result: Optional[PathLike] = None,
    settings: str = "",
    connections: int = 4,
    verify: bool = False,
    ahead: int = 256,
    work: Work = retrieve_row,
    cancel: Callable[[], None] = lambda: None,
    check_node: Optional[Callable[[str], object]] = None,
) -> Iterator[RowOutcome]:
    """Retrieve every row of the CSV file ``cohort`` into ``output``, and give the outcomes as they come.

    ``node``: for rows without one. ``result``: the CSV file that gets every row's outcome (default: beside the
    instances, :func:`result_path`); what it has as complete from an earlier run is given again without asking. At
    most ``ahead`` rows are with the executor at once, each of which makes at most ``connections`` requests side by
    side. ``verify``: as :meth:`.Workspace.retrieve`'s. ``work`` is sent with plain values only (:class:`RowTask`); the
    default finds nodes, methods and secrets in the folder ``settings`` of the machine where it runs ("": where that
    machine's user has them).

    The file is checked as a whole first: InvalidValue names the lines that are wrong. A row that fails raises
    nothing. Ctrl-C calls ``cancel``, gives the rows under way a chance to end, records all others as not started,
    and is raised then. TransferError is raised when the executor itself breaks.
    """
    file = CohortFile(Path(cohort))
    resolve = check_node or workspace_of(settings).resolve
    file.check(lambda name: resolve(name or node))
    output = Path(output)
    recorded = ResultFile(Path(result) if result else result_path(cohort, output), file, output)

    def task(line: Line) -> RowTask:
        return RowTask(
            line.number, line.row, line.row.node or node, str(output.absolute()), settings, connections, verify
        )

    return _outcomes(file, recorded, _Run(executor, work, cancel, ahead), task)


def _outcomes(
    file: CohortFile, recorded: ResultFile, run: _Run, task: Callable[[Line], RowTask]
) -> Iterator[RowOutcome]:
    done = recorded.begin()
    try:
        for line in file.lines():
            if line.row.key in done:
                yield recorded.keep(line.number, line.cells, done[line.row.key])
        recorded.started()
        for line, outcome in run.outcomes(_first_of_each(file, done), task):
            recorded.add(line.cells, outcome)
            yield outcome
    finally:
        recorded.close()
    run.raise_what_ended_it()


def result_path(cohort: PathLike, output: PathLike) -> Path:
    return Path(output) / f"{Path(cohort).stem}-result.csv"


def _first_of_each(file: CohortFile, done: Mapping[int, str]) -> Iterator[Tuple[Line, Optional[RowOutcome]]]:
    """Lines that are to do; those that say the same as an earlier one have their outcome already."""
    seen: Set[int] = set()
    for line in file.lines():
        key = line.row.key
        if key not in done:
            yield line, RowOutcome(line.number, DUPLICATE) if key in seen else None
            seen.add(key)


class _Run:
    """Keeps the executor busy, and knows when to stop."""

    def __init__(
        self, executor: concurrent.futures.Executor, work: Work, cancel: Callable[[], None], ahead: int
    ) -> None:
        self._executor = executor
        self._work = work
        self._cancel = cancel
        self._ahead = ahead
        self._waiting: Dict[concurrent.futures.Future[RowOutcome], Tuple[Line, str]] = {}
        self._trouble: Counter[str] = Counter()
        self._left_alone: Dict[str, RowOutcome] = {}
        self._interrupted: Optional[KeyboardInterrupt] = None
        self._broken: Optional[BaseException] = None

    def outcomes(
        self, lines: Iterator[Tuple[Line, Optional[RowOutcome]]], task: Callable[[Line], RowTask]
    ) -> Iterator[Tuple[Line, RowOutcome]]:
        try:
            for line, known in lines:
                while len(self._waiting) >= self._ahead:
                    yield from self._next()
                outcome = known or self._submit(line, task(line))
                if outcome is not None:
                    yield line, outcome
            while self._waiting:
                yield from self._next()
        finally:
            self._let_go()

    def raise_what_ended_it(self) -> None:
        if self._interrupted is not None:
            raise self._interrupted
        if self._broken is not None:
            raise TransferError(
                f"the executor broke ({type(self._broken).__name__})",
                next_step="Start it again: what is complete is not retrieved twice.",
            ) from self._broken

    def _submit(self, line: Line, task: RowTask) -> Optional[RowOutcome]:
        """None: its outcome comes later."""
        why = self._left_alone.get(task.node)
        if why is None and self._interrupted is None and self._broken is None:
            try:
                self._waiting[self._executor.submit(self._work, task)] = line, task.node
                return None
            except RuntimeError as error:  # also BrokenExecutor: nothing can be submitted any more
                self._broken = error
        if why is not None:
            return RowOutcome(task.line, NOT_STARTED, code=why.code, reason=f"like the rows before: {why.reason}")
        return RowOutcome(task.line, NOT_STARTED)

    def _next(self) -> Iterator[Tuple[Line, RowOutcome]]:
        """Wait for some rows to end."""
        try:
            ended, _ = concurrent.futures.wait(self._waiting, _LOOK_UP, return_when=concurrent.futures.FIRST_COMPLETED)
        except KeyboardInterrupt as interrupt:
            if self._interrupted is not None:
                raise  # who asks twice does not want to wait
            self._interrupted = interrupt
            self._let_go()
            return
        for future in [each for each in self._waiting if each in ended or each.cancelled()]:
            line, node = self._waiting.pop(future)
            outcome = self._outcome(line, future)
            self._judge(node, outcome)
            yield line, outcome

    def _let_go(self) -> None:
        for future in self._waiting:
            future.cancel()
        if self._waiting:
            self._cancel()

    def _outcome(self, line: Line, future: concurrent.futures.Future[RowOutcome]) -> RowOutcome:
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            return RowOutcome(line.number, NOT_STARTED)
        except KeyboardInterrupt:  # of the process that did it
            return RowOutcome(line.number, CANCELLED)
        except concurrent.futures.BrokenExecutor as error:
            self._broken = error
            return RowOutcome(line.number, FAILED, code="executor", reason="the process that did it ended")
        except Exception as error:  # of the executor: its message may hold anything
            return RowOutcome(line.number, FAILED, code="executor", reason=f"it was lost ({type(error).__name__})")

    def _judge(self, node: str, outcome: RowOutcome) -> None:
        if outcome.code not in _HOPELESS:
            self._trouble[node] = 0
            return
        self._trouble[node] += 1
        if self._trouble[node] >= MOST_TROUBLE:
            self._left_alone.setdefault(node, outcome)
