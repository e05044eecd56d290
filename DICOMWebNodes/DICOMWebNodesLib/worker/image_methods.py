"""Methods that look into what a node has: metadata, thumbnail; and empty the cache of the latter."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Dict

from .jobs import Job
from .methods import Method, NodeReference, Object
from .search_methods import tell_rows

if TYPE_CHECKING:
    from .service import Service

_PIECE = 256 * 1024  # bytes of a picture in one item


def methods(service: Service) -> Dict[str, Method]:
    images = ImageMethods(service)
    return {
        "metadata": Method(images.metadata, "server"),
        "thumbnail": Method(images.thumbnail, "picture", is_reported=False),
        "previews.clear": Method(images.clear_previews),
    }


class ImageMethods:
    def __init__(self, service: Service) -> None:
        self._service = service

    def metadata(self, job: Job, *, node: NodeReference, resource: str) -> Object:
        """Items: the attributes of every instance, each as DICOM JSON in a text."""
        from ..dicomweb.resource import Resource

        described = self._service.workspace.metadata(
            self._service.node(node), Resource.parse(resource), control=job.control
        )
        return tell_rows(job, described)

    def thumbnail(self, job: Job, *, node: NodeReference, resource: str) -> Object:
        """Items: pieces of the picture in Base64, each of which decodes by itself."""
        from ..dicomweb.resource import Resource

        image = self._service.workspace.thumbnail(
            self._service.node(node), Resource.parse(resource), control=job.control
        )
        for start in range(0, len(image.content), _PIECE):
            job.tell("items", base64.b64encode(image.content[start : start + _PIECE]).decode("ascii"))
        return {"content_type": image.content_type, "bytes": len(image.content)}

    def clear_previews(self, job: Job) -> int:
        """How many bytes they were."""
        cache = self._service.previews
        size = cache.size() if cache is not None else 0
        if cache is not None:
            cache.clear()
        return size
