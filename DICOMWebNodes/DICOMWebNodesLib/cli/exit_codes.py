"""What the exit status of the command line means, for scripts and for ``--help``."""

from __future__ import annotations

from enum import IntEnum
from typing import List, Tuple, Type

from ..errors import (
    AuthenticationError,
    AuthMethodInUse,
    AuthMethodNotFound,
    Cancelled,
    ConnectionFailed,
    DICOMWebNodesError,
    Forbidden,
    Gone,
    IncompleteTransfer,
    InvalidValue,
    NodeNameTaken,
    NodeNotFound,
    NodeReadOnly,
    NoPicture,
    NotFound,
    Unauthorized,
    UnsupportedService,
)


class ExitCode(IntEnum):
    DONE = 0
    FAILED = 1
    USAGE = 2
    INCOMPLETE = 3
    NOT_AUTHORISED = 4
    NO_CONNECTION = 5
    NOT_FOUND = 6
    CANCELLED = 130
    OUTPUT_CLOSED = 141


MEANING = {
    ExitCode.DONE: "done",
    ExitCode.FAILED: "failed, also when a file is not there or cannot be read; the message says why",
    ExitCode.USAGE: "the command line is wrong, or a node, value or name in it",
    ExitCode.INCOMPLETE: "some instances did not arrive or were not stored, or one node of several failed",
    ExitCode.NOT_AUTHORISED: "sign in, or ask for the right: the server refuses this user",
    ExitCode.NO_CONNECTION: "the server cannot be reached",
    ExitCode.NOT_FOUND: "the server does not have what was asked for",
    ExitCode.CANCELLED: "cancelled with Ctrl-C; a transfer resumes when it is started again",
    ExitCode.OUTPUT_CLOSED: "the program that read the output went away",
}

_OF_ERRORS: Tuple[Tuple[Tuple[Type[DICOMWebNodesError], ...], ExitCode], ...] = (
    ((InvalidValue, NodeNotFound, NodeNameTaken, NodeReadOnly, UnsupportedService), ExitCode.USAGE),
    ((AuthMethodNotFound, AuthMethodInUse), ExitCode.USAGE),
    ((IncompleteTransfer,), ExitCode.INCOMPLETE),
    ((AuthenticationError, Unauthorized, Forbidden), ExitCode.NOT_AUTHORISED),
    ((ConnectionFailed,), ExitCode.NO_CONNECTION),
    ((NotFound, Gone, NoPicture), ExitCode.NOT_FOUND),
    ((Cancelled,), ExitCode.CANCELLED),
)


def exit_code_of(kind: Type[DICOMWebNodesError]) -> ExitCode:
    return next((code for kinds, code in _OF_ERRORS if issubclass(kind, kinds)), ExitCode.FAILED)


def kind_of_error(code: str) -> Type[DICOMWebNodesError]:
    """The class with this ``code``, as a summary or the worker's protocol name it."""
    pending: List[Type[DICOMWebNodesError]] = [DICOMWebNodesError]
    while pending:
        kind = pending.pop()
        if kind.code == code:
            return kind
        pending.extend(kind.__subclasses__())
    return DICOMWebNodesError


def explained() -> str:
    """The table for ``--help``."""
    return "\n".join(["exit status:", *(f"  {code.value:3}  {meaning}" for code, meaning in MEANING.items())])
