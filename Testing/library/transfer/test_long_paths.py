"""Paths that are too long for Windows: how they are opened, and how they are made shorter."""

from pathlib import Path

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.dicomweb.uid import is_uid
from DICOMWebNodesLib.transfer.folder import InstanceFolder, PartFile
from DICOMWebNodesLib.transfer.long_paths import IS_WINDOWS, LONGEST, extended_length, fits, openable, short_study_name

STUDY, SERIES = "1." + "2" * 62, "1." + "3" * 62
INSTANCES = [Resource(STUDY, SERIES, "1." + "4" * 62), Resource(STUDY, SERIES, "1.5")]
USUAL = Resource("1.2.3", "1.2.3.4", "1.2.3.4.5")


@pytest.mark.parametrize(
    ("path", "extended"),
    [
        (r"C:\Users\ada\data\1.dcm", "\\\\?\\C:\\Users\\ada\\data\\1.dcm"),
        (r"\\server\share\1.dcm", "\\\\?\\UNC\\server\\share\\1.dcm"),
        ("\\\\?\\C:\\1.dcm", "\\\\?\\C:\\1.dcm"),
        ("\\\\.\\pipe\\x", "\\\\.\\pipe\\x"),
    ],
)
def test_the_extended_form_is_that_of_windows(path, extended):
    assert extended_length(path) == extended


@pytest.mark.skipif(IS_WINDOWS, reason="there the other form is the right one")
def test_elsewhere_than_on_windows_a_path_stays_as_it_is():
    assert openable("/" + "x" * 1000) == "/" + "x" * 1000


def test_the_short_name_of_a_study_is_its_own_and_no_uid():
    names = {short_study_name(f"1.2.{number}") for number in range(1000)}
    assert len(names) == 1000
    assert not any(map(is_uid, names))
    assert max(map(len, names)) == 22


def test_what_fits_is_the_longest_file_of_the_series():
    root = Path("/" + "r" * 49)
    assert len(f"{root}/1.2/1.3/{'9' * 64}.dcm") == 127
    assert fits(root, "1.2", "1.3", 127)
    assert not fits(root, "1.2", "1.3", 126)


def test_a_series_of_usual_uids_lies_where_it_always_does(tmp_path):
    assert InstanceFolder(tmp_path, longest_path=LONGEST).path_of(USUAL) == InstanceFolder(tmp_path).path_of(USUAL)


def test_a_series_of_long_uids_lies_in_a_shorter_folder_all_of_it():
    root = Path("C:/Users/firstname.lastname/Documents/SlicerDICOMDatabase/dicom")
    paths = [InstanceFolder(root, longest_path=LONGEST).path_of(each) for each in INSTANCES]
    assert {path.parent for path in paths} == {root / short_study_name(STUDY) / SERIES}
    assert all(len(str(path)) <= LONGEST for path in paths)


@pytest.mark.parametrize("longest_path", [None, LONGEST, 30])
@pytest.mark.parametrize("level", [1, 2])
def test_what_was_written_is_found_again_under_either_name(level, longest_path, tmp_path):
    folder = InstanceFolder(tmp_path, longest_path=longest_path)
    for instance in [*INSTANCES, USUAL]:
        file = PartFile(folder.path_of(instance))
        file.write(memoryview(bytes(200)))
        file.keep()
    found = folder.instances_of(Resource(*INSTANCES[0].uids[:level]))
    assert found == {instance: folder.path_of(instance) for instance in INSTANCES}
    assert list(folder.instances_of(Resource(*USUAL.uids[:level]))) == [USUAL]


def test_what_a_dead_writer_left_in_a_shorter_folder_is_removed_too(tmp_path):
    folder = InstanceFolder(tmp_path, longest_path=30)
    path = folder.path_of(USUAL)
    path.parent.mkdir(parents=True)
    (left := path.with_name(path.name + ".00.part")).write_bytes(b"half")
    folder.remove_abandoned(USUAL.parent)
    assert not left.exists()
