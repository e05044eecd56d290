"""Databases that cannot take instances, in Slicer's place: what is told, and whether the offer helps."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import standin

if standin.missing():
    pytest.skip(standin.missing(), allow_module_level=True)
standin.install()

import qt  # noqa: E402
import slicer  # noqa: E402
from DICOMWebNodesHost.logic import Logic  # noqa: E402
from standin.application import open_database  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


@pytest.fixture
def logic(tmp_path):
    folder = tmp_path / "database"
    folder.mkdir()
    open_database(folder)
    qt.QSettings().setValue(slicer.dicomDatabaseDirectorySettingsKey, str(folder))
    logic = Logic()
    yield logic
    logic.stop()
    slicer.dicomDatabase.closeDatabase()


def test_a_database_that_is_fine_has_no_problem(logic):
    assert logic.databaseProblem() is None


def test_a_closed_database_is_opened_again_where_the_settings_say(logic, tmp_path):
    slicer.dicomDatabase.closeDatabase()
    problem = logic.databaseProblem()
    assert (problem.offer, "not open" in str(problem)) == ("open", True)
    assert logic.openDatabase() is None
    assert Path(slicer.dicomDatabase.databaseDirectory) == tmp_path / "database"


def test_a_missing_database_is_made_anew_in_a_folder_that_is_chosen(logic, tmp_path):
    shutil.rmtree(tmp_path / "database")
    problem = logic.databaseProblem()
    assert (problem.offer, "is missing" in str(problem)) == ("choose-folder", True)
    assert logic.openDatabase(str(tmp_path / "new" / "folder")) is None
    assert slicer.dicomDatabase.patients() == ()
    assert qt.QSettings().value(slicer.dicomDatabaseDirectorySettingsKey) == str(tmp_path / "new" / "folder")


def test_a_database_of_an_older_schema_is_not_used_until_it_is_updated(logic, tmp_path):
    slicer.dicomDatabase.closeDatabase()
    with sqlite3.connect(tmp_path / "database" / "ctkDICOM.sql") as connection:
        connection.execute("UPDATE SchemaInfo SET Version = '0.6.2'")
    connection.close()
    problem = logic.openDatabase()
    assert (problem.offer, "version 0.6.2" in str(problem)) == ("update", True)
    assert "DICOM module" in problem.next_step
    assert logic.startImportStudies("Lab", ["1.2"]).error.offer == "update"


def test_the_settings_know_a_chosen_folder_wherever_slicer_starts_next(logic, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert logic.openDatabase("new") is None
    assert qt.QSettings().value(slicer.dicomDatabaseDirectorySettingsKey) == str(tmp_path / "new")


def test_a_folder_in_which_no_database_can_be_is_told(logic, tmp_path):
    (tmp_path / "file").touch()
    problem = logic.openDatabase(str(tmp_path / "file" / "folder"))
    assert problem.offer == "open"
    assert qt.QSettings().value(slicer.dicomDatabaseDirectorySettingsKey) == str(tmp_path / "database")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no read-only folders")
def test_a_read_only_database_is_told_and_another_folder_is_offered():
    """Root may write everywhere: another user looks."""
    program = f"""
import os, sys, types
sys.path.insert(0, {str(ROOT / "DICOMWebNodes")!r})
from DICOMWebNodesHost.database import databaseProblem
folder = sys.argv[1]
database = types.SimpleNamespace(
    isOpen=True, databaseFilename=folder + "/ctkDICOM.sql", databaseDirectory=folder,
    schemaVersion=lambda: "0.8.1", schemaVersionLoaded=lambda: "0.8.1",
)
if os.geteuid() == 0:
    os.setuid({NOBODY})
problem = databaseProblem(database)
print(problem.offer, problem)
"""
    folder = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    try:
        (folder / "ctkDICOM.sql").touch()
        folder.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True
        ).stdout
        assert done.startswith("choose-folder you may not write to the folder of Slicer's DICOM database")
        assert str(folder) in done
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
