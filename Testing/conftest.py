"""What all tests share: servers, data, and what happens when a machine lacks something."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Iterator, List

import orthanc as orthanc_process
import phantom
import pytest
import samples

MR_T1 = Path(__file__).resolve().parents[2] / "shared" / "data" / "mr-t1"
NOT_OURS = "not part of the project"

with contextlib.suppress(ImportError):  # where PythonQt runs the tests of the widgets it need not be there
    from hypothesis import HealthCheck, settings

    # No property is refuted by a machine that is busy.
    settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("unhurried")

collect_ignore = ["Slicer"]  # cases of unittest, which only a real Slicer can run
pytest_plugins = ("secret_scan",)  # no test leaves a secret behind


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-all",
        action="store_true",
        help="a test that is skipped because something is missing here fails, but for data that nobody can install",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    report = yield
    return _required(report) if item.config.getoption("--require-all") else report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    return _required(report) if collector.config.getoption("--require-all") else report


def _required(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if NOT_OURS not in reason:
            report.outcome = "failed"
            report.longrepr = f"--require-all: {reason.removeprefix('Skipped: ')}"
    return report


@pytest.fixture(scope="session")
def pydicom_files() -> List[Path]:
    """Real instances of many kinds, see :func:`samples.pydicom_files`."""
    return samples.pydicom_files()


@pytest.fixture(scope="session")
def phantom_series(tmp_path_factory: pytest.TempPathFactory) -> List[Path]:
    """The head phantom, its lowest slice first."""
    return phantom.write_series(tmp_path_factory.mktemp("phantom"))


@pytest.fixture(scope="session")
def orthanc(pydicom_files: List[Path]) -> Iterator[orthanc_process.Orthanc]:
    """An Orthanc that holds most of pydicom's files, for tests that only read."""
    with started_orthanc() as server:
        server.add(pydicom_files)
        yield server


@pytest.fixture
def empty_orthanc() -> Iterator[orthanc_process.Orthanc]:
    """An Orthanc of its own, for tests that store."""
    with started_orthanc() as server:
        yield server


def started_orthanc(**options) -> orthanc_process.Orthanc:
    if not orthanc_process.is_installed():
        pytest.skip(orthanc_process.HOW_TO_GET)
    return orthanc_process.Orthanc(**options)


@pytest.fixture(scope="session")
def mr_t1() -> List[Path]:
    """The 384 slices of a real T1-weighted brain MR."""
    files = sorted(MR_T1.glob("*.dcm"))
    if not files:
        pytest.skip(f"the real MR series is {NOT_OURS}: put its files into {MR_T1}")
    return files
