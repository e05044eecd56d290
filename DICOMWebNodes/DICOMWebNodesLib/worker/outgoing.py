"""What is sent for a call: its long parameters in pages, then the request."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Sequence

from ..errors import LimitExceeded
from ..text import Text
from .protocol import MESSAGE_LIMIT, Request, request_line

_ITEMS_A_MESSAGE = 32  # of a list; with the longest of paths, in any script, a message stays below its limit


def list_names(job: int, lists: Mapping[str, Sequence[Any]]) -> Dict[str, str]:
    """Under which name each parameter that has items is sent."""
    return {parameter: f"{parameter}-{job}" for parameter, items in lists.items() if items}


def request_with(
    method: str, params: Mapping[str, Any], names: Mapping[str, str], lists: Mapping[str, Sequence[Any]], job: int
) -> Request:
    """One that names the lists that go before it; what is empty is in it."""
    empty: Dict[str, Sequence[Any]] = {parameter: [] for parameter in lists if parameter not in names}
    return Request(method, {**params, **empty, **({"lists": dict(names)} if names else {})}, job)


def pages_of(names: Mapping[str, str], lists: Mapping[str, Sequence[Any]]) -> List[Request]:
    """The items, before the request that names them."""
    return [
        Request("list", {"name": name, "items": lists[parameter][start : start + _ITEMS_A_MESSAGE]})
        for parameter, name in names.items()
        for start in range(0, len(lists[parameter]), _ITEMS_A_MESSAGE)
    ]


def check_length(request: Request) -> None:
    """Raises LimitExceeded: the worker would not even know which job it is."""
    length = len(request_line(request))
    if length > MESSAGE_LIMIT:
        cause = Text("a request of {length:,} bytes is more than the worker takes at once", length=length)
        raise LimitExceeded(cause, next_step="Ask for less at once.")
