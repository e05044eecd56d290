"""A manifest's bytes as elements: XML or JSON, gzip or not. Nothing is unpacked beyond a limit."""

from __future__ import annotations

import json
import zlib
from typing import Any, List
from xml.etree.ElementTree import Element, SubElement

from ..errors import InvalidManifest
from ..text import Text
from ..xml_document import parse_xml

MOST_BYTES = 16 * 1024 * 1024
"""Of a manifest, as it comes."""
MOST_PLAIN_BYTES = 32 * 1024 * 1024
"""Unpacked: a hundred thousand instances."""
_GZIP = b"\x1f\x8b"
_DEEPEST = 20  # a manifest has six levels


def read_tree(content: bytes) -> Element:
    """The root; the format is told by the first bytes, as Weasis does. Raises InvalidManifest."""
    content = _unpacked(content) if content.startswith(_GZIP) else content
    if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return _from_json(content)
    try:
        return parse_xml(content)
    except ValueError as error:
        raise InvalidManifest(Text("the manifest {problem}", problem=error.args[0])) from error


def local_name(element: Element) -> str:
    """Without its namespace, which differs between the versions of the format."""
    return str(element.tag).rpartition(" ")[2]


def children(element: Element, name: str) -> List[Element]:
    return [child for child in element if local_name(child) == name]


def _unpacked(content: bytes) -> bytes:
    """RFC 1952: one member or several."""
    plain = bytearray()
    try:
        while content:
            member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            plain += member.decompress(content, MOST_PLAIN_BYTES + 1 - len(plain))
            if len(plain) > MOST_PLAIN_BYTES:
                raise InvalidManifest(
                    Text("the manifest unpacks to more than {size} MB", size=MOST_PLAIN_BYTES // 1000000)
                )
            if not member.eof:
                raise InvalidManifest("the manifest ends in the middle of its gzip data")
            content = member.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise InvalidManifest("the manifest's gzip data is damaged") from error
    return bytes(plain)


def _from_json(content: bytes) -> Element:
    """JSON has the elements as objects, or arrays of them, and the attributes as text, numbers and truth values."""
    try:
        raw = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InvalidManifest("the manifest is not JSON") from error
    roots = [(name, value) for name, value in raw.items() if isinstance(value, dict)]
    if len(roots) != 1:
        raise InvalidManifest("the JSON is no manifest")
    name, value = roots[0]
    root = Element(name)
    _fill(root, value, _DEEPEST)
    return root


def _fill(element: Element, raw: Any, depth: int) -> None:
    if not depth:
        raise InvalidManifest("the manifest is nested too deeply")
    for name, value in raw.items():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                _fill(SubElement(element, name), each, depth - 1)
            elif isinstance(each, bool):
                element.set(name, "true" if each else "false")
            elif isinstance(each, (str, int, float)):
                element.set(name, str(each))
