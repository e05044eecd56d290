"""nginx for the time of a test or a benchmark; a subclass says what it serves."""

from __future__ import annotations

import shutil
from typing import Sequence

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
{http}
}}
"""


def is_installed() -> bool:
    return bool(shutil.which("nginx"))


class Nginx(ServerProcess):
    """Without root, with everything that it writes in its folder."""

    NAME = "nginx"
    POLITE_SECONDS = 10.0

    def http(self) -> str:
        """Directives of the http block, with a server on ``127.0.0.1`` and :attr:`port`."""
        raise NotImplementedError

    def command(self) -> Sequence[str]:
        configuration = self.folder / "nginx.conf"
        configuration.write_text(_CONFIGURATION.format(folder=self.folder, http=self.http()))
        return ["nginx", "-p", str(self.folder), "-c", str(configuration), "-e", "stderr"]
