"""What a job tells while it runs: gathered, and sent at most ten times a second."""

from __future__ import annotations

import threading
import time
from itertools import groupby
from operator import itemgetter
from typing import Any, Callable, Dict, List, Sequence, Tuple

from ..text import Text
from .protocol import PAGE_BYTES, JobId, encoded, notification_line, pages, passable_texts
from .texts import Texts

INTERVAL = 0.1  # seconds between two sendings of one job
ITEM_LIMIT = 900_000  # characters of one item, so that its message stays within the limit

Send = Callable[[bytes], None]
_Item = Tuple[str, Texts]  # JSON, and the texts in it


class Outbox:
    """Of one job. ``send`` writes a line; it may block, which slows the job down to what the reader takes."""

    def __init__(self, job: JobId, send: Send, clock: Callable[[], float] = time.monotonic) -> None:
        self._job = job
        self._send = send
        self._clock = clock
        self._lock = threading.RLock()
        self._items: List[Tuple[str, _Item]] = []  # by name
        self._latest: Dict[str, str] = {}
        self._newest: Dict[str, Dict[str, str]] = {}  # by name and key
        self._size = 0
        self._sent_at = float("-inf")
        self._closed = False

    def add(self, name: str, item: Any, *, is_data: bool = False) -> None:
        """One more item; none is lost, and items stay in order whatever their names. ``is_data``: no text is in it."""
        text = encoded(item)
        if len(text) > ITEM_LIMIT:
            name, item = "warned", Text("an item of {length} bytes is too long to be passed on", length=len(text))
            text = encoded(item)
        texts = () if is_data else passable_texts(item)
        with self._lock:
            self._items.append((name, (text, texts)))
            self._size += len(text)
            self._send_if_due(self._size >= PAGE_BYTES)

    def set(self, name: str, value: Any) -> None:
        """The newest value of that name; only the last one counts."""
        text = encoded(value)
        with self._lock:
            self._latest[name] = text
            self._send_if_due(False)

    def update(self, name: str, key: str, item: Any) -> None:
        """An item that takes the place of the one with the same key, unless that was sent already."""
        text = encoded(item)
        with self._lock:
            self._newest.setdefault(name, {})[key] = text
            self._send_if_due(False)

    @property
    def is_waiting(self) -> bool:
        """Whether there is something that is not sent yet."""
        return bool(self._items or self._latest or self._newest)

    @property
    def items(self) -> int:
        """How many were added that are not sent yet."""
        return len(self._items)

    def flush(self) -> None:
        with self._lock:
            items, newest, latest = self._items, self._newest, self._latest
            self._items, self._newest, self._latest, self._size = [], {}, {}, 0
            self._sent_at = self._clock()
            if self._closed:
                return
            for name, of_that_name in groupby(items, itemgetter(0)):
                self._send_items(name, [item for _, item in of_that_name])
            for name, by_key in newest.items():
                self._send_items(name, [(text, ()) for text in by_key.values()])
            for name, value in latest.items():
                self._send(notification_line(name, self._job, "value", value))

    def _send_items(self, name: str, items: Sequence[_Item]) -> None:
        start = 0
        for page, count in pages([text for text, _ in items]):
            texts = [
                [[position, *place], wire]
                for position, (_, of_item) in enumerate(items[start : start + count])
                for place, wire in of_item
            ]
            self._send(notification_line(name, self._job, "items", page, texts))
            start += count

    def close(self, last_line: bytes) -> bool:
        """Send what is left and the answer; nothing comes after it. False when there was an answer already."""
        with self._lock:
            if self._closed:
                return False
            self.flush()
            self._closed = True
            self._send(last_line)
            return True

    def _send_if_due(self, is_full: bool) -> None:
        if is_full or self._clock() - self._sent_at >= INTERVAL:
            self.flush()
