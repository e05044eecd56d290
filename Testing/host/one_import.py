"""What the tests of an import share: a study of two series, and what the worker says at the end."""

from __future__ import annotations

STUDY = "1.2"
ONE, TWO = "1.2/1.2.1", "1.2/1.2.2"
DONE = {"complete": True, "cancelled": False, "stored": 0, "already_there": 0, "missing": 0, "bytes": 8, "seconds": 1}


def instances(series, count):
    return [f"{series}/{series.partition('/')[2]}.{number}" for number in range(1, count + 1)]


def done(series):
    return {"resource": series, "stored": 1, "already_there": 0, "failed": 0}
