"""A study of a node that only retrieves: whatever lists it is found, and where nothing does, that is said."""

import pytest
from dialect_suite.bench import bench
from dialect_suite.collection import write_collection
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import NotFound, UnsupportedService
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from fakes.origin_server import Dialect, OriginServer
from fakes.origin_server.behaviours.offers import not_offered

WHOLE_STUDIES = ("GET /studies/*", "/studies/*/metadata")
SEARCHES = ("/studies/*/series", "/studies/*/instances", "/studies/*/series/*/instances")


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    return write_collection(tmp_path_factory.mktemp("collection"))


def retrieved(collection, folder, *lacking, status=404, wanted=None, profile="generic"):
    """The summary of a retrieve from a WADO-RS node of a server that lacks these, and what it was asked."""
    dialect = Dialect(behaviours=(not_offered(*lacking, status=status),))
    with OriginServer(collection.files.values(), dialect=dialect) as server:
        with bench(server.url, profile, collection, folder, service_type=ServiceType.WADO_RS) as one:
            summary = one.workspace.retrieve(one.node, [wanted or collection.study], folder / "out")
            return summary, one.recorder.asked()


def test_a_study_comes_by_its_series_when_only_its_metadata_tell_them(collection, tmp_path):
    summary, asked = retrieved(collection, tmp_path, "GET /studies/*", *SEARCHES)
    assert (summary.complete, summary.stored) == (True, 8)
    assert not [each for each in asked if each.resource in SEARCHES]


def test_a_study_comes_by_its_series_when_only_a_list_at_the_same_address_tells_them(collection, tmp_path):
    summary, _ = retrieved(collection, tmp_path, *WHOLE_STUDIES)
    assert (summary.complete, summary.stored) == (True, 8)


@pytest.mark.parametrize("profile", ["aws-healthimaging", "static-dicomweb"])
def test_a_server_known_to_have_no_metadata_of_studies_is_not_asked_for_them(collection, tmp_path, profile):
    summary, asked = retrieved(collection, tmp_path, *WHOLE_STUDIES, profile=profile)
    assert summary.stored == 8
    assert not {"/studies/*", "/studies/*/metadata"} & {each.resource for each in asked}


def test_a_study_that_came_whole_is_complete_although_nothing_lists_it(collection, tmp_path):
    summary, _ = retrieved(collection, tmp_path, "/studies/*/metadata", *SEARCHES)
    assert (summary.complete, summary.stored) == (True, 8)


@pytest.mark.parametrize(
    ("status", "code"), [(404, NotFound.code), (403, UnsupportedService.code), (405, "unsupported-service")]
)
def test_a_study_that_nothing_lists_is_named_with_what_to_do(collection, tmp_path, status, code):
    summary, _ = retrieved(collection, tmp_path, *WHOLE_STUDIES, *SEARCHES, status=status)
    (failure,) = summary.failed
    assert failure.code == code
    assert "list" in failure.reason
    assert "“DICOMweb (all RESTful services)”" in failure.reason
    assert collection.study.study_instance_uid in failure.reason


def test_a_study_that_is_not_there_is_missing_and_not_blamed_on_the_service(collection, tmp_path):
    summary, _ = retrieved(collection, tmp_path, wanted=Resource("9.9"))
    assert [failure.code for failure in summary.failed] == [NotFound.code]


# --- WADO-URI ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [Resource("1.2"), Resource("1.2", "1.2.3")])
def test_a_study_of_wado_uri_is_refused_before_anything_is_asked(collection, tmp_path, wanted):
    with OriginServer(collection.files.values()) as server:
        with bench(server.url, "generic", collection, tmp_path, service_type=ServiceType.WADO_URI) as one:
            with pytest.raises(
                UnsupportedService, match=r"single instances.*“DICOMweb \(all RESTful services\)”"
            ) as refused:
                one.workspace.retrieve(one.node, [collection.instance, wanted], tmp_path / "out")
            assert one.recorder.asked() == []
    assert refused.value.node == one.node.name
    assert not (tmp_path / "out").exists()


def test_a_study_of_wado_uri_comes_when_another_node_lists_it(collection, tmp_path):
    with OriginServer(collection.files.values()) as server:
        with bench(server.url, "generic", collection, tmp_path) as one:
            uri = Node("uri", server.wado_uri_url, ServiceType.WADO_URI)
            one.workspace.nodes.add(uri)
            one.workspace.nodes.add(Node("search", server.url, ServiceType.QIDO_RS, retrieve_partner=uri.uid))
            for number, name in enumerate(("uri", "search")):
                summary = one.workspace.retrieve(name, [collection.study], tmp_path / f"out{number}")
                assert (summary.complete, summary.stored) == (True, 8)


# --- what else needs a list -------------------------------------------------------------------------------------------


def test_metadata_and_a_picture_come_from_a_node_that_only_retrieves(collection, tmp_path):
    lacking = (*WHOLE_STUDIES, "/studies/*/thumbnail")
    with OriginServer(collection.files.values(), dialect=Dialect(behaviours=(not_offered(*lacking),))) as server:
        with bench(server.url, "generic", collection, tmp_path, service_type=ServiceType.WADO_RS) as one:
            assert len(list(one.workspace.metadata(one.node, collection.study))) == 8
            assert one.workspace.thumbnail(one.node, collection.study).content
