"""The stand-in's DICOM database: what was measured of CTK's, and honest about files."""

from __future__ import annotations

from pathlib import Path

import ctk
import DICOMLib
import phantom
import pytest
import slicer
from fakes.part10_files import part10
from standin.application import open_database


@pytest.fixture
def database(tmp_path):
    open_database(tmp_path)  # Slicer has one before
    with DICOMLib.DICOMUtils.TemporaryDICOMDatabase(str(tmp_path / "database")) as database:
        yield database


@pytest.fixture
def files(database):
    """Five slices in a folder of the database."""
    return make_files(Path(database.databaseDirectory, "dicomweb"))


def make_files(folder, count=5):
    folder.mkdir(parents=True)
    paths = [folder / f"{number}.dcm" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(part10("1.2", "1.2.3", f"1.2.3.{number}"))
    return [str(path) for path in paths]


def index(database, files, copy=False):
    indexer = ctk.ctkDICOMIndexer()
    indexer.addListOfFiles(database, files, copy)
    indexer.waitForImportFinished()
    return indexer


def test_indexed_files_are_found_by_their_uids(database, files):
    index(database, files)
    assert database.seriesForStudy("1.2") == ("1.2.3",)
    assert len(database.instancesForSeries("1.2.3")) == 5
    assert database.fileForInstance("1.2.3.0") == files[0]
    assert database.seriesForFile(files[0]) == "1.2.3"
    assert database.fileValue(files[0], "0010,0010") == "DOE^JANE"


def test_the_database_in_use_is_the_temporary_one(database):
    assert slicer.dicomDatabase is database
    assert database.isOpen


def test_in_the_background_batches_are_added_while_others_are_indexed_and_completion_comes_once(database, files, until):
    indexer, complete = ctk.ctkDICOMIndexer(), []
    indexer.backgroundImportEnabled = True
    indexer.indexingComplete.connect(lambda *counts: complete.append(counts))
    indexer.addListOfFiles(database, files[:2], False)
    indexer.addListOfFiles(database, files[2:], False)
    assert indexer.importing
    until(lambda: complete and not indexer.importing)
    assert complete == [(1, 1, 1, 5)]


def test_an_unreadable_file_is_only_logged(database, files):
    Path(files[1]).write_bytes(b"not DICOM")
    index(database, files)
    assert database.fileForInstance("1.2.3.1") == ""
    assert len(database.instancesForSeries("1.2.3")) == 4


def test_removing_a_series_removes_the_files_in_the_databases_folder(database, files):
    index(database, files)
    database.removeSeries("1.2.3")
    assert not Path(files[0]).exists()
    assert database.instancesForSeries("1.2.3") == ()


def test_removing_a_series_leaves_files_elsewhere_alone(database, tmp_path):
    files = make_files(tmp_path / "elsewhere")
    index(database, files)
    database.removeSeries("1.2.3")
    assert Path(files[0]).exists()


def test_a_copied_file_is_in_the_databases_folder_however_often_it_is_copied(database, tmp_path):
    files = make_files(tmp_path / "elsewhere", 1)
    for _ in range(2):
        index(database, files, copy=True)
    copy = Path(database.fileForInstance("1.2.3.0"))
    assert Path(database.databaseDirectory) in copy.parents
    assert len(list(copy.parent.iterdir())) == 1


def test_a_database_that_cannot_be_opened_says_so_by_isopen_only(tmp_path):
    database = ctk.ctkDICOMDatabase()
    database.openDatabase(str(tmp_path / "no" / "such" / "folder" / "ctkDICOM.sql"))  # older releases return nothing
    assert not database.isOpen
    assert database.fileForInstance("1.2") == ""


def test_a_series_of_slices_is_loaded_as_a_volume(database, tmp_path):
    folder = Path(database.databaseDirectory, "dicomweb")
    phantom_files = phantom.write_series(folder)[:12]
    index(database, [str(file) for file in phantom_files])
    loaded = map(slicer.mrmlScene.GetNodeByID, DICOMLib.DICOMUtils.loadSeriesByUID([phantom.SERIES_INSTANCE_UID]))
    (node,) = [each for each in loaded if each.IsA("vtkMRMLVolumeNode")]  # Slicer counts its subject hierarchy too
    assert node.GetImageData().GetDimensions() == (phantom.COLUMNS, phantom.ROWS, 12)
    assert node.GetSpacing() == pytest.approx(phantom.SPACING)
