"""From what a person pastes or chooses to a manifest: a file, an address, a link."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Callable, Iterator, List
from urllib.parse import urlsplit
from urllib.request import url2pathname

from ..dicomweb.session import Session
from ..errors import InvalidManifest, StoreUnavailable
from ..nodes.url import origin_of
from ..text import Text, paragraph
from .addresses import is_url_of_resource, part_of_url
from .links import is_weasis_link, read_link
from .manifest import Manifest
from .reading import read_manifest
from .tree import MOST_BYTES

# One type: Weasis's own server looks for a word in the header, and takes a list for JSON.
_ACCEPT = "application/xml"
Connect = Callable[[str], AbstractContextManager[Session]]
"""A session to the origin of an address, whose node's URL is that origin."""


def open_manifest(source: str, connect: Connect) -> Manifest:
    """``source``: a path, a ``file:`` or ``http(s):`` address of a manifest, the address of a DICOMweb resource, or a
    ``weasis://`` link. Only manifests are fetched here; nothing of what they name is.

    Raises InvalidManifest, InvalidURL, InvalidUID, StoreUnavailable, and what fetching raises.
    """
    source = source.strip()
    if is_weasis_link(source):
        return _of_link(source, connect)
    if urlsplit(source).scheme.lower() in ("http", "https"):
        if is_url_of_resource(source):
            return Manifest((part_of_url(source),))
        return _fetched(source, connect)
    return read_manifest(_read_file(source))


def _of_link(text: str, connect: Connect) -> Manifest:
    link = read_link(text)
    manifests: List[Manifest] = [link.named, *map(read_manifest, link.documents)]
    for address in link.addresses:
        if urlsplit(address).scheme.lower() not in ("http", "https"):
            raise InvalidManifest("the link names a manifest that is not on a web server")
        manifests.append(_fetched(address, connect))
    merged = Manifest(
        tuple(part for manifest in manifests for part in manifest.parts),
        tuple(dict.fromkeys(remark for manifest in manifests for remark in manifest.remarks)),
    )
    if not merged.parts:
        raise InvalidManifest("the link names nothing to fetch from a server", next_step=paragraph(merged.remarks))
    return merged


def _fetched(address: str, connect: Connect) -> Manifest:
    """The query of a manifest's address may hold a token: it is in no message."""
    parts = urlsplit(address)
    asked = Text("open the manifest at {origin}", origin=origin_of(address.partition("?")[0]))
    path = parts.path.lstrip("/")
    with connect(origin_of(address)) as session:
        with session.request("GET", path, query=parts.query, accept=_ACCEPT, asked=asked) as response:
            return read_manifest(response.read(MOST_BYTES))


def _read_file(source: str) -> bytes:
    if not source.strip():  # as a path it would be this folder
        raise InvalidManifest("there is no manifest or link", next_step="Give a file, an address or a link.")
    path = Path(url2pathname(urlsplit(source).path) if source.lower().startswith("file:") else source).expanduser()
    try:
        with path.open("rb") as file:
            content = b"".join(_limited(iter(lambda: file.read(1 << 20), b"")))
    except OSError as error:
        raise StoreUnavailable(
            Text("cannot read {path}: {reason}", path=path, reason=error.strerror or error), next_step="Check the path."
        ) from error
    return content


def _limited(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MOST_BYTES:
            raise InvalidManifest(Text("the manifest is larger than {size} MB", size=MOST_BYTES // 1000000))
        yield piece
