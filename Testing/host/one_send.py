"""What the tests of a send share."""

from __future__ import annotations


def outcomes(slicer, *statuses):
    """What the worker tells of the files, in their order."""
    paths = slicer.worker.last("list")["params"]["items"]
    common = {"reason": "", "series_instance_uid": "1.2.1"}
    return [{"path": path, "status": status, **common} for path, status in zip(paths, statuses)]
