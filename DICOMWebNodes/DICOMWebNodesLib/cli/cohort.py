"""``retrieve --csv``: a cohort, with threads or processes."""

from __future__ import annotations

import json
import signal
from collections import Counter
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Dict, Iterator, Tuple

from ..cohort.row import CANCELLED, COMPLETE, DUPLICATE, FAILED, INCOMPLETE, NOT_FOUND, NOT_STARTED
from ..cohort.run import result_path, retrieve_cohort
from ..errors import InvalidValue, NodeNotFound
from .context import Context
from .exit_codes import ExitCode, exit_code_of, kind_of_error
from .progress import Bar
from .table import counted, in_bytes

if TYPE_CHECKING:
    from ..cohort.row import RowOutcome
    from ..nodes.node import Node

MOST_PARALLEL = 128
_WORDS = {
    COMPLETE: "complete",
    DUPLICATE: "said twice",
    INCOMPLETE: "incomplete",
    NOT_FOUND: "not found",
    FAILED: "failed",
    CANCELLED: "cancelled",
    NOT_STARTED: "not started",
}


def retrieve_csv(context: Context) -> ExitCode:
    args, console = context.args, context.console
    _check(context)
    books = _Books()
    with context.workspace() as workspace, Bar(console, "rows") as bar:
        executor, how = _executor(context, workspace)
        try:
            with executor:
                outcomes = retrieve_cohort(
                    args.csv,
                    args.output,
                    executor,
                    node=args.node,
                    result=args.result,
                    connections=args.connections or 4,
                    verify=args.verify,
                    check_node=lambda name: _checked_node(context, name),
                    **how,
                )
                for outcome in outcomes:
                    books.enter(outcome)
                    _show(outcome, books, bar)
        except KeyboardInterrupt:
            books.interrupted = True
    if args.json:
        console.write(json.dumps(books.as_dict(), indent=2) + "\n")
    else:
        console.print(f"{books.sentence()}; in {args.result or result_path(args.csv, args.output)}")
    if books.interrupted:
        console.tell("cancelled; start it again and it resumes")
        return ExitCode.CANCELLED
    return books.exit_code()


def _check(context: Context) -> None:
    args = context.args
    if args.resources:
        raise InvalidValue(
            "--csv and UIDs say both what to retrieve", field="--csv", next_step="Add the UIDs to the file as rows."
        )
    if not 1 <= args.parallel <= MOST_PARALLEL:
        raise InvalidValue(
            f"--parallel is {args.parallel}", field="--parallel", next_step=f"Give a number from 1 to {MOST_PARALLEL}."
        )
    given = args.user or args.token_env or args.token_stdin or args.header_env or args.allow_plain_http
    if given and (args.processes or not args.node):
        raise InvalidValue(
            "a credential on the command line is for one node in one process",
            next_step="Name the node and leave --processes out, or keep the credential as an authentication method of "
            "the nodes ('auth add', 'nodes edit NODE --authentication METHOD').",
        )


def _executor(context: Context, workspace: Any) -> Tuple[Executor, Dict[str, Any]]:
    """Who does the work, and how it is done there."""
    from ..cohort.work import WorkHere

    parallel = context.args.parallel
    if context.args.processes:
        # Not forked: threads and connections of this process would come along half alive.
        pool = ProcessPoolExecutor(parallel, get_context("spawn"), initializer=_leave_ctrl_c_to_the_parent)
        return pool, {"settings": str(context.settings_folder)}
    here = WorkHere(workspace)
    return ThreadPoolExecutor(parallel), {"work": here, "cancel": here.cancel}


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _checked_node(context: Context, name: str) -> Node:
    if not name:
        raise NodeNotFound("it names no node, and neither does the command line")
    return context.resolve(name)


def _show(outcome: RowOutcome, books: _Books, bar: Bar) -> None:
    bar.show(books.rows, 0, in_bytes(books.bytes))
    if not outcome.is_done:
        bar.line(f"line {outcome.line}: {_WORDS[outcome.outcome]}{f', {outcome.reason}' if outcome.reason else ''}")
    elif not bar.visible and outcome.outcome == COMPLETE:
        counts = ((outcome.stored, "retrieved"), (outcome.already_there, "there already"))
        bar.line(f"line {outcome.line}: {', '.join(f'{count} {what}' for count, what in counts if count)}")


class _Books:
    """Sums over all rows."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.rows = self.stored = self.already_there = self.missing = self.bytes = 0
        self.reason = ""
        self.interrupted = False

    def enter(self, outcome: RowOutcome) -> None:
        self.rows += 1
        self.words[outcome.outcome] += 1
        self.stored += outcome.stored
        self.already_there += outcome.already_there
        self.missing += outcome.missing
        self.bytes += outcome.bytes
        if not outcome.is_done:
            self.codes[outcome.code] += 1
            self.reason = self.reason or outcome.reason

    @property
    def complete(self) -> bool:
        return set(self.words) <= {COMPLETE, DUPLICATE}

    def as_dict(self) -> Dict[str, Any]:
        names = ("rows", "stored", "already_there", "missing", "bytes")
        return {"complete": self.complete, **{name: getattr(self, name) for name in names}, "outcomes": self.words}

    def sentence(self) -> str:
        return ", ".join((counted(self.rows, "row"), *self._parts()))

    def exit_code(self) -> ExitCode:
        """When nothing arrived for one and the same reason, it is that reason that matters."""
        if self.complete:
            return ExitCode.DONE
        if self.stored or self.already_there or len(self.codes) != 1:
            return ExitCode.INCOMPLETE
        return exit_code_of(kind_of_error(next(iter(self.codes))))

    def _parts(self) -> Iterator[str]:
        for word, said in _WORDS.items():
            if self.words[word]:
                yield f"{self.words[word]} {said}"
        yield f"{counted(self.stored, 'instance')} retrieved ({in_bytes(self.bytes)})"
        if self.already_there:
            yield f"{self.already_there} there already"
        if self.missing:
            yield f"{self.missing} missing"
