"""What the worker retrieves and stores for a client, with a real process and a real server."""

from __future__ import annotations

import os

import pytest
from DICOMWebNodesLib.errors import UnsupportedService

STUDY = "1.2.826.0.1"


def retrieve(worker, server, folder, resources=(STUDY,), **options):
    return worker.ask("retrieve", {"node": server.url, "resources": list(resources), "output": str(folder)}, **options)


def test_a_study_comes_as_files_each_of_which_is_told(worker, origin_server, tmp_path):
    summary = retrieve(worker, origin_server, tmp_path)
    assert (summary["complete"], summary["stored"]) == (True, 40)
    told = {path for _, path, _, _ in worker.all_told("stored")}
    assert told == {str(path) for path in tmp_path.rglob("*.dcm")}
    assert len(told) == 40
    assert sorted(each["resource"] for each in worker.all_told("done")) == [f"{STUDY}/{STUDY}.1", f"{STUDY}/{STUDY}.2"]
    (plan,) = worker.all_told("planned")
    assert plan["series"] == [[f"{STUDY}/{STUDY}.1", 20], [f"{STUDY}/{STUDY}.2", 20]]


def test_what_is_too_much_for_one_message_comes_as_a_list(worker, origin_server, tmp_path):
    params = {"node": origin_server.url, "output": str(tmp_path)}
    summary = worker.ask("retrieve", params, lists={"resources": ["1.2.826.0.1"]})
    assert (summary["complete"], summary["stored"]) == (True, 40)


def test_what_the_client_has_elsewhere_is_not_fetched(worker, origin_server, tmp_path, study_files):
    here = [[f"{STUDY}/{STUDY}.1/{STUDY}.1.{n}", str(file)] for n, file in enumerate(study_files[:20], 1)]
    summary = retrieve(worker, origin_server, tmp_path, lists={"inventory": here})
    assert (summary["complete"], summary["already_there"], summary["stored"]) == (True, 20, 20)
    assert not (tmp_path / STUDY / f"{STUDY}.1").exists()


def test_what_an_earlier_run_left_in_the_folder_is_told_as_already_there(worker, origin_server, tmp_path):
    retrieve(worker, origin_server, tmp_path, [f"{STUDY}/{STUDY}.1"])
    summary = retrieve(worker, origin_server, tmp_path)
    assert (summary["already_there"], summary["stored"]) == (20, 20)
    assert sum(already for *_, already in worker.all_told("stored")) == 20


@pytest.mark.parametrize("verify", [False, True])
def test_what_came_is_compared_with_the_servers_list_when_the_client_says_so(verify, worker, origin_server, tmp_path):
    params = {"node": origin_server.url, "resources": [STUDY], "output": str(tmp_path), "verify": verify}
    asked = len(origin_server.exchanges)
    assert worker.ask("retrieve", params)["complete"]
    listed = {each.request.path for each in origin_server.exchanges[asked:] if each.request.path.endswith("/instances")}
    assert len(listed) == (2 if verify else 0)


def test_what_does_not_exist_is_told_and_not_raised(worker, origin_server, tmp_path):
    summary = retrieve(worker, origin_server, tmp_path, ["1.2.3.4.5"])
    assert not summary["complete"]
    assert summary["missing"] == 1
    (failure,) = worker.all_told("failed")
    assert failure["resource"] == "1.2.3.4.5"
    assert failure["reason"]


def test_a_cancelled_retrieve_gives_its_account(worker, stalling_server, tmp_path):
    job = worker.start("retrieve", {"node": stalling_server.url, "resources": [STUDY], "output": str(tmp_path)})
    while not stalling_server.stall.has_stalled.is_set():
        worker.step()
    job.cancel()
    summary = worker.wait(job)
    assert summary["cancelled"]
    assert not list(tmp_path.rglob("*.part"))


def test_a_node_that_cannot_retrieve_says_so(worker, tmp_path):
    node = {"name": "s", "url": "http://a/dicom-web", "service_type": "STOW-RS"}
    with pytest.raises(UnsupportedService):
        worker.ask("retrieve", {"node": node, "resources": [STUDY], "output": str(tmp_path)})


def test_files_are_stored_with_an_outcome_for_each(worker, empty_orthanc, study_files, tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not DICOM")
    files = [str(file) for file in [*study_files, text]]
    summary = worker.ask("store", {"node": empty_orthanc.dicomweb_url}, lists={"files": files})
    assert (summary["stored"], summary["not_dicom"], summary["complete"]) == (40, 1, True)
    assert {os.path.basename(item["path"]) for item in worker.items} == {os.path.basename(file) for file in files}
