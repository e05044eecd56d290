"""A real Orthanc with its DICOMweb plugin, for the time of a test."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Dict, Iterable, List, Mapping, Optional

HOW_TO_GET = "Orthanc is not here: 'apt-get install orthanc orthanc-dicomweb' (Debian, Ubuntu) brings it"

_PLUGIN = "libOrthancDicomWeb.so"
_PLUGIN_FOLDERS = ("/usr/share/orthanc/plugins", "/usr/lib/orthanc", "/usr/local/share/orthanc/plugins")
_START_SECONDS = 30.0
_PORT_TAKEN = "already in use"


def is_installed() -> bool:
    return bool(shutil.which("Orthanc")) and _plugin() is not None


class Orthanc:
    """Starts on entering and stops for sure on leaving; its files live in a temporary folder.

    With ``users`` (names and passwords) it wants Basic authentication, otherwise none. Only requests from this
    machine are answered, the DICOM port is off, and any user may run it. ``parent``: where that folder is made.
    """

    def __init__(self, users: Optional[Mapping[str, str]] = None, *, parent: Optional[Path] = None) -> None:
        self._users = dict(users or {})
        self._parent = parent
        self._process: Optional[subprocess.Popen] = None
        self.port = 0
        self.files: List[Path] = []

    def __enter__(self) -> Orthanc:
        self._folder = Path(tempfile.mkdtemp(prefix="orthanc-", dir=self._parent))
        try:
            while not self._start():
                pass
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def dicomweb_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicom-web"

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def wado_uri_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/wado"

    def add(self, files: Iterable[Path]) -> None:
        """Put files in through Orthanc's own interface, not through what is tested. :attr:`files`: what it took."""
        self.files += [file for file in files if self._takes(file)]

    def _takes(self, file: Path) -> bool:
        try:
            self._request("/instances", file.read_bytes()).close()
        except urllib.error.HTTPError as refused:
            if refused.code != 400:
                raise
            return False
        return True

    def count_instances(self) -> int:
        with self._request("/statistics") as answer:
            return json.load(answer)["CountInstances"]

    def stored_bytes(self, sop_instance_uid: str) -> bytes:
        """The file of one instance as Orthanc's own interface gives it; KeyError when it has none."""
        with self._request("/tools/lookup", sop_instance_uid.encode()) as answer:
            found = [entry["Path"] for entry in json.load(answer) if entry["Type"] == "Instance"]
        if not found:
            raise KeyError(sop_instance_uid)
        with self._request(f"{found[0]}/file") as answer:
            return answer.read()

    def _request(self, path: str, body: Optional[bytes] = None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body)
        manager = urllib.request.HTTPPasswordMgrWithPriorAuth()
        for user, password in self._users.items():
            manager.add_password(None, request.full_url, user, password, is_authenticated=True)
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPBasicAuthHandler(manager)]
        return urllib.request.build_opener(*handlers).open(request, timeout=_START_SECONDS)

    def _start(self) -> bool:
        """Try one port; False when another process was faster to take it."""
        self.port = _free_port()
        configuration = self._folder / "orthanc.json"
        configuration.write_text(json.dumps(self._configuration()))
        log = self._folder / "log.txt"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*_dies_with_its_parent(), "Orthanc", str(configuration)], stdout=output, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                if _PORT_TAKEN in log.read_text(errors="replace"):
                    return False
                break
            if self._is_ours():
                return True
            time.sleep(0.02)
        self._stop()
        raise RuntimeError(f"Orthanc did not start:\n{log.read_text(errors='replace')}")

    def _is_ours(self) -> bool:
        """It answers, and by the name of our folder it is no other one that took the same port."""
        try:
            with self._request("/system") as answer:
                return json.load(answer)["Name"] == self._folder.name
        except OSError:
            return False

    def _stop(self) -> None:
        """At once: there is nothing to save, and a polite end takes seconds."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _configuration(self) -> Dict[str, object]:
        storage = str(self._folder / "storage")
        return {
            "Name": self._folder.name,
            "StorageDirectory": storage,
            "IndexDirectory": storage,
            "HttpPort": self.port,
            "RemoteAccessAllowed": False,
            "DicomServerEnabled": False,
            "AuthenticationEnabled": bool(self._users),
            "RegisteredUsers": self._users,
            "DefaultEncoding": "Utf8",  # Latin1, the default, drops most of the world's names from search results
            "Plugins": [_plugin()],
            "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "EnableWado": True, "WadoRoot": "/wado"},
        }


def _plugin() -> Optional[str]:
    return next((str(path) for path in (Path(folder, _PLUGIN) for folder in _PLUGIN_FOLDERS) if path.exists()), None)


def _free_port() -> int:
    """Orthanc cannot choose one by itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _dies_with_its_parent() -> list:
    """A killed test process leaves no Orthanc behind, where the system can promise that."""
    return ["setpriv", "--pdeathsig", "KILL"] if sys.platform == "linux" and shutil.which("setpriv") else []
