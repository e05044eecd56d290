"""Which threads work for something that may become unwanted, while other requests of the same session go on."""

from __future__ import annotations

import contextlib
import threading
from typing import Callable, Dict, Iterator, List, TypeVar

from ..errors import Cancelled

Unwanted = Callable[[], bool]
_Result = TypeVar("_Result")


class Interruptions:
    """``end(thread)`` ends the request of a thread, by its ident; ``forget(thread)``: it has none any more."""

    def __init__(self, end: Callable[[int], None], forget: Callable[[int], None]) -> None:
        self._end = end
        self._forget = forget
        self._changed = threading.Condition()
        self._threads: Dict[int, Unwanted] = {}
        self._aborted = False

    @contextlib.contextmanager
    def while_wanted(self, unwanted: Unwanted) -> Iterator[None]:
        """What this thread asks for in the block ends as soon as ``unwanted()`` is found to be true."""
        me = threading.get_ident()
        self._threads[me] = unwanted
        try:
            yield
        finally:
            with self._changed:  # whoever ends requests just now does not end the next one of this thread
                self._threads.pop(me, None)
                self._forget(me)

    def look(self) -> None:
        """From another thread: end what is not wanted any more."""
        with self._changed:
            for thread, unwanted in tuple(self._threads.items()):
                if unwanted():
                    self._end(thread)
            self._changed.notify_all()

    def abort(self) -> None:
        """Nothing is wanted any more, by nobody."""
        with self._changed:
            self._aborted = True
            self._changed.notify_all()

    @property
    def was_aborted(self) -> bool:
        return self._aborted

    def wait(self, seconds: float) -> None:
        """Let time pass, as long as what the thread works for is wanted."""
        with self._changed:
            self._changed.wait_for(self.is_unwanted, seconds)

    def outlast(self, ask: Callable[[], _Result]) -> _Result:
        """What ``ask`` gives or raises, for which another thread waits. Raises :class:`~..errors.Cancelled` as soon as
        this one works for nobody any more; ``ask`` then ends by itself."""
        results: List[_Result] = []
        errors: List[BaseException] = []

        def wait() -> None:
            try:
                results.append(ask())
            except BaseException as error:
                errors.append(error)
            with self._changed:
                self._changed.notify_all()

        try:
            threading.Thread(target=wait, daemon=True).start()
        except RuntimeError:  # the system gives no more threads
            wait()
        with self._changed:
            self._changed.wait_for(lambda: results or errors or self.is_unwanted())
        if errors:
            raise errors[0]
        if not results:
            raise Cancelled("it was cancelled")
        return results[0]

    def is_unwanted(self) -> bool:
        """Whether this thread works for nobody any more."""
        if self._aborted:
            return True
        unwanted = self._threads.get(threading.get_ident())
        return unwanted is not None and unwanted()
