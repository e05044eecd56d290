"""The command line: ``python -m DICOMWebNodesLib``. It turns arguments into calls, and errors into one line."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, Optional, Sequence, TextIO

from .. import __version__
from ..errors import DICOMWebNodesError, SignInRequired
from ..nodes.store import NodeStore
from ..storage.folders import cache_folder, settings_folder
from .console import Console
from .context import Context, Credentials, OpenWorkspace
from .exit_codes import ExitCode, exit_code_of, explained
from .parser import PROGRAM, HelpRequested, Parser

if TYPE_CHECKING:
    from ..auth.secret_store import SecretStore

_COMMANDS = (
    "nodes",
    "auth",
    "search",
    "retrieve",
    "open",
    "store",
    "thumbnail",
    "cache",
    "diagnostics",
    "worker",
)  # modules beside this one
_EPILOG = f"""\
A node is given by its name, its uid, or a bare URL. Secrets are never arguments: they are asked for, or come from
an environment variable that you name, or from standard input. Settings are in the folder that DICOMWEBNODES_HOME
names, else where the system keeps them.

{explained()}
"""


def main(
    argv: Sequence[str],
    *,
    stdin: Optional[TextIO] = None,
    stdout: Optional[TextIO] = None,
    stderr: Optional[TextIO] = None,
    environ: Mapping[str, str] = os.environ,
    ask_secret: Callable[[str], str] = getpass.getpass,
    open_workspace: Optional[OpenWorkspace] = None,
    secrets: Optional[SecretStore] = None,
) -> int:
    """Run one command; returns the exit status. Nothing is raised, whatever happens.

    ``secrets``: where they are kept; None: where the person chose, which may be the system's keyring.
    """
    console = Console(stdin or sys.stdin, stdout or sys.stdout, stderr or sys.stderr, ask_secret)
    context: Optional[Context] = None
    try:
        try:
            args = _parser(argv).parse_args(argv)
        except HelpRequested as help_requested:
            console.write(str(help_requested))
            console.flush()
            return ExitCode.DONE
        context = Context(args, console, environ, open_workspace or _opener(environ), secrets)
        with _logging(args.verbose, console):
            code: int = args.run(context)
        console.flush()
    except DICOMWebNodesError as error:
        _report(error, console, environ, verbose=not {"-v", "-vv", "--verbose"}.isdisjoint(argv))
        code = exit_code_of(type(error))
    except BrokenPipeError:
        return ExitCode.OUTPUT_CLOSED
    except KeyboardInterrupt:
        console.tell("cancelled")
        code = ExitCode.CANCELLED
    except Exception as error:  # a defect of ours; the person gets a line and a way to tell us
        _report(error, console, environ, verbose=not {"-v", "-vv", "--verbose"}.isdisjoint(argv))
        code = ExitCode.FAILED
    if context is not None:
        context.report_damage()
    return int(code)


def _parser(argv: Sequence[str]) -> Parser:
    """For the command that is called; for all of them when it takes help to find one."""
    parser = Parser(
        prog=PROGRAM, description="Search, retrieve and store DICOM instances on DICOMweb servers.", epilog=_EPILOG
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for command in argv[:1] if argv and argv[0] in _COMMANDS else _COMMANDS:
        import_module(f".{command}", __package__).add_to(subparsers)
    return parser


class _Version(argparse.Action):
    def __call__(self, *_: Any) -> None:
        raise HelpRequested(f"DICOMWebNodes {__version__}\n")


def _opener(environ: Mapping[str, str]) -> OpenWorkspace:
    def open_workspace(node_store: NodeStore, credentials: Credentials) -> Any:
        from ..pictures.cache import PreviewCache
        from ..workspace import Workspace

        return Workspace(node_store, credentials, previews=PreviewCache(cache_folder(environ)))

    return open_workspace


@contextlib.contextmanager
def _logging(verbosity: int, console: Console) -> Iterator[None]:
    """What is done while the block runs, on standard error."""
    if not verbosity:
        yield
        return
    from ..logs import write_to

    end = write_to(console.tell, "info" if verbosity == 1 else "debug")
    try:
        yield
    finally:
        end()


def _report(error: Exception, console: Console, environ: Mapping[str, str], verbose: bool) -> None:
    from ..last_errors import LastErrors

    LastErrors(settings_folder(environ)).note(error)
    if isinstance(error, DICOMWebNodesError):
        console.tell(f"error: {error}")
        if isinstance(error, SignInRequired) and error.method:
            console.tell(f"Sign in: {PROGRAM} auth login '{error.method}'")
        detail = error.detail
    else:
        console.tell(f"error: unexpected {type(error).__name__}: {error}. Add --verbose and report what it shows.")
        detail = ""
    if not verbose:
        return
    import traceback

    from ..errors.manual import link_to

    if detail:
        console.tell(f"the server said: {detail}")
    console.tell(f"what helps: {link_to(error)}")
    for block in traceback.format_exception(type(error), error, error.__traceback__):
        for line in block.rstrip("\n").split("\n"):
            console.tell(line)
