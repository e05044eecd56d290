"""``diagnostics``: what somebody who helps needs to know."""

from __future__ import annotations

from .context import Context
from .exit_codes import ExitCode
from .parser import Subparsers, add_command


def add_to(subparsers: Subparsers) -> None:
    add_command(
        subparsers,
        "diagnostics",
        _diagnostics,
        "show versions, nodes and the last errors, for somebody who helps",
        description="Without secrets and without data of patients; read it before you mail it.",
    )


def _diagnostics(context: Context) -> ExitCode:
    from ..diagnostics import diagnostics
    from .console import printable

    authentication = context.authentication
    text = diagnostics(
        context.settings_folder, context.nodes, authentication.methods.methods(), authentication.secrets.place
    )
    for line in text.splitlines():
        context.console.write(printable(line) + "\n")
    return ExitCode.DONE
