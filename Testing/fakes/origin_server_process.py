"""The embedded origin server in a process of its own, for programs whose threads must be left alone.

``python origin_server_process.py PATH...`` prints the server's URL, and ends when its standard input is closed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Iterable, List


class OriginServerProcess:
    """``paths``: the files, and the folders with all that is below them, to serve. ``url`` is the base URL.

    ``python`` runs it. However the program that started it ends, it ends too. Raises RuntimeError when it does not
    start, after what it has to say on standard error.
    """

    def __init__(self, paths: Iterable[Path], python: str = sys.executable) -> None:
        command = [python, __file__, *map(str, paths)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.stop()
            raise RuntimeError("the embedded server did not start")

    def __enter__(self) -> OriginServerProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()


def files_of(paths: Iterable[Path]) -> List[Path]:
    return [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]) if file.is_file()]


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from fakes.origin_server import OriginServer

    with OriginServer(files_of(map(Path, sys.argv[1:]))) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
