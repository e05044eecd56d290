"""Studies, series and instances as resources of the Studies Service (PS3.18 section 10.1.1)."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, Tuple
from urllib.parse import urlsplit

from ..errors import InvalidUID, InvalidURL
from ..text import Text
from .uid import checked_uid


class Level(Enum):
    """The three levels, from the widest; the value is the segment of the path."""

    STUDY = "studies"
    SERIES = "series"
    INSTANCE = "instances"


_LEVELS = tuple(Level)
_FIELDS = ("study_instance_uid", "series_instance_uid", "sop_instance_uid")


class _UIDs(NamedTuple):
    """A tuple, because a transfer makes, hashes and compares several for every instance."""

    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str


class Resource(_UIDs):
    """One study, one of its series or one of that one's instances: validated UIDs, safe as path and file name.

    Raises InvalidUID, also for an instance without a series; ``field`` names the UID.
    """

    __slots__ = ()

    def __new__(cls, study_instance_uid: str, series_instance_uid: str = "", sop_instance_uid: str = "") -> Resource:
        every = (study_instance_uid, series_instance_uid, sop_instance_uid)
        depth = 3 if sop_instance_uid else 2 if series_instance_uid else 1
        for uid, field in zip(every[:depth], _FIELDS):
            checked_uid(uid, field)
        return super().__new__(cls, *every)

    def __repr__(self) -> str:
        return f"Resource({', '.join(repr(uid) for uid in self if uid)})"

    @classmethod
    def parse(cls, text: str) -> Resource:
        """From ``study[/series[/instance]]``, the form that ``str`` gives. Raises InvalidUID."""
        uids = text.split("/")
        if len(uids) > len(_LEVELS):
            raise InvalidUID(Text("{text!r} has more than the three UIDs study/series/instance", text=text[:250]))
        return cls(*map(checked_uid, uids, _FIELDS))

    @classmethod
    def from_url(cls, url: str) -> Resource:
        """From a URL like ``https://host/any/path/studies/1.2/series/3.4``, whatever it names below that.

        Raises InvalidURL when there is no ``/studies/`` in its path, InvalidUID for what follows it.
        """
        try:
            segments = urlsplit(url).path.split("/")
        except ValueError as error:
            raise InvalidURL("not a URL: its host is not written well", field="url") from error
        starts = [at for at, segment in enumerate(segments[:-1]) if segment == Level.STUDY.value]
        if not starts:
            raise InvalidURL(
                Text("there is no study in the URL path {names!r}", names="/".join(segments)[:250]), field="url"
            )
        rest = segments[starts[-1] :]
        uids = []
        for level, field, segment, uid in zip(_LEVELS, _FIELDS, rest[0::2], rest[1::2]):
            if segment != level.value:
                break
            uids.append(checked_uid(uid, field))
        return cls(*uids)

    @property
    def uids(self) -> Tuple[str, ...]:
        """One to three UIDs, from the study down."""
        if self.sop_instance_uid:
            return (self.study_instance_uid, self.series_instance_uid, self.sop_instance_uid)
        if self.series_instance_uid:
            return (self.study_instance_uid, self.series_instance_uid)
        return (self.study_instance_uid,)

    @property
    def level(self) -> Level:
        return _LEVELS[len(self.uids) - 1]

    @property
    def path(self) -> str:
        """Relative to the service's base URL: ``studies/1.2/series/3.4/instances/5.6`` (PS3.18 table 10.1-1)."""
        return "/".join(f"{level.value}/{uid}" for level, uid in zip(_LEVELS, self.uids))

    def instance(self, sop_instance_uid: str) -> Resource:
        """One of the instances of this series. Raises InvalidUID."""
        return tuple.__new__(Resource, (self[0], self[1], checked_uid(sop_instance_uid, _FIELDS[2])))

    @property
    def parent(self) -> Resource:
        """The series of an instance, the study of a series; a study is its own parent, as a root folder is."""
        return Resource(*(self.uids[:-1] or self.uids))

    def contains(self, other: Resource) -> bool:
        """Whether ``other`` is this resource or part of it."""
        study, series, instance = self
        return study == other[0] and (not series or series == other[1]) and (not instance or instance == other[2])

    def __str__(self) -> str:
        return "/".join(self.uids)
