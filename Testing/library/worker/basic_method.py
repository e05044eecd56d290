"""A method with a password, and all that a worker has said, in which it must not be."""

from __future__ import annotations

from canary import canary
from DICOMWebNodesLib.auth.method import AuthMethod, Kind
from DICOMWebNodesLib.worker.values import method_as_dict

PASSWORD = canary("password")


def basic(name="Jane"):
    return method_as_dict(AuthMethod(name, Kind.BASIC, settings=(("user_name", "jane"),)))


def everything_said(worker):
    return repr(worker.told)
