"""Long parameters, which a client gives page by page before the request that uses them."""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional

from ..errors import LimitExceeded
from .methods import Items
from .protocol import INVALID_PARAMS, ProtocolViolation

MOST_LISTS = 64
MOST_ITEMS = 5_000_000
_NAMES = "lists"  # the parameter that says which lists a request uses


class Lists:
    """Those that no request has used yet, by name. A job that waits, or ends before it runs, keeps none of them here:
    the next ones need the room. Used by one thread."""

    def __init__(self, most_items: int = MOST_ITEMS) -> None:
        self._most_items = most_items
        self._lists: Dict[str, List[Any]] = {}

    def extend(self, _: Optional[object], *, name: str, items: Items) -> int:
        """How many items the list has now. Raises LimitExceeded."""
        known = self._lists.get(name, [])
        if (name not in self._lists and len(self._lists) >= MOST_LISTS) or (
            sum(map(len, self._lists.values())) + len(items) > self._most_items
        ):
            raise LimitExceeded("more lists than the worker keeps", next_step="Ask for less at once.")
        self._lists[name] = known
        known.extend(items)
        return len(known)

    def put_into(self, params: Mapping[str, Any]) -> Dict[str, Any]:
        """``params`` of a request with the lists that it names, {parameter: name}, in their places; they are forgotten
        here. Raises ProtocolViolation when there is no such list."""
        own = dict(params)
        names = own.pop(_NAMES, {})
        if not isinstance(names, dict):
            raise ProtocolViolation(INVALID_PARAMS, f"the parameter '{_NAMES}' is not an object")
        found = {parameter: self._lists.pop(str(name), None) for parameter, name in names.items()}
        for parameter, items in found.items():
            if items is None:
                raise ProtocolViolation(INVALID_PARAMS, f"the list for '{parameter[:80]}' was not given before")
        return {**own, **found}
