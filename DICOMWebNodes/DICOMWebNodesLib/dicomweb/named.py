"""What scripts name studies, series and instances by: a resource, its text, or the row of a search."""

from __future__ import annotations

from typing import Iterable, Tuple, Union

from ..errors import InvalidUID
from ..text import Text
from .dicom_json import Attributes
from .resource import Resource

ResourceLike = Union[Resource, Attributes, str]


def resource_of(value: ResourceLike) -> Resource:
    """What a text ("study[/series[/instance]]") names, or a row of a search is about. Raises InvalidUID."""
    if isinstance(value, Resource):
        return value
    if isinstance(value, Attributes):
        return Resource(*map(value.text, ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")))
    if isinstance(value, str):
        return Resource.parse(value)
    raise InvalidUID(  # without the value, which may be a whole dataset
        Text("a value of the type {kind} names no study, series or instance", kind=type(value).__name__),
        next_step="Give a Resource, a text like 'study/series', or what a search has found.",
    )


def resources_of(values: Union[ResourceLike, Iterable[ResourceLike]]) -> Tuple[Resource, ...]:
    """Of any number of them, or of one: Python would take a text apart into its letters. Raises InvalidUID."""
    alone = isinstance(values, (Resource, Attributes, str)) or not isinstance(values, Iterable)
    return tuple(map(resource_of, (values,) if alone else values))  # type: ignore[arg-type]
