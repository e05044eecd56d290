"""What a DICOMweb path names: a study, one of its series, one of its instances (PS3.18 section 8.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Tuple
from urllib.parse import urlsplit

from ..errors import InvalidUID
from .uid import checked_uid


class Level(Enum):
    """The levels of the hierarchy; the values are the path components."""

    STUDY = "studies"
    SERIES = "series"
    INSTANCE = "instances"


_FIELDS = ("study_instance_uid", "series_instance_uid", "sop_instance_uid")
_PATH = re.compile(r"/studies/([^/]+)(?:/series/([^/]+)(?:/instances/([^/]+))?)?(?:/|$)")


@dataclass(frozen=True, order=True)
class Resource:
    """A study, a series or an instance; the UIDs are valid. Raises InvalidUID with ``field`` set."""

    study_instance_uid: str
    series_instance_uid: str = ""
    sop_instance_uid: str = ""

    def __post_init__(self) -> None:
        if self.sop_instance_uid and not self.series_instance_uid:
            raise InvalidUID("an instance is named without its series", field="series_instance_uid")
        checked_uid(self.study_instance_uid, "study_instance_uid")
        for field in _FIELDS[1:]:
            if getattr(self, field):
                checked_uid(getattr(self, field), field)

    @classmethod
    def parse(cls, text: str) -> Resource:
        """From "STUDY", "STUDY/SERIES" or "STUDY/SERIES/INSTANCE". Raises InvalidUID."""
        uids = text.strip().split("/")
        if len(uids) > len(_FIELDS):
            raise InvalidUID(f"{text!r} has more than a study, a series and an instance")
        return cls(*(checked_uid(uid, field) for uid, field in zip(uids, _FIELDS)))

    @classmethod
    def from_url(cls, url: str) -> Resource:
        """From an address with ``/studies/{uid}[/series/{uid}[/instances/{uid}]]``. Raises InvalidUID."""
        found = _PATH.search(urlsplit(url).path)
        if found is None:
            raise InvalidUID(f"{url!r} names no study")
        return cls(*(uid for uid in found.groups() if uid is not None))

    @property
    def uids(self) -> Tuple[str, ...]:
        """One to three UIDs, from the study down."""
        return tuple(uid for uid in (self.study_instance_uid, self.series_instance_uid, self.sop_instance_uid) if uid)

    @property
    def level(self) -> Level:
        return tuple(Level)[len(self.uids) - 1]

    @property
    def path(self) -> str:
        """Relative to the service's base: "studies/1.2/series/3.4"."""
        return "/".join(f"{level.value}/{uid}" for level, uid in zip(Level, self.uids))

    @property
    def parent(self) -> Resource:
        """The series of an instance, the study of a series; a study is its own."""
        return Resource(*self.uids[: max(1, len(self.uids) - 1)])

    def contains(self, other: Resource) -> bool:
        """Whether ``other`` is this resource or lies below it."""
        return other.uids[: len(self.uids)] == self.uids

    def __str__(self) -> str:
        return "/".join(self.uids)
