"""``retrieve``: instances of a node into a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, List, Optional

from ..errors import InvalidValue
from .cohort_options import add_cohort_options
from .context import Context
from .credential_options import add_credential_options
from .exit_codes import ExitCode, exit_code_of, kind_of_error
from .parser import PROGRAM, Subparsers, add_command, folder
from .table import counted, in_bytes

if TYPE_CHECKING:
    from ..dicomweb.resource import Resource
    from ..nodes.roles import NodeName
    from ..transfer.events import Event, Summary
    from ..workspace import Workspace
    from .console import Console
    from .progress import Bar

STANDARD_INPUT = "-"
MOST_CONNECTIONS = 32


def add_to(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers,
        "retrieve",
        _retrieve,
        "retrieve studies, series and instances",
        arguments="NODE (STUDY[/SERIES[/INSTANCE]]... | --csv FILE) --output DIR",
        description="Files land under DIR/STUDY/SERIES/INSTANCE.dcm. What is there already is not fetched again: "
        "start an interrupted retrieve once more and it resumes.",
        examples=f"""\
  {PROGRAM} retrieve Lab 1.2.840.113619.2.5 --output data
  {PROGRAM} search series Lab --modality MR --all --json | {PROGRAM} retrieve Lab - --output data
  {PROGRAM} retrieve Lab --csv cohort.csv --output data --parallel 8""",
    )
    parser.add_argument("node", metavar="NODE", nargs="?", default="")
    parser.add_argument(
        "resources",
        metavar="STUDY[/SERIES[/INSTANCE]]",
        nargs="*",
        help="UIDs; '-' reads them from standard input: what 'search' printed in any form, or one a line",
    )
    parser.add_argument("--output", "-o", metavar="DIR", type=folder, required=True, help="where the files go")
    parser.add_argument(
        "--connections", type=int, metavar="N", help="at most so many requests side by side; by itself as many as help"
    )
    parser.add_argument(
        "--verify",
        action="store_true",
        help="compare what came with the server's list of instances, not only their number (a search more a series)",
    )
    parser.add_argument("--json", action="store_true", help="the summary as a JSON object")
    add_cohort_options(parser)
    add_credential_options(parser)


def _retrieve(context: Context) -> ExitCode:
    args = context.args
    if args.csv is None and not args.node:
        raise InvalidValue("no node is named", field="NODE", next_step="Name the node, then what to retrieve.")
    if args.connections is not None and not 1 <= args.connections <= MOST_CONNECTIONS:
        raise InvalidValue(
            f"--connections is {args.connections}",
            field="--connections",
            next_step=f"Give a number from 1 to {MOST_CONNECTIONS}.",
        )
    options = {"verify": args.verify, **({} if args.connections is None else {"connections": args.connections})}
    if args.csv is not None:
        from .cohort import retrieve_csv

        return retrieve_csv(context)
    wanted = _wanted(context)
    with context.workspace() as workspace:
        return retrieve_and_tell(context, workspace, args.node, wanted, **options)


def retrieve_and_tell(
    context: Context, workspace: Workspace, node: NodeName, wanted: List[Resource], **options: Any
) -> ExitCode:
    """With a bar, the failures and a summary, to ``args.output``; ``options`` as :meth:`.Workspace.retrieve`'s."""
    from ..transfer.events import Done, incomplete
    from .progress import Bar

    args, console = context.args, context.console
    summary: Optional[Summary] = None
    with Bar(console, "instances") as bar:

        def listen(event: Event) -> None:
            nonlocal summary
            if isinstance(event, Done):
                summary = event.summary
            _show(event, bar)

        interrupted = False
        try:
            workspace.retrieve(node, wanted, args.output, listener=listen, **options)
        except KeyboardInterrupt:
            interrupted = True
    if summary is None:
        raise KeyboardInterrupt
    if args.json:
        console.write(json.dumps(summary.as_dict(), indent=2) + "\n")
    else:
        console.print(_sentence(summary, args.output))
    if interrupted or summary.cancelled:
        console.tell("cancelled; start it again and it resumes")
        return ExitCode.CANCELLED
    if summary.complete:
        return ExitCode.DONE
    name = node if isinstance(node, str) else node.name
    context.note_error(incomplete(summary).about(node=name))
    return _why_incomplete(summary, console, name)


# --- what is wanted -------------------------------------------------------------------------------------------


def _wanted(context: Context) -> List[Resource]:
    wanted = list(dict.fromkeys(_named(context)))
    if not wanted:
        raise InvalidValue(
            "there is nothing to retrieve",
            next_step="Name studies, series or instances, or give them with '-' or --csv FILE.",
        )
    return wanted


def _named(context: Context) -> Iterator[Resource]:
    from .resources import parse_resource, read_resources

    args = context.args
    for text in args.resources:
        if text == STANDARD_INPUT:
            yield from read_resources(context.console.stdin, "standard input")
        else:
            yield parse_resource(text)


# --- what is said ---------------------------------------------------------------------------------------------


def _show(event: Event, bar: Bar) -> None:
    from ..transfer.events import Failed, Planned, Progress, SeriesDone

    if isinstance(event, Progress):
        received = f"{in_bytes(event.bytes)}, {in_bytes(event.bytes_per_second)}/s"
        bar.show(event.instances, event.expected, received)
    elif isinstance(event, Failed):
        bar.line(f"{event.failure.resource}: {event.failure.reason}")
    elif isinstance(event, Planned) and not bar.visible:
        expected = sum(series.expected or 0 for series in event.series)
        number = counted(expected, "instance") if expected else "an unknown number of instances"
        bar.line(f"{event.requested}: {counted(len(event.series), 'series', 'series')}, {number}")
    elif isinstance(event, SeriesDone) and not bar.visible:
        counts = ((event.stored, "retrieved"), (event.already_there, "there already"), (event.failed, "missing"))
        bar.line(f"{event.resource}: {', '.join(f'{count} {what}' for count, what in counts if count) or 'empty'}")


def _why_incomplete(summary: Summary, console: Console, node: str) -> ExitCode:
    """When nothing arrived for one and the same reason, it is that reason that matters."""
    codes = {failure.code for failure in summary.failed}
    if summary.stored or summary.already_there or len(codes) != 1:
        return ExitCode.INCOMPLETE
    kind = kind_of_error(codes.pop())
    console.tell(f"error: {node}: {summary.failed[0].reason}. {kind.next_step}".rstrip())
    return exit_code_of(kind)


def _sentence(summary: Summary, output: Path) -> str:
    parts = [f"{counted(summary.stored, 'instance')} retrieved ({in_bytes(summary.bytes)}, {summary.seconds:.1f} s)"]
    if summary.already_there:
        parts.append(f"{summary.already_there} there already")
    if summary.missing:
        parts.append(f"{summary.missing} missing")
    return f"{', '.join(parts)}; in {output}"
