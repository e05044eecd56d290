"""Series of Slicer's database come into the scene, with Slicer's plugins as far as they are called."""

from __future__ import annotations

import pytest
from DICOMWebNodesHost.database import seriesNamed
from DICOMWebNodesHost.loading import loadSeries
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import DatabaseUnavailable


class Loadable:
    def __init__(self, files, refers_to=()):
        self.files = files
        self.name = f"the file {files[0]}"
        self.selected = True
        self.referencedInstanceUIDs = list(refers_to)


class DICOMUtils:
    """Slicer's, as far as it is called."""

    def __init__(self, refers_to=(), unknown=(), broken=(), plugins=("DICOMScalarVolumePlugin",)):
        self.plugins = list(plugins)
        self.refers_to = dict(refers_to)
        self.unknown = unknown
        self.broken = broken
        self.loaded = []

    def getDefaultPluginClassNames(self):
        return self.plugins

    def getLoadablesFromFileLists(self, fileLists, pluginClassNames=None, messages=None, progressCallback=None):
        assert isinstance(fileLists, list)
        assert type(fileLists[0]) in (list, tuple)
        if progressCallback is not None and progressCallback("a plugin", 0):
            return {}, False
        loadables = [Loadable(files, self.refers_to.get(files[0], ())) for files in fileLists]
        plugin = object()  # Slicer makes new plugins for each call
        return {plugin: [each for each in loadables if each.files[0] not in self.unknown]}, True

    def selectHighestConfidenceLoadables(self, loadablesByPlugin):
        pass

    def loadLoadables(self, loadablesByPlugin, messages=None, progressCallback=None):
        for loadable in [each for loadables in loadablesByPlugin.values() for each in loadables]:
            if progressCallback is not None and progressCallback(loadable.name, 50):
                break
            loadable.loadSuccess = loadable.files[0] not in self.broken
            if loadable.loadSuccess:
                self.loaded.append(loadable.files[0])
            else:
                messages.append(f"Could not load: {loadable.name} as a Scalar Volume")
        return [f"vtkMRMLScalarVolumeNode{number}" for number, _ in enumerate(self.loaded, 1)]


@pytest.fixture
def segmented(slicer, tmp_path):
    """A CT and a segmentation of it, in the database."""
    ct, seg = tmp_path / "ct.dcm", tmp_path / "seg.dcm"
    for uid, file in (("ct", ct), ("seg", seg)):
        file.write_bytes(b"DICM")
        slicer.database.put("1.2", uid, f"{uid}.1", file)
        slicer.database.values[str(file), "0028,0010"] = "512"
    return str(ct), str(seg)


def test_series_are_loaded_into_the_scene(slicer, segmented):
    report = loadSeries(slicer.database, ["ct", "seg"], dicomUtils=DICOMUtils())
    assert report.complete
    assert len(report.nodeIDs) == 2


@pytest.mark.parametrize(
    ("answer", "count"), [(True, 2), (False, 1), (None, 1), (lambda related: related == ["ct"], 2)]
)
def test_what_a_segmentation_refers_to_comes_along_when_the_person_agrees(slicer, segmented, answer, count):
    utils = DICOMUtils(refers_to={segmented[1]: ["ct.1"]})
    report = loadSeries(slicer.database, ["seg"], references=answer, dicomUtils=utils)
    assert len(report.nodeIDs) == count
    assert utils.loaded == list(segmented[-count:]), "what is referred to is loaded first"


def test_nobody_is_asked_for_what_is_not_there_or_chosen_already(slicer, segmented):
    def ask(related):
        raise AssertionError(related)

    utils = DICOMUtils(refers_to={segmented[1]: ["ct.1", "nowhere.1"]})
    report = loadSeries(slicer.database, ["ct", "seg"], references=ask, dicomUtils=utils)
    assert report.messages == ("1 instances that are referred to are not in the DICOM database.",)


