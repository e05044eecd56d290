"""Manifests through the worker: what is secret in them stays in it."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.errors import DICOMWebNodesError, NodeNotFound
from library.manifests.manifest_texts import LOGIN, rest, uri
from library.worker.conftest import STUDY, instance_uid, series_uid

NAMED = "".join(f'<Instance SOPInstanceUID="{instance_uid(1, number)}"/>' for number in (1, 2, 3))


def opened(worker, path, content):
    path.write_bytes(content)
    return worker.ask("manifest.open", {"source": str(path)})


def retrieved(worker, accepted, folder):
    named = {name: accepted[name] for name in ("node", "resources")}
    worker.ask("retrieve", {**named, "output": str(folder)})
    return sorted(path.stem for path in folder.rglob("*.dcm"))


def test_single_instances_with_a_login_are_retrieved_by_a_reference(worker, origin_server, tmp_path):
    content = uri(NAMED, base=origin_server.wado_uri_url, attributes=f'webLogin="{LOGIN}"')
    content = content.replace(b'"1.2.1.1"', f'"{series_uid(1)}"'.encode()).replace(b'"1.2.1"', f'"{STUDY}"'.encode())
    found = opened(worker, tmp_path / "m.xml", content)
    (target,) = found["targets"]
    assert (target["instances"], target["header_names"]) == (3, ["Authorization"])
    assert LOGIN not in str(found)
    accepted = worker.ask("manifest.accept", {"reference": target["reference"]})
    assert accepted == {"node": target["reference"], "resources": [f"{STUDY}/{series_uid(1)}"], "remarks": []}
    assert retrieved(worker, accepted, tmp_path / "out") == [instance_uid(1, number) for number in (1, 2, 3)]
    assert origin_server.exchanges[-1].request.headers["Authorization"] == f"Basic {LOGIN}"


def test_a_study_without_secrets_is_retrieved_as_any_other(worker, origin_server, tmp_path):
    found = opened(worker, tmp_path / "m.xml", rest(f'<Study StudyInstanceUID="{STUDY}"/>', origin_server.url))
    accepted = worker.ask("manifest.accept", {"reference": found["targets"][0]["reference"]})
    assert accepted == {"node": origin_server.url, "resources": [STUDY], "remarks": []}
    assert len(retrieved(worker, accepted, tmp_path / "out")) == 40


def test_a_reference_of_another_session_is_not_known(worker, tmp_path):
    with pytest.raises(DICOMWebNodesError, match="Open it again"):
        worker.ask("manifest.accept", {"reference": "manifest:0"})
    with pytest.raises(NodeNotFound, match="only as long as the program runs"):
        worker.ask("retrieve", {"node": "manifest:0", "resources": [STUDY], "output": str(tmp_path)})
