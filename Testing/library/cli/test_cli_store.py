from __future__ import annotations

import contextlib
import os
import shutil
from collections import Counter
from pathlib import Path

import pytest
from DICOMWebNodesLib.dicomweb.store_outcome import StoreOutcome, StoreStatus, StoreSummary
from DICOMWebNodesLib.errors import ConnectionLost

HOST = "https://pacs.example.org/rs"


def summary_of(outcomes):
    counts = Counter(outcome.status for outcome in outcomes)
    return StoreSummary(
        **{status.value: counts[status] for status in StoreStatus},
        bytes=500_000 * counts[StoreStatus.STORED],
        failures=tuple(each for each in outcomes if each.status in (StoreStatus.FAILED, StoreStatus.UNCONFIRMED)),
    )


@pytest.fixture
def store(cli):
    """Runs a store in which each file has the outcome that ``becomes`` gives for its name, else it is stored."""

    class Store:
        def __call__(self, *argv, becomes=(), error=None, **more):
            self.files = []
            becomes = dict(becomes)

            def send(node, files, *, study_instance_uid, on_outcome):
                self.study = study_instance_uid
                outcomes = []
                for path in files:
                    self.files.append(path)
                    status, reason = becomes.get(Path(path).name, (StoreStatus.STORED, ""))
                    outcome = StoreOutcome(path, status, reason)
                    outcomes.append(outcome)
                    on_outcome(outcome)
                if error:
                    raise error
                return summary_of(outcomes)

            return cli("store", HOST, *map(str, argv), store=send, **more)

    return Store()


@pytest.fixture
def scan(tmp_path):
    """A folder with files at two levels."""
    folder = tmp_path / "scan"
    (folder / "b").mkdir(parents=True)
    for name in ("a.dcm", "c.dcm", "b/1.dcm", "b/notes.txt"):
        (folder / name).write_bytes(b"x")
    return folder


def test_folders_are_searched_in_order_and_single_files_taken_as_they_are(store, scan):
    outcome = store(scan, scan / "a.dcm", "--study-uid", "1.2")
    below = [path.relative_to(scan).as_posix() for path in store.files]
    assert below == ["a.dcm", "c.dcm", "b/1.dcm", "b/notes.txt", "a.dcm"]
    assert store.study == "1.2"
    assert (outcome.code, outcome.out) == (0, "5 stored (2.5 MB)\n")


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_name_is_not_the_folder_where_the_command_runs(store, scan, empty, monkeypatch):
    """It is what an unset variable of a script comes to, and all that lies there would be sent."""
    monkeypatch.chdir(scan)
    outcome = store(empty)
    assert outcome.code == 2
    assert "the name of the file is empty" in outcome.err
    assert store.files == []


def test_each_file_that_is_not_just_stored_has_a_line_with_the_reason(store, scan):
    becomes = {
        "a.dcm": (StoreStatus.FAILED, "0xA900: it does not match its SOP class \x1b[2J"),
        "c.dcm": (StoreStatus.ALREADY_THERE, ""),
        "1.dcm": (StoreStatus.STORED_WITH_WARNING, "the server changed elements"),
        "notes.txt": (StoreStatus.NOT_DICOM, "it has no DICM prefix"),
    }
    outcome = store(scan, becomes=becomes.items())
    assert outcome.code == 3
    assert outcome.err.splitlines() == [
        f"{scan / 'a.dcm'}: failed: 0xA900: it does not match its SOP class [2J",
        f"{scan / 'b' / '1.dcm'}: stored with a warning: the server changed elements",
        f"{scan / 'b' / 'notes.txt'}: not DICOM, not sent: it has no DICM prefix",
    ]
    assert outcome.out == "1 stored with a warning, 1 already there, 1 failed, 1 not DICOM, not sent (0 bytes)\n"


def test_what_is_not_dicom_in_a_folder_does_no_harm_and_by_name_is_a_mistake(store, scan):
    becomes = [("notes.txt", (StoreStatus.NOT_DICOM, ""))]
    assert store(scan, becomes=becomes).code == 0
    assert store(scan / "a.dcm", scan / "b" / "notes.txt", becomes=becomes).code == 3


def test_a_folder_without_any_instance_is_not_success(store, scan):
    becomes = [(name, (StoreStatus.NOT_DICOM, "")) for name in ("a.dcm", "c.dcm", "1.dcm", "notes.txt")]
    assert store(scan, becomes=becomes).code == 3


@pytest.mark.parametrize("status", [StoreStatus.FAILED, StoreStatus.UNCONFIRMED])
def test_what_the_server_does_not_have_for_sure_is_not_success(store, scan, status):
    assert store(scan, becomes=[("a.dcm", (status, ""))]).code == 3


def test_the_summary_is_json_when_that_is_asked_for(store, scan):
    outcome = store(scan, "--json", becomes=[("a.dcm", (StoreStatus.FAILED, "why"))])
    assert (outcome.json["complete"], outcome.json["stored"], outcome.json["failed"]) == (False, 3, 1)
    assert outcome.json["failures"][0]["reason"] == "why"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ConnectionLost("the server hung up")])
def test_what_was_stored_before_it_ended_is_told(store, scan, error):
    outcome = store(scan, error=error)
    assert outcome.code in (5, 130)
    assert "4 stored until then; to send all of them again does no harm" in outcome.err
    assert outcome.out == ""


def test_on_a_terminal_there_is_a_bar(store, scan):
    pytest.importorskip("tqdm", reason="tqdm is not here: 'pip install tqdm' brings it")
    assert "4/4" in store(scan, terminal=True).err


def test_a_path_that_is_not_there_is_named_before_anything_is_sent(store, scan):
    outcome = store(scan, scan / "nowhere")
    assert outcome.code == 1
    assert f"there is no file '{scan / 'nowhere'}'" in outcome.err
    assert store.files == []


def test_an_empty_folder_is_no_success(store, tmp_path):
    outcome = store(tmp_path)
    assert outcome.code == 2
    assert "there are no files to store" in outcome.err


def test_a_folder_that_cannot_be_read_is_not_left_out_in_silence(store, tmp_path):
    (tmp_path / "a.dcm").write_bytes(b"")
    with folders_with_too_long_a_path(tmp_path):
        outcome = store(str(tmp_path))
    assert (outcome.code, store.files) == (1, [])
    assert "cannot be read (File name too long). Check the rights on it; nothing was sent." in outcome.err


@contextlib.contextmanager
def folders_with_too_long_a_path(folder):
    """The administrator, too, cannot read the innermost by its path."""
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(30):
        os.mkdir("f" * 200, dir_fd=descriptor)
        inner = os.open("f" * 200, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = inner
    os.close(descriptor)
    yield
    shutil.rmtree(folder / ("f" * 200))
