"""A server in a process of its own, with as many studies as one wants: ``python studies_server.py COUNT``.

Prints its URL. It only answers searches for studies; what a server costs is not to be seen in the client's thread.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict
from urllib.parse import parse_qs, urlsplit


def study(number: int) -> Dict[str, Any]:
    values = {
        "0020000D": ("UI", f"1.2.{number + 1}"),
        "00100010": ("PN", {"Alphabetic": f"NAME{number % 7000:05}^GIVEN"}),
        "00100020": ("LO", f"P{number % 7000:05}"),
        "00080020": ("DA", f"20{number % 24:02}{number % 12 + 1:02}{number % 28 + 1:02}"),
        "00080061": ("CS", ("CT", "MR", "PT")[number % 3]),
        "00081030": ("LO", f"Description of study {number}"),
        "00201206": ("IS", number % 9),
        "00201208": ("IS", number % 900),
    }
    return {tag: {"vr": vr, "Value": [value]} for tag, (vr, value) in values.items()}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body of an answer come 40 ms apart
    count = 0

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        offset, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["100"])[0])
        body = json.dumps([study(number) for number in range(offset, min(offset + limit, self.count))]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/dicom+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    Handler.count = int(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
