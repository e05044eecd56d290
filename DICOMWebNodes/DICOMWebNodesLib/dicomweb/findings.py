"""What was found out about one server, by trying it or by its answers, whatever its profile says."""

from __future__ import annotations

import threading
from enum import Enum
from typing import Any, Callable, Dict, Mapping, Optional

from .resource import Level


class Offer(Enum):
    """What a server may have or not; the value is its name in files and for people."""

    SEARCH_STUDIES = "search /studies"
    SEARCH_ALL_SERIES = "search /series"
    SEARCH_ALL_INSTANCES = "search /instances"
    SEARCH_SERIES = "search /studies/{study}/series"
    SEARCH_STUDY_INSTANCES = "search /studies/{study}/instances"
    SEARCH_INSTANCES = "search /studies/{study}/series/{series}/instances"
    COUNT = "count"
    """NumberOfSeriesRelatedInstances in search results."""

    RETRIEVE_STUDY = "retrieve a study"
    RETRIEVE_SERIES = "retrieve a series"
    RETRIEVE_INSTANCE = "retrieve an instance"
    MULTIPART = 'accept multipart/related; type="application/dicom"; transfer-syntax=*'
    SINGLE_PART = "accept application/dicom; transfer-syntax=*"
    METADATA = "metadata"
    THUMBNAIL = "thumbnail"
    RENDERED = "rendered"
    STORE = "store"

    @classmethod
    def retrieve(cls, level: Level) -> Offer:
        return _RETRIEVE[level]


_RETRIEVE = {
    Level.STUDY: Offer.RETRIEVE_STUDY,
    Level.SERIES: Offer.RETRIEVE_SERIES,
    Level.INSTANCE: Offer.RETRIEVE_INSTANCE,
}


class Findings:
    """Notes of one server, shared by everything that talks to it. Safe to use from several threads.

    ``on_change`` is called after each note that says something new, from the thread that made it.
    """

    def __init__(
        self, offers: Optional[Mapping[Offer, bool]] = None, on_change: Callable[[], None] = lambda: None
    ) -> None:
        self._lock = threading.Lock()
        self._offers: Dict[Offer, bool] = dict(offers or {})
        self._page_cap: Optional[int] = None
        self._on_change = on_change

    @property
    def offers(self) -> Mapping[Offer, bool]:
        """A copy of what is known."""
        with self._lock:
            return dict(self._offers)

    @property
    def page_cap(self) -> Optional[int]:
        """So many rows a search gives at once at most; None: not known."""
        return self._page_cap

    def has(self, offer: Offer, assumed: bool = True) -> bool:
        """Whether the server has it; ``assumed`` where nobody has found out yet."""
        with self._lock:
            return self._offers.get(offer, assumed)

    def known(self, offer: Offer) -> Optional[bool]:
        with self._lock:
            return self._offers.get(offer)

    def note(self, offer: Offer, has: bool) -> None:
        with self._lock:
            if self._offers.get(offer) == has:
                return
            self._offers[offer] = has
        self._on_change()

    def note_page_cap(self, rows: Optional[int]) -> None:
        """None: it is to be found out anew."""
        with self._lock:
            if self._page_cap == rows:
                return
            self._page_cap = rows
        self._on_change()

    def renew(self, offers: Mapping[Offer, bool]) -> None:
        """Everything was tried anew: what was known before counts no longer."""
        with self._lock:
            if self._offers == offers:
                return
            self._offers = dict(offers)
        self._on_change()

    def as_dict(self) -> Dict[str, Any]:
        """As JSON values, for the file and the worker's protocol."""
        with self._lock:
            offers = {offer.value: self._offers[offer] for offer in Offer if offer in self._offers}
            return {"offers": offers, "page_cap": self._page_cap}

    def adopt(self, raw: Mapping[str, Any]) -> None:
        """Put what :meth:`as_dict` gave, here or in another program, in the place of what is known.

        What this version does not understand of it is left out: a note that is lost is found again.
        """
        offers, cap = raw.get("offers"), raw.get("page_cap")
        known = {offer.value: offer for offer in Offer}
        kept = offers.items() if isinstance(offers, dict) else ()
        with self._lock:
            self._offers = {known[name]: has for name, has in kept if name in known and isinstance(has, bool)}
            self._page_cap = cap if type(cap) is int and cap > 0 else None
