"""A server with three patients, the file of a cohort, and its retrieve."""

from __future__ import annotations

import csv

import pytest
from DICOMWebNodesLib.cohort.run import retrieve_cohort
from DICOMWebNodesLib.cohort.work import WorkHere
from DICOMWebNodesLib.nodes.store import NodeStore
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer
from fakes.part10_files import part10
from library.cohort.at_once import AtOnce

# study: (patient, accession number, {series: (modality, instances)})
STUDIES = {
    "1.2.1": ("P-1", "A1", {"1.2.1.1": ("CT", 3), "1.2.1.2": ("SEG", 1)}),
    "1.2.2": ("P-1", "A2", {"1.2.2.1": ("CT", 2)}),
    "1.2.3": ("P-10", "A3", {"1.2.3.1": ("MR", 2)}),
}


@pytest.fixture(scope="session")
def cohort_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("patients")
    files = []
    for study, (patient, accession, series) in STUDIES.items():
        for uid, (modality, count) in series.items():
            for number in range(1, count + 1):
                files.append(folder / f"{uid}.{number}.dcm")
                named = {"PatientID": patient, "AccessionNumber": accession, "Modality": modality}
                files[-1].write_bytes(part10(study, uid, f"{uid}.{number}", payload=100, **named))
    return files


@pytest.fixture(scope="session")
def server(cohort_files):
    """For tests that count no requests."""
    with OriginServer(cohort_files) as server:
        yield server


@pytest.fixture
def workspace(tmp_path):
    with Workspace(NodeStore(tmp_path / "nodes.json")) as workspace:
        yield workspace


@pytest.fixture
def cohort(tmp_path):
    """Writes the lines of a file; gives its path."""

    def written(*lines, name="cohort.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return written


@pytest.fixture
def retrieve(workspace, tmp_path, server):
    """Retrieves a file at once; gives the outcomes by their lines."""

    def retrieved(path, executor=None, **options):
        options = {"node": server.url, "work": WorkHere(workspace), "check_node": workspace.resolve, **options}
        outcomes = retrieve_cohort(path, tmp_path / "data", executor or AtOnce(), **options)
        return {outcome.line: outcome for outcome in outcomes}

    return retrieved


@pytest.fixture
def result(tmp_path):
    def read(name="cohort-result.csv"):
        with (tmp_path / "data" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read
