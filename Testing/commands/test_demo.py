"""The demo: it succeeds when everything arrived as it should, and only then."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Iterator, List

import pydicom
import pytest
from fakes.origin_server import Dialect, Fault, OriginServer, Request, Response
from fakes.origin_server.dialect import STANDARD
from PIL import Image

pytest.importorskip("slicer", reason="slicer-core is not here: it has wheels for Python 3.10 to 3.13")
from demonstration.stack import largest_stack
from demonstration.steps import Demonstration
from demonstration.volume import differences, load


def nothing(request: Request, response: Response) -> Response:
    return response


def demonstrate(files: List[Path], output: Path, fault: Fault = nothing, dialect: Dialect = STANDARD) -> int:
    with OriginServer(files, fault=fault, dialect=dialect) as server:
        return Demonstration(server.url, output, served=server.archive).run()


def without(sop_instance_uid: str) -> Fault:
    """A server that lists an instance and cannot give it."""

    def fault(request: Request, response: Response) -> Response:
        path = request.target.partition("?")[0]
        return Response.of_text(404, "lost") if path.endswith(f"/{sop_instance_uid}") else response

    return fault


def test_everything_arrives_and_is_shown(
    phantom_series: List[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demonstrate(phantom_series, tmp_path) == 0
    told = capsys.readouterr().out
    assert "nothing is missing: 144 of 144 instances, byte for byte" in told
    assert "256 x 272 x 144 voxels of 0.8 x 0.9 x 1.25 mm" in told
    with Image.open(tmp_path / "views.png") as picture:
        assert picture.width > 3 * 500
        assert len(picture.convert("L").getcolors()) > 50


def test_a_second_run_fetches_nothing_twice(
    phantom_series: List[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = phantom_series[:5]
    assert demonstrate(files, tmp_path) == 0
    capsys.readouterr()
    assert demonstrate(files, tmp_path) == 0
    assert "0 instances (0 bytes)" in capsys.readouterr().out


def test_a_server_of_the_users_gives_its_first_series_that_is_a_volume(
    phantom_series: List[Path], pydicom_files: List[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with OriginServer([*pydicom_files[:20], *phantom_series[::6]]) as server:
        assert Demonstration(server.url, tmp_path).run() == 0
    assert "all 24 instances of the series are here" in capsys.readouterr().out


def test_an_instance_that_does_not_arrive_is_a_failure(
    phantom_series: List[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = phantom_series[:5]
    uid = files[2].stem
    by_instance = Dialect(retrieve_levels=("instances",))
    assert demonstrate(files, tmp_path, without(uid), by_instance) == 1
    told = capsys.readouterr().err
    assert uid in told
    assert "1 instance did not arrive" in told


def test_an_instance_that_was_changed_on_the_way_is_a_failure(
    phantom_series: List[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = phantom_series[:5]
    assert demonstrate(files, tmp_path) == 0
    changed = next((tmp_path / "instances").rglob(f"{files[2].stem}.dcm"))
    changed.write_bytes(changed.read_bytes()[:-2] + b"\x12\x34")
    assert demonstrate(files, tmp_path) == 1
    assert "is not what was served" in capsys.readouterr().err


def test_a_slice_that_the_series_lacks_is_a_wrong_geometry(
    phantom_series: List[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demonstrate(phantom_series[:3] + phantom_series[4:8], tmp_path) == 1
    assert "mm from its place in even steps" in capsys.readouterr().err


def test_nothing_to_make_a_volume_of_is_a_failure(
    pydicom_files: List[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demonstrate(pydicom_files[:3], tmp_path) == 1
    assert "No series is a stack of slices" in capsys.readouterr().err


def test_no_server_is_a_failure_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with OriginServer() as server:
        url = server.url
    assert Demonstration(url, tmp_path).run() == 1
    assert "The demo failed." in capsys.readouterr().err


@pytest.fixture
def moved(phantom_series: List[Path], tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "moved"
    folder.mkdir()
    for file in phantom_series[:8]:
        shutil.copy(file, folder)
    return folder


@pytest.mark.parametrize(
    ("keyword", "value", "complaint"),
    [
        ("PixelSpacing", [0.8, 0.9], "a corner is"),
        ("ImageOrientationPatient", [0, 1, 0, 1, 0, 0], "a corner is"),
        ("RescaleIntercept", -1000, "shows other values"),
    ],
)
def test_a_volume_that_is_not_as_the_headers_say_is_found_out(
    moved: Path, keyword: str, value: object, complaint: str
) -> None:
    volume = load(largest_stack(moved.iterdir()))
    for file in moved.iterdir():
        dataset = pydicom.dcmread(file)
        setattr(dataset, keyword, value)
        dataset.save_as(file)
    assert complaint in "; ".join(differences(volume, largest_stack(moved.iterdir())))


def test_the_real_mr_comes_in_obliquely_as_it_was_taken(mr_t1: List[Path]) -> None:
    stack = largest_stack(mr_t1)
    assert differences(load(stack), stack) == []
    assert abs(stack.ijk_to_ras[1, 2]) > 0.05  # oblique indeed
