"""What a node is used for, and the services that it offers for that."""

from __future__ import annotations

from enum import Enum
from typing import FrozenSet

from ..errors import InvalidNode
from ..text import Text


class Usage(Enum):
    """What a node is used for."""

    SEARCH = "search"
    RETRIEVE = "retrieve"
    STORE = "store"


class ServiceType(Enum):
    """The DICOMweb services that a node's URL offers (PS3.18 sections 9 and 10)."""

    DICOMWEB = "DICOMweb (all RESTful services)"
    QIDO_RS = "QIDO-RS"
    WADO_RS = "WADO-RS"
    WADO_URI = "WADO-URI"
    STOW_RS = "STOW-RS"

    @property
    def usage(self) -> FrozenSet[Usage]:
        return _USAGE[self]

    @classmethod
    def parse(cls, text: str) -> ServiceType:
        """From a value above or a short form in any case: "dicomweb", "qido", "wado-uri". Raises InvalidNode."""
        wanted = text.strip().lower().replace("_", "-")
        for service_type in cls:
            short = service_type.name.lower().replace("_", "-")
            if wanted in (service_type.value.lower(), short, short.replace("-rs", "")):
                return service_type
        raise InvalidNode(
            Text("'{text}' is not a service type", text=text),
            field="service_type",
            next_step=Text("Choose one of {names}.", names=", ".join(f"'{each.value}'" for each in cls)),
        )


_USAGE = {
    ServiceType.DICOMWEB: frozenset(Usage),
    ServiceType.QIDO_RS: frozenset({Usage.SEARCH}),
    ServiceType.WADO_RS: frozenset({Usage.RETRIEVE}),
    ServiceType.WADO_URI: frozenset({Usage.RETRIEVE}),
    ServiceType.STOW_RS: frozenset({Usage.STORE}),
}
