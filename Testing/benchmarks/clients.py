"""The clients that are measured, each in a process of its own; the last line of output is the measurement.

``python clients.py NAME ARGUMENT...``
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any, Dict, Iterator

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DICOMWebNodes"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.measure import peak_memory

_ANY = (("application/dicom", "*"),)


def ours(url: str, studies: str, output: str) -> Dict[str, Any]:
    """Retrieve studies (with commas between them) into a folder, with every instance verified."""
    return _retrieve(url, studies, output)


def ours_with_connections(url: str, studies: str, output: str) -> Dict[str, Any]:
    """The same; tells how many requests ran side by side at most."""
    most = 0

    def listener(event: object) -> None:
        nonlocal most
        most = max(most, threading.active_count() - 1)

    return {**_retrieve(url, studies, output, listener=listener), "connections": most}


def _retrieve(url: str, studies: str, output: str, **options: Any) -> Dict[str, Any]:
    from DICOMWebNodesLib.nodes.store import NodeStore
    from DICOMWebNodesLib.workspace import Resource, Workspace

    started = time.perf_counter()
    with Workspace(NodeStore(Path(output) / "nodes.json", predefined=())) as workspace:
        result = workspace.retrieve(url, map(Resource, studies.split(",")), Path(output), **options)
    assert result.complete, result.failed
    return {"seconds": time.perf_counter() - started, "instances": result.stored}


def ours_store(url: str, folder: str) -> Dict[str, Any]:
    from DICOMWebNodesLib.nodes.store import NodeStore
    from DICOMWebNodesLib.workspace import Workspace

    files = sorted(Path(folder).glob("*.dcm"))
    started = time.perf_counter()
    with Workspace(NodeStore(Path(folder) / "nodes.json", predefined=())) as workspace:
        result = workspace.store(url, files)
    assert result.complete, result.failures
    return {"seconds": time.perf_counter() - started}


def retrieve_study(url: str, study: str) -> Dict[str, Any]:
    """dicomweb-client, into memory, which is all that it can."""
    from dicomweb_client.api import DICOMwebClient

    started = time.perf_counter()
    found = DICOMwebClient(url).retrieve_study(study, media_types=_ANY)
    return {"seconds": time.perf_counter() - started, "instances": len(found)}


def iter_study(url: str, study: str) -> Dict[str, Any]:
    """dicomweb-client, one data set after the other, none of them kept."""
    from dicomweb_client.api import DICOMwebClient

    started = time.perf_counter()
    found = sum(1 for _ in DICOMwebClient(url).iter_study(study, media_types=_ANY))
    return {"seconds": time.perf_counter() - started, "instances": found}


def store_instances(url: str, folder: str) -> Dict[str, Any]:
    """dicomweb-client, which wants data sets."""
    from dicomweb_client.api import DICOMwebClient
    from pydicom import dcmread

    files = sorted(Path(folder).glob("*.dcm"))
    started = time.perf_counter()
    answer = DICOMwebClient(url).store_instances([dcmread(file) for file in files])
    assert len(answer.ReferencedSOPSequence) == len(files)
    return {"seconds": time.perf_counter() - started}


def json_loads(pages: str) -> Dict[str, Any]:
    """Decode the pages of a search and let them go."""
    started = time.process_time()
    for page in _pages(pages):
        json.loads(page)
    return {"seconds": time.process_time() - started}


def ours_search(pages: str, size: str) -> Dict[str, Any]:
    """The same pages as rows."""
    return _search(pages, int(size), ())


def ours_search_and_read(pages: str, size: str) -> Dict[str, Any]:
    """The same pages as rows, of which a table shows five columns."""
    return _search(pages, int(size), ("PatientName", "PatientID", "StudyDate", "ModalitiesInStudy", "StudyInstanceUID"))


def _search(pages: str, size: int, columns: tuple[str, ...]) -> Dict[str, Any]:
    from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
    from DICOMWebNodesLib.dicomweb.query import Query

    from benchmarks.paged_session import PagedSession

    started = time.process_time()
    rows = 0
    for row in QidoRS(PagedSession(_pages(pages), size)).search(Query.studies()):
        rows += 1
        for column in columns:
            row.text(column)
    return {"seconds": time.process_time() - started, "rows": rows}


def _pages(file: str) -> Iterator[bytes]:
    """One page a line."""
    with open(file, "rb") as lines:
        yield from lines


if __name__ == "__main__":
    measured = globals()[sys.argv[1]](*sys.argv[2:])
    print(json.dumps({**measured, "peak": peak_memory()}))
