"""Every client operation on every server of the field, as its documentation describes it."""

from __future__ import annotations

import dataclasses

import pytest
from dialect_suite import matrix
from dialect_suite.bench import bench, replayed
from dialect_suite.collection import ROOT, Collection, write_collection, write_instance
from dialect_suite.operations import OPERATIONS
from DICOMWebNodesLib.dicomweb.findings import Offer
from DICOMWebNodesLib.dicomweb.profile import profiles
from DICOMWebNodesLib.workspace import Query, Resource
from fakes.origin_server import Dialect, OriginServer
from fakes.origin_server.behaviours.offers import Throttle
from fakes.origin_server.behaviours.storing import DuplicatesFail, account_as
from fakes.origin_server.dialects import DIALECTS, aws_healthimaging

# What is found by UIDs alone works on any server, also when nobody said which one it is.
BY_UID = [
    "Search studies, past the server's cap",
    "Search the series of a study",
    "Search the instances of a series",
    "Metadata of a study",
    "Retrieve a study",
    "Retrieve a series",
    "Retrieve an instance",
    "Retrieve a study without a search",
    "Pictures",
]


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    return write_collection(tmp_path_factory.mktemp("collection"))


def test_every_profile_has_a_dialect():
    assert set(DIALECTS) == set(profiles())


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_operation_works_on_every_server_as_the_readme_says(dialect, operation, collection, tmp_path):
    with replayed(dialect, collection, tmp_path) as one:
        assert OPERATIONS[operation](one) == matrix.committed()[operation, dialect]


def test_the_readme_has_every_server_and_every_operation_and_the_usual_sign_in():
    table = matrix.committed()
    assert set(table) == {(row, column) for row in (*OPERATIONS, matrix.SIGN_IN) for column in matrix.columns()}
    assert {column: table[matrix.SIGN_IN, column] for column in matrix.columns()} == {
        column: matrix.sign_in(column) for column in matrix.columns()
    }
    assert matrix.section(table) in matrix.README.read_text(encoding="utf-8")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_server_of_which_nothing_is_known_is_found_out(dialect, collection, tmp_path):
    with replayed(dialect, collection, tmp_path, profile="generic") as one:
        for operation in BY_UID:
            assert OPERATIONS[operation](dataclasses.replace(one, folder=tmp_path / operation)), operation


@pytest.mark.parametrize("dialect", DIALECTS)
def test_small_pages_lose_nothing_while_new_studies_arrive(dialect, collection, tmp_path):
    with replayed(dialect, collection, tmp_path, page_size=2) as one:
        for operation in ("Search studies, past the server's cap", "Date ranges, lists of modalities and UIDs"):
            assert OPERATIONS[operation](one)


# --- what was found out is remembered ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["aws-healthimaging", "static-dicomweb"])
def test_what_comes_by_instance_is_not_asked_for_as_a_whole_again(dialect, collection, tmp_path):
    with replayed(dialect, collection, tmp_path, profile="generic") as one:
        one.workspace.retrieve(one.node, [collection.study], tmp_path / "first")
        refused = [each for each in one.recorder.asked() if each.status in (404, 406)]
        assert refused
        with bench(one.node.url, "generic", collection, tmp_path) as another:  # the program was started again
            assert another.workspace.retrieve(another.node, [collection.study], tmp_path / "second").complete
            assert not [each for each in another.recorder.asked() if each.status >= 400]


def test_what_another_program_finds_out_is_known_over_a_warm_connection_too(collection, tmp_path):
    with replayed("aws-healthimaging", collection, tmp_path, profile="generic") as one:
        one.workspace.retrieve(one.node, [collection.instance], tmp_path / "warm")
        with bench(one.node.url, "generic", collection, tmp_path) as another:
            another.workspace.test(another.node)
        already = len(one.recorder.asked())
        assert one.workspace.retrieve(one.node, [Resource(f"{ROOT}.2")], tmp_path / "out").complete
        assert not [each for each in one.recorder.asked()[already:] if each.status >= 400]


def test_a_study_that_comes_as_json_is_not_asked_for_again_but_its_series_are(collection, tmp_path):
    without_search = OPERATIONS["Retrieve a study without a search"]
    with replayed("healthlake-proxy", collection, tmp_path, profile="generic") as one:
        assert without_search(one) == "by series"
        with bench(one.node.url, "generic", collection, tmp_path) as another:
            another = dataclasses.replace(another, folder=tmp_path / "another")
            assert without_search(another) == "by series"
            assert "/studies/*" not in {each.resource for each in another.recorder.asked()}


def test_what_the_test_found_is_where_transfers_and_searches_start(collection, tmp_path):
    with replayed("aws-healthimaging", collection, tmp_path, profile="generic") as one:
        one.workspace.test(one.node)
        with bench(one.node.url, "generic", collection, tmp_path) as another:
            assert another.workspace.retrieve(another.node, [collection.study], tmp_path / "out").complete
            assert len(list(another.workspace.search(another.node, Query.series()))) == 8
            refused = [each.resource for each in another.recorder.asked() if each.status >= 400]
            assert set(refused) <= {"/studies/*/series/*"}  # the series was too large to be tried


