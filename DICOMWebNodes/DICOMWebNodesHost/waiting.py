"""How a script waits for a job: the window lives, and a person can cancel."""

import contextlib
import signal
import time
from typing import Any, Callable, Iterator, List, Optional

from DICOMWebNodesLib.errors import Cancelled

from .job import Job, JobState
from .signal import Signal

_PAUSE = 0.005  # seconds between two looks

Progress = Callable[[Any], Any]


def wait(
    job: Job,
    processEvents: Callable[[], Any],
    progress: Optional[Progress] = None,
    cancelled: Callable[[], bool] = lambda: False,
    news: Optional[Signal] = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Any:
    """The job's value; raises its error. ``progress`` hears ``news``, by default how far it is.

    When ``progress`` returns False, or ``cancelled`` says so, or Ctrl-C is pressed, the job is cancelled, and its end
    is waited for. A cancelled job raises Cancelled, also one that has a value: a loop over many must not go on as if
    nothing had happened. After Ctrl-C it is KeyboardInterrupt, and what ``progress`` raises is raised here too.

    ``processEvents`` returns False when the application is to end. Nothing is waited for then: Cancelled is raised,
    and the job stays what it is, so that a transfer can be resumed after a restart.
    """
    endedBefore: Optional[bool] = None  # if so nobody can tell whether it is to end
    stop = _Stop(job)

    def look() -> None:
        nonlocal endedBefore
        ends = processEvents() is False
        endedBefore = ends if endedBefore is None else endedBefore
        if ends and not endedBefore:
            raise Cancelled("the application was closed")
        if pressed:
            stop(KeyboardInterrupt())
        elif cancelled():
            stop(Cancelled("it was cancelled"))
        sleep(_PAUSE)

    with _hearing(news or job.progressed, progress, stop), _ctrlC() as pressed:
        while not job.isOver:
            try:
                look()
            except KeyboardInterrupt as interrupt:  # noqa: PERF203 - the job's end is still waited for
                stop(interrupt)
    return _outcome(job, stop.reason)


class _Stop:
    """Cancels the job, for the first of several reasons."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.reason: Optional[BaseException] = None

    def __call__(self, reason: BaseException) -> None:
        if self.reason is None:
            self.reason = reason
            self._job.cancel()


def _outcome(job: Job, stopped: Optional[BaseException]) -> Any:
    if stopped is not None and not isinstance(stopped, Cancelled):
        raise stopped
    if job.error is not None:
        raise job.error
    if job.state is JobState.CANCELLED:
        raise Cancelled("it was cancelled")
    return job.value


@contextlib.contextmanager
def _hearing(news: Signal, progress: Optional[Progress], stop: _Stop) -> Iterator[None]:
    def tell(value: Any) -> None:
        if progress is None or stop.reason is not None:
            return
        try:
            if progress(value) is False:
                stop(Cancelled("it was cancelled"))
        except BaseException as error:  # Qt, which calls the slot, would lose it
            stop(error)

    news.connect(tell)
    try:
        yield
    finally:
        news.disconnect(tell)


@contextlib.contextmanager
def _ctrlC() -> Iterator[List[int]]:
    """A list that has something in it once Ctrl-C was pressed. As an exception it would be lost when it comes up in a
    slot, which Qt calls. Somebody else's way to hear of it is left alone."""
    pressed: List[int] = []
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield pressed
        return
    try:
        signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    except ValueError:  # not in the main thread
        yield pressed
        return
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
