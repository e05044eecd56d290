"""A transfer's events as notifications of its job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Dict

from .jobs import Job

if TYPE_CHECKING:
    from ..transfer.events import Event, Failed, InstanceStored, Planned, Progress, SeriesDone

_FEW = 50
"""Towards its end a transfer tells what has come as soon as that is as much as is still to come, at least so many
instances at once: whoever works on them is not left with a tenth of a second's worth. More often would be dear: each
start of CTK's indexer costs as much as ten instances."""


class Teller:
    """Of one transfer; :meth:`hear` is its listener."""

    def __init__(self, job: Job) -> None:
        from ..transfer.events import Failed, InstanceStored, Planned, Progress, SeriesDone

        self._job = job
        self._expected = 0  # instances, by the newest progress
        self._over = 0  # instances that have come, or will not
        self._tell_by_kind: Dict[type, Callable[[Any], None]] = {
            InstanceStored: self._tell_stored,
            Progress: self._show,
            Planned: self._tell_planned,
            Failed: self._tell_failed,
            SeriesDone: self._tell_done,
        }

    def hear(self, event: Event) -> None:
        tell = self._tell_by_kind.get(type(event))
        if tell is not None:
            tell(event)

    def _tell_stored(self, event: InstanceStored) -> None:
        self._job.tell("stored", [str(event.resource), event.file, event.size, event.already], is_data=True)
        self._over += 1
        waiting, to_come = self._job.outbox.items, self._expected - self._over
        if waiting >= to_come >= 0 and (waiting >= _FEW or not to_come):
            self._job.outbox.flush()

    def _tell_planned(self, event: Planned) -> None:
        series = [[str(plan.resource), plan.expected] for plan in event.series]
        self._job.tell("planned", {"requested": str(event.requested), "series": series})

    def _tell_failed(self, event: Failed) -> None:
        failure = event.failure
        self._over += failure.instances
        self._job.tell(
            "failed",
            {
                "resource": str(failure.resource),
                "instances": failure.instances,
                "code": failure.code,
                "reason": failure.reason,
            },
        )

    def _tell_done(self, event: SeriesDone) -> None:
        counts = {"stored": event.stored, "already_there": event.already_there, "failed": event.failed}
        self._job.tell("done", {"resource": str(event.resource), **counts})

    def _show(self, event: Progress) -> None:
        self._expected = event.expected
        for series in event.series:
            name = str(series.resource)
            self._job.outbox.update("moved", name, [name, series.instances, series.expected, series.bytes])
        self._job.show(
            "progress",
            {
                "instances": event.instances,
                "expected": event.expected,
                "bytes": event.bytes,
                "bytes_per_second": event.bytes_per_second,
            },
        )
