"""What a file that people give each other did not bring, or does not have in it."""

from __future__ import annotations

from dataclasses import dataclass

CLIENT_SECRET, HEADER, AUTHENTICATION, UNKNOWN_METHOD = "client secret", "header", "authentication", "unknown method"
METHOD = "method"


@dataclass(frozen=True)
class LeftOut:
    """What was not taken from a file, or not put into one: of the node or method ``name``, ``what`` (a constant above).

    ``header``: the name of a header; ``reason``: why, where that does not follow.
    """

    name: str
    what: str
    header: str = ""
    reason: str = ""
