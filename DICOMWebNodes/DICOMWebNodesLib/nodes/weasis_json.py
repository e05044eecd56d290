"""The JSON files of newer Weasis, dicomWebNodes.json and authentication.json, from and to the XML that they came from.

::

    {"schema": 1, "updated": "...",
     "nodes": [{"id": "user.node...", "type": "WEB", "description": "Lab", "url": "https://...", "webType": "DICOMWEB",
                "authMethod": "5aa85854-...", "headers": {"X-Site": ""}}]}

    {"methods": [{"id": "user.auth...", "uid": "...", "provider": {"name": "...", "authorizationUri": "https://...",
                  "tokenUri": "...", "revokeTokenUri": "...", "openId": true},
                  "registration": {"clientId": "...", "scope": "...", "audience": "...", "grantType": "code"}}]}

The names of their members are mapped to the attributes that :mod:`.weasis` and :mod:`..auth.weasis` describe. Defaults
are left out there. ``extends`` names the ``id`` of an entry that has what is missing, perhaps in a site's file, which
is another one. What is ``hidden`` is not shown in Weasis, and not taken. The values of headers and client secrets are
not in these files: Weasis keeps them elsewhere and writes "" for a header.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Dict, List, Mapping, Optional, Tuple
from xml.etree.ElementTree import Element, SubElement

from ..errors import NodeStoreError
from ..xml_document import parse_xml
from .weasis import EXTENDS, NO_AUTHENTICATION, ROOT, WITHOUT_VALUE

_METHODS = "methods"
_NO_AUTHENTICATION = "NO_AUTH"  # what a converted file says

_BASE_ELSEWHERE = "base elsewhere"
_NO_LINE_ENDS = str.maketrans("\n", "\r")
_NODE: Mapping[str, Tuple[str, str]] = {  # member: (attribute, default)
    "description": ("description", ""),
    "type": ("type", "WEB"),
    "url": ("url", ""),
    "webType": ("webtype", "DICOMWEB"),
    "tsuid": ("tsuid", "NONE"),
}
_PROVIDER = {"name": "name", "authorizationUri": "auth", "tokenUri": "token", "revokeTokenUri": "revoke"}
_REGISTRATION = {
    "clientId": "id",
    "clientSecret": "secret",
    "scope": "scope",
    "audience": "audience",
    "grantType": "grantType",
}


def weasis_root(content: bytes) -> Optional[Element]:
    """The root that the XML of the same content would have; None for JSON that is not Weasis's.

    Raises NodeStoreError for a file of Weasis that cannot be read.
    """
    try:
        raw = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None  # whoever reads our own files says what is wrong with it
    if isinstance(raw, list):
        raw = _in_an_envelope(raw)
    if not isinstance(raw, dict) or "format" in raw:
        return None
    for member, read in ((ROOT, _node), (_METHODS, _method)):
        if isinstance(raw.get(member), list):
            root = Element(member)
            for entry in _entries(raw[member]):
                read(root, entry)
            return root
    return None


def _in_an_envelope(items: List[Any]) -> Dict[str, Any]:
    """Weasis also reads an array of entries alone; what they are is told by what each of them must have."""
    members = {member for item in items if isinstance(item, dict) for member in item}
    if "url" in members:
        return {ROOT: items}
    return {_METHODS: items} if "provider" in members else {}


def json_of(document: bytes) -> bytes:
    """The JSON file with what is in an XML document of Weasis that was written here."""
    root = parse_xml(document)
    write = _node_entry if root.tag == ROOT else _method_entry
    return (json.dumps({root.tag: [write(element) for element in root]}, indent=2, ensure_ascii=False) + "\n").encode()


def _node_entry(element: Element) -> Dict[str, Any]:
    lines = base64.b64decode(element.get("headers", "")).decode("utf-8").split("\n")
    pairs = (line.partition(":") for line in lines if line)
    return {
        **_members(element, {member: attribute for member, (attribute, _) in _NODE.items()}),
        "authMethod": element.get("auth", NO_AUTHENTICATION),
        "headers": {name: value for name, _, value in pairs},
    }


def _method_entry(element: Element) -> Dict[str, Any]:
    provider, registration = element
    return {
        "uid": element.get("uid", ""),
        "provider": {**_members(provider, _PROVIDER), "openId": provider.get("openid") == "true"},
        "registration": _members(registration, _REGISTRATION),
    }


def _members(element: Element, names: Mapping[str, str]) -> Dict[str, Any]:
    """What is not given, and what is the default, is left out, as Weasis does."""
    values = {member: element.get(attribute, "") for member, attribute in names.items()}
    return {member: value for member, value in values.items() if value and (member, value) != ("tsuid", "NONE")}


def _entries(items: List[Any]) -> List[Dict[str, Any]]:
    if not all(isinstance(item, dict) for item in items):
        raise NodeStoreError("one of its entries is no JSON object")
    by_id = {item["id"]: item for item in items if isinstance(item.get("id"), str)}
    return [_resolved(item, by_id, ()) for item in items if item.get("hidden") is not True]


def _resolved(item: Dict[str, Any], by_id: Mapping[str, Dict[str, Any]], below: Tuple[str, ...]) -> Dict[str, Any]:
    base = item.get("extends")
    if not isinstance(base, str) or base in below:
        return item
    if base not in by_id:
        return {**item, _BASE_ELSEWHERE: base}
    return {**_resolved(by_id[base], by_id, (*below, base)), **item}


def _node(root: Element, entry: Mapping[str, Any]) -> None:
    written = {attribute: _text(entry, member, default) for member, (attribute, default) in _NODE.items()}
    authentication = _text(entry, "authMethod", _text(entry, "auth", ""))
    written["auth"] = NO_AUTHENTICATION if authentication in ("", _NO_AUTHENTICATION) else authentication
    headers = entry.get("headers")
    pairs = headers if isinstance(headers, dict) else {}
    lines = "\n".join(_line(name, value) for name, value in pairs.items() if value and isinstance(value, str))
    written["headers"] = base64.b64encode(lines.encode("utf-8", "surrogatepass")).decode("ascii")
    written[EXTENDS] = _text(entry, _BASE_ELSEWHERE, "")
    written[WITHOUT_VALUE] = "\n".join(name for name, value in pairs.items() if value in ("", None))
    SubElement(root, "node", written)


def _line(name: str, value: str) -> str:
    """As the XML has it; what would become another line, or another name, is made a character that no header takes."""
    return f"{name.translate(_NO_LINE_ENDS)}:{value.translate(_NO_LINE_ENDS)}".replace(":", "\r", name.count(":"))


def _method(root: Element, entry: Mapping[str, Any]) -> None:
    element = SubElement(root, "method", {"uid": _text(entry, "uid", ""), "code": _text(entry, "code", "")})
    provider, registration = (_object(entry, name) for name in ("provider", "registration"))
    about_provider = {attribute: _text(provider, member, "") for member, attribute in _PROVIDER.items()}
    about_provider["openid"] = "true" if provider.get("openId") is True else "false"
    SubElement(element, "provider", about_provider)
    SubElement(
        element,
        "registration",
        {attribute: _text(registration, member, "") for member, attribute in _REGISTRATION.items()},
    )


def _object(entry: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = entry.get(name)
    return value if isinstance(value, dict) else {}


def _text(entry: Mapping[str, Any], name: str, default: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value:
        return default
    return value.encode("utf-8", "replace").decode()  # JSON can hold halves of characters
