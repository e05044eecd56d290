"""argparse, with its messages in the form of all others and its output where the caller wants it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Callable, NoReturn

from ..errors import InvalidValue
from .exit_codes import ExitCode

PROGRAM = "python -m DICOMWebNodesLib"
Subparsers = Any  # argparse keeps the name of this class to itself


class HelpRequested(Exception):
    """The person asked for this text."""


class Parser(argparse.ArgumentParser):
    """Raises InvalidValue instead of leaving the program. Options are not abbreviated: scripts outlive options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=_Formatter, **settings)

    def error(self, message: str) -> NoReturn:
        raise InvalidValue(message, next_step=f"'{self.prog} --help' shows how.")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Of the command that knows no such option, whose help is the one to read; argparse leaves it to the first."""
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return known, unknown

    def print_help(self, file: Any = None) -> None:
        raise HelpRequested(self.format_help())


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Text of several lines keeps them, a single one is wrapped; short names have their explanation beside them."""

    def __init__(self, prog: str, **settings: Any) -> None:
        super().__init__(prog, **{**settings, "max_help_position": 30})

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        fill = super()._fill_text if "\n" in text else super(argparse.RawDescriptionHelpFormatter, self)._fill_text
        return fill(text, width, indent)


def folder(text: str) -> Path:
    """For ``type``. An empty one would be the folder where the command runs, which an empty variable does not mean:
    with ``store`` all that lies there would be sent."""
    return _path(text, "folder")


def file(text: str) -> Path:
    """For ``type``, as :func:`folder`."""
    return _path(text, "file")


def _path(text: str, kind: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError(f"the name of the {kind} is empty")
    return Path(text)


def add_command(
    subparsers: Subparsers,
    name: str,
    run: Callable[..., ExitCode],
    summary: str,
    *,
    arguments: str = "",
    description: str = "",
    examples: str = "",
) -> Parser:
    """A command that does something: ``run(context)`` gets a :class:`~.context.Context`.

    ``arguments``: the positional ones for the usage line, which argparse would bury under the options.
    """
    parser: Parser = subparsers.add_parser(
        name,
        help=summary,
        usage=" ".join(filter(None, ("%(prog)s", arguments, "[options]"))),
        description=f"{summary[0].upper()}{summary[1:]}. {description}".strip(),
        epilog=f"examples:\n{examples}" if examples else "",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="tell what is done, and where an error comes from; -vv tells every request, without what it asks for",
    )
    parser.set_defaults(run=run)
    return parser


def add_group(subparsers: Subparsers, name: str, summary: str) -> Subparsers:
    """A command that only holds others; what it returns takes them."""
    parser = subparsers.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
    return parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