def test_of_a_series_that_is_not_all_on_the_disk_what_is_missing_is_told(slicer, segmented, tmp_path):
    slicer.database.put("1.2", "ct", "ct.2", tmp_path / "removed.dcm")
    report = loadSeries(slicer.database, ["ct"], dicomUtils=DICOMUtils())
    assert report.complete
    assert report.messages == ("Missing on the disk: 1 of 2 files of description of ct.",)


def test_series_are_named_by_what_a_search_found_too(slicer, segmented):
    study = Attributes({"0020000D": {"vr": "UI", "Value": ["1.2"]}})
    series = Attributes({**study.raw, "0020000E": {"vr": "UI", "Value": ["1.2.5"]}})
    named = seriesNamed(slicer.database, [study, series, Resource("1.2", "1.2.6"), "1.2/1.2.7", "1.2.8"])
    assert named == ["ct", "seg", "1.2.5", "1.2.6", "1.2.7", "1.2.8"]
    slicer.database.isOpen = False
    assert seriesNamed(slicer.database, [study]) == ["1.2"], "which the database is asked for when it is open"


def test_what_cannot_be_loaded_is_named_with_the_reason(slicer, segmented):
    report = loadSeries(slicer.database, ["ct", "seg", "gone"], dicomUtils=DICOMUtils(unknown=segmented[:1]))
    assert dict(report.failures).keys() == {"ct", "gone"}
    assert not report.complete
    assert len(report.nodeIDs) == 1


def test_a_series_that_a_plugin_fails_to_load_is_named_though_others_are_loaded(slicer, segmented):
    report = loadSeries(slicer.database, ["ct", "seg"], dicomUtils=DICOMUtils(broken=segmented[1:]))
    assert report.failures == (("seg", f"Could not load: the file {segmented[1]} as a Scalar Volume"),)
    assert len(report.nodeIDs) == 1


def test_each_series_has_the_reason_that_is_its_own(slicer, segmented):
    report = loadSeries(slicer.database, ["ct", "seg"], dicomUtils=DICOMUtils(broken=segmented))
    assert [file in reason for file, (_series, reason) in zip(segmented, report.failures)] == [True, True]


def test_what_is_no_image_is_told_what_it_is(slicer, segmented):
    del slicer.database.values[segmented[0], "0028,0010"]
    slicer.database.values[segmented[0], "0008,0016"] = "1.2.840.10008.5.1.4.1.1.104.1"
    report = loadSeries(slicer.database, ["ct"], dicomUtils=DICOMUtils(broken=segmented))
    assert report.failures == (("ct", "it is no image (Encapsulated PDF Storage)"),)
    assert report.messages == ()


def test_nothing_is_loaded_from_a_closed_database(slicer):
    slicer.database.isOpen = False
    with pytest.raises(DatabaseUnavailable):
        loadSeries(slicer.database, ["ct"], dicomUtils=DICOMUtils())


def closed(database):
    database.isOpen = False


def another(database):
    database.databaseFilename, database.rows = "/other/ctkDICOM.sql", {}


AWAY = pytest.mark.parametrize(("become", "words"), [(closed, "not open"), (another, "another DICOM database")])


@AWAY
def test_nothing_is_loaded_when_the_database_goes_while_the_plugins_look_at_it(slicer, segmented, become, words):
    utils = DICOMUtils()
    with pytest.raises(DatabaseUnavailable, match=words):
        loadSeries(slicer.database, ["ct"], None, lambda text, percents: become(slicer.database), utils)
    assert utils.loaded == []


@AWAY
def test_nothing_is_loaded_when_the_database_goes_while_a_person_is_asked(slicer, segmented, become, words):
    utils = DICOMUtils(refers_to={segmented[1]: ["ct.1"]})
    with pytest.raises(DatabaseUnavailable, match=words):
        loadSeries(slicer.database, ["seg"], lambda related: become(slicer.database) is None, dicomUtils=utils)
    assert utils.loaded == []


