"""What another server has answered, given again in chunks: ``python chunking_server.py URL BYTES FOLDER``.

Each answer is asked for once and kept below FOLDER in chunks of so many bytes (RFC 9112 section 7.1), as servers send
that write through a small buffer; to send it again costs next to nothing (sendfile(2)). Prints its own URL.
"""

from __future__ import annotations

import os
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Dict, Tuple
from urllib.parse import urlsplit

_BLOCK = 1024 * 1024


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, url: str, size: int, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self._origin = urlsplit(url)._replace(path="").geturl()
        self._size = size
        self._folder = folder
        self._answers: Dict[Tuple[str, str], Tuple[str, Path]] = {}
        self._lock = threading.Lock()

    def answer(self, path: str, accepted: str) -> Tuple[str, Path]:
        """Its type, and the file of its chunks."""
        with self._lock:
            if (path, accepted) not in self._answers:
                self._answers[path, accepted] = self._record(path, accepted)
            return self._answers[path, accepted]

    def _record(self, path: str, accepted: str) -> Tuple[str, Path]:
        file = self._folder / str(len(self._answers))
        request = urllib.request.Request(self._origin + path, headers={"Accept": accepted})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=600) as answer, file.open("wb") as kept:
            for chunk in iter(lambda: answer.read(self._size), b""):
                kept.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            kept.write(b"0\r\n\r\n")
            return answer.headers["Content-Type"], file


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        content_type, file = self.server.answer(self.path, self.headers["Accept"])
        self.send_response(200)
        self.send_header("Content-Type", content_type)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with file.open("rb") as body:
            sent = 0
            while count := os.sendfile(self.connection.fileno(), body.fileno(), sent, _BLOCK):
                sent += count

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


if __name__ == "__main__":
    url, size, folder = sys.argv[1:4]
    server = Server(url, int(size), Path(folder))
    print(f"http://127.0.0.1:{server.server_port}{urlsplit(url).path}", flush=True)
    server.serve_forever()
