"""What of a series is here: from before, and as it comes."""

from __future__ import annotations

import threading
from typing import Callable, Dict, Optional

from ..dicomweb.part10 import Identity
from ..dicomweb.resource import Resource


class Here:
    """``present``: the instances of ``resource`` (a series, or a study that cannot be searched) that are here, and
    whether they were before. ``doubted``: how many bytes came of those that did not look whole.

    ``came_again`` is called for each instance that comes and is here.
    """

    def __init__(self, resource: Resource, came_again: Callable[[], None]) -> None:
        self.present: Dict[Resource, bool] = {}
        self.doubted: Dict[Resource, int] = {}
        self._resource = resource
        self._came_again = came_again
        self._lock = threading.Lock()

    def place(self, identity: Identity) -> Optional[Resource]:
        """Where an instance belongs; None: nowhere. What the data set says of itself must fit what was asked."""
        asked = self._resource
        study = identity.study_instance_uid or asked.study_instance_uid
        series = identity.series_instance_uid or asked.series_instance_uid
        if not series:
            return None
        if study == asked.study_instance_uid and series == asked.series_instance_uid:
            instance = asked.instance(identity.sop_instance_uid)
        else:
            instance = Resource(study, series, identity.sop_instance_uid)
            if not asked.contains(instance):
                return None
        if instance in self.present:
            self._came_again()
            return None
        return instance

    def is_the_servers_own(self, instance: Resource, size: int) -> bool:
        """What does not look whole, and comes like that twice, is how the server has it, whose files may be damaged."""
        with self._lock:
            before = self.doubted.get(instance)
            self.doubted[instance] = size
        return size == before