def test_a_page_that_is_too_large_is_made_smaller_and_stays_so(collection, tmp_path):
    with replayed("azure", collection, tmp_path, profile="generic", page_size=1000) as one:
        assert len(list(one.workspace.search(one.node, Query.studies()))) == 5
        assert [each.status for each in one.recorder.asked()][:2] == [400, 200]
        with bench(one.node.url, "generic", collection, tmp_path, page_size=1000) as another:
            assert len(list(another.workspace.search(another.node, Query.studies()))) == 5
            assert not [each for each in another.recorder.asked() if each.status >= 400]


# --- what it says of a server -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "has", "lacks"),
    [
        ("dcm4chee", [Offer.THUMBNAIL, Offer.RETRIEVE_SERIES, Offer.STORE, Offer.COUNT], [Offer.SINGLE_PART]),
        ("google", [Offer.RENDERED, Offer.SINGLE_PART], [Offer.THUMBNAIL]),
        (
            "aws-healthimaging",
            [Offer.SINGLE_PART, Offer.METADATA],
            [Offer.MULTIPART, Offer.RETRIEVE_SERIES, Offer.RENDERED, Offer.SEARCH_ALL_SERIES],
        ),
        ("healthlake-proxy", [Offer.SEARCH_ALL_SERIES], [Offer.STORE, Offer.SEARCH_ALL_INSTANCES]),
        ("static-dicomweb", [Offer.THUMBNAIL], [Offer.STORE, Offer.METADATA, Offer.RETRIEVE_SERIES]),
    ],
)
def test_the_test_tells_what_a_server_has_and_has_not(dialect, has, lacks, collection, tmp_path):
    with replayed(dialect, collection, tmp_path, profile="generic") as one:
        checks = one.workspace.test(one.node)
        offers = {name: found for check in checks for name, found in check.offers.items()}
        assert {each: offers[each.value] for each in has} == dict.fromkeys(has, True)
        assert {each: offers[each.value] for each in lacks} == dict.fromkeys(lacks, False)


def test_a_large_series_is_not_begun_for_the_sake_of_a_test(tmp_path):
    uids = [(f"{ROOT}.7", f"{ROOT}.7.1", f"{ROOT}.7.1.{number}") for number in range(1, 13)]
    with OriginServer([write_instance(tmp_path, each) for each in uids]) as server:
        with bench(server.url, "generic", write_collection(tmp_path), tmp_path) as one:
            checks = one.workspace.test(server.url)
            assert all(check.ok for check in checks)
            assert "too large" in checks[1].message
            asked = {each.resource for each in one.recorder.asked()}
            assert not asked & {"/studies/*", "/studies/*/series/*"}


def test_who_may_not_store_is_told_so_and_nothing_is_remembered_of_it(collection, tmp_path):
    def only_reading(request, answer):
        return answer(request) if request.method == "GET" else dataclasses.replace(answer(request), status=403)

    with OriginServer(collection.files.values(), dialect=Dialect(behaviours=(only_reading,))) as server:
        with bench(server.url, "generic", collection, tmp_path) as one:
            store = one.workspace.test(one.node)[-1]
            assert store.ok is False
            assert "403" in store.message
            assert Offer.STORE.value not in store.offers


# --- stores ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "account",
    [
        account_as("application/dicom+xml", xml=True),
        account_as("text/xml; charset=utf-8", xml=True),
        account_as("application/json"),
        account_as("text/plain"),
        account_as(""),
        account_as("", xml=True),
    ],
)
@pytest.mark.parametrize("duplicate", [0x0111, 45070, 272])
def test_the_account_of_a_store_is_read_in_whatever_form_it_comes(account, duplicate, tmp_path):
    with OriginServer(dialect=Dialect(behaviours=(account, DuplicatesFail(duplicate)))) as server:
        with bench(server.url, "generic", Collection({}), tmp_path) as one:
            assert OPERATIONS["Store, and what is there already"](one) == "✓"


# --- too many requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", ["aws-healthimaging", "generic"])
def test_a_server_with_a_request_rate_gives_everything(profile, tmp_path):
    uids = [(f"{ROOT}.8", f"{ROOT}.8.1", f"{ROOT}.8.1.{number}") for number in range(1, 131)]
    files = [write_instance(tmp_path, each) for each in uids]
    dialect = aws_healthimaging.dialect()
    throttle = next(each for each in dialect.behaviours if isinstance(each, Throttle))
    with OriginServer(files, dialect=dialect) as server:
        with bench(server.url, profile, write_collection(tmp_path), tmp_path) as one:
            summary = one.workspace.retrieve(one.node, [Resource(f"{ROOT}.8")], tmp_path / "out")
    assert summary.complete, summary
    assert summary.stored == 130
    if profile != "generic":
        assert throttle.refused == 0
