"""What an origin server may choose, and what a real one does differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple


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


STANDARD = Dialect()
