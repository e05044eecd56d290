"""A pytest plugin: no test may leave a secret behind, in its files, its output or the log.

Secrets of tests are canaries (:mod:`canary`), so that they can be found again. A file of secrets is the one place
where they may be: it is named so, as are folders of what other programs keep (:data:`secret_files.KEPT`).
"""

from __future__ import annotations

import logging
from typing import Iterator, List

import pytest
from canary import canaries_in
from secret_files import secrets_in


class _LogScan(logging.Handler):
    """Looks at every record of every logger, whatever its level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.found: List[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found += canaries_in(self.format(record).encode("utf-8", "replace"))


_log_scan = _LogScan()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "xdist_group(name): tests that share something expensive run in one process")
    logging.getLogger().addHandler(_log_scan)
    logging.getLogger().setLevel(logging.DEBUG)


def pytest_unconfigure(config: pytest.Config) -> None:
    logging.getLogger().removeHandler(_log_scan)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    report = yield
    found = [f"{title}: {each}" for title, text in report.sections for each in canaries_in(text.encode())]
    found += [f"log: {each}" for each in _log_scan.found]
    _log_scan.found.clear()
    if call.when == "teardown":
        found += secrets_in(item.funcargs["tmp_path"]) if "tmp_path" in getattr(item, "funcargs", {}) else []
    if found and report.passed:
        report.outcome = "failed"
        report.longrepr = "secrets were written:\n" + "\n".join(found)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Once more over everything: what fixtures of the session and child processes have left."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    is_worker = hasattr(session.config, "workerinput")
    if factory is None or is_worker or getattr(factory, "_basetemp", None) is None:
        return
    found = secrets_in(factory.getbasetemp())
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        reporter.write_line("secrets were written:\n" + "\n".join(found), red=True)
