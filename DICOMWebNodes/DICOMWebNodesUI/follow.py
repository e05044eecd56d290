"""What becomes of a job, told to a widget."""

from __future__ import annotations

from typing import Any, Callable, List


def follow(job: Any, done: Callable[[Any], None], failed: Callable[[BaseException], None], jobs: List[Any]) -> Any:
    """Call ``done`` with the job's value or ``failed`` with its error; nothing when it was cancelled.

    ``jobs`` keeps the job alive while it runs. A job that is over already is told at once.
    """

    def finished(job: Any) -> None:
        if job in jobs:
            jobs.remove(job)
        if job.state.name == "CANCELLED":
            return
        if job.error is not None:
            failed(job.error)
        else:
            done(job.value)

    if job.isOver:
        finished(job)
    else:
        jobs.append(job)
        job.finished.connect(finished)
    return job
