"""A disk that takes no more: a real process, a real refusal by the operating system."""

import ctypes
import dataclasses
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.connection_faults import cut
from fakes.origin_server import OriginServer, Response
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

        obey_file_modes()
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


def obey_file_modes():
    """What the superuser's programs do not, unless the right to override them (capabilities(7)) is given up."""
    if sys.platform == "linux" and os.geteuid() == 0:
        drop_from_bounding_set, dac_override, dac_read_search = 24, 1, 2
        for capability in (dac_override, dac_read_search):
            ctypes.CDLL(None).prctl(drop_from_bounding_set, capability, 0, 0, 0)


def names_and_contents(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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


@pytest.mark.parametrize("seed", range(3))
def test_a_disk_that_is_full_at_any_byte_has_only_whole_files_and_the_next_run_the_rest(seed, tmp_path, origin_files):
    output = tmp_path / "output"
    whole = {f"1.2.3.1.{path.stem}.dcm": path.read_bytes() for path in origin_files}
    with OriginServer(origin_files) as server:
        full = retrieve(server, output, tmp_path, largest_file=random.Random(seed).randrange(1_500, 900_000))
        kept = names_and_contents(output)
        again = retrieve(server, output, tmp_path)
    assert full.returncode == 3
    assert "is full" in full.stdout + full.stderr
    assert kept.items() < whole.items()
    assert again.returncode == 0
    assert names_and_contents(output) == whole


@pytest.mark.parametrize("seed", range(3))
def test_a_disk_that_is_full_while_the_sign_in_ends_has_only_whole_files_too(seed, tmp_path, origin_files):
    output, rng = tmp_path / "output", random.Random(seed)
    whole = {f"1.2.3.1.{path.stem}.dcm": path.read_bytes() for path in origin_files}

    def ends(request, response):
        if "multipart/related" not in response.content_type:
            return response
        if "/instances/" not in request.path:
            return cut(rng, response)
        return response if rng.random() < 0.5 else Response.of_text(401, "who are you?")

    with OriginServer(origin_files, fault=ends) as server:
        full = retrieve(server, output, tmp_path, largest_file=800_000)
        kept = names_and_contents(output)
    with OriginServer(origin_files) as server:
        again = retrieve(server, output, tmp_path)
    said = full.stdout + full.stderr
    assert full.returncode not in (0, None)
    assert "is full" in said or "401" in said
    assert kept.items() < whole.items()
    assert again.returncode == 0
    assert names_and_contents(output) == whole


@pytest.mark.skipif(
    sys.platform != "linux" and hasattr(os, "geteuid") and os.geteuid() == 0,
    reason="the superuser may write anywhere here",
)
@pytest.mark.parametrize("seed", range(3))
def test_a_folder_that_is_read_only_from_any_byte_on_has_only_whole_files_and_the_next_run_the_rest(
    seed, tmp_path, origin_files
):
    output = tmp_path / "output"
    folder = output.joinpath(*SERIES)
    whole = {f"1.2.3.1.{path.stem}.dcm": path.read_bytes() for path in origin_files}

    def becomes_read_only(request, response):
        if "multipart/related" not in response.content_type:
            return response
        body = b"".join(response.body)
        at = random.Random(seed).randrange(len(body))

        def pieces():
            yield body[:at]
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o500)
            yield body[at:]

        return dataclasses.replace(response, body=pieces(), length=len(body))

    with OriginServer(origin_files, fault=becomes_read_only) as server:
        refused = retrieve(server, output, tmp_path)
    kept = {name: content for name, content in names_and_contents(output).items() if name.endswith(".dcm")}
    folder.chmod(0o700)
    with OriginServer(origin_files) as server:
        again = retrieve(server, output, tmp_path)
    assert refused.returncode in (1, 3)
    assert "cannot be written" in refused.stdout + refused.stderr
    assert kept.items() < whole.items()
    assert again.returncode == 0
    assert names_and_contents(output) == whole
