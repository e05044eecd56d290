"""Where imported instances lie."""

from pathlib import Path
from types import SimpleNamespace

from DICOMWebNodesHost.database import importFolder


def test_the_folder_of_a_database_that_was_opened_by_a_relative_path_is_the_same_for_the_worker(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert importFolder(SimpleNamespace(databaseDirectory="database")) == Path(tmp_path, "database", "dicomweb")
    assert importFolder(SimpleNamespace(databaseDirectory=".")) == Path(tmp_path, "dicomweb")
