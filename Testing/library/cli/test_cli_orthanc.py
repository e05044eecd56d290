"""The command line and a real Orthanc, from a node's name to the files."""

from __future__ import annotations

import json

import pytest
from conftest import started_orthanc


@pytest.fixture(scope="module")
def locked():
    """An Orthanc that wants Basic authentication."""
    with started_orthanc(users={"ada": "hünter:2"}) as server:
        yield server


def test_a_node_is_kept_tested_searched_and_retrieved_from(run, orthanc, tmp_path):
    assert run("nodes", "add", "Lab", orthanc.dicomweb_url)[0] == 0
    code, out, _ = run("nodes", "test", "lab")
    assert (code, out.count(" ok ")) == (0, 3), out
    code, table, err = run("search", "studies", "Lab", "--patient-name", "Doe^P*", "--all")
    assert (code, err) == (0, "4 studies\n")
    code, out, err = run("retrieve", "Lab", "-", "-o", tmp_path / "data", "--json", stdin=table.encode())
    assert code == 0, err
    summary = json.loads(out)
    assert summary["complete"]
    assert summary["stored"] == len(list((tmp_path / "data").rglob("*.dcm"))) > 20
    code, out, _ = run("retrieve", "Lab", "-", "-o", tmp_path / "data", "--json", stdin=table.encode())
    assert (code, json.loads(out)["already_there"]) == (0, summary["stored"])


def test_two_orthancs_are_searched_beside_one_that_wants_a_password(run, orthanc, empty_orthanc, locked, pydicom_files):
    empty_orthanc.add(pydicom_files[:3])
    for name, url in (
        ("Lab", orthanc.dicomweb_url),
        ("Copy", empty_orthanc.dicomweb_url),
        ("Shut", locked.dicomweb_url),
    ):
        assert run("nodes", "add", name, url)[0] == 0
    everything, copied = (json.loads(run("search", "studies", name, "--all", "--json")[1]) for name in ("Lab", "Copy"))
    code, out, err = run("search", "studies", "Lab", "Copy", "Shut", "--all", "--json")
    assert code == 3
    assert "Shut: could not search studies: the server answered 401" in err
    found = {study["StudyInstanceUID"]: study["Nodes"] for study in json.loads(out)}
    assert set(found) == {study["StudyInstanceUID"] for study in everything}
    assert {uid for uid, nodes in found.items() if nodes == ["Lab", "Copy"]} == {
        study["StudyInstanceUID"] for study in copied
    }


def test_names_are_found_that_orthanc_alone_would_not_find(run, orthanc):
    _, out, _ = run("search", "studies", orthanc.dicomweb_url, "--patient-name", "Buc^Jérôme", "--json")
    assert [study["PatientName"] for study in json.loads(out)] == ["Buc^Jérôme"]


def test_what_orthanc_does_not_have_has_its_own_exit_status(run, orthanc, tmp_path):
    code, _, err = run("retrieve", orthanc.dicomweb_url, "1.2.3", "-o", tmp_path / "data")
    assert code == 6
    assert "the server knows no study 1.2.3" in err


def test_a_password_opens_the_door_and_a_wrong_one_does_not(run, locked):
    argv = ("search", "studies", locked.dicomweb_url, "--user", "ada", "--password-stdin")
    assert run(*argv, stdin="hünter:2\n".encode())[::2] == (0, "no studies\n")
    code, _, err = run(*argv, stdin=b"hunter2\n")
    assert code == 4
    assert "401" in err
    assert "hunter2" not in err
    assert run(*argv[:3])[0] == 4


def test_files_are_stored_and_what_is_no_file_of_dicom_is_named(run, empty_orthanc, pydicom_files, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("no DICOM")
    files = pydicom_files[:3]
    code, out, err = run("store", empty_orthanc.dicomweb_url, *files, notes)
    assert code == 3
    assert out.startswith("3 stored, 1 not DICOM, not sent")
    assert f"{notes}: not DICOM, not sent" in err
    code, _, err = run("search", "instances", empty_orthanc.dicomweb_url)
    assert err == "3 instances\n"
