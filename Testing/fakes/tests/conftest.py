"""A standard-abiding server with pydicom's files, and what the tests know of its archive."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator, List

import pytest
from fakes.origin_server import OriginServer
from fakes.origin_server.archive import Instance


@pytest.fixture(scope="session")
def server(pydicom_files: List[Path]) -> Iterator[OriginServer]:
    with OriginServer(pydicom_files) as server:
        yield server


@pytest.fixture(scope="session")
def instances(server: OriginServer) -> Dict[str, Instance]:
    """By the name of their file."""
    return {instance.path.name: instance for instance in server.archive.all()}
