"""Ctrl-C while the network is silent."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Callable, TypeVar

if TYPE_CHECKING:
    from ..transfer.control import Control

_Result = TypeVar("_Result")
_LOOK_UP = 0.1  # seconds
_PATIENCE = 1.0  # seconds for what is cancelled to end


def interruptible(work: Callable[[Control], _Result], threaded: bool = sys.platform == "win32") -> _Result:
    """What ``work`` gives, or KeyboardInterrupt as soon as a person wants that.

    On Windows Ctrl-C ends no wait for the network, only waits that end by themselves. There ``work`` gets a thread of
    its own, and its control ends the request under way.
    """
    from ..transfer.control import Control

    control = Control()
    return _in_a_thread(lambda: work(control), control.cancel) if threaded else work(control)


def _in_a_thread(work: Callable[[], _Result], cancel: Callable[[], None]) -> _Result:
    import concurrent.futures

    result: concurrent.futures.Future[_Result] = concurrent.futures.Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # Ctrl-C at a prompt too
            result.set_exception(error)

    try:
        threading.Thread(target=run, daemon=True).start()
        while not result.done():
            concurrent.futures.wait([result], _LOOK_UP)
    except KeyboardInterrupt:
        cancel()
        concurrent.futures.wait([result], _PATIENCE)
        raise
    return result.result()
