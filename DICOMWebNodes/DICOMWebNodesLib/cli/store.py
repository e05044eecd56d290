"""``store``: files to a node."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Dict, Iterator, Sequence, Set

from ..errors import DICOMWebNodesError, InvalidValue, StoreUnavailable
from .context import Context
from .credential_options import add_credential_options
from .ctrl_c import interruptible
from .exit_codes import ExitCode
from .parser import PROGRAM, Subparsers, add_command, file
from .table import in_bytes

if TYPE_CHECKING:
    from ..dicomweb.store_outcome import StoreOutcome

# How a summary calls each outcome (the values of StoreStatus).
_WORDS = {
    "stored": "stored",
    "stored_with_warning": "stored with a warning",
    "already_there": "already there",
    "unconfirmed": "not confirmed by the server",
    "failed": "failed",
    "not_dicom": "not DICOM, not sent",
}
_SILENT = ("stored", "already_there")


def add_to(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers,
        "store",
        _store,
        "send files to a node",
        arguments="NODE FILE...",
        description="Folders are searched with everything below them. Files that are not DICOM are not sent.",
        examples=f"""\
  {PROGRAM} store Lab scan/
  {PROGRAM} store Lab a.dcm b.dcm --json""",
    )
    parser.add_argument("node", metavar="NODE")
    parser.add_argument("paths", metavar="FILE", nargs="+", type=file, help="files and folders")
    parser.add_argument("--study-uid", metavar="UID", default="", help="refuse instances of any other study")
    parser.add_argument("--json", action="store_true", help="the summary as a JSON object")
    add_credential_options(parser)


def _store(context: Context) -> ExitCode:
    from .progress import Bar

    args, console = context.args, context.console
    files = list(_files(args.paths))
    if not files:
        raise InvalidValue("there are no files to store", next_step="Name files, or a folder that holds some.")
    counts = dict.fromkeys(_WORDS, 0)
    not_dicom: Set[Path] = set()
    with context.workspace() as workspace, Bar(console, "files") as bar:

        def outcome_known(outcome: StoreOutcome) -> None:
            status = outcome.status.value
            counts[status] += 1
            if status == "not_dicom":
                not_dicom.add(outcome.path)
            if status not in _SILENT:
                bar.line(f"{outcome.path}: {_WORDS[status]}{f': {outcome.reason}' if outcome.reason else ''}")
            bar.show(sum(counts.values()), len(files))

        try:
            store = partial(workspace.store, study_instance_uid=args.study_uid, on_outcome=outcome_known)
            summary = interruptible(lambda control: store(args.node, files, control=control))
        except (KeyboardInterrupt, DICOMWebNodesError):
            if any(counts.values()):
                bar.line(f"{_sentence(counts)} until then; to send all of them again does no harm")
            raise
    if args.json:
        console.write(json.dumps(summary.as_dict(), indent=2) + "\n")
    else:
        console.print(f"{_sentence(counts)} ({in_bytes(summary.bytes)})")
    is_there = counts["stored"] + counts["stored_with_warning"] + counts["already_there"]
    all_were_instances = not_dicom.isdisjoint(args.paths)  # in a folder anything may lie
    return ExitCode.DONE if summary.complete and is_there and all_were_instances else ExitCode.INCOMPLETE


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        elif path.exists():
            yield path
        else:
            raise StoreUnavailable(f"there is no file '{path}'", next_step="Check the path; nothing was sent.")


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder, onerror=_unreadable):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(names))


def _unreadable(error: OSError) -> None:
    """os.walk would leave the folder out without a word, and with it what lies there."""
    raise StoreUnavailable(
        f"'{error.filename}' cannot be read ({error.strerror})", next_step="Check the rights on it; nothing was sent."
    )


def _sentence(counts: Dict[str, int]) -> str:
    return ", ".join(f"{counts[status]} {words}" for status, words in _WORDS.items() if counts[status]) or "no files"
