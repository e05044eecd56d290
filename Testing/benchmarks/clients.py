"""The clients that are measured, each in a process of its own; the last line of output is the measurement.

``python clients.py NAME ARGUMENT...``
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "DICOMWebNodes"))


def ours(url: str, study: str, output: str) -> float:
    """Retrieve a study into a folder, with every instance verified."""
    from DICOMWebNodesLib.nodes.store import NodeStore
    from DICOMWebNodesLib.workspace import Resource, Workspace

    started = time.perf_counter()
    with Workspace(NodeStore(Path(output) / "nodes.json", predefined=())) as workspace:
        result = workspace.retrieve(url, [Resource(study)], Path(output))
    assert result.complete, result.failed
    return time.perf_counter() - started


def dicomweb_client(url: str, study: str) -> float:
    """Retrieve a study into memory, which is all that it can."""
    from dicomweb_client.api import DICOMwebClient

    started = time.perf_counter()
    DICOMwebClient(url).retrieve_study(study, media_types=(("application/dicom", "*"),))
    return time.perf_counter() - started


def peak_memory() -> int:
    """Bytes. The kernel's own account: what ``getrusage`` says includes the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    client = {"ours": ours, "dicomweb-client": dicomweb_client}[sys.argv[1]]
    seconds = client(*sys.argv[2:])
    print(json.dumps({"seconds": seconds, "peak": peak_memory()}))
