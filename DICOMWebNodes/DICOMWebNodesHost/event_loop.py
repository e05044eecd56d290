"""Calls from Qt's event loop.

Not with ``qt.QTimer.singleShot``: Slicer replaces it by one that keeps for each call a timer, and all that the function
refers to, until the application ends.
"""

from typing import Callable, List, Optional, Set

_idle: List["_Timer"] = []
_waiting: Set["_Timer"] = set()
_isForgotten = False


def later(milliseconds: int, call: Callable[[], object]) -> None:
    """Call ``call`` once, from the event loop, after that time or as soon as the loop comes round (0)."""
    timer = _idle.pop() if _idle else _Timer()
    _waiting.add(timer)
    timer.start(milliseconds, call)


def forgetTimers() -> None:
    """This file is about to be read anew, with timers of its own; what still waits is called all the same."""
    global _isForgotten
    _isForgotten = True
    while _idle:
        _idle.pop().end()


def processEvents() -> bool:
    """Let what is waiting happen; False when the application has been told to end, which it does as soon as nobody
    who waits keeps it. Only a loop tells: none begins any more then."""
    import qt
    import slicer

    loop = qt.QEventLoop()
    later(0, loop.quit)
    if loop.exec() != -1:
        return True
    slicer.app.processEvents()
    return False


class _Timer:
    """Used again and again: to make one costs more than most of what is called."""

    def __init__(self) -> None:
        import qt

        self._call: Optional[Callable[[], object]] = None
        # The application's: Python may find it unused in any thread, and only the one that it runs in may end it.
        self._timer = qt.QTimer(qt.QCoreApplication.instance())
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._due)

    def start(self, milliseconds: int, call: Callable[[], object]) -> None:
        self._call = call
        self._timer.start(milliseconds)

    def _due(self) -> None:
        call, self._call = self._call, None
        _waiting.discard(self)
        if _isForgotten:
            self.end()
        else:
            _idle.append(self)
        if call is not None:
            call()

    def end(self) -> None:
        self._timer.deleteLater()