@AWAY
def test_of_a_database_that_goes_in_the_middle_of_a_load_each_series_says_whether_it_is_there(
    slicer, segmented, become, words
):
    def progress(text, percents):
        if segmented[1] in text:
            become(slicer.database)

    report = loadSeries(slicer.database, ["ct", "seg"], None, progress, DICOMUtils())
    ((series, reason),) = report.failures
    assert (series, len(report.nodeIDs)) == ("seg", 1)
    assert words in reason
    assert report.problem.sentences == reason


@pytest.mark.parametrize(
    ("tag", "value", "extension"),
    [
        ("0008,0060", "SEG", "QuantitativeReporting"),
        ("0008,0060", "RTSTRUCT", "SlicerRT"),
        ("0008,0016", "1.2.840.10008.5.1.4.1.1.30", "QuantitativeReporting"),
    ],
    ids=["segmentation", "structure set", "parametric map"],
)
def test_the_extension_that_is_missing_is_named(slicer, segmented, tag, value, extension):
    slicer.database.values[segmented[1], tag] = value
    report = loadSeries(slicer.database, ["ct", "seg"], dicomUtils=DICOMUtils(unknown=segmented[1:]))
    ((series, reason),) = report.failures
    assert series == "seg"
    assert f"install the extension {extension}" in reason


def test_a_plugin_that_is_there_and_switched_off_is_to_be_switched_on(slicer, segmented):
    slicer.database.values[segmented[1], "0008,0060"] = "SEG"
    utils = DICOMUtils(unknown=segmented[1:])
    report = loadSeries(slicer.database, ["seg"], dicomUtils=utils, installed=["DICOMSegmentationPlugin"])
    ((_, reason),) = report.failures
    assert "switch the plugin DICOMSegmentationPlugin on" in reason
    assert "extension" not in reason, "Slicer 5.12 and later have it themselves"


def test_what_is_loaded_as_something_less_is_told_too(slicer, segmented):
    slicer.database.values[segmented[1], "0008,0060"] = "RTDOSE"
    report = loadSeries(slicer.database, ["ct", "seg"], dicomUtils=DICOMUtils())
    assert report.complete
    (message,) = report.messages
    assert "install the extension SlicerRT" in message


def test_with_its_plugin_nothing_is_told(slicer, segmented):
    slicer.database.values[segmented[1], "0008,0060"] = "SEG"
    report = loadSeries(slicer.database, ["seg"], dicomUtils=DICOMUtils(plugins=["DICOMSegmentationPlugin"]))
    assert (report.failures, report.messages) == ((), ())


@pytest.mark.parametrize("heard_before", [0, 1, 2])
def test_what_is_cancelled_is_not_loaded_and_says_so(slicer, segmented, heard_before):
    heard = []

    def progress(text, percents):
        heard.append(text)
        return len(heard) == heard_before + 1

    utils = DICOMUtils()
    report = loadSeries(slicer.database, ["ct", "seg"], progress=progress, dicomUtils=utils)
    assert len(utils.loaded) == max(0, heard_before - 1)
    assert len(report.failures) == 2 - len(utils.loaded)
    assert {reason for _series, reason in report.failures} == {"it was cancelled"}


def test_who_cancels_is_not_asked_for_more(slicer, segmented):
    class SlowDICOMUtils(DICOMUtils):
        """Of several plugins, one has found something before."""

        def getLoadablesFromFileLists(self, fileLists, messages=None, progressCallback=None):
            found = super().getLoadablesFromFileLists(fileLists)
            progressCallback("another plugin", 50)
            return found

    def ask(related):
        raise AssertionError(related)

    utils = SlowDICOMUtils(refers_to={segmented[1]: ["ct.1"]})
    report = loadSeries(slicer.database, ["seg"], ask, lambda text, percents: True, dicomUtils=utils)
    assert report.failures == (("seg", "it was cancelled"),)
