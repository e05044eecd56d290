"""Manifests that were opened, as long as the worker lives: what is secret in them never leaves it."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING, Dict, List, Optional, Sequence, Tuple
from urllib.parse import urlsplit

from ..dicomweb.resource import Level, Resource
from ..errors import NodeNotFound

if TYPE_CHECKING:
    from ..manifests.target import Target

PREFIX = "manifest:"
_MOST = 200  # parts; the oldest are forgotten


class OpenedManifests:
    """Parts by a reference that stands for a node, and of those that were accepted the resources."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._targets: Dict[str, Target] = {}
        self._accepted: Dict[str, Tuple[Resource, ...]] = {}

    def keep(self, targets: Sequence[Target]) -> List[str]:
        """A reference for each, with the host for people, and which nobody can guess."""
        references = [f"{PREFIX}{urlsplit(target.node.url).netloc}/{uuid.uuid4().hex}" for target in targets]
        with self._lock:
            self._targets.update(zip(references, targets))
            for oldest in list(self._targets)[:-_MOST]:
                self._targets.pop(oldest)
                self._accepted.pop(oldest, None)
        return references

    def find(self, reference: str) -> Optional[Target]:
        with self._lock:
            return self._targets.get(reference)

    def get(self, reference: str) -> Target:
        """Raises NodeNotFound."""
        target = self.find(reference)
        if target is None:
            raise NodeNotFound(
                "what a manifest brings is known only as long as the program runs",
                next_step="Open the manifest or link again.",
            )
        return target

    def accept(
        self, reference: str, target: Target, resources: Tuple[Resource, ...]
    ) -> Tuple[str, Tuple[Resource, ...]]:
        """With which node and resources to retrieve it.

        Without secrets and single instances it is an ordinary node, which later sessions know too. Instances are
        named by their series, lest a message be too long.
        """
        with self._lock:
            self._targets[reference] = target
            self._accepted[reference] = resources
        if target.is_ordinary and all(resource.level is not Level.INSTANCE for resource in resources):
            return (target.node.uid if target.is_known else target.node.url), resources
        above = (each.parent if each.level is Level.INSTANCE else each for each in resources)
        return reference, tuple(dict.fromkeys(above))

    def within(self, reference: str, wanted: Sequence[Resource]) -> List[Resource]:
        """What was accepted of ``wanted``."""
        with self._lock:
            accepted = self._accepted.get(reference, ())
        chosen = set(wanted)
        return [each for each in accepted if chosen.intersection((each, each.parent, each.parent.parent))]
