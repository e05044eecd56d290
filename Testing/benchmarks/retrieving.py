"""What retrieves a study, for the cases that compare it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Sequence

from .benchmark import CURL, OURS, Contender, Setting
from .measure import Run, forget_peak_memory, peak_memory, run_client, run_command
from .servers import Client, empty_orthanc
from .studies import STUDY

MULTIPART = 'multipart/related; type="application/dicom"; transfer-syntax=*'
RETRIEVE_STUDY = "dicomweb-client retrieve_study"
ITER_STUDY = "dicomweb-client iter_study"
ORTHANC = "Orthanc to Orthanc"


def curl(setting: Setting, url: str, *, name: str = CURL, study: str = STUDY) -> Contender:
    """The study to one file, as it comes: what the wire and the disk allow."""

    def run() -> Run:
        with setting.folder() as folder:
            return run_command(*_CURL, "--output", f"{folder}/study", f"{url}/studies/{study}")

    return Contender(name, run)


def curl_in_parallel(setting: Setting, url: str, paths: Sequence[str], connections: int, name: str) -> Contender:
    """Each of ``paths`` to a file of its own, over so many connections."""

    def run() -> Run:
        with setting.folder() as folder:
            wanted = "".join(f'url = "{url}/{path}"\noutput = "{folder}/{index}"\n' for index, path in enumerate(paths))
            # In a file, because a command line does not take thousands.
            Path(folder, "wanted").write_text(wanted)
            parallel = ("--parallel", "--parallel-immediate", "--parallel-max", str(connections))
            return run_command(*_CURL, *parallel, "--config", f"{folder}/wanted")

    return Contender(name, run)


def ours(
    setting: Setting,
    url: str,
    instances: int,
    *,
    name: str = OURS,
    client: str = "ours",
    studies: Sequence[str] = (STUDY,),
) -> Contender:
    """To verified files; ``instances`` must come."""

    def run() -> Run:
        with setting.folder() as folder:
            return _whole(run_client(client, url, ",".join(studies), folder), instances)

    return Contender(name, run)


def retrieve_study(url: str, instances: int, rounds: int = 3) -> Contender:
    return Contender(RETRIEVE_STUDY, lambda: _whole(run_client("retrieve_study", url, STUDY), instances), rounds=rounds)


def iter_study(url: str, instances: int, rounds: int = 3) -> Contender:
    return Contender(ITER_STUDY, lambda: _whole(run_client("iter_study", url, STUDY), instances), rounds=rounds)


def orthanc_to_orthanc(url: str, instances: int, rounds: int = 3) -> Contender:
    """Into the database of a second Orthanc, which is empty each time."""

    def run() -> Run:
        with empty_orthanc() as there:
            client = Client(there, url)
            forget_peak_memory(there.process_id)
            started = time.perf_counter()
            came = client.retrieve(STUDY)
            seconds = time.perf_counter() - started
            return _whole(Run(seconds, seconds, 0.0, peak_memory(there.process_id), {"instances": came}), instances)

    return Contender(ORTHANC, run, rounds=rounds)


_CURL = ("curl", "--no-progress-meter", "--fail", "--header", f"Accept: {MULTIPART}")


def _whole(run: Run, instances: int) -> Run:
    """A contender that leaves something out is none."""
    if run.told["instances"] != instances:
        raise SystemExit(f"{run.told['instances']} of {instances} instances came")
    return run
