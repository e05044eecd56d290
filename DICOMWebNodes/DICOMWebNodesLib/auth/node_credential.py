"""What signs the requests to one node, whatever its authentication method says at that moment."""

from __future__ import annotations

from typing import Callable, Optional, Sequence, Tuple

from requests import PreparedRequest

from ..errors import DICOMWebNodesError
from .credentials import Credential

Parts = Callable[[bool], Sequence[Credential]]
"""The credentials that sign together; given True, other ones when the stores have changed."""


class NodeCredential(Credential):
    """Signs with all of ``parts``, looked up for each request: an edit or a new password counts at once."""

    def __init__(self, node_name: str, parts: Parts) -> None:
        self._node_name = node_name
        self._parts = parts
        self._last: Optional[Tuple[Credential, ...]] = None

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        try:
            self._last = tuple(self._parts(False))
            for part in self._last:
                request = part(request)
        except DICOMWebNodesError as error:
            raise error.about(node=self._node_name) from error.__cause__
        return request

    def renew(self) -> bool:
        """A new token, or what another program has put into the stores since."""
        if any([part.renew() for part in self._last or ()]):
            return True
        before, self._last = self._last, tuple(self._parts(True))
        return self._last != before

    def secrets(self) -> Tuple[str, ...]:
        return tuple(secret for part in self._last or () for secret in part.secrets())
