"""Methods that look at what a provider lists, before there is a node."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Dict

from .jobs import Job
from .methods import Method, Object

if TYPE_CHECKING:
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    return {"providers.choices": Method(ProviderMethods(service).choices)}


class ProviderMethods:
    def __init__(self, service: Service) -> None:
        self._service = service

    def choices(
        self,
        job: Job,
        *,
        provider: str,
        part: str,
        values: Object,
        authentication: str,
        proxy: str = "",
        ca_file: str = "",
    ) -> int:
        """Items: {"value", "title"}. ``values``: the parts that are chosen already; ``authentication``: a method."""
        from ..dicomweb.profile import profile_named

        count = 0
        for choice in self._service.workspace.choices(
            profile_named(provider),
            part,
            {name: str(value) for name, value in values.items()},
            authentication=self._service.authentication.methods.get(authentication).uid,
            proxy=proxy,
            ca_file=ca_file,
            control=job.control,
        ):
            job.tell("items", asdict(choice))
            count += 1
        return count
