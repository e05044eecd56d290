"""nginx in front of an Orthanc: every request needs a token that the OpenID provider accepts.

``auth_request`` shows the token of each request to the provider's userinfo endpoint, so that a token that has expired
or was revoked a moment ago opens nothing.
"""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from typing import List, Sequence

from server_process import ServerProcess

HOW_TO_GET = "nginx is not here: 'apt-get install nginx-light' (Debian, Ubuntu) brings it"

_CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
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


class GuardedOrthanc(ServerProcess):
    """``orthanc``: its origin; ``userinfo``: the provider's endpoint."""

    NAME = "nginx"
    POLITE_SECONDS = 10.0

    def __init__(self, orthanc: str, userinfo: str) -> None:
        super().__init__()
        self._orthanc = orthanc
        self._userinfo = userinfo

    @property
    def dicomweb_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicom-web"

    @property
    def statuses(self) -> List[int]:
        """Of the answers so far, in order."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [int(line.split('" ')[1].split()[0]) for line in lines]

    def command(self) -> Sequence[str]:
        configuration = self.folder / "nginx.conf"
        names = {"folder": self.folder, "port": self.port, "orthanc": self._orthanc, "userinfo": self._userinfo}
        configuration.write_text(_CONFIGURATION.format(**names))
        return ["nginx", "-p", str(self.folder), "-c", str(configuration), "-e", "stderr"]

    def has_started(self) -> bool:
        """401: it is nginx, and it asks the provider."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            opener.open(f"{self.dicomweb_url}/studies?limit=1", timeout=10).close()
        except urllib.error.HTTPError as error:
            return error.code == 401
        except OSError:
            return False
        raise RuntimeError("Orthanc is open to everybody")
