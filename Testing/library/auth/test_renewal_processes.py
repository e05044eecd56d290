"""Two programs that share one sign-in, in real processes: a refresh token is never used twice."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.file_secrets import FileSecrets
from fakes.authorization_server.methods import oauth_method

from .conftest import PUBLIC

LIBRARY = Path(__file__).resolve().parents[3] / "DICOMWebNodes"
PROGRAM = """
import sys, time
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.nodes.node import Node
from requests import PreparedRequest

later = 0.0
authentication = Authentication(clock=lambda: time.time() + later)
node = Node("Node", "http://127.0.0.1", authentication=sys.argv[1])
credential = authentication.credential_for(node)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    request = PreparedRequest()
    request.prepare("GET", node.url, auth=credential)
    later += 1000.0  # whatever token there is now, it has expired by this clock
print("done")
"""


class Processes:
    """Programs that wait until all are there, then sign so many requests each."""

    def __init__(self, folder, method, *, count, requests):
        environment = {**os.environ, "DICOMWEBNODES_HOME": str(folder), "PYTHONPATH": str(LIBRARY)}
        command = [sys.executable, "-c", PROGRAM, method.uid, str(requests)]
        pipe = subprocess.PIPE
        self.running = [
            subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
            for _ in range(count)
        ]

    def run(self):
        """What each has written to its standard output and error."""
        for process in self.running:
            assert process.stdout.readline() == "ready\n"
        for process in self.running:
            process.stdin.write("go\n")
            process.stdin.flush()
        return [process.communicate(timeout=60) for process in self.running]


@pytest.fixture
def method(server, tmp_path, browser, clock):
    """Somebody signed in with it in this process, an hour ago; the token has expired since."""
    clock.now = time.time() - 3600
    secrets = FileSecrets(tmp_path / "secrets" / "secrets.json")
    secrets.create()
    authentication = Authentication(tmp_path, secrets=secrets, clock=clock)
    method = oauth_method(server, PUBLIC)
    authentication.add(method)
    authentication.sign_in(method.name, open_browser=browser).wait(10)
    clock.now = time.time()
    return method


def test_processes_that_need_a_new_token_at_the_same_time_renew_once(server, tmp_path, method):
    assert Processes(tmp_path, method, count=3, requests=1).run() == [("done\n", "")] * 3
    assert server.authority.granted == ["authorization_code", "refresh_token"]


def test_processes_that_renew_all_the_time_never_use_a_refresh_token_twice(server, tmp_path, method):
    assert Processes(tmp_path, method, count=3, requests=6).run() == [("done\n", "")] * 3
    assert not server.authority.refusals
    assert server.authority.granted.count("refresh_token") >= 6
