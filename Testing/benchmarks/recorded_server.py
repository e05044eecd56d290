"""Answers that a server has given, given again by nginx, which leaves the processors to the clients.

Where clients and server share two processors, a fast client is bounded by what Orthanc takes of them. nginx sends a
file without reading it (sendfile(2)), which over loopback costs next to nothing: as little as a server elsewhere.
"""

from __future__ import annotations

import shutil
import urllib.request
from pathlib import Path
from typing import Dict, Optional, Sequence

from server_process import ServerProcess

_ROOT = "/dicom-web"
_JSON = "application/dicom+json"
_MULTIPART = 'multipart/related; type="application/dicom"; transfer-syntax=*'
_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ }}
http {{
    access_log off;
    sendfile on;
    sendfile_max_chunk 512k;
    limit_rate {limit};
    types {{ }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
{locations}
    }}
}}
"""
_LOCATION = "        location = {path} {{ default_type '{content_type}'; alias {file}; }}"


class RecordedServer(ServerProcess):
    """What ``url`` answers to ``searches`` and ``retrieves``, which are paths; a query changes nothing.

    ``bytes_per_second``: so fast is each connection at most; 0: as fast as it can be.
    """

    NAME = "nginx"
    POLITE_SECONDS = 10.0
    IS_SEARCHED_FOR_SECRETS = False  # it holds a gigabyte, and nobody has signed in

    def __init__(
        self,
        url: str,
        *,
        searches: Sequence[str],
        retrieves: Sequence[str],
        bytes_per_second: int = 0,
        parent: Optional[Path] = None,
    ) -> None:
        super().__init__(parent)
        self._url = url
        self._accepted = {**dict.fromkeys(searches, _JSON), **dict.fromkeys(retrieves, _MULTIPART)}
        self._limit = bytes_per_second
        self._locations: Dict[str, str] = {}  # by path

    @property
    def dicomweb_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{_ROOT}"

    def command(self) -> Sequence[str]:
        for path in self._accepted.keys() - self._locations.keys():
            self._record(path)
        configuration = self.folder / "nginx.conf"
        locations = "\n".join(self._locations.values())
        configuration.write_text(
            _CONFIGURATION.format(folder=self.folder, port=self.port, limit=self._limit, locations=locations)
        )
        return ["nginx", "-p", str(self.folder), "-c", str(configuration), "-e", "stderr"]

    def has_started(self) -> bool:
        try:
            _open(self.dicomweb_url + next(iter(self._accepted))).close()
        except OSError:
            return False
        return True

    def _record(self, path: str) -> None:
        file = self.folder / f"answer-{len(self._locations)}"
        with _open(self._url + path, Accept=self._accepted[path]) as answer, file.open("wb") as recorded:
            shutil.copyfileobj(answer, recorded, 1024 * 1024)
            content_type = answer.headers["Content-Type"]
        self._locations[path] = _LOCATION.format(path=_ROOT + path, content_type=content_type, file=file)


def _open(url: str, **headers: str):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(urllib.request.Request(url, headers=headers), timeout=600)
