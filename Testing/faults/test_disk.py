"""A disk that takes no more: a real process, a real refusal by the operating system."""

import subprocess
import sys
from pathlib import Path

import pytest
from fakes.origin_server import OriginServer
from fakes.part10_files import part10

LIBRARY = Path(__file__).parents[2] / "DICOMWebNodes"
SERIES = ("1.2.3", "1.2.3.1")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits for a process")


@pytest.fixture(scope="module")
def origin_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("origin")
    for number, payload in enumerate((1_000, 2_000, 900_000, 3_000)):
        content = part10(*SERIES, f"1.2.3.1.{number}", payload=payload)
        folder.joinpath(f"{number}.dcm").write_bytes(content)
    return sorted(folder.iterdir())


def retrieve(server, output, settings, *, largest_file=None):
    def limit():
        import resource

        if largest_file is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    program = [sys.executable, "-m", "DICOMWebNodesLib", "retrieve", server.url, SERIES[0], "--output", str(output)]
    return subprocess.run(
        program,
        cwd=LIBRARY,
        env={"DICOMWEBNODES_HOME": str(settings), "PATH": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        preexec_fn=limit,
        timeout=60,
        check=False,
    )


def test_a_disk_that_is_full_is_named_keeps_what_came_and_resumes(tmp_path, origin_files):
    output = tmp_path / "output"
    with OriginServer(origin_files) as server:
        full = retrieve(server, output, tmp_path, largest_file=500_000)
        kept = sorted(path.name for path in output.rglob("*") if path.is_file())
        again = retrieve(server, output, tmp_path)
    assert full.returncode == 3
    assert "the disk of" in full.stdout + full.stderr
    assert "is full" in full.stdout + full.stderr
    assert kept == ["1.2.3.1.0.dcm", "1.2.3.1.1.dcm"]
    assert again.returncode == 0
    assert len(list(output.rglob("*.dcm"))) == 4


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no folder here that nobody can write to")
def test_a_folder_that_nobody_can_write_to_is_named_before_anything_is_fetched(tmp_path, origin_files):
    with OriginServer(origin_files) as server:
        done = retrieve(server, "/proc/self/here", tmp_path)
        assert not server.exchanges
    assert done.returncode == 1
    assert "/proc/self/here cannot be written" in done.stderr
    assert "Choose a folder that you may write to." in done.stderr
