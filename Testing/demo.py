"""The main job, end to end: ``python3 Testing/demo.py [--data DIR | --url URL] [--output DIR]``.

A DICOMweb server becomes a node, is searched, a study is retrieved with nothing missing, loaded with Slicer's own MRML
library, and shown. Without options the server is an embedded one with a head phantom and the instances that pydicom
ships. Sets up its own environment (:mod:`environment`). Exit status 0: every instance arrived and the volume's
geometry is right.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import List

from environment import REQUIREMENTS, ROOT, Environment


def main(arguments: List[str]) -> int:
    options = _parser().parse_args(arguments)
    Environment(REQUIREMENTS / "demo.txt").enter()
    sys.path.insert(0, str(ROOT / "DICOMWebNodes"))
    for stream in (sys.stdout, sys.stderr):  # names in every script, on every terminal
        stream.reconfigure(encoding="utf-8", errors="replace")

    import phantom
    import samples
    from demonstration.steps import Demonstration
    from fakes.origin_server import OriginServer

    if options.url:
        return Demonstration(options.url, options.output).run()
    with ExitStack() as stack:
        if options.data:
            files = sorted(file for file in options.data.rglob("*") if file.is_file())
        else:
            print("Painting a head phantom ...", flush=True)
            folder = Path(stack.enter_context(TemporaryDirectory()))
            files = [*phantom.write_series(folder), *samples.pydicom_files()]
        server = stack.enter_context(OriginServer(files))
        return Demonstration(server.url, options.output, served=server.archive).run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0].rstrip("."), allow_abbrev=False)
    server = parser.add_mutually_exclusive_group()
    server.add_argument("--data", metavar="DIR", type=_folder, help="serve the DICOM files of this folder")
    server.add_argument("--url", metavar="URL", help="use this DICOMweb server, which wants no authentication")
    parser.add_argument(
        "--output", metavar="DIR", type=Path, default=ROOT / "output" / "demo", help="default: %(default)s"
    )
    return parser


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text!r}")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
