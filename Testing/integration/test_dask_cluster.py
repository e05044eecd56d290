"""A cohort on a Dask cluster: two workers in processes of their own, which talk over loopback only."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from canary import canary
from DICOMWebNodesLib.auth.authentication import Authentication
from DICOMWebNodesLib.auth.open_secrets import file_of_secrets
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.cohort.run import retrieve_cohort
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from fakes.origin_server import OriginServer
from fakes.part10_files import part10

distributed = pytest.importorskip("distributed", reason="Dask is not here: 'pip install distributed' brings it")

PACKAGE_FOLDER = Path(__file__).resolve().parents[2] / "DICOMWebNodes"
SERIES = 60
INSTANCES = 3


@pytest.fixture(scope="module")
def environment_of_workers():
    """Dask sets variables of the allocator, and more, in the process that starts workers, and leaves them there."""
    before = dict(os.environ)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PACKAGE_FOLDER), os.environ.get("PYTHONPATH", "")])
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def client(tmp_path_factory, environment_of_workers):
    folder = tmp_path_factory.mktemp("dask")
    cluster = distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=2,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
        local_directory=str(folder),
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    files = []
    for series in range(1, SERIES + 1):
        for number in range(1, INSTANCES + 1):
            files.append(folder / f"{series}-{number}.dcm")
            files[-1].write_bytes(part10("1.2.3", f"1.2.3.{series}", f"1.2.3.{series}.{number}", payload=200))
    return files


def test_a_cohort_is_retrieved_by_the_workers_of_a_cluster(client, archive, tmp_path):
    """The node wants a password, which each worker finds in the settings by itself."""
    import base64

    password = canary("password")
    authorization = "Basic " + base64.b64encode(f"ada:{password}".encode()).decode()
    settings = tmp_path / "settings"
    file_of_secrets(settings).create()
    basic = template("basic").fill({"user_name": "ada", "password": password})
    Authentication(settings).add(basic.method, basic.secret)
    cohort = tmp_path / "cohort.csv"
    cohort.write_text("group,series_instance_uid\n" + "".join(f"{n % 2},1.2.3.{n}\n" for n in range(1, SERIES + 1)))
    with OriginServer(archive, authorized=lambda given: given == authorization) as server:
        node = Node("Lab", server.url, authentication=basic.method.uid, allow_plain_http_credential=True)
        NodeStore(settings / "nodes.json").add(node)
        outcomes = list(
            retrieve_cohort(
                cohort, tmp_path / "data", client.get_executor(pure=False), node="Lab", settings=str(settings)
            )
        )
        requests = len(server.exchanges)
        again = list(
            retrieve_cohort(
                cohort, tmp_path / "data", client.get_executor(pure=False), node="Lab", settings=str(settings)
            )
        )
        assert len(server.exchanges) == requests
    assert [outcome.reason for outcome in outcomes if not outcome.is_done] == []
    assert sum(outcome.stored for outcome in outcomes) == SERIES * INSTANCES
    assert len(list((tmp_path / "data").rglob("*.dcm"))) == SERIES * INSTANCES
    assert sum(outcome.already_there for outcome in again) == SERIES * INSTANCES
    with (tmp_path / "data" / "cohort-result.csv").open(newline="") as file:
        assert [row["outcome"] for row in csv.DictReader(file)] == ["complete"] * SERIES
    workers = client.run(lambda: os.getpid())
    assert len(set(workers.values())) == 2
