"""A real Orthanc with its DICOMweb plugin, for the time of a test."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import Dict, Iterable, List, Mapping, Optional, Sequence

from server_process import ServerProcess

HOW_TO_GET = "Orthanc is not here: 'apt-get install orthanc orthanc-dicomweb' (Debian, Ubuntu) brings it"

_PLUGIN = "libOrthancDicomWeb.so"
_PLUGIN_FOLDERS = ("/usr/share/orthanc/plugins", "/usr/lib/orthanc", "/usr/local/share/orthanc/plugins")


def is_installed() -> bool:
    return bool(shutil.which("Orthanc")) and _plugin() is not None


class Orthanc(ServerProcess):
    """With ``users`` (names and passwords) it wants Basic authentication, otherwise none. Only requests from this
    machine are answered, the DICOM port is off, and any user may run it. ``parent``: where that folder is made.
    """

    NAME = "Orthanc"
    IS_SEARCHED_FOR_SECRETS = False  # its configuration has the passwords

    def __init__(self, users: Optional[Mapping[str, str]] = None, *, parent: Optional[Path] = None) -> None:
        super().__init__(parent)
        self._users = dict(users or {})
        self.files: List[Path] = []

    @property
    def dicomweb_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicom-web"

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
        return urllib.request.build_opener(*handlers).open(request, timeout=self.START_SECONDS)

    def command(self) -> Sequence[str]:
        configuration = self.folder / "orthanc.json"
        configuration.write_text(json.dumps(self._configuration()))
        return ["Orthanc", str(configuration)]

    def has_started(self) -> bool:
        """By the name of our folder it is no other one that took the same port."""
        try:
            with self._request("/system") as answer:
                return json.load(answer)["Name"] == self.folder.name
        except OSError:
            return False

    def _configuration(self) -> Dict[str, object]:
        storage = str(self.folder / "storage")
        return {
            "Name": self.folder.name,
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
