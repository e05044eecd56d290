"""Whatever goes wrong on the way: every instance is byte for byte the origin's, or named with the reason."""

import concurrent.futures
import dataclasses
import itertools
import random

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import TimedOut
from DICOMWebNodesLib.nodes.service_type import ServiceType
from fakes.connection_faults import cut, dripping, gzip_cut, length_too_small, reset, stalled
from fakes.faults import (
    ALL,
    BARE,
    BROKEN,
    HARMLESS,
    REFUSED,
    SEARCHED,
    UNCOUNTED,
    Faults,
    deep_json,
    huge_json,
    two_at_once,
)
from fakes.multipart_faults import cut_part
from fakes.origin_server import OriginServer
from fakes.part10_files import PATTERN
from faults.property import (
    assert_accounted_for,
    assert_the_next_run_fetches_exactly_what_is_missing,
    origin_files_in,
    retrieve,
    strangers_in,
)

STUDY = Resource("1.2.826.0.1.99.1")
SILENT = [stalled, dripping]
SERIES = [Resource(*STUDY.uids, f"{STUDY}.{number}") for number in range(1, 5)]


@pytest.fixture(scope="module")
def origin_files(tmp_path_factory):
    """Resource -> file, of four series with six instances of 1 to 200 KB each."""
    rng = random.Random(1)
    sizes = {series: [2 * rng.choice([500, 20_000, 100_000]) for _ in range(6)] for series in SERIES}
    return origin_files_in(tmp_path_factory.mktemp("origin"), sizes)


@pytest.mark.parametrize("fault", HARMLESS, ids=lambda fault: fault.__name__)
def test_what_only_looks_like_a_fault_costs_no_second_request(fault, tmp_path, origin_files):
    with OriginServer(origin_files.values(), fault=Faults(1, [fault])) as server:
        summary = retrieve(server, tmp_path, [STUDY], read_timeout=20)
        singles = [each for each in server.exchanges if "/instances/" in each.request.path]
    assert summary.complete
    assert len(assert_accounted_for(summary, tmp_path, origin_files)) == len(origin_files)
    assert not singles


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: fault.__name__)
def test_a_fault_in_each_series_is_made_good_by_itself(fault, seed, tmp_path, origin_files):
    with OriginServer(origin_files.values(), fault=Faults(seed, [fault], most=len(SERIES))) as server:
        summary = retrieve(server, tmp_path, [STUDY])
    assert len(assert_accounted_for(summary, tmp_path, origin_files)) == len(origin_files)
    assert summary.complete


@pytest.mark.parametrize("fault", REFUSED, ids=lambda fault: fault.__name__)
def test_a_series_that_is_refused_comes_in_its_instances(fault, tmp_path, origin_files):
    with OriginServer(origin_files.values(), fault=Faults(5, [fault], most=len(SERIES), series_only=True)) as server:
        summary = retrieve(server, tmp_path, [STUDY])
    assert len(assert_accounted_for(summary, tmp_path, origin_files)) == len(origin_files)
    assert summary.complete


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("fault", UNCOUNTED, ids=lambda fault: fault.__name__)
def test_what_a_right_number_hides_is_noticed_by_who_verifies(fault, seed, tmp_path, origin_files):
    with OriginServer(origin_files.values(), fault=Faults(seed, [fault], most=len(SERIES), series_only=True)) as server:
        summary = retrieve(server, tmp_path, [STUDY], verify=True)
    assert summary.complete
    assert strangers_in(tmp_path) == len(SERIES)
    assert assert_accounted_for(summary, tmp_path, origin_files) == set(origin_files)


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.__name__)
def test_a_fault_that_never_ends_loses_nothing_in_silence(fault, tmp_path, origin_files):
    few = {instance: path for instance, path in origin_files.items() if instance.parent == SERIES[0]}
    with OriginServer(few.values(), fault=Faults(2, [fault])) as server:
        summary = retrieve(server, tmp_path, [STUDY])
    arrived = assert_accounted_for(summary, tmp_path, few)
    assert summary.complete == (len(arrived) == len(few))
    if fault in SILENT:
        assert {failure.code for failure in summary.failed} == {TimedOut.code}


