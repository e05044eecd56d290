"""The worker process behind QProcess, in a real Slicer."""

import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import qt
import slicer
from case import SlicerCase


def live(condition, seconds=20.0):
    """Let the window live until it is so."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "not so in time"
        slicer.app.processEvents()


class WorkerProcessTest(SlicerCase):
    def process(self):
        from DICOMWebNodesHost import worker_process

        return worker_process._processes[-1]._process

    def test_it_answers(self):
        started = time.perf_counter()
        assert any(listed.predefined for listed in self.logic.nodes())
        print(f"the first answer took {time.perf_counter() - started:.2f} s")

    def test_when_it_is_killed_its_jobs_fail_and_the_next_request_starts_another(self):
        from DICOMWebNodesLib.errors import WorkerFailed

        self.logic.nodes()
        job = self.logic.startSearch("http://127.0.0.1:9/dicom-web")
        self.process().kill()
        live(lambda: job.isOver)
        assert isinstance(job.error, WorkerFailed), job.error
        assert self.logic.nodes()

    def test_it_ends_by_itself_when_its_input_is_closed(self):
        self.logic.nodes()
        process = self.process()
        self.logic.stop()
        live(lambda: process.state() == qt.QProcess.NotRunning)
        assert process.exitCode() == 0

    def test_a_search_that_fails_is_raised_in_words(self):
        from DICOMWebNodesLib.errors import ConnectionRefused

        with self.assertRaises(ConnectionRefused) as raised:  # noqa: PT027 - there is no pytest in Slicer
            self.logic.search("http://127.0.0.1:9/dicom-web")
        assert "port" in str(raised.exception)


if __name__ == "__main__":
    unittest.main()
