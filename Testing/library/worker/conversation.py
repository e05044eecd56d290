"""Both sides of a worker's server in one process: its methods are those of the test."""

from __future__ import annotations

import json
import queue
import threading

from DICOMWebNodesLib.errors import NodeNotFound
from DICOMWebNodesLib.text import Text
from DICOMWebNodesLib.worker.jobs import OnCancel
from DICOMWebNodesLib.worker.methods import Method, NodeReference, Strings
from DICOMWebNodesLib.worker.server import Server


class Conversation:
    """Says things to a server and hears its lines. ``open`` lets jobs go on that wait at the gate."""

    def __init__(self):
        self.heard = queue.Queue()
        self.started = queue.Queue()
        self.open = threading.Event()
        self.secret = "hunter" + "2"
        methods = {
            "echo": Method(self.echo),
            "wait": Method(self.wait),
            "let the other end": Method(self.let_the_other_end),
            "tell and wait": Method(self.tell_and_wait),
            "transfer": Method(self.transfer, "transfer", OnCancel.LET_IT_END),
            "fail": Method(self.fail),
            "break": Method(self.break_down),
            "huge": Method(self.huge),
            "gather": Method(self.gather),
        }
        self.server = Server(methods, self.heard.put, {"break at once": self.break_down})

    def echo(self, job, *, text: str, times: int = 1, among: Strings = ()):
        for _ in range(times):
            job.tell("items", text)
        return text

    def wait(self, job, *, items: Strings = ()):
        self.started.put(job.id)
        self.open.wait(20)
        return "waited"

    def let_the_other_end(self, job):
        """When it is cancelled it sees to it that the job 2 is over."""

        def cancelled():
            self.open.set()
            running = True
            while running:
                self.say("resume", "2?", job=2)
                running = self.hear_answer("2?")["result"]

        job.control.on_cancel(cancelled)
        self.started.put(job.id)
        self.open.wait(20)

    def tell_and_wait(self, job):
        for text in ("told at once", "told when nothing follows"):
            job.tell("items", text)
        self.open.wait(60)  # longer than anybody listens: its end would bring everything

    def transfer(self, job, *, node: NodeReference = ""):
        self.started.put(job.id)
        while not (job.control.cancelled or self.open.is_set()):
            job.control._cancelled.wait(0.01)
        return "cancelled" if job.control.cancelled else "done"

    def fail(self, job):
        raise NodeNotFound("there is no node 'x'")

    def break_down(self, job):
        raise RuntimeError(self.secret)

    def huge(self, job):
        return ["x" * 100_000, '"ä\\\n' * 300_000, {"y": Text("{count} instances", count=3)}]

    def gather(self, job, *, items: Strings):
        return items

    def say(self, method, id=None, **params):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        self.say_line(json.dumps({**message, "id": id} if id is not None else message).encode())

    def say_line(self, line):
        self.server.receive(line + b"\n")

    def hear(self):
        return json.loads(self.heard.get(timeout=20))

    def hear_answer(self, id):
        while True:
            message = self.hear()
            if message.get("id") == id:
                return message
