"""Long work in the main thread, in slices between which the window lives."""

import time
from typing import Any, Callable, Generator

SLICE = 0.01  # seconds

Later = Callable[[int, Callable[[], None]], None]
"""``later(milliseconds, f)`` calls ``f`` from the event loop: :func:`.event_loop.later`."""

Failed = Callable[[Exception], None]


class Slices:
    """``clock`` in seconds."""

    def __init__(self, later: Later, clock: Callable[[], float] = time.monotonic) -> None:
        self.later = later
        self._clock = clock

    def run(self, work: Generator[None, None, Any], done: Callable[[Any], None], failed: Failed) -> None:
        """Advance ``work``, which yields after each short step; ``done`` gets what it returns, ``failed`` what the one
        or the other raises: whoever waits for them must hear of it."""
        self.later(0, lambda: self._slice(work, done, failed))

    def repeat(self, work: Callable[[float], bool]) -> Callable[[], None]:
        """A function that has ``work(seconds)`` called soon, and again while it says that there is more to do."""
        scheduled = False

        def wake() -> None:
            nonlocal scheduled
            if not scheduled:
                scheduled = True
                self.later(0, work_on)

        def work_on() -> None:
            nonlocal scheduled
            scheduled = False
            is_more = True  # also after an error, which is of one thing and must not hold up the others
            try:
                is_more = work(SLICE)
            finally:
                if is_more:
                    wake()

        return wake

    def _slice(self, work: Generator[None, None, Any], done: Callable[[Any], None], failed: Failed) -> None:
        until = self._clock() + SLICE
        try:
            next(work)
            while self._clock() < until:
                next(work)
        except StopIteration as end:
            _concluded(end.value, done, failed)
        except Exception as error:
            failed(error)
        else:
            self.run(work, done, failed)


def _concluded(value: Any, done: Callable[[Any], None], failed: Failed) -> None:
    try:
        done(value)
    except Exception as error:
        failed(error)
