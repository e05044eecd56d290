"""From a server into the DICOM database and the scene, in a real Slicer."""

import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import slicer
from case import Heartbeat, SlicerCase


def quiet(progress):
    """A script that wants no dialog."""


class ImportTest(SlicerCase):
    def setUp(self):
        super().setUp()
        import phantom

        self.files = phantom.write_series(self.folder / "head")
        self.study = phantom.STUDY_INSTANCE_UID
        self.series = phantom.SERIES_INSTANCE_UID
        self.url = self.serve(self.folder / "head")

    def test_a_study_is_found_imported_and_loaded(self):
        (row,) = self.logic.search(self.url, StudyInstanceUID=self.study)
        with Heartbeat() as heartbeat:
            summary = self.logic.importStudies(self.url, [row.study_instance_uid], progress=quiet)
        print(f"{summary.imported} instances in {summary.seconds:.2f} s, main thread held {heartbeat.longest:.3f} s")
        assert summary.complete, summary.failures
        assert summary.imported == len(self.files)
        assert all(map(os.path.isfile, self.database.filesForSeries(self.series)))

        report = self.logic.load(summary.seriesUIDs)
        assert report.complete, report
        volume = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLScalarVolumeNode")
        assert volume.GetImageData().GetDimensions()[2] == len(self.files)

    def test_several_nodes_are_searched_at_once_and_one_that_fails_is_named(self):
        nowhere = "http://127.0.0.1:9/dicom-web"
        results = self.logic.search([self.url, nowhere], StudyInstanceUID=self.study)
        assert [row.study_instance_uid for row in results] == [self.study]
        assert len(results[0].nodes) == 1
        assert [error.code for error in results.failures] == ["connection-refused"]

    def test_one_instance_is_imported(self):
        within = f"{self.study}/{self.series}"
        first = self.logic.search(self.url, level="instances", within=within)[0]
        summary = self.logic.importStudies(self.url, [f"{within}/{first.sop_instance_uid}"], progress=quiet)
        assert (summary.imported, summary.complete) == (1, True)
        assert self.logic.countInDatabase(within) == 1

    def test_what_is_there_is_not_fetched_again(self):
        self.logic.importStudies(self.url, [self.study], progress=quiet)
        summary = self.logic.importStudies(self.url, [self.study], progress=quiet)
        assert (summary.imported, summary.alreadyThere) == (0, len(self.files))
        assert summary.bytes == 0

    def test_removing_a_series_removes_its_files(self):
        self.logic.importStudies(self.url, [self.study], progress=quiet)
        files = self.database.filesForSeries(self.series)
        root = Path(self.database.databaseDirectory).resolve() / "dicomweb"
        assert all(root in Path(file).resolve().parents for file in files)
        self.database.removeSeries(self.series)
        assert not any(map(os.path.exists, files))

    def test_a_series_is_sent_back(self):
        self.logic.importStudies(self.url, [self.study], progress=quiet)
        summary = self.logic.send(self.url, [self.series], progress=quiet)
        assert summary.complete, summary.failures
        (progress,) = self.logic.sends[-1].series.values()
        assert (progress.number, progress.description) == ("2", "Head 1.25 mm")

    def test_an_import_that_is_interrupted_is_known_and_resumed(self):
        job = self.logic.startImportStudies(self.url, [self.study], "Head")
        while job.state.name == "WAITING":
            slicer.app.processEvents()
        self.logic.stop()
        while not job.isOver:
            slicer.app.processEvents()
        (unfinished,) = self.logic.unfinishedImports()
        summary = self.logic.wait(self.logic.resumeImport(unfinished), progress=quiet)
        assert summary.complete, summary.failures
        assert summary.imported + summary.alreadyThere == len(self.files)
        assert not self.logic.unfinishedImports()

    def test_a_closed_database_is_told_with_what_helps(self):
        from DICOMWebNodesLib.errors import DatabaseUnavailable

        self.database.closeDatabase()
        with self.assertRaises(DatabaseUnavailable) as raised:  # noqa: PT027 - there is no pytest in Slicer
            self.logic.importStudies(self.url, [self.study], progress=quiet)
        assert raised.exception.offer == "open"
        assert self.logic.openDatabase() is None
        assert self.logic.importStudies(self.url, [self.study], progress=quiet).complete


if __name__ == "__main__":
    unittest.main()
