"""The books of a send: which series there are, and how far each is."""

import time
from dataclasses import replace
from typing import Any, Callable, Dict, List, Mapping, Sequence, Set

from .send_plan import SeriesPlan
from .series_progress import CANCELLED, DONE, INCOMPLETE, PAUSED, SENDING, WAITING, SeriesProgress
from .speed import Speed

ARRIVED = ("stored", "stored_with_warning", "already_there")


class SendBook:
    """Takes the outcomes that the worker tells; most methods return the progress of the series that they changed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._speeds: Dict[str, Speed] = {}
        self.series: Dict[str, SeriesProgress] = {}  # by UID; "" where a file has not told its series
        self.cancelledSeries: Set[str] = set()  # one by one, by UID

    def planned(self, plan: SeriesPlan, description: str, number: str) -> SeriesProgress:
        there, expected = plan.confirmed, len(plan.files) + plan.withoutFile + plan.confirmed
        progress = self.series[plan.series] = SeriesProgress(
            *(plan.study, plan.series, expected, there, there),
            state=DONE if there and there == expected else WAITING,
            description=description,
            number=number,
        )
        return progress

    def settled(self, outcomes: Sequence[Mapping[str, Any]], sizes: Mapping[str, int]) -> List[SeriesProgress]:
        """``sizes`` of the files in bytes, by path."""
        changed: Dict[str, None] = {}
        for outcome in outcomes:
            uid = outcome.get("series_instance_uid", "")
            before = self.series.get(uid) or SeriesProgress(outcome.get("study_instance_uid", ""), uid)
            size = sizes.get(outcome["path"], 0)
            self.series[uid] = _with(before, outcome, size, uid in self.cancelledSeries)
            changed[uid] = None
        for uid in changed:
            progress = self.series[uid]
            speed = self._speeds.setdefault(uid, Speed(self._clock)).at(progress.bytes)
            self.series[uid] = replace(progress, bytesPerSecond=0.0 if progress.isOver else speed)
        return [self.series[uid] for uid in changed]

    def over(self) -> List[SeriesProgress]:
        """Nothing more will be heard of any."""
        unfinished = [uid for uid, progress in self.series.items() if not progress.isOver]
        self.series.update((uid, _over(self.series[uid])) for uid in unfinished)
        return [self.series[uid] for uid in unfinished]

    # --- what a person does with one of them, "study/series" ----------------------------------------------------------

    def isUnderWay(self, resource: str) -> bool:
        progress = self.series.get(seriesOf(resource))
        return progress is not None and not progress.isOver

    def paused(self, resource: str) -> List[SeriesProgress]:
        return [self._change(resource, PAUSED)]

    def resumed(self, resource: str = "") -> List[SeriesProgress]:
        """``resource``, or each that was paused."""
        paused = [each.resource for each in self.series.values() if each.state == PAUSED]
        return [self._change(each, WAITING) for each in paused if not resource or each == resource]

    def cancelled(self, resource: str) -> List[SeriesProgress]:
        """What has begun tells how it ends; nothing will be heard of another before its turn would have come."""
        self.cancelledSeries.add(seriesOf(resource))
        hasBegun = self.series[seriesOf(resource)].state not in (WAITING, PAUSED)
        return [] if hasBegun else [self._change(resource, CANCELLED)]

    def _change(self, resource: str, state: str) -> SeriesProgress:
        uid = seriesOf(resource)
        self.series[uid] = replace(self.series[uid], state=state)
        return self.series[uid]


def seriesOf(resource: str) -> str:
    """The UID of a series, "study/series"."""
    return resource.rpartition("/")[2]


def _with(progress: SeriesProgress, outcome: Mapping[str, Any], size: int, isCancelled: bool) -> SeriesProgress:
    """The progress of a series, after one more of its files, of ``size`` bytes, has an outcome."""
    arrived = outcome["status"] in ARRIVED
    known = progress.reason or ("" if arrived else outcome.get("reason", ""))
    received, failed = progress.received + 1, progress.failed + (not arrived)
    state = progress.state if progress.state in (PAUSED, CANCELLED) else SENDING
    if progress.expected is not None and received >= progress.expected:
        state = DONE if not failed else CANCELLED if isCancelled else INCOMPLETE
    counts = {"received": received, "indexed": progress.indexed + arrived, "failed": failed}
    return replace(progress, **counts, bytes=progress.bytes + size, state=state, reason=known)


def _over(progress: SeriesProgress) -> SeriesProgress:
    everything = progress.state != WAITING and progress.expected is None and not progress.failed
    return replace(progress, state=DONE if everything else INCOMPLETE, bytesPerSecond=0.0)
