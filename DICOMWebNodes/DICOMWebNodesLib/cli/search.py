"""``search``: studies, series and instances of a node."""

from __future__ import annotations

import argparse
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Sequence, Tuple

from ..errors import InvalidQuery
from .context import Context
from .credential_options import add_credential_options
from .ctrl_c import interruptible
from .exit_codes import ExitCode
from .parser import PROGRAM, Parser, Subparsers, add_command, add_group
from .search_many import ManySearch, in_words, nodes_and_place

if TYPE_CHECKING:
    from ..dicomweb.dicom_json import Attributes
    from ..dicomweb.query import Query
    from ..nodes.node import Node
    from ..transfer.control import Control
    from .columns import Layout, Warn

DEFAULT_LIMIT = 100
_LEVELS = ("studies", "series", "instances")

# option: (keyword, metavar, the first level that has it)
_FILTERS = {
    "--patient-name": ("PatientName", "NAME", 0),
    "--patient-id": ("PatientID", "ID", 0),
    "--patient-birth-date": ("PatientBirthDate", "DATE", 0),
    "--patient-sex": ("PatientSex", "SEX", 0),
    "--study-date": ("StudyDate", "DATE", 0),
    "--study-time": ("StudyTime", "TIME", 0),
    "--accession-number": ("AccessionNumber", "NUMBER", 0),
    "--study-id": ("StudyID", "ID", 0),
    "--study-description": ("StudyDescription", "TEXT", 0),
    "--referring-physician": ("ReferringPhysicianName", "NAME", 0),
    "--study-uid": ("StudyInstanceUID", "UID", 0),
    "--series-description": ("SeriesDescription", "TEXT", 1),
    "--series-number": ("SeriesNumber", "NUMBER", 1),
    "--body-part": ("BodyPartExamined", "TEXT", 1),
    "--series-uid": ("SeriesInstanceUID", "UID", 1),
    "--instance-number": ("InstanceNumber", "NUMBER", 2),
    "--sop-class": ("SOPClassUID", "UID", 2),
    "--instance-uid": ("SOPInstanceUID", "UID", 2),
}
_HOW_TO_FILTER = """\
Text takes the wildcards * and ?. A date is 20240131 or 2024-01-31, a range of them A-B, A- or -B.
Several values of which any may match: repeat the option."""
_SEVERAL = (
    "Several nodes are searched at once; what more than one has is shown once, with the names of all that have it. "
    "A node that fails is named, and the exit status says so; Ctrl-C stops waiting for those that are slow."
)


def add_to(subparsers: Subparsers) -> None:
    commands = add_group(subparsers, "search", "find studies, series and instances on a node")
    examples = {
        "studies": f"""\
  {PROGRAM} search studies Lab --patient-name 'SMITH*' --study-date 20240101-20241231
  {PROGRAM} search studies Lab --modality CT --modality MR --all --csv > cohort.csv
  {PROGRAM} search studies Lab Archive Clinic --patient-id P00042""",
        "series": f"""\
  {PROGRAM} search series Lab 1.2.840.113619.2.5 --modality CT
  {PROGRAM} search series Lab --match BodyPartExamined=HEAD --json""",
        "instances": f"  {PROGRAM} search instances Lab 1.2.840.113619.2.5/1.2.840.113619.2.5.1",
    }
    for level, name in enumerate(_LEVELS):
        within = ("", "STUDY", "STUDY[/SERIES]")[level]
        parser = add_command(
            commands,
            name,
            _search,
            f"search {name}",
            arguments=f"NODE... [{within}]" if within else "NODE...",
            description=_SEVERAL,
            examples=examples[name],
        )
        parser.set_defaults(level=name)
        place = f", then the {within} to search in only" if within else ""
        parser.add_argument("nodes", metavar="NODE", nargs="+", help=f"one, or several at once{place}")
        _add_filters(parser, level)
        _add_output(parser)
        add_credential_options(parser)


def _add_filters(parser: Parser, level: int) -> None:
    group = parser.add_argument_group("filters", _HOW_TO_FILTER)
    modality = "ModalitiesInStudy" if level == 0 else "Modality"
    group.add_argument("--modality", dest=modality, metavar="CODE", action="append", help=modality)
    for option, (keyword, metavar, first_level) in _FILTERS.items():
        if level >= first_level:
            group.add_argument(option, dest=keyword, metavar=metavar, action="append", help=keyword)
    group.add_argument(
        "--match", metavar="KEYWORD=VALUE", action="append", default=[], help="any other attribute, by keyword or tag"
    )
    group.add_argument("--fuzzy", action="store_true", help="names that sound alike match too, if the server can")


def _add_output(parser: Parser) -> None:
    group = parser.add_argument_group("results")
    form = group.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a JSON array, one object a line")
    form.add_argument("--csv", action="store_true", help="comma-separated, keywords in the first line")
    group.add_argument(
        "--include", metavar="KEYWORD", action="append", default=[], help="show this attribute too; may be repeated"
    )
    amount = group.add_mutually_exclusive_group()
    amount.add_argument("--limit", type=_positive, metavar="N", help=f"at most so many (default {DEFAULT_LIMIT})")
    amount.add_argument("--all", action="store_true", help="all there are, page after page")
    group.add_argument("--offset", type=_number, metavar="N", default=0, help="leave out the first N")


