"""The file of nodes: what can be read can be written, and read again as the same; what cannot is an error."""

from __future__ import annotations

import random

from DICOMWebNodesLib.nodes.document import format_document, parse_document


def check(data: bytes, rng: random.Random) -> None:
    document = parse_document(data)
    assert parse_document(format_document(document)).nodes == document.nodes
