"""What is selected in the list of transfers: whole transfers, and single series; what each lets be done."""

from __future__ import annotations

from typing import Any

_UNDER_WAY = ("waiting", "retrieving", "sending")


class WholeTransfer:
    """``row``: a TransferRow, or an UnfinishedRow, whose job is None."""

    def __init__(self, row: Any) -> None:
        self.row = row
        self._steered = row if row.job is None else row.job

    @property
    def can_pause(self) -> bool:
        return self._state == "RUNNING"

    @property
    def can_resume(self) -> bool:
        """Also when one of its series is paused."""
        if self.row.job is None:
            return bool(self.row.can_resume)
        if self._state == "PAUSED":
            return True
        return bool(self.row.paused) and not self.row.job.isOver

    @property
    def can_cancel(self) -> bool:
        return bool(self.row.can_cancel) if self.row.job is None else not self.row.job.isOver

    @property
    def can_retry(self) -> bool:
        """Not while one of its series is brought by a transfer of its own."""
        job = self.row.job
        return job is not None and self.row.is_unsuccessful and all(each.isOver for each in job.retries.values())

    def pause(self) -> None:
        self._steered.pause()

    def resume(self) -> None:
        self._steered.resume()

    def cancel(self) -> None:
        self._steered.cancel()

    @property
    def _state(self) -> str:
        return self.row.job.state.name if self.row.job is not None else ""


class OneSeries:
    """A series of a transfer; ``progress``: its SeriesProgress."""

    def __init__(self, row: Any, progress: Any) -> None:
        self.row = row
        self._job = row.job
        self._state = progress.state
        self.resource = progress.resource

    @staticmethod
    def can_be_steered(row: Any, progress: Any) -> bool:
        """A worker knows a series that is sent by its study and its own UID; files may lack them."""
        return row.job.name == "import" or bool(progress.study and progress.series)

    @property
    def can_pause(self) -> bool:
        return self._job.state.name == "RUNNING" and self._state in _UNDER_WAY

    @property
    def can_resume(self) -> bool:
        return not self._job.isOver and self._state == "paused"

    @property
    def can_cancel(self) -> bool:
        return not self._job.isOver and self._state in (*_UNDER_WAY, "paused")

    @property
    def can_retry(self) -> bool:
        """Once: what became of the retry, and whether to try again, is said by its own row."""
        return self._state in ("incomplete", "cancelled") and self.resource not in self._job.retries

    def pause(self) -> None:
        self._job.pause(self.resource)

    def resume(self) -> None:
        self._job.resume(self.resource)

    def cancel(self) -> None:
        self._job.cancel(self.resource)

    def prioritise(self) -> None:
        if not self._job.isOver:
            self._job.prioritise(self.resource)
