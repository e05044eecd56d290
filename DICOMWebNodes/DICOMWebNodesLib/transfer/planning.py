"""Which series a requested study has: the first task of a transfer."""

from __future__ import annotations

from typing import TYPE_CHECKING, FrozenSet, Optional, Sequence, Set

from ..dicomweb.resource import Resource
from ..errors import DICOMWebNodesError
from .events import SeriesPlan
from .series import LOST, SeriesTransfer

if TYPE_CHECKING:
    from .engine import Transfer


class PlanTask:
    """The first task of each requested study or series: learn which series there are."""

    is_plan = True

    def __init__(self, transfer: Transfer, resource: Resource, only: Optional[FrozenSet[Resource]] = None) -> None:
        self.resource = resource
        self._transfer = transfer
        self._only = only
        self._begun: Set[Resource] = set()

    def run(self) -> None:
        if self._only is not None:
            self._begin([SeriesPlan(self.resource, len(self._only))])
        else:
            catalogue = self._transfer.catalogue
            listed = self._transfer.again(
                self.resource, lambda: catalogue.series_of(self.resource, begin=self._begin), LOST
            )
            self._begin(listed.plans)
            for failure in listed.unusable:
                self._transfer.account.failed(failure)
        self._transfer.account.plan_ended()

    def _begin(self, plans: Sequence[SeriesPlan]) -> None:
        """Those of the series that are not under way yet."""
        new = [plan for plan in plans if plan.resource not in self._begun]
        if not new:
            return
        self._begun.update(plan.resource for plan in new)
        self._transfer.account.planned(self.resource, new)
        for plan in new:
            self._transfer.queue.put(SeriesTransfer(self._transfer, plan, self._only))

    def abandon(self, error: DICOMWebNodesError) -> None:
        instances = len(self._only) if self._only is not None else 1
        self._transfer.account.plan_ended()
        self._transfer.account.failed(self._transfer.failure(self.resource, error, instances))
