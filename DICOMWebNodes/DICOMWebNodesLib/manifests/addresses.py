"""Addresses on the web that name what is wanted: resources of DICOMweb, and DICOM files that no service gives."""

from __future__ import annotations

from typing import Dict, Iterator, List, Sequence
from urllib.parse import urlsplit

from ..dicomweb.resource import Resource
from ..errors import InvalidManifest, InvalidUID, InvalidURL
from ..nodes.service_type import ServiceType
from ..nodes.url import normalise_base_url, origin_of
from .manifest import Part, is_query


def part_of_url(url: str) -> Part:
    """From ``.../studies/{uid}[/series/{uid}[/instances/{uid}]]``, whatever it names below that.

    Raises InvalidURL when there is no ``/studies/`` in its path, InvalidUID for what follows it.
    """
    resource = Resource.from_url(url)
    path = urlsplit(url).path
    base = url.partition("?")[0].partition("#")[0]
    return Part(
        normalise_base_url(base[: len(base) - len(path) + path.rindex("/studies/")]),
        ServiceType.DICOMWEB,
        resources=(resource,),
    )


def is_url_of_resource(url: str) -> bool:
    try:
        Resource.from_url(url)
    except (InvalidURL, InvalidUID):
        return False
    return True


def is_on_the_web(address: str) -> bool:
    return urlsplit(address).scheme.lower() in ("http", "https")


def parts_of_files(addresses: Sequence[str]) -> Iterator[Part]:
    """DICOM files that no service gives. Which instances they are, they say themselves, when they are fetched."""
    by_origin: Dict[str, List[str]] = {}
    for address in dict.fromkeys(addresses):
        plain, _, query = address.partition("#")[0].partition("?")
        if not is_query(query):
            raise InvalidManifest("the address of a file in the link is none")
        origin = origin_of(plain)
        path = urlsplit(normalise_base_url(plain)).path.lstrip("/")
        by_origin.setdefault(origin, []).append(f"{path}?{query}" if query else path)
    for origin, files in by_origin.items():
        yield Part(normalise_base_url(origin), ServiceType.WADO_URI, unidentified=tuple(files))
