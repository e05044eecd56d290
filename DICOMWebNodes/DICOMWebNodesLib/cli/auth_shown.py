"""How methods and sign-ins are told to people and to scripts."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Dict

from .parser import PROGRAM

if TYPE_CHECKING:
    from ..auth.method import AuthMethod
    from ..auth.status import AuthStatus
    from .context import Context

NONE_YET = f"There are no authentication methods yet. What there is to choose from: {PROGRAM} auth templates"


def warn_of_memory(context: Context, what: str) -> None:
    if what and not context.authentication.secrets.lasts:
        context.console.warn(
            f"this computer has no keyring for {what}, which ends with this command. "
            f"To keep it in a file that only you can read: {PROGRAM} auth secrets --file"
        )


def as_json(context: Context, method: AuthMethod) -> Dict[str, Any]:
    from ..auth.document import method_to_json

    return {**method_to_json(method), "status": asdict(context.authentication.status_or_problem(method))}


def in_words(status: AuthStatus) -> str:
    who = f" as {status.account}" if status.account else ""
    until = ""
    if status.ready and status.until is not None and not status.renews:
        until = time.strftime(", until %Y-%m-%d %H:%M", time.localtime(status.until))
    return f"{status.text}{who}{until}{', renews by itself' if status.ready and status.renews else ''}"
