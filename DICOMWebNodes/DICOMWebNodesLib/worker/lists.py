"""Long parameters, which a client gives page by page before the request that uses them."""

from __future__ import annotations

import threading
from typing import Any, Dict, List, Optional

from ..errors import InvalidValue, LimitExceeded
from ..text import Text
from .methods import Items

MOST_LISTS = 64
MOST_ITEMS = 5_000_000


class Lists:
    """By name; each is used once."""

    def __init__(self, most_items: int = MOST_ITEMS) -> None:
        self._most_items = most_items
        self._lock = threading.Lock()
        self._lists: Dict[str, List[Any]] = {}

    def extend(self, _: Optional[object], *, name: str, items: Items) -> int:
        """How many items the list has now. Raises LimitExceeded."""
        with self._lock:
            known = self._lists.get(name, [])
            if (name not in self._lists and len(self._lists) >= MOST_LISTS) or (
                sum(map(len, self._lists.values())) + len(items) > self._most_items
            ):
                raise LimitExceeded("more lists than the worker keeps", next_step="Ask for less at once.")
            self._lists[name] = known
            known.extend(items)
            return len(known)

    def take(self, name: str) -> List[Any]:
        """The list, which is forgotten here; "" names an empty one. Raises InvalidValue when there is none."""
        with self._lock:
            known = [] if name == "" else self._lists.pop(name, None)
        if known is None:
            raise InvalidValue(
                Text("there is no list {name!r}", name=name[:80]), next_step="Give it before the request that uses it."
            )
        return known
