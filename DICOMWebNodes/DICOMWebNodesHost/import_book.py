"""The books of an import: which series there are, how far each is, which instances have come."""

import time
from dataclasses import replace
from typing import Any, Callable, Dict, List, Sequence, Set

from DICOMWebNodesLib.dicomweb.resource import Resource

from .import_values import ImportFailure
from .series_progress import CANCELLED, DONE, INCOMPLETE, INDEXING, PAUSED, RETRIEVING, WAITING, SeriesProgress
from .speed import Speed


class ImportBook:
    """Takes what the worker tells; each method returns the resources of the series that it changed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._speeds: Dict[str, Speed] = {}
        self.series: Dict[str, SeriesProgress] = {}  # by "study/series"
        self.instances: Dict[str, List[Resource]] = {}  # that have come, by "study/series"
        self.failures: List[ImportFailure] = []
        self.cancelledSeries: Set[str] = set()  # one by one, by "study/series"
        self.indexed = 0  # instances, of all series

    def planned(self, plans: Sequence[Dict[str, Any]]) -> List[str]:
        pairs = [pair for plan in plans for pair in plan["series"]]
        for resource, expected in pairs:
            self._change(resource, expected=expected)
        return [resource for resource, _ in pairs]

    def stored(self, items: Sequence[Sequence[Any]]) -> List[str]:
        """``items``: [instance, file, bytes, already]."""
        changed: Dict[str, None] = {}
        for resource, *_ in items:
            series = resource.rpartition("/")[0]
            self.instances.setdefault(series, []).append(Resource.parse(resource))
            changed[series] = None
        for series in changed:
            self._change(series, received=len(self.instances[series]), state=RETRIEVING)
        return list(changed)

    def moved(self, items: Sequence[Sequence[Any]]) -> List[str]:
        """``items``: [series, instances, expected, bytes]."""
        newest = {resource: (expected, size) for resource, _, expected, size in items}
        for resource, (expected, size) in newest.items():
            speed = self._speeds.setdefault(resource, Speed(self._clock)).at(size)
            self._change(resource, expected=expected, bytes=size, bytesPerSecond=speed, state=RETRIEVING)
        return list(newest)

    def failed(self, items: Sequence[Dict[str, Any]]) -> List[str]:
        changed = []
        for item in items:
            resource = Resource.parse(item["resource"])
            self.failures.append(ImportFailure(str(resource), item["reason"], item["instances"], item["code"]))
            series = str(resource.parent if resource.sop_instance_uid else resource)
            if resource.series_instance_uid or series in self.series:
                before = self._get(series)
                self._change(series, failed=before.failed + item["instances"], reason=before.reason or item["reason"])
                changed.append(series)
        return changed

    def retrieved(self, items: Sequence[Dict[str, Any]]) -> List[str]:
        for item in items:
            series = item["resource"]
            nothing = series in self.cancelledSeries and series not in self.instances
            self._change(series, state=CANCELLED if nothing else INDEXING, bytesPerSecond=0.0)
        return [item["resource"] for item in items]

    def verified(self, series: str, missing: Sequence[Resource], reason: Callable[[Resource], str]) -> None:
        """The last word on a series; ``missing`` are those of its instances that the database has not."""
        self.failures += [ImportFailure(str(instance), reason(instance)) for instance in missing]
        before, received = self._get(series), len(self.instances.get(series, ()))
        failed = before.failed + len(missing)
        self.indexed += received - len(missing) - before.indexed
        self._change(
            series,
            received=received,
            indexed=received - len(missing),
            failed=failed,
            bytesPerSecond=0.0,
            state=self._incomplete(series) if failed else DONE,
            reason=before.reason or (reason(missing[0]) if missing else ""),
        )

    def abandoned(self, reason: str) -> List[str]:
        """Nothing more will come."""
        unfinished = [resource for resource, progress in self.series.items() if not progress.isOver]
        for resource in unfinished:
            known = self._get(resource).reason
            self._change(resource, state=self._incomplete(resource), bytesPerSecond=0.0, reason=known or reason)
        return unfinished

    def describe(self, resource: str, description: str, number: str) -> None:
        self._change(resource, description=description, number=number)

    # --- what a person does with one of them --------------------------------------------------------------------------

    def paused(self, resource: str) -> List[str]:
        if resource not in self.series or self._get(resource).state not in (WAITING, RETRIEVING):
            return []
        self._change(resource, state=PAUSED, bytesPerSecond=0.0)
        return [resource]

    def resumed(self, resource: str = "") -> List[str]:
        """``resource``, or each that was paused: it waits until something of it comes."""
        resumed = [each for each in ([resource] if resource else self.series) if self._get(each).state == PAUSED]
        for each in resumed:
            self._change(each, state=WAITING)
        return resumed

    def cancelled(self, resource: str) -> List[str]:
        """What is missing of it in the end is not incomplete, but cancelled."""
        self.cancelledSeries.add(resource)
        return self.resumed(resource)

    # --- what there is ----------------------------------------------------------------------------------------------

    def unverified(self) -> Dict[str, List[Resource]]:
        """The instances of all series that are not over."""
        return {series: instances for series, instances in self.instances.items() if not self._get(series).isOver}

    # --- one series -------------------------------------------------------------------------------------------------

    def _get(self, resource: str) -> SeriesProgress:
        study, _, series = resource.partition("/")
        return self.series.get(resource) or SeriesProgress(study, series)

    def _incomplete(self, resource: str) -> str:
        return CANCELLED if resource in self.cancelledSeries else INCOMPLETE

    def _change(self, resource: str, **values: Any) -> None:
        progress = self._get(resource)
        if progress.isOver or (progress.state in (INDEXING, PAUSED) and values.get("state") == RETRIEVING):
            values.pop("state", None)  # what is told late does not bring it back
            values.pop("bytesPerSecond", None)
        self.series[resource] = replace(progress, **values)
