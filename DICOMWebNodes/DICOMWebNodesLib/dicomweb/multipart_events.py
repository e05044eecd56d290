"""What a multipart body is read as: for each part that it starts, slices of its payload, and that it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping, NamedTuple, Union


@dataclass(frozen=True)
class PartStarted:
    """``headers``: names in lower case, values without surrounding space; repeated fields joined by a comma."""

    __slots__ = ("headers",)
    headers: Mapping[str, str]


class Payload(NamedTuple):
    """Some bytes of the current part, valid until the next ``feed``; their sizes follow those of the chunks."""

    data: memoryview


@dataclass(frozen=True)
class PartEnded:
    """The part is whole: its delimiter has been seen."""

    __slots__ = ()


PartEvent = Union[PartStarted, Payload, PartEnded]
