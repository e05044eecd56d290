"""The main job, end to end: ``python3 Testing/demo.py [--gui] [--data DIR | --url URL] [--output DIR]``.

A DICOMweb server becomes a node, is searched, a study is retrieved with nothing missing, loaded with Slicer's own MRML
library, and shown. Without options the server is an embedded one with a head phantom and the instances that pydicom
ships. ``--gui`` opens the module's panel on the same server, for a person. Sets up its own environment
(:mod:`environment`). Exit status 0: every instance arrived and the volume's geometry is right.
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
    Environment(REQUIREMENTS / ("gui.txt" if options.gui else "demo.txt")).enter()
    sys.path.insert(0, str(ROOT / "DICOMWebNodes"))
    for stream in (sys.stdout, sys.stderr):  # names in every script, on every terminal
        stream.reconfigure(encoding="utf-8", errors="replace")
    with ExitStack() as stack:
        return _in_a_window(options, stack) if options.gui else _on_the_terminal(options, stack)


def _on_the_terminal(options: argparse.Namespace, stack: ExitStack) -> int:
    from demonstration.steps import Demonstration
    from fakes.origin_server import OriginServer
    from fakes.origin_server_process import files_of

    if options.url:
        return Demonstration(options.url, options.output).run()
    server = stack.enter_context(OriginServer(files_of(_served(options, stack))))
    return Demonstration(server.url, options.output, served=server.archive).run()


def _in_a_window(options: argparse.Namespace, stack: ExitStack) -> int:
    """The server is a process of its own: where its threads ran the garbage collector, they would end Qt's objects."""
    import debian
    import gui_demo
    import standin
    from fakes.origin_server_process import OriginServerProcess

    problem = standin.no_screen()
    if not problem:
        debian.install_missing(standin.WINDOW_PACKAGES)
        problem = standin.missing_for_a_window()
    if problem:
        print(problem, file=sys.stderr)
        return 1
    return gui_demo.show(options.url or stack.enter_context(OriginServerProcess(_served(options, stack))).url)


def _served(options: argparse.Namespace, stack: ExitStack) -> List[Path]:
    """Files and folders."""
    if options.data:
        return [options.data]
    import phantom
    import samples

    print("Painting a head phantom ...", flush=True)
    folder = Path(stack.enter_context(TemporaryDirectory()))
    phantom.write_series(folder)
    return [folder, *samples.pydicom_files()]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0].rstrip("."), allow_abbrev=False)
    server = parser.add_mutually_exclusive_group()
    server.add_argument("--data", metavar="DIR", type=_folder, help="serve the DICOM files of this folder")
    server.add_argument("--url", metavar="URL", help="use this DICOMweb server, which wants no authentication")
    parser.add_argument("--gui", action="store_true", help="the same in a window: the module's own panel")
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
