"""Methods for authentication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Dict

from .methods import Method

if TYPE_CHECKING:
    from .service import Service


def methods(service: Service) -> Dict[str, Method]:
    return {}
