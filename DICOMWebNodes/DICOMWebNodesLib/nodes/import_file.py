"""A file with nodes that comes from elsewhere: what 'nodes export' wrote, or a file of Weasis, told by its content."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Union

from ..errors import NodeStoreError, StoreUnavailable
from ..storage.files import read_settings
from ..text import Text
from .document import Document, parse_document

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

METHODS = "methods"  # the root of Weasis's authenticationNodes.xml


def read_import(path: Path) -> Union[Document, Element]:
    """Our own document, or the root of Weasis's, in XML or JSON: ``nodes`` or ``methods``.

    Raises NodeStoreError, StoreUnavailable.
    """
    content = read_settings(path)
    if content is None:
        raise StoreUnavailable(Text("there is no file {path}", path=path), next_step="Check the path.")
    try:
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return _weasis_root(content)
        from .weasis_json import weasis_root

        root = weasis_root(content)
        return parse_document(content) if root is None else root
    except NodeStoreError as error:
        raise NodeStoreError(
            Text("{path} cannot be imported: {cause}", path=path, cause=error.cause),
            next_step="Choose a file to which DICOMWebNodes or Weasis has exported nodes.",
        ) from error


def _weasis_root(content: bytes) -> Element:
    from ..xml_document import parse_xml
    from .weasis import ROOT

    try:
        root = parse_xml(content)
    except ValueError as error:
        raise NodeStoreError(Text("it {problem}", problem=error.args[0])) from error
    if root.tag not in (ROOT, METHODS):
        raise NodeStoreError(Text("its root is <{tag}>", tag=root.tag[:40]))
    return root
