"""How a script waits for a job: the window lives, and a person can cancel."""

import contextlib
import signal
import time
from typing import Any, Callable, Iterator, List, Optional

from DICOMWebNodesLib.errors import Cancelled

from .job import Job

_PAUSE = 0.005  # seconds between two looks

Progress = Callable[[Any], Any]


def wait(
    job: Job,
    processEvents: Callable[[], Any],
    progress: Optional[Progress] = None,
    cancelled: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], None] = time.sleep,
) -> Any:
    """The job's value; raises its error. ``progress`` hears how far it is; when it returns False, or ``cancelled``
    says so, or Ctrl-C is pressed, the job is cancelled, and its end is waited for.

    ``processEvents`` returns False when the application is to end. Nothing is waited for then: Cancelled is raised,
    and the job stays what it is, so that a transfer can be resumed after a restart.
    """
    endedBefore: Optional[bool] = None  # if so nobody can tell whether it is to end

    def tell(news: Any) -> None:
        if progress is not None and progress(news) is False:
            job.cancel()

    def look() -> None:
        nonlocal endedBefore
        ends = processEvents() is False
        endedBefore = ends if endedBefore is None else endedBefore
        if ends and not endedBefore:
            raise Cancelled("the application was closed")
        if cancelled() or pressed:
            pressed.clear()
            job.cancel()
        sleep(_PAUSE)

    job.progressed.connect(tell)
    try:
        with _ctrlC() as pressed:
            while not job.isOver:
                try:
                    look()
                except KeyboardInterrupt:  # noqa: PERF203 - the job's end is still waited for
                    job.cancel()
    finally:
        job.progressed.disconnect(tell)
    if job.error is not None:
        raise job.error
    return job.value


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
