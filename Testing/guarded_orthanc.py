"""nginx in front of an Orthanc: every request needs a token that the OpenID provider accepts.

``auth_request`` shows the token of each request to the provider's userinfo endpoint, so that a token that has expired
or was revoked a moment ago opens nothing.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import List

from nginx import Nginx

_HTTP = """
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
"""


class GuardedOrthanc(Nginx):
    """``orthanc``: its origin; ``userinfo``: the provider's endpoint."""

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

    def http(self) -> str:
        return _HTTP.format(port=self.port, orthanc=self._orthanc, userinfo=self._userinfo)

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
