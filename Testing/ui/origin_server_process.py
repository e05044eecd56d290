"""The embedded origin server in a process of its own: ``python origin_server_process.py FOLDER`` prints its URL."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from fakes.origin_server import OriginServer

if __name__ == "__main__":
    with OriginServer(sorted(Path(sys.argv[1]).iterdir())) as server:
        print(server.url, flush=True)
        threading.Event().wait()
