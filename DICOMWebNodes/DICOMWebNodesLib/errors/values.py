"""What a person or a script gave cannot be right."""

from __future__ import annotations

from typing import Any, Dict

from .base import DICOMWebNodesError


class InvalidValue(DICOMWebNodesError, ValueError):
    """A value that cannot be right. ``field`` names the field, for a message beside it."""

    code = "invalid-value"

    def __init__(self, cause: str, *, field: str = "", **context: str) -> None:
        super().__init__(cause, **context)
        self.field = field

    def as_dict(self) -> Dict[str, Any]:
        return {**super().as_dict(), "field": self.field}


class InvalidURL(InvalidValue):
    code = "invalid-url"


class InvalidHeader(InvalidValue):
    code = "invalid-header"


class InvalidUID(InvalidValue):
    code = "invalid-uid"


class InvalidQuery(InvalidValue):
    code = "invalid-query"


class InvalidNode(InvalidValue):
    code = "invalid-node"


class InvalidManifest(InvalidValue):
    code = "invalid-manifest"


class InvalidAuthMethod(InvalidValue):
    code = "invalid-auth-method"
