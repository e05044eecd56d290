"""An origin server of small instances that costs next to nothing: ``python synthetic_server.py SERIES EACH BYTES``.

One study of ``SERIES`` series with ``EACH`` instances of about ``BYTES`` bytes, written as they are asked for, so that
a hundred thousand of them take no disk and what is measured is the client. With a fourth argument, "instances",
WADO-RS gives single instances only. Prints its URL. The tests' origin server (``Testing/fakes``) is the strict one.
"""

from __future__ import annotations

import json
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.studies import STUDY, SmallInstances

_BOUNDARY = b"synthetic-boundary-0123456789"
_HEAD = b"\r\n--" + _BOUNDARY + b"\r\nContent-Type: application/dicom\r\n\r\n"
_CLOSE = b"\r\n--" + _BOUNDARY + b"--\r\n"
_MULTIPART = f'multipart/related; type="application/dicom"; boundary={_BOUNDARY.decode()}'
_BLOCK = 256 * 1024
_PATH = re.compile(
    rf"/dicom-web/studies/{re.escape(STUDY)}(?:/series(?:/(?P<series>[0-9.]+))?(?:/instances(?:/(?P<instance>[0-9.]+))?)?)?"
)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, series: int, each: int, size: int, only_instances: bool) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.instances = SmallInstances(series, each, size)
        self.only_instances = only_instances

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has what it wants, and goes, is none."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        found = _PATH.fullmatch(url.path)
        if found is None:
            self._answer(404, "text/plain", [b"there is nothing"])
        elif "json" in self.headers.get("Accept", ""):
            self._search(found["series"], parse_qs(url.query))
        else:
            self._retrieve(found["series"], found["instance"])

    def _search(self, series: str | None, asked: Dict[str, List[str]]) -> None:
        instances = self.server.instances
        rows: List[Dict[str, Any]]
        if self.path.partition("?")[0].endswith("/instances"):
            rows = [_row(series or "", uid) for uid in instances.of(series or "")]
        else:
            rows = [_row(uid, "", instances.each) for uid in instances.series]
        start, limit = (int(asked.get(name, [default])[0]) for name, default in (("offset", "0"), ("limit", "100000")))
        self._answer(200, "application/dicom+json", [json.dumps(rows[start : start + limit]).encode()])

    def _retrieve(self, series: str | None, instance: str | None) -> None:
        instances = self.server.instances
        if self.server.only_instances and instance is None:
            self._answer(404, "text/plain", [b"only instances are given"])
            return
        chosen = [series] if series else instances.series
        parts = (
            part
            for each in chosen
            for uid in ([instance] if instance else instances.of(each))
            for part in (_HEAD, *instances.content(each, uid))
        )
        count = 1 if instance else instances.each * len(chosen)
        self._answer(200, _MULTIPART, _blocks(parts), count * (len(_HEAD) + instances.size) + len(_CLOSE))

    def _answer(self, status: int, content_type: str, body: Iterable[bytes], length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length if length is not None else sum(map(len, body))))
        self.end_headers()
        for block in body:
            self.wfile.write(block)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


def _row(series: str, instance: str, count: int = 0) -> Dict[str, Any]:
    uids = {"0020000D": STUDY, "0020000E": series, "00080018": instance}
    row: Dict[str, Any] = {tag: {"vr": "UI", "Value": [uid]} for tag, uid in uids.items() if uid}
    return {**row, "00201209": {"vr": "IS", "Value": [count]}} if count else row


def _blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    pieces: List[bytes] = []
    size = 0
    for part in parts:
        pieces.append(part)
        size += len(part)
        if size >= _BLOCK:
            yield b"".join(pieces)
            pieces.clear()
            size = 0
    yield b"".join([*pieces, _CLOSE])


if __name__ == "__main__":
    series, each, size = map(int, sys.argv[1:4])
    server = Server(series, each, size, "instances" in sys.argv[4:])
    print(f"http://127.0.0.1:{server.server_port}/dicom-web", flush=True)
    server.serve_forever()
