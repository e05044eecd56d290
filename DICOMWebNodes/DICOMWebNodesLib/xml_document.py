"""XML that somebody else wrote. A document type, which could define entities that grow without bound or name files,
is refused."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from .text import Text


def parse_xml(document: bytes) -> Element:
    """The root; tags and attributes of a namespace are its name, a space and the local name.

    Raises ValueError with what is wrong, a predicate: "is not well-formed XML: ...".
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(document, True)
        return builder.close()
    except _DocumentType:
        raise
    except (expat.ExpatError, ValueError, AssertionError, LookupError) as error:
        raise ValueError(Text("is not well-formed XML: {problem}", problem=error)) from error


class _DocumentType(ValueError):
    pass


def _refuse_document_type(*_: Any) -> None:
    raise _DocumentType(Text("has a document type, which could define anything"))
