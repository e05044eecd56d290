"""An executor for tests."""

from __future__ import annotations

from concurrent.futures import Executor, Future


class AtOnce(Executor):
    """Does each piece of work when it is given, and remembers it."""

    def __init__(self):
        self.tasks = []

    def submit(self, work, task):
        self.tasks.append(task)
        future = Future()
        try:
            future.set_result(work(task))
        except BaseException as error:
            future.set_exception(error)
        return future