@pytest.mark.parametrize("fault", SEARCHED, ids=lambda fault: fault.__name__)
def test_a_fault_in_every_answer_to_a_search_too_loses_nothing_in_silence(fault, tmp_path, origin_files):
    few = {instance: path for instance, path in origin_files.items() if instance.parent == SERIES[0]}
    with OriginServer(few.values(), fault=Faults(4, [fault], anywhere=True)) as server:
        summary = retrieve(server, tmp_path, [STUDY])
    arrived = assert_accounted_for(summary, tmp_path, few)
    assert summary.complete == (len(arrived) == len(few))
    assert_the_next_run_fetches_exactly_what_is_missing(tmp_path, few, arrived, [STUDY])


@pytest.mark.parametrize("fault", BARE, ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("often", [1, 1000])
def test_a_fault_in_instances_that_come_bare_by_the_older_service(often, fault, tmp_path, origin_files):
    few = {instance: path for instance, path in origin_files.items() if instance.parent == SERIES[0]}
    options = {"service_type": ServiceType.WADO_URI}
    with OriginServer(few.values(), fault=Faults(6, [fault], most=often)) as server:
        summary = retrieve(server, tmp_path, sorted(few), **options)
    arrived = assert_accounted_for(summary, tmp_path, few)
    assert summary.complete == (len(arrived) == len(few))
    assert_the_next_run_fetches_exactly_what_is_missing(tmp_path, few, arrived, sorted(few), **options)


@pytest.mark.parametrize("fault", [cut, reset], ids=lambda fault: fault.__name__)
def test_an_answer_to_a_search_that_is_lost_once_is_asked_for_again(fault, tmp_path, origin_files):
    with OriginServer(origin_files.values(), fault=Faults(3, [fault], most=1, anywhere=True)) as server:
        summary = retrieve(server, tmp_path, [STUDY])
        assert "multipart/related" not in server.exchanges[0].request.accept
    assert summary.complete


@pytest.mark.parametrize("seed", range(20))
def test_faults_at_random_requests_and_bytes(seed, tmp_path, origin_files):
    share = random.Random(seed).choice([0.05, 0.3, 0.7])
    faults = Faults(seed, [*ALL, deep_json, huge_json], share=share, anywhere=True)
    with OriginServer(origin_files.values(), fault=faults) as server:
        summary = retrieve(server, tmp_path, [STUDY])
    arrived = assert_accounted_for(summary, tmp_path, origin_files)
    assert_the_next_run_fetches_exactly_what_is_missing(tmp_path, origin_files, arrived, [STUDY])


@pytest.mark.parametrize("seed", range(3))
def test_an_instance_that_is_another_each_time_is_as_it_came_once(seed, tmp_path, origin_files):
    faults = Faults(seed, [cut, cut_part, gzip_cut, length_too_small, two_at_once], share=0.5, most=len(SERIES))
    numbers = itertools.count(1)

    def other_bytes(request, response):
        if "multipart/related" not in response.content_type:
            return response
        changed = b"".join(response.body).replace(PATTERN, bytes([next(numbers)]) * len(PATTERN))
        return faults(request, dataclasses.replace(response, body=(changed,)))

    with OriginServer(origin_files.values(), fault=other_bytes) as server:
        summary = retrieve(server, tmp_path, [STUDY])
    assert summary.complete
    for instance, path in origin_files.items():
        came = tmp_path.joinpath(*instance.uids[:2], f"{instance.sop_instance_uid}.dcm").read_bytes()
        number = came[path.read_bytes().index(PATTERN)]
        assert came == path.read_bytes().replace(PATTERN, bytes([number]) * len(PATTERN))


def test_two_transfers_into_one_folder_do_not_harm_each_other(tmp_path, origin_files):
    with OriginServer(origin_files.values()) as server, concurrent.futures.ThreadPoolExecutor(2) as both:
        summaries = list(both.map(lambda _: retrieve(server, tmp_path, [STUDY]), range(2)))
    assert all(summary.complete for summary in summaries)
    for instance, path in origin_files.items():
        here = tmp_path.joinpath(*instance.uids[:2], f"{instance.sop_instance_uid}.dcm")
        assert here.read_bytes() == path.read_bytes()
    assert not list(tmp_path.rglob("*.part"))
