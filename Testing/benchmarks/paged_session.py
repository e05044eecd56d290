"""In the place of a session: gives pages of a search that are there already, and an empty one at the end."""

from __future__ import annotations

import contextlib
import itertools
import json
from typing import Any, Dict, Iterator

from DICOMWebNodesLib.dicomweb.findings import Findings
from DICOMWebNodesLib.dicomweb.profile import Profile
from DICOMWebNodesLib.nodes.node import Node


class PagedSession:
    def __init__(self, pages: Iterator[bytes], size: int) -> None:
        self.node = Node("Benchmark", "http://localhost/pages", page_size=size)
        self.profile = Profile("benchmark", "Benchmark")
        self.findings = Findings()
        self.headers: Dict[str, str] = {}
        self._pages = itertools.chain(pages, [b"[]"])

    @contextlib.contextmanager
    def request(self, *_: Any, **__: Any) -> Iterator[PagedSession]:
        yield self

    def json(self) -> Any:
        return json.loads(next(self._pages))
