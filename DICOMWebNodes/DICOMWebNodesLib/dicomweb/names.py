"""What messages call levels and resources."""

from __future__ import annotations

from typing import Mapping

from ..text import Text
from .resource import Level, Resource

MANY: Mapping[Level, Text] = {
    Level.STUDY: Text("studies"),
    Level.SERIES: Text("series"),
    Level.INSTANCE: Text("instances"),
}


def name_of(resource: Resource) -> Text:
    """ "study 1.2.3": its level and the last of its UIDs."""
    uid = resource.uids[-1]
    if resource.level is Level.STUDY:
        return Text("study {uid}", uid=uid)
    return Text("series {uid}", uid=uid) if resource.level is Level.SERIES else Text("instance {uid}", uid=uid)
