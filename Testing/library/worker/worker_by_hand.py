"""A worker process as a test plays it: a pipe that is two lists."""

from __future__ import annotations

import json

from DICOMWebNodesLib.worker.client import Client
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT


class Pipe:
    """One worker process as a test plays it."""

    def __init__(self, listener):
        self.listener = listener
        self.written = []
        self.stopped = self.killed = False

    def write(self, data):
        assert len(data) <= MESSAGE_LIMIT
        assert data.endswith(b"\n")
        self.written.append(json.loads(data))

    def stop(self):
        self.stopped = True

    def kill(self):
        self.killed = True

    def says(self, **message):
        self.listener.received(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")

    def greets(self):
        self.says(id=self.written[0]["id"], result={"protocol": 1})

    @property
    def requests(self):
        return self.written[1:]


class Side:
    def __init__(self, **options):
        self.pipes = []
        self.ends = []
        self.client = Client(self.start, worker_ended=self.ends.append, **options)

    def start(self, listener):
        self.pipes.append(Pipe(listener))
        return self.pipes[-1]

    @property
    def pipe(self):
        return self.pipes[-1]

    def call(self, method="m", **options):
        job = self.client.call(method, {}, **options)
        if not self.client._connection.is_ready:
            self.pipe.greets()
        self.client.process()
        return job
