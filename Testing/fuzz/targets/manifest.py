"""Manifests and links that somebody else wrote: any bytes give valid addresses and UIDs, or an error in words.

What opens doors (a login, an authorization) is in no ``repr``.
"""

from __future__ import annotations

import json
import random
from typing import Iterable, List
from urllib.parse import quote, unquote_to_bytes

from DICOMWebNodesLib.dicomweb.uid import is_uid
from DICOMWebNodesLib.errors import DICOMWebNodesError
from DICOMWebNodesLib.manifests.links import is_weasis_link, read_link
from DICOMWebNodesLib.manifests.manifest import Part
from DICOMWebNodesLib.manifests.reading import MOST_INSTANCES, read_manifest
from DICOMWebNodesLib.nodes.url import normalise_base_url
from fuzz import mutations

_LINK = "weasis://"
_SECRET = b'webLogin="cmVhZGVyOnNlY3JldC0xMjM="'


def mutated(corpus: List[bytes], rng: random.Random) -> bytes:
    """Damage to what a link says, not only to how it is escaped."""
    data = mutations.mutated([_unescaped(each) for each in corpus], rng)
    if data.startswith(_LINK.encode()) and rng.randrange(10):
        return _LINK.encode() + quote(data[len(_LINK) :], safe="").encode()
    return data


def _unescaped(data: bytes) -> bytes:
    return unquote_to_bytes(data) if data.startswith(_LINK.encode()) else data


def check(data: bytes, rng: random.Random) -> None:
    try:
        text = data.decode("utf-8", "replace")
        if is_weasis_link(text):
            link = read_link(text)
            _check_parts(link.named.parts)
            assert all(isinstance(address, str) for address in link.addresses)
            return
        manifest = read_manifest(data)
    except DICOMWebNodesError as refusal:
        _check_refusal(refusal)
        raise
    _check_parts(manifest.parts)
    assert manifest.parts
    assert all(remark.isprintable() for remark in manifest.remarks)
    if data.count(_SECRET) == 1 and data.count(_SECRET[10:-1]) == 1:
        assert "secret-123" not in repr(manifest)
        assert _SECRET[10:-1].decode() not in repr(manifest)


def _check_refusal(refusal: DICOMWebNodesError) -> None:
    assert 0 < len(refusal.cause) < 2000
    json.dumps(refusal.as_dict())


def _check_parts(parts: Iterable[Part]) -> None:
    named = 0
    for part in parts:
        assert normalise_base_url(part.url) == part.url
        for resource in part.resources:
            assert all(map(is_uid, resource.uids))
        named += len(part.resources)
        repr(part)
        part.counted()
    assert named <= MOST_INSTANCES
