"""A server's list with a UID that is none: everything else comes, and what cannot be asked for is named."""

import pytest
from dialect_suite.bench import bench
from dialect_suite.collection import write_collection
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import MalformedAttribute
from DICOMWebNodesLib.nodes.node import ServiceType
from fakes.careless_lists import careless_list
from fakes.origin_server import Dialect, OriginServer
from fakes.origin_server.behaviours.offers import not_offered

SERIES_UID, INSTANCE_UID = "0020000E", "00080018"
NO_UIDS = ["../../outside", "", {}]


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    return write_collection(tmp_path_factory.mktemp("collection"))


def retrieved(collection, folder, *behaviours, wanted=None, service_type=ServiceType.DICOMWEB):
    """The summary, and the names of the files that are anywhere below the folder or beside it."""
    with OriginServer(collection.files.values(), dialect=Dialect(behaviours=behaviours)) as server:
        with bench(server.url, "generic", collection, folder / "in", service_type=service_type) as one:
            summary = one.workspace.retrieve(one.node, [wanted or collection.study], folder / "in" / "out")
    return summary, {path.stem for path in folder.rglob("*.dcm")}


def instances(collection, without):
    return {each.sop_instance_uid for each in collection.within(collection.study) if not without.contains(each)}


@pytest.mark.parametrize("written", NO_UIDS, ids=["path", "empty", "object"])
def test_a_series_without_a_uid_is_named_and_the_others_come(collection, tmp_path, written):
    lost = Resource(*collection.study.uids, f"{collection.study}.2")
    summary, files = retrieved(collection, tmp_path, careless_list(SERIES_UID, lost.series_instance_uid, written))
    assert files == instances(collection, lost)
    assert (summary.complete, summary.stored, summary.missing) == (False, 7, 1)
    (failure,) = summary.failed
    assert (failure.resource, failure.code) == (collection.study, "malformed-attribute")
    assert failure.reason.startswith(
        "the server lists a series that cannot be asked for: SeriesInstanceUID (0020,000E)"
    )


def test_as_many_instances_are_missing_as_the_server_counts_in_the_series(collection, tmp_path):
    behaviour = careless_list(SERIES_UID, collection.series.series_instance_uid, "1.2.x", count=5)
    summary, _ = retrieved(collection, tmp_path, behaviour)
    assert (summary.stored, summary.missing) == (3, 5)


def test_a_study_none_of_whose_series_has_a_uid_is_not_said_to_be_unknown(collection, tmp_path):
    study = Resource(collection.studies()[1])
    behaviour = careless_list(SERIES_UID, f"{study}.1", "1.2.x")
    summary, _ = retrieved(collection, tmp_path, behaviour, wanted=study)
    assert [(each.resource, each.code) for each in summary.failed] == [(study, "malformed-attribute")]


def test_a_series_that_was_asked_for_is_complete_whatever_else_the_server_lists(collection, tmp_path):
    def ignores_filters(request, answer):
        return answer(type(request)(**{**vars(request), "target": request.target.partition("?")[0]}))

    behaviours = (careless_list(SERIES_UID, f"{collection.study}.2", "1.2.x"), ignores_filters)
    summary, _ = retrieved(collection, tmp_path, *behaviours, wanted=collection.series)
    assert (summary.complete, summary.stored) == (True, 5)


def test_a_series_whose_count_is_no_number_comes(collection, tmp_path):
    uid = collection.series.series_instance_uid
    summary, _ = retrieved(collection, tmp_path, careless_list(SERIES_UID, uid, uid, count="many"))
    assert (summary.complete, summary.stored) == (True, 8)


@pytest.mark.parametrize("written", NO_UIDS, ids=["path", "empty", "object"])
def test_an_instance_without_a_uid_is_named_and_the_others_come(collection, tmp_path, written):
    one_by_one = not_offered("GET /studies/*", "/studies/*/series/*")
    lost = collection.instance
    summary, files = retrieved(
        collection, tmp_path, careless_list(INSTANCE_UID, lost.sop_instance_uid, written), one_by_one
    )
    assert files == instances(collection, lost)
    assert (summary.complete, summary.stored, summary.missing) == (False, 7, 1)
    (failure,) = summary.failed
    assert (failure.resource, failure.code) == (collection.series, "malformed-attribute")
    assert failure.reason.startswith(
        "the server lists an instance that cannot be asked for: SOPInstanceUID (0008,0018)"
    )


def test_an_instance_that_comes_with_its_series_is_not_missing_for_want_of_a_uid_in_the_list(collection, tmp_path):
    """A server that does not count, so that its list is looked at."""
    behaviours = (
        careless_list(INSTANCE_UID, collection.instance.sop_instance_uid, "1.2.x"),
        not_offered("GET /studies/*"),
    )
    summary, files = retrieved(collection, tmp_path, *behaviours, service_type=ServiceType.WADO_RS)
    assert files == instances(collection, Resource("9.9"))
    assert (summary.complete, summary.stored) == (True, 8)


@pytest.mark.parametrize("tag", [SERIES_UID, INSTANCE_UID])
@pytest.mark.parametrize("metadata", [True, False], ids=["metadata", "list"])
def test_a_study_that_is_not_searched_comes_without_what_has_no_uid(collection, tmp_path, tag, metadata):
    lost = collection.instance if tag == INSTANCE_UID else Resource(*collection.study.uids, f"{collection.study}.2")
    lacking = ["GET /studies/*", *([] if metadata else ["/studies/*/metadata"])]
    lacking += ["/studies/*/series/*"] if tag == INSTANCE_UID else []
    behaviours = (careless_list(tag, lost.uids[-1], "../../outside"), not_offered(*lacking))
    summary, files = retrieved(collection, tmp_path, *behaviours, service_type=ServiceType.WADO_RS)
    assert files == instances(collection, lost)
    assert (summary.complete, summary.stored, summary.missing) == (False, 7, 1)
    assert summary.failed[0].resource == (collection.series if tag == INSTANCE_UID else collection.study)


@pytest.mark.parametrize("tag", [SERIES_UID, INSTANCE_UID])
def test_the_metadata_of_all_others_comes_before_what_has_no_uid_is_named(collection, tmp_path, tag):
    lost = collection.instance if tag == INSTANCE_UID else Resource(*collection.study.uids, f"{collection.study}.2")
    lacking = ["/studies/*/metadata", *(["/studies/*/series/*/metadata"] if tag == INSTANCE_UID else [])]
    behaviours = (careless_list(tag, lost.uids[-1], "../../outside"), not_offered(*lacking))
    found = set()
    with OriginServer(collection.files.values(), dialect=Dialect(behaviours=behaviours)) as server:
        with bench(server.url, "generic", collection, tmp_path / "in") as one:
            uids = (each.sop_instance_uid for each in one.workspace.metadata(one.node, collection.study))
            with pytest.raises(MalformedAttribute, match="that cannot be asked for"):
                found.update(uids)
    assert found == instances(collection, lost)
