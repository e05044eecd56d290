"""What becomes of a job, told to a widget."""

from __future__ import annotations

from typing import Any, Callable, List


def follow(
    job: Any,
    done: Callable[[Any], None],
    failed: Callable[[BaseException], None],
    jobs: List[Any],
    ended: Callable[[], None] = lambda: None,
) -> Any:
    """Call ``done`` with the job's value or ``failed`` with its error, neither when it was cancelled; then ``ended``.

    ``jobs`` keeps the job alive while it runs; nothing is told of one that is no longer in it, because the widget that
    had asked is about to go. A job that is over already is told at once.
    """

    def tell() -> None:
        if job.state.name != "CANCELLED":
            if job.error is not None:
                failed(job.error)
            else:
                done(job.value)
        ended()

    def finished(job: Any) -> None:
        if job in jobs:
            jobs.remove(job)
            tell()

    if job.isOver:
        tell()
    else:
        jobs.append(job)
        job.finished.connect(finished)
    return job