def _search(context: Context) -> ExitCode:
    from ..dicomweb.resource import Level
    from .columns import Layout

    args = context.args
    nodes, args.within = nodes_and_place(context)
    limit = None if args.all else DEFAULT_LIMIT if args.limit is None else args.limit
    # One more than is shown, to know whether there is more.
    query = _query(args, limit + 1 if limit is not None else None)
    args.node = args.nodes[0] if len(nodes) == 1 else ""
    layout = Layout(Level(args.level), tuple(args.include), query.within, with_nodes=len(nodes) > 1)
    if args.node:
        return _search_one(context, query, layout, limit)
    return _search_many(context, nodes, query, layout, limit)


def _search_one(context: Context, query: Query, layout: Layout, limit: Optional[int]) -> ExitCode:
    warn = _Once(context.console.warn)

    def write(control: Control) -> Tuple[int, bool]:
        rows = _Counted(workspace.search(context.args.node, query, warn, control=control))
        _write(context, layout, islice(rows, limit), warn)
        return rows.count, limit is not None and rows.count >= limit and next(rows, None) is not None

    with context.workspace() as workspace:
        count, more = interruptible(write)
    _tell_count(context, min(count, limit) if limit is not None else count, more)
    return ExitCode.DONE


def _search_many(
    context: Context, nodes: Sequence[Node], query: Query, layout: Layout, limit: Optional[int]
) -> ExitCode:
    if query.offset:
        raise InvalidQuery(
            "--offset counts the results of one node, and several are named",
            field="--offset",
            next_step="Leave it out, or search the nodes one by one.",
        )
    search = ManySearch(nodes, limit)
    was_complete = search.run(context, query)
    rows = search.results(query)
    _write(context, layout, iter(rows[:limit]), _Once(context.console.warn))
    more = search.has_more or (limit is not None and len(rows) > limit)
    _tell_count(context, len(rows[:limit]), more, search.lacking)
    if not was_complete:
        raise KeyboardInterrupt
    return search.exit_code


def _write(context: Context, layout: Layout, rows: Iterator[Attributes], warn: Warn) -> None:
    args, console = context.args, context.console
    if args.json:
        lines = layout.as_json(rows, warn)
    elif args.csv:
        lines = layout.as_csv(rows, warn)
    else:
        # Nothing found is said, not drawn.
        first = list(islice(rows, 1))
        everything = chain(first, rows)
        lines = (f"{line}\n" for line in layout.as_table(everything, warn, console.columns)) if first else iter(())
    for line in lines:
        console.write(line)
    console.flush()


def _tell_count(context: Context, count: int, more: bool, lacking: str = "") -> None:
    hint = "; there are more: --all shows every one, --limit N so many" if more else ""
    context.console.tell(in_words(count, context.args.level) + lacking + hint)


def _query(args: argparse.Namespace, limit: Optional[int]) -> Query:
    from ..dicomweb.query import Query
    from ..dicomweb.resource import Level, Resource
    from .columns import ASKED_FOR

    keywords = [keyword for keyword, _, _ in _FILTERS.values()] + ["ModalitiesInStudy", "Modality"]
    filters: Dict[str, List[str]] = {key: getattr(args, key) for key in keywords if getattr(args, key, None)}
    for text in args.match:
        keyword, equals, value = text.partition("=")
        if not equals or not keyword:
            raise InvalidQuery(f"--match is '{text}', not KEYWORD=VALUE", field="--match")
        filters.setdefault(keyword.strip(), []).append(value)
    for keyword, values in filters.items():
        if not all(value.strip() for value in values):  # an empty variable of a script would find the whole archive
            raise InvalidQuery(f"{keyword} is empty", field=keyword, next_step="Give a value, or leave the option out.")
    level = Level(args.level)
    return Query(
        level,
        tuple((keyword, "\\".join(values)) for keyword, values in filters.items()),
        Resource.parse(args.within) if args.within else None,
        includefield=(*ASKED_FOR[level], *args.include),
        fuzzymatching=args.fuzzy,
        limit=limit,
        offset=args.offset,
    )


class _Counted:
    """An iterator that knows how many it gave."""

    def __init__(self, rows: Iterator[Attributes]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Attributes]:
        return self

    def __next__(self) -> Attributes:
        row = next(self._rows)
        self.count += 1
        return row


class _Once:
    """Says each thing once: what is wrong with one row is often wrong with all."""

    def __init__(self, tell: Any) -> None:
        self._tell = tell
        self._said: Dict[str, None] = {}

    def __call__(self, text: str) -> None:
        if text not in self._said:
            self._said[text] = None
            self._tell(text)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of 0 or more")
    return int(text)


def _positive(text: str) -> int:
    if not _number(text):
        raise argparse.ArgumentTypeError("0 is less than one")
    return int(text)
