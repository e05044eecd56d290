"""Methods that look at what a provider lists, before there is a node."""

from __future__ import annotations

import contextlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Dict

from .jobs import Job
from .methods import Method, Object

if TYPE_CHECKING:
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    return {"providers.choices": Method(ProviderMethods(service).choices, "server")}


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
        proxy_user: str = "",
        proxy_password: str = "",
        ca_file: str = "",
    ) -> int:
        """Items: {"value", "title"}. ``values``: the parts that are chosen already; ``authentication``: a method.

        ``proxy_password``: one that was typed and is for this list only; without it the one that a node keeps for the
        same user of the same proxy.
        """
        from ..dicomweb.profile import profile_named

        count = 0
        known = self._service.authentication
        password = proxy_password or known.kept_proxy_password(proxy, proxy_user)
        with contextlib.ExitStack() as stack:
            workspace = self._service.workspace
            if password:
                workspace = stack.enter_context(self._service.workspace_once({}, password))
            for choice in workspace.choices(
                profile_named(provider),
                part,
                {name: str(value) for name, value in values.items()},
                authentication=known.methods.get(authentication).uid,
                proxy=proxy,
                proxy_user=proxy_user,
                ca_file=ca_file,
                control=job.control,
            ):
                job.tell("items", asdict(choice))
                count += 1
        return count
