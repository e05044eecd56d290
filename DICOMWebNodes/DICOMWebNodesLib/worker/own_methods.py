"""Methods about the worker itself: where secrets are kept, and what somebody who helps needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict, Optional

from .jobs import Job
from .methods import Method, Object

if TYPE_CHECKING:
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    own = OwnMethods(service)
    return {"diagnostics": Method(own.diagnostics), "secrets": Method(own.secrets)}


class OwnMethods:
    def __init__(self, service: Service) -> None:
        self._service = service

    def diagnostics(self, job: Job, *, more: Optional[Object] = None) -> str:
        """As :func:`..diagnostics.diagnostics`; ``more``: what the client knows of itself."""
        from ..diagnostics import diagnostics
        from ..logs import level

        authentication = self._service.authentication
        previews = self._service.previews
        own = {
            "requests side by side": str(self._service.connections),
            "previews": f"{previews.size()} bytes in {previews.folder}" if previews is not None else "not kept",
            "log level": level(),
        }
        return diagnostics(
            self._service.folder,
            self._service.nodes,
            authentication.methods.methods(),
            authentication.secrets.place,
            {**own, **{str(name): str(value) for name, value in (more or {}).items()}},
        )

    def secrets(self, job: Job, *, file: Optional[bool] = None) -> Object:
        """Where secrets are kept; ``file`` moves them into the file that only the user can read, or out of it."""
        if file is not None:
            self._service.keep_secrets_in_file(file)
        store = self._service.secrets
        return {"place": store.place, "lasts": store.lasts, "file": self._service.has_file_of_secrets}
