"""``nodes test``."""

from __future__ import annotations

import json
from typing import List

from .context import Context
from .credential_options import add_credential_options
from .ctrl_c import interruptible
from .exit_codes import ExitCode, exit_code_of, kind_of_error
from .parser import Subparsers, add_command


def add_test_command(commands: Subparsers) -> None:
    testing = add_command(
        commands,
        "test",
        _test,
        "try each service that a node offers",
        arguments="NODE",
        description="Nothing is changed on the server. What is found is kept until the node's URL changes, and used by "
        "searches, transfers and previews.",
    )
    testing.add_argument("node", metavar="NODE")
    testing.add_argument("--json", action="store_true", help="the result as a JSON array")
    add_credential_options(testing)


def _test(context: Context) -> ExitCode:
    with context.workspace() as workspace:
        checks = interruptible(lambda control: workspace.test(context.args.node, control=control))
    if context.args.json:
        rows = [check.as_dict() for check in checks]
        context.console.write(json.dumps(rows, indent=2) + "\n")
    else:
        verdict = {True: "ok", False: "failed", None: "-"}
        for check in checks:
            first, *more = _wrapped(check.message, context.console.columns)
            context.console.print(f"{check.service.value:8}  {verdict[check.ok]:7}  {first}")
            for line in more:
                context.console.print(f"{'':19}{line}")
    codes = {exit_code_of(kind_of_error(check.code)) for check in checks if check.ok is False}
    return ExitCode.DONE if not codes else codes.pop() if len(codes) == 1 else ExitCode.FAILED


def _wrapped(message: str, columns: int) -> List[str]:
    """In lines that fit beside the service and the verdict on a terminal; in one where there is none (0)."""
    if not columns:
        return [message]
    import textwrap

    return textwrap.wrap(message, max(40, columns - 20)) or [""]
