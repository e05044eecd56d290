"""What messages call levels and resources."""

from __future__ import annotations

from typing import Mapping

from ..text import Text
from .resource import Level, Resource

ONE: Mapping[Level, Text] = {
    Level.STUDY: Text("study"),
    Level.SERIES: Text("series"),
    Level.INSTANCE: Text("instance"),
}
MANY: Mapping[Level, Text] = {
    Level.STUDY: Text("studies"),
    Level.SERIES: Text("series"),
    Level.INSTANCE: Text("instances"),
}


def name_of(resource: Resource) -> Text:
    """ "study 1.2.3": its level and the last of its UIDs."""
    return Text("{level} {uid}", level=ONE[resource.level], uid=resource.uids[-1])
