"""The library on one side, a real Orthanc on the other, and a second opinion on what is in the files."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Dict, Iterable, Iterator, List

import pydicom
import pytest
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Resource, Workspace
from orthanc import Orthanc


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(NodeStore(tmp_path / "nodes.json", predefined=())) as workspace:
        yield workspace


@pytest.fixture
def node(orthanc: Orthanc) -> Node:
    return Node(name="Orthanc", url=orthanc.dicomweb_url)


@pytest.fixture(scope="session")
def held(orthanc: Orthanc) -> Dict[Resource, Path]:
    """What Orthanc holds, by what it is."""
    return by_resource(orthanc.files)


def by_resource(files: Iterable[Path]) -> Dict[Resource, Path]:
    """The identity of files as pydicom reads it, not the library."""
    return {resource_of(file): file for file in files}


def resource_of(file: Path) -> Resource:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # small faults of real files
        header = pydicom.dcmread(file, stop_before_pixels=True)
    return Resource(header.StudyInstanceUID, header.SeriesInstanceUID, header.SOPInstanceUID)


@pytest.fixture(scope="session")
def by_name(held: Dict[Resource, Path]) -> Dict[str, Resource]:
    """The same by the name of the file."""
    return {path.name: resource for resource, path in held.items()}


@pytest.fixture(scope="session")
def studies(held: Dict[Resource, Path]) -> List[Resource]:
    return sorted({Resource(resource.study_instance_uid) for resource in held})
