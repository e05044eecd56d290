"""Weasis's form of nodes, dicomWebNodes.xml, as Weasis 4.7 reads and writes it.

::

    <nodes>
      <node type="WEB" description="Lab" url="http://..." webtype="DICOMWEB" usageType="BOTH" tsuid="NONE"
            auth="5aa85854-..." headers="WC1TaXRlOlVsbQ=="/>
    </nodes>

===========  ================================================================================================
description  name
url          url
webtype      service_type
tsuid        transfer_syntax; Weasis has names for the UIDs, and NONE is what is stored
auth         authentication, the uid of a method (authenticationNodes.xml); one uid stands for none
headers      headers, and secret_headers where the name looks secret: lines "name:value", as UTF-8 in Base64
type         WEB; nodes of other types are none of DICOMweb
usageType    follows from webtype: written for Weasis, not read, as Weasis itself does
===========  ================================================================================================
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Dict, Iterable, Mapping, Tuple
from xml.etree.ElementTree import Element, SubElement, tostring

from ..errors import InvalidNode, InvalidValue
from ..text import Text
from .document import Entry
from .headers import checked_headers, is_secret_name
from .node import ANY_TRANSFER_SYNTAX, Node
from .service_type import ServiceType

ROOT = "nodes"
WITHOUT_VALUE = "headers-without-value"  # of newer Weasis's files, as :mod:`.weasis_json` reads them
EXTENDS = "extends"  # of newer Weasis's files: an entry of another file has the rest
NO_AUTHENTICATION = "5aa85854-8f1f-11eb-b339-d3daace59a05"

_SERVICES: Mapping[str, ServiceType] = {
    "DICOMWEB": ServiceType.DICOMWEB,
    "QIDORS": ServiceType.QIDO_RS,
    "WADORS": ServiceType.WADO_RS,
    "WADO": ServiceType.WADO_URI,
    "STOWRS": ServiceType.STOW_RS,
}
_WEB_TYPES = {service: web_type for web_type, service in _SERVICES.items()}
_USAGES = {ServiceType.DICOMWEB: "BOTH", ServiceType.STOW_RS: "STORAGE"}  # all others: RETRIEVE

_ROOT_OF_UIDS = "1.2.840.10008.1.2"
_TRANSFER_SYNTAXES: Mapping[str, str] = {
    "NONE": ANY_TRANSFER_SYNTAX,
    "IMPLICIT_VR": _ROOT_OF_UIDS,
    **{
        name: f"{_ROOT_OF_UIDS}.{rest}"
        for name, rest in {
            "EXPLICIT_VR_LE": "1",
            "DEFLATE_EXPLICIT_VR_LE": "1.99",
            "EXPLICIT_VR_BE": "2",
            "RLE": "5",
            "JPEG_LOSSY_8": "4.50",
            "JPEG_LOSSY_12": "4.51",
            "JPEG_LOSSLESS_57": "4.57",
            "JPEG_LOSSLESS_70": "4.70",
            "JPEGLS_LOSSLESS": "4.80",
            "JPEGLS_NEAR_LOSSLESS": "4.81",
            "JPEG2000_LOSSLESS": "4.90",
            "JPEG2000": "4.91",
            "JPEG2000_LOSSLESS_2": "4.92",
            "JPEG2000_2": "4.93",
            "JPEGXL_LOSSLESS": "4.110",
            "JPEGXL_RECOMPRESSION": "4.111",
            "JPEGXL": "4.112",
            "MPEG2": "4.100",
            "MPEG2_HIGH": "4.101",
            "MPEG_4": "4.102",
            "MPEG_4_BD": "4.103",
        }.items()
    },
}
_NAMES_OF_UIDS = {uid: name for name, uid in _TRANSFER_SYNTAXES.items()}


@dataclass(frozen=True)
class WeasisNode:
    """One node of the file, or in its entry the reason why it is none here; the values of its secret headers.

    ``missing``: names of headers whose values Weasis keeps elsewhere.
    """

    entry: Entry
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    missing: Tuple[str, ...] = ()


def nodes_of(root: Element) -> Tuple[WeasisNode, ...]:
    """All nodes of a document whose root is :data:`ROOT`."""
    return tuple(_read(element) for element in root if element.tag == "node")


def format_nodes(nodes: Iterable[Node]) -> bytes:
    """The document that Weasis reads; the values of headers that look secret are not in it.

    A transfer syntax that Weasis has no name for becomes what is stored.
    """
    root = Element(ROOT)
    for node in nodes:
        plain = [header for header in node.headers if not is_secret_name(header[0])]
        written = {
            "description": node.name,
            "type": "WEB",
            "usageType": _USAGES.get(node.service_type, "RETRIEVE"),
            "tsuid": _NAMES_OF_UIDS.get(node.transfer_syntax, "NONE"),
            "url": node.url,
            "webtype": _WEB_TYPES[node.service_type],
            "auth": node.authentication or NO_AUTHENTICATION,
            "headers": base64.b64encode("\n".join(map(":".join, plain)).encode()).decode("ascii"),
        }
        SubElement(root, "node", written)
    return bytes(tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _read(element: Element) -> WeasisNode:
    try:
        headers = _headers(element.get("headers", ""))
        secrets = {name: value for name, value in headers.items() if value and is_secret_name(name)}
        missing = tuple(filter(None, element.get(WITHOUT_VALUE, "").split("\n")))
        return WeasisNode(Entry(_node(element, headers, secrets)), secrets, missing)
    except InvalidValue as error:
        return WeasisNode(Entry(None, {"name": element.get("description", "")}, error.cause))


def _node(element: Element, headers: Mapping[str, str], secrets: Mapping[str, str]) -> Node:
    if element.get("type") != "WEB":
        raise InvalidNode(
            Text("it is of type '{type}', which is not DICOMweb", type=element.get("type", "")), field="type"
        )
    if element.get(EXTENDS) and not element.get("url"):
        raise InvalidNode(
            Text(
                "it extends “{name}”, which is in another file of Weasis: its URL is there", name=element.get(EXTENDS)
            ),
            field="url",
        )
    web_type = element.get("webtype", "")
    if web_type not in _SERVICES:
        raise InvalidNode(Text("its webtype is '{web_type}'", web_type=web_type), field="service_type")
    authentication = element.get("auth", "")
    return Node(
        name=element.get("description", ""),
        url=element.get("url", ""),
        service_type=_SERVICES[web_type],
        headers=tuple((name, value) for name, value in headers.items() if name not in secrets),
        secret_headers=tuple(secrets),
        authentication="" if authentication == NO_AUTHENTICATION else authentication,
        transfer_syntax=_TRANSFER_SYNTAXES.get(element.get("tsuid", ""), ANY_TRANSFER_SYNTAX),
    )


def _headers(encoded: str) -> Dict[str, str]:
    try:
        lines = base64.b64decode(encoded, validate=True).decode("utf-8").split("\n")
    except ValueError as error:  # neither quoted nor told in detail: a header may be secret
        raise InvalidNode("its headers are not lines of text in Base64", field="headers") from error
    pairs = (line.partition(":") for line in lines if ":" in line)
    return dict(checked_headers({name.strip(): value.strip() for name, _, value in pairs}.items()))
