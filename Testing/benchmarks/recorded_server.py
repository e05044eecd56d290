"""Answers that a server has given, given again by nginx, which leaves the processors to the clients.

Where clients and server share two processors, a fast client is bounded by what Orthanc takes of them. nginx sends a
file without reading it (sendfile(2)), which over loopback costs next to nothing: as little as a server elsewhere.
"""

from __future__ import annotations

import shutil
import ssl
import urllib.request
from pathlib import Path
from typing import Dict, Optional, Sequence

import trustme
from nginx import Nginx

_ROOT = "/dicom-web"
_JSON = "application/dicom+json"
_MULTIPART = 'multipart/related; type="application/dicom"; transfer-syntax=*'
_HTTP = """
    sendfile on;
    sendfile_max_chunk 512k;
    limit_rate {limit};
    types {{ }}
    server {{
        listen 127.0.0.1:{port}{tls};
{locations}
    }}
"""
_TLS = " ssl; ssl_certificate {certificate}; ssl_certificate_key {certificate}"
_LOCATION = "        location = {path} {{ default_type '{content_type}'; alias {file}; }}"


class RecordedServer(Nginx):
    """What ``url`` answers to ``searches`` and ``retrieves``, which are paths; a query changes nothing.

    ``bytes_per_second``: so fast is each connection at most; 0: as fast as it can be. ``has_tls``: with a certificate
    of an authority that :attr:`ca_file` makes known.
    """

    IS_SEARCHED_FOR_SECRETS = False  # it holds a gigabyte, and nobody has signed in

    def __init__(
        self,
        url: str,
        *,
        searches: Sequence[str],
        retrieves: Sequence[str],
        bytes_per_second: int = 0,
        has_tls: bool = False,
        parent: Optional[Path] = None,
    ) -> None:
        super().__init__(parent)
        self._url = url
        self._accepted = {**dict.fromkeys(searches, _JSON), **dict.fromkeys(retrieves, _MULTIPART)}
        self._limit = bytes_per_second
        self._has_tls = has_tls
        self._locations: Dict[str, str] = {}  # by path

    @property
    def dicomweb_url(self) -> str:
        return f"{'https' if self._has_tls else 'http'}://127.0.0.1:{self.port}{_ROOT}"

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.pem"

    def http(self) -> str:
        for path in self._accepted.keys() - self._locations.keys():
            self._record(path)
        tls = self._certified() if self._has_tls else ""
        locations = "\n".join(self._locations.values())
        return _HTTP.format(port=self.port, limit=self._limit, tls=tls, locations=locations)

    def has_started(self) -> bool:
        try:
            self._open(self.dicomweb_url + next(iter(self._accepted))).close()
        except OSError:
            return False
        return True

    def _certified(self) -> str:
        authority, file = trustme.CA(), self.folder / "certificate.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(file))
        return _TLS.format(certificate=file)

    def _record(self, path: str) -> None:
        file = self.folder / f"answer-{len(self._locations)}"
        with self._open(self._url + path, Accept=self._accepted[path]) as answer, file.open("wb") as recorded:
            shutil.copyfileobj(answer, recorded, 1024 * 1024)
            content_type = answer.headers["Content-Type"]
        self._locations[path] = _LOCATION.format(path=_ROOT + path, content_type=content_type, file=file)

    def _open(self, url: str, **headers: str):
        context = ssl.create_default_context(cafile=self.ca_file if self.ca_file.exists() else None)
        direct = (urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
        return urllib.request.build_opener(*direct).open(urllib.request.Request(url, headers=headers), timeout=600)
