"""The threads of a transfer, as many as its :class:`Concurrency` allows at the moment."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from typing import Callable, Iterator, Set

from .concurrency import Concurrency


class Crew:
    """Calls ``work`` again and again, on several threads, until it returns False.

    The threads are daemons: one that hangs in a connection attempt is left behind, not waited for. Where the system
    gives no more of them, those that are there do it.
    """

    def __init__(
        self,
        work: Callable[[], bool],
        concurrency: Concurrency,
        make_thread: Callable[..., threading.Thread] = threading.Thread,
    ) -> None:
        self._work = work
        self._concurrency = concurrency
        self._make_thread = make_thread
        self._most = sys.maxsize
        self._lock = threading.Lock()
        self._workers: Set[threading.Thread] = set()
        self._resting = 0

    def start(self) -> None:
        """Start those that are allowed and not there yet; to be called again whenever more may be allowed.

        Raises RuntimeError when there is none and none can be started.
        """
        if self._active >= self._limit:
            return
        with self._lock:
            while self._active < self._limit:
                worker = self._make_thread(target=self._run, daemon=True)
                self._workers.add(worker)
                try:
                    worker.start()
                except RuntimeError:
                    self._workers.discard(worker)
                    if not self._workers:
                        raise
                    self._most = self._active

    @contextlib.contextmanager
    def resting(self) -> Iterator[None]:
        """The worker that calls waits for somebody; another one has its place meanwhile.

        Afterwards there is one too many, until one of them has done its task.
        """
        with self._lock:
            self._resting += 1
        self.start()
        try:
            yield
        finally:
            with self._lock:
                self._resting -= 1

    @property
    def _limit(self) -> int:
        return min(self._concurrency.limit, self._most)

    @property
    def _active(self) -> int:
        return len(self._workers) - self._resting

    def join(self, timeout: float) -> bool:
        """Wait for ``timeout`` seconds at most; whether everyone has finished."""
        deadline = time.monotonic() + timeout
        while True:
            with self._lock:
                workers = tuple(self._workers)
            if not workers:
                return True
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            workers[0].join(left)

    def _run(self) -> None:
        try:
            while self._allowed() and self._work():
                pass
        finally:
            with self._lock:
                self._workers.discard(threading.current_thread())

    def _allowed(self) -> bool:
        """The last ones to come are the first to go when the limit falls; one stays in any case."""
        with self._lock:
            if self._active <= max(1, self._concurrency.limit):
                return True
            self._workers.discard(threading.current_thread())
            return False
