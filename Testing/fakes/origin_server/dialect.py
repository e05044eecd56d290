"""What an origin server may choose, and what a real one does differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional, Tuple

from .messages import Request, Response

Answer = Callable[[Request], Response]
# One thing that a server does differently: it changes the request, the response, or answers by itself.
Behaviour = Callable[[Request, Answer], Response]


@dataclass(frozen=True)
class Dialect:
    """The defaults abide by the standard in every point; each field is one difference."""

    max_results: Optional[int] = None
    """maxResults of PS3.18 8.3.4.4.1: a search never gives more rows at once, whatever the limit."""

    empty_search_status: int = 204
    """204 without content, or 200 with ``[]``."""

    retrieve_levels: Tuple[str, ...] = ("studies", "series", "instances")
    """The levels at which WADO-RS gives instances; the others are 404."""

    store_response_type: str = "application/dicom+json"
    """What STOW-RS answers in when the client accepts anything."""

    announces_length: bool = True
    """False: every body is sent chunked, without Content-Length."""

    behaviours: Tuple[Behaviour, ...] = ()
    """Everything else, from the outermost to the innermost: each gets what the ones behind it answer."""

    def answer(self, request: Request, answer: Answer) -> Response:
        """What the standard-abiding ``answer`` becomes in this dialect."""
        for behaviour in reversed(self.behaviours):
            answer = _bound(behaviour, answer)
        return answer(request)


def _bound(behaviour: Behaviour, answer: Answer) -> Answer:
    return lambda request: behaviour(request, answer)


STANDARD = Dialect()
