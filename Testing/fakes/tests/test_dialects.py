"""Each dialect says what the server says that it replays: the facts, one a row, asked without any help."""

from __future__ import annotations

import dataclasses
import gzip
import json
from typing import Dict, Iterator

import pytest
from dialect_suite.collection import CAP, Collection, write_collection
from fakes.origin_server import OriginServer, Request, Response
from fakes.origin_server.behaviours.offers import Throttle
from fakes.origin_server.dialects import DIALECTS
from fakes.origin_server.dialects.aws_healthimaging import BURST, RATE
from fakes.raw_client import Answer, ask

JSON = "application/dicom+json"
MULTIPART = 'multipart/related; type="application/dicom"; transfer-syntax=*'
SINGLE = "application/dicom; transfer-syntax=*"
BARE = "application/dicom"
BEARER = {"Authorization": "Bearer token"}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return write_collection(tmp_path_factory.mktemp("collection"))


@pytest.fixture(scope="module")
def servers(collection: Collection) -> Iterator[Dict[str, OriginServer]]:
    """One in each dialect; who caps does so at three rows."""
    started = {}
    for name, make in DIALECTS.items():
        dialect = make()
        capped = dataclasses.replace(dialect, max_results=CAP) if dialect.max_results else dialect
        started[name] = OriginServer(collection.files.values(), dialect=capped).__enter__()
    yield started
    for server in started.values():
        server.__exit__()


@pytest.fixture
def tell(servers: Dict[str, OriginServer], collection: Collection):
    """``STUDY``, ``SERIES`` and ``INSTANCE`` in a path stand for what there is."""

    def tell(dialect: str, path: str, accept: str = JSON, **more) -> Answer:
        places = {"STUDY": collection.study, "SERIES": collection.series, "INSTANCE": collection.instance}
        for word, resource in places.items():
            path = path.replace(word, resource.path)
        return ask(f"{servers[dialect].url}/{path}", accept, **{"headers": BEARER, **more})

    return tell


@pytest.mark.parametrize(
    ("dialect", "path", "accept", "status"),
    [
        ("google", "studies?limit=50001", JSON, 400),
        ("google", "studies?PatientID=none", JSON, 204),
        ("google", "SERIES", SINGLE, 406),
        ("google", "INSTANCE", SINGLE, 200),
        ("google", "SERIES/thumbnail", "image/jpeg", 404),
        ("google", "INSTANCE/rendered", "image/jpeg", 200),
        ("orthanc", "INSTANCE", BARE, 400),
        ("orthanc", "INSTANCE", SINGLE, 400),
        (
            "orthanc",
            "INSTANCE",
            'multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.5',
            500,
        ),
        ("orthanc", "INSTANCE/rendered", "image/jpeg, image/png", 400),
        ("orthanc", "SERIES/rendered", "image/jpeg", 404),
        ("orthanc", "STUDY/thumbnail", "image/jpeg", 404),
        ("orthanc", "studies?limit=0", JSON, 200),
        ("dcm4chee", "studies?limit=0", JSON, 400),
        ("dcm4chee", "studies?limit=100000", JSON, 400),
        ("dcm4chee", "studies?PatientID=none", JSON, 204),
        ("dcm4chee", "INSTANCE", SINGLE, 406),
        ("dcm4chee", "SERIES/thumbnail", "image/png", 200),
        ("azure", "studies?limit=200", JSON, 200),
        ("azure", "studies?limit=201", JSON, 400),
        ("azure", "studies?limit=0", JSON, 400),
        ("azure", "studies?StudyTime=10", JSON, 400),
        ("azure", "studies?PatientName=Smith*", JSON, 204),
        ("azure", "INSTANCE", SINGLE, 200),
        ("azure", "SERIES/thumbnail", "image/jpeg", 404),
        ("aws-healthimaging", "STUDY", MULTIPART, 404),
        ("aws-healthimaging", "SERIES", MULTIPART, 404),
        ("aws-healthimaging", "INSTANCE", MULTIPART, 406),
        ("aws-healthimaging", "INSTANCE", SINGLE, 200),
        ("aws-healthimaging", "studies?limit=1001", JSON, 400),
        ("aws-healthimaging", "series", JSON, 404),
        ("aws-healthimaging", "SERIES/metadata", f"{JSON}, application/json", 406),
        ("aws-healthimaging", "SERIES/metadata", JSON, 200),
        ("healthlake-proxy", "instances", JSON, 500),
        ("healthlake-proxy", "studies?includefield=all", JSON, 500),
        ("healthlake-proxy", "studies?PatientID=none", JSON, 200),
        ("healthlake-proxy", "SERIES", "text/html", 200),
        ("kaapana", "series", JSON, 404),
        ("static-dicomweb", "SERIES", MULTIPART, 404),
        ("static-dicomweb", "INSTANCE", MULTIPART, 200),
    ],
)
def test_the_status_is_that_of_the_real_server(tell, dialect, path, accept, status):
    answer = tell(dialect, path, accept)
    assert answer.status == status, answer.content[:500]


