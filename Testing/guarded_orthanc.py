"""nginx in front of an Orthanc: every request needs a token that the OpenID provider accepts.

``auth_request`` shows the token of each request to the provider's userinfo endpoint, so that a token that has expired
or was revoked a moment ago opens nothing.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import List, Optional

from secret_scan import assert_no_secrets_in

HOW_TO_GET = "nginx is not here: 'apt-get install nginx-light' (Debian, Ubuntu) brings it"

_START_SECONDS = 30.0
_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 0;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            auth_request /token;
            proxy_pass {orthanc};
            proxy_set_header Authorization "";
            proxy_set_header Host $http_host;
        }}
        location = /token {{
            internal;
            proxy_pass {userinfo};
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
        }}
    }}
}}
"""


def is_installed() -> bool:
    return bool(shutil.which("nginx"))


class GuardedOrthanc:
    """Starts on entering, stops on leaving. ``orthanc``: its origin; ``userinfo``: the provider's endpoint."""

    def __init__(self, orthanc: str, userinfo: str) -> None:
        self._orthanc = orthanc
        self._userinfo = userinfo
        self._process: Optional[subprocess.Popen] = None
        self.port = 0

    @property
    def dicomweb_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicom-web"

    @property
    def statuses(self) -> List[int]:
        """Of the answers so far, in order."""
        lines = (self._folder / "access.log").read_text().splitlines()
        return [int(line.split('" ')[1].split()[0]) for line in lines]

    def __enter__(self) -> GuardedOrthanc:
        self._folder = Path(tempfile.mkdtemp(prefix="nginx-"))
        try:
            while not self._start():
                pass
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        try:
            assert_no_secrets_in(self._folder)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _start(self) -> bool:
        """Try one port; False when another process was faster to take it."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        configuration = self._folder / "nginx.conf"
        names = {"folder": self._folder, "port": self.port, "orthanc": self._orthanc, "userinfo": self._userinfo}
        configuration.write_text(_CONFIGURATION.format(**names))
        command = ["nginx", "-p", str(self._folder), "-c", str(configuration), "-e", str(self._folder / "error.log")]
        self._process = subprocess.Popen([*_dies_with_its_parent(), *command], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            if self._answers():
                return True
            time.sleep(0.02)
        errors = (self._folder / "error.log").read_text(errors="replace")
        if "Address already in use" in errors:
            return False
        raise RuntimeError(f"nginx did not start:\n{errors}")

    def _answers(self) -> bool:
        """401: it is nginx, and it asks the provider."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(f"{self.dicomweb_url}/studies?limit=1", timeout=10).close()
        except urllib.error.HTTPError as error:
            return error.code == 401
        except OSError:
            return False
        raise RuntimeError("Orthanc is open to everybody")


def _dies_with_its_parent() -> List[str]:
    return ["setpriv", "--pdeathsig", "KILL"] if sys.platform == "linux" and shutil.which("setpriv") else []
