"""What gives instances."""

from __future__ import annotations

from typing import ContextManager, Iterator, Protocol

from ..dicomweb.multipart_events import PartEvent
from ..dicomweb.resource import Level, Resource


class Source(Protocol):
    """A service that gives instances: :class:`~..dicomweb.wado_rs.WadoRS` or :class:`~..dicomweb.wado_uri.WadoURI`."""

    def retrieves(self, level: Level) -> bool: ...

    def refused(self, level: Level) -> None: ...

    def retrieve(self, resource: Resource) -> ContextManager[Iterator[PartEvent]]: ...