@pytest.mark.parametrize(
    ("dialect", "path", "found"),
    [
        ("generic", "studies?limit=100", 3),  # the cap
        ("dcm4chee", "studies?limit=100", 3),
        ("orthanc", "studies?limit=0", 5),
        ("orthanc", "studies?PatientName=Smith%5EAnna", 0),  # never decoded
        ("orthanc", "studies?PatientName=Smith?Anna", 1),
        ("orthanc", "studies?ModalitiesInStudy=PT,MR", 3),  # or
        ("orthanc", "studies?ModalitiesInStudy=PT,MR&limit=2&offset=2", 0),  # the limit counts from the first of all
        ("healthlake-proxy", "studies?StudyDate=20240102-", 0),  # a range with one end
        ("healthlake-proxy", "studies?StudyDate=20240102-20991231", 4),
        ("healthlake-proxy", "studies?PatientName=Smith?Anna", 0),
        ("healthlake-proxy", "studies?offset=4", 5),  # ignored without a limit
        ("healthlake-proxy", "studies?InstitutionName=none", 5),  # unknown attributes are passed over
        ("static-dicomweb", "studies?PatientID=none&limit=1", 5),
    ],
)
def test_a_search_finds_what_the_real_server_does(tell, dialect, path, found):
    answer = tell(dialect, path)
    packed = answer.headers["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(answer.content) if packed else answer.content)) == found


@pytest.mark.parametrize(("dialect", "tells"), [("generic", True), ("dcm4chee", True), ("google", False)])
def test_more_results_are_told_or_not(tell, dialect, tells):
    assert ("Warning" in tell(dialect, "studies?limit=100").headers) is tells


def test_azures_pages_move_while_studies_arrive(tell):
    first, second = (tell("azure", f"studies?limit=2&offset={offset}").json for offset in (0, 2))
    assert first[1] == second[0]


def test_azure_counts_only_when_it_is_asked_to(tell):
    (row, *_) = tell("azure", "STUDY/series").json
    assert "00201209" not in row
    (row, *_) = tell("azure", "STUDY/series?includefield=NumberOfSeriesRelatedInstances").json
    assert row["00201209"]["Value"]


def test_the_ahi_proxy_reads_one_includefield_of_tags(tell):
    answers = [
        tell("healthlake-proxy", f"studies?limit=1&{fields}").json[0]
        for fields in ("includefield=00081030", "includefield=StudyDescription", "includefield=00080050,00081030")
    ]
    assert ["00081030" in row for row in answers] == [True, False, True]
    repeated = tell("healthlake-proxy", "studies?limit=1&includefield=00080050&includefield=00081030").json[0]
    assert "00081030" not in repeated


def test_the_ahi_proxy_answers_a_study_with_a_search(tell):
    answer = tell("healthlake-proxy", "STUDY", MULTIPART)
    assert (answer.status, answer.content_type) == (200, JSON)
    assert len(answer.json) == 1


def test_the_ahi_proxy_begins_with_a_boundary_and_ends_with_one(tell):
    answer = tell("healthlake-proxy", "SERIES", MULTIPART)
    assert answer.content.startswith(b"--")
    assert answer.content.endswith(b"--")
    assert answer.headers["Transfer-Encoding"] == "chunked"


def test_kaapanas_boundary_is_that_of_another_answer_and_its_end_comes_several_times(tell):
    answer = tell("kaapana", "STUDY", MULTIPART)
    assert "boundary=KOIN" in answer.headers["Content-Type"]
    assert b"KOIN" not in answer.content
    boundary = answer.content.split(b"\r\n")[1]
    assert answer.content.count(boundary + b"--") == 4  # one for each series


@pytest.mark.parametrize("dialect", ["kaapana"])
def test_who_comes_without_a_token_is_forbidden(tell, dialect):
    assert tell(dialect, "studies", headers={}).status == 403


def test_static_files_are_compressed_and_without_a_boundary(tell):
    assert (
        tell("static-dicomweb", "studies", headers={"Accept-Encoding": "identity"}).headers["Content-Encoding"]
        == "gzip"
    )
    assert tell("static-dicomweb", "INSTANCE", MULTIPART).headers["Content-Type"] == "multipart/related"


@pytest.mark.parametrize(
    ("dialect", "content_type", "said"),
    [
        ("google", "application/json", b'"code": 404'),
        ("orthanc", "application/json", b'"HttpStatus": 404'),
        ("dcm4chee", "text/plain", b'{"errorMessage"'),
        ("azure", "application/json", b'"there is'),
        ("aws-healthimaging", "application/json", b'{"message"'),
        ("healthlake-proxy", "text/html", b"<title>404 Not Found"),
    ],
)
def test_an_error_has_the_form_of_the_server(tell, dialect, content_type, said):
    answer = tell(dialect, "studies/1.2.404/series/1.2.404/metadata")
    assert (answer.status, answer.content_type) == (404, content_type)
    assert said in answer.content


def test_a_burst_is_answered_and_then_so_many_a_second():
    now = [0.0]
    throttle = Throttle(RATE, BURST, lambda: Response(429), clock=lambda: now[0])

    def statuses(count: int) -> list:
        return [throttle(Request("GET", "/"), lambda request: Response(200)).status for _ in range(count)]

    assert statuses(102) == [200] * 100 + [429] * 2
    now[0] = 1.0
    assert statuses(51) == [200] * 50 + [429]
    now[0] = 100.0
    assert statuses(101) == [200] * 100 + [429]
    assert throttle.refused == 4


@pytest.mark.parametrize(
    ("dialect", "statuses"),
    [
        ("generic", (200, 200)),
        ("azure", (200, 409)),
        ("google", (200, 409)),
        ("healthlake-proxy", (405, 405)),
        ("static-dicomweb", (404, 404)),
        ("kaapana", (500, 500)),  # the query has to name the series
    ],
)
def test_a_store_and_the_same_again(dialect, statuses, collection):
    part = b"Content-Type: application/dicom\r\n\r\n" + collection.files[collection.instance].read_bytes()
    with OriginServer(dialect=DIALECTS[dialect]()) as server:
        for status in statuses:
            answer = ask(
                f"{server.url}/studies",
                JSON,
                "POST",
                {**BEARER, "Content-Type": 'multipart/related; type="application/dicom"; boundary=b'},
                b"--b\r\n" + part + b"\r\n--b--\r\n",
            )
            assert answer.status == status, answer.content
    if dialect == "azure":
        assert json.loads(answer.content)["00081198"]["Value"][0]["00081197"]["Value"] == [45070]
