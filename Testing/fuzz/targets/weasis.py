"""Weasis's files: any XML gives nodes and methods that are valid, or the reason; what is written is read as the same.

The values of secret headers, and a method's secret, are never in what is shown or written.
"""

from __future__ import annotations

import base64
import copy
import random
from dataclasses import replace
from typing import Iterable, List, Optional
from xml.etree.ElementTree import Element, fromstring, tostring

from DICOMWebNodesLib.auth.method import AuthMethod
from DICOMWebNodesLib.auth.weasis import format_methods, methods_of, reason_against
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.weasis import format_nodes, nodes_of
from DICOMWebNodesLib.xml_document import parse_xml
from fuzz import mutations

_NAMES = [
    "type",
    "description",
    "url",
    "webtype",
    "tsuid",
    "auth",
    "headers",
    "uid",
    "name",
    "token",
    "id",
    "grantType",
]
_ODD = [
    *("", " ", "WEB", "DICOMWEB", "QIDORS", "http://a.example", "https://a.example:99999/x", "http://u:p@a/", "1.2.3"),
    *(
        "NONE",
        "EXPLICIT_VR_LE",
        "true",
        "code",
        "client_credentials",
        "\u202eabc",
        "x" * 3000,
        "a\nb",
        "\ud7ff",
        "é" * 90,
    ),
    *("https://accounts.google.com/o/oauth2/v2/auth", "openid;x,y z", "../../x", "$(id)", "<b>"),
]
_HEADERS = [
    "X-Site:Ulm",
    "X-Api-Key:hush-hush",
    "Host:evil",
    ":",
    "X:",
    "x-site: a\r\nY: b",
    "Authorization:Bearer hush-hush",
]


def mutated(corpus: List[bytes], rng: random.Random) -> bytes:
    """Mostly documents that are still XML, with odd attributes; sometimes just damaged bytes."""
    if rng.randrange(4) == 0:
        return mutations.mutated(corpus, rng)
    root = fromstring(rng.choice(corpus))
    for _ in range(rng.randint(1, 4)):
        element = rng.choice(list(root.iter()))
        change = rng.randrange(5)
        if change == 0 and element.attrib:
            del element.attrib[rng.choice(sorted(element.attrib))]
        elif change == 1:
            element.append(copy.deepcopy(rng.choice(list(root))) if len(root) else Element("node"))
        elif change == 2:
            lines = "\n".join(rng.choices(_HEADERS, k=rng.randrange(4)))
            element.set("headers", base64.b64encode(lines.encode()).decode())
        else:
            element.set(rng.choice([*element.attrib, *_NAMES]), rng.choice(_ODD))
    return bytes(tostring(root, encoding="UTF-8"))


def check(data: bytes, rng: random.Random) -> None:
    try:
        root = parse_xml(data)
    except ValueError:
        return
    check_root(root, data)


def check_root(root: Element, data: bytes) -> None:
    """The rules for what was read, ``data``, as the root of a document."""
    _check_nodes(root, data)
    _check_methods(root, data)


def _check_nodes(root: Element, data: bytes) -> None:
    good: List[Node] = []
    for found in nodes_of(root):
        node = found.entry.node
        assert (node is None) == bool(found.entry.reason)
        assert not any(_is_told(secret, repr(found), data) for secret in found.secrets.values())
        if node is not None:
            assert set(found.secrets) == set(node.secret_headers)
            good.append(node)
    written = format_nodes(good)
    again = [found.entry.node for found in nodes_of(parse_xml(written))]
    assert [_comparable(node) for node in again if node] == [_comparable(node) for node in good]


def _is_told(secret: str, shown: str, data: bytes) -> bool:
    """Not if chance has put the same text into a field that everybody may see; in XML headers are encoded."""
    stands_plainly = data.count(secret.encode())
    is_elsewhere = stands_plainly > (0 if data.lstrip().startswith(b"<") else 1)
    return len(secret) > 7 and not is_elsewhere and secret in shown


def _comparable(node: Node) -> Node:
    return replace(node, uid="-", secret_headers=())


def _check_methods(root: Element, data: bytes) -> None:
    good: List[AuthMethod] = []
    for found in methods_of(root):
        assert (found.method is None) == bool(found.reason)
        stands_elsewhere_too = data.count(found.secret.encode()) > 1
        assert len(found.secret) < 8 or stands_elsewhere_too or found.secret not in repr(found)
        if found.method is not None and not reason_against(found.method):
            good.append(found.method)
    written = format_methods(good)
    again = [found.method for found in methods_of(parse_xml(written))]
    # A client without its secret, which is not written, is none for client credentials.
    assert _of_persons(again) == _of_persons(good)


def _of_persons(methods: Iterable[Optional[AuthMethod]]) -> List[object]:
    return [
        (method.uid, method.name, method.provider) for method in methods if method is not None and method.needs_person
    ]
