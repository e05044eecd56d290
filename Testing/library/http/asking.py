"""A session with a scripted server, and a request by it."""

import time

from DICOMWebNodesLib.dicomweb.pacer import Pacer
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.nodes.node import Node

HTML = {"Content-Type": "text/html"}


class Waits(list):
    """Takes the place of waiting: remembers for how long."""

    def __call__(self, seconds):
        self.append(seconds)


def session_for(server, *, waits=None, attempts=5, credential=None, clock=time.monotonic, **fields):
    node = Node("Test", getattr(server, "url", server), **fields)
    pacer = Pacer(attempts=attempts, random=lambda: 0.0)
    return Session(node, credential, pacer=pacer, wait=Waits() if waits is None else waits, clock=clock)


def get(session, path="studies", **options):
    with session.request("GET", path, asked="search studies", **options) as response:
        return response.json()
