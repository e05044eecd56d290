"""``worker``: the library behind a pipe, for the 3D Slicer extension."""

from __future__ import annotations

from ..logs import LEVELS
from .context import Context
from .exit_codes import ExitCode
from .parser import Subparsers, add_command


def add_to(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers,
        "worker",
        _serve,
        "serve another program over standard input and output",
        description="JSON-RPC 2.0, one message a line; it ends when its standard input is closed.",
    )
    parser.add_argument("--log-level", choices=tuple(LEVELS), default="warning", help="what goes to standard error")


def _serve(context: Context) -> ExitCode:
    from ..worker.process import serve

    return ExitCode(serve(context.settings_folder, context.args.log_level))
