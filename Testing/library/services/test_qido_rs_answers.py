"""Searches against servers with dialects of their own, with answers that are none, and with pages that break."""

from __future__ import annotations

import itertools
import sys
import tracemalloc
from dataclasses import replace
from typing import Any, Dict, List
from urllib.parse import parse_qs

import pytest
from DICOMWebNodesLib.dicomweb.profile import Quirk
from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
from DICOMWebNodesLib.dicomweb.query import Query
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import ConnectionLost, LimitExceeded, MalformedJSON, NotDICOMweb
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Framing, Reply, Request, ScriptedServer, json_reply

from .searches import SERIES, STUDY, asked_of, numbers_of, paging, searcher, studies, study

# --- lists and dialects ---------------------------------------------------------------------------------------------


def test_the_queries_of_a_list_give_each_study_once() -> None:
    replies = {"CT": studies(1, 2), "MR": studies(2, 3)}

    def answer(request: Request) -> Reply:
        asked = parse_qs(request.query)
        return json_reply([] if "offset" in asked else replies[asked["ModalitiesInStudy"][0]])

    query = Query.studies(ModalitiesInStudy=["CT", "MR"])
    with ScriptedServer(answer) as server:
        assert numbers_of(searcher(server).search(query)) == [1, 2, 3]
        assert numbers_of(searcher(server).search(replace(query, offset=1, limit=2))) == [2, 3]
        assert numbers_of(searcher(server).search(replace(query, limit=1))) == [1]


@pytest.mark.parametrize("written", ["", " ", "\0"], ids=["empty", "space", "null"])
def test_studies_with_an_empty_uid_are_not_taken_for_one(written: str) -> None:
    rows = [{STUDY: {"vr": "UI", "Value": [written]}, "00100020": {"vr": "LO", "Value": [each]}} for each in "ab"]
    with ScriptedServer(paging(rows)) as server:
        assert [each.text("PatientID") for each in searcher(server).search(Query.studies())] == ["a", "b"]


def test_answers_of_a_server_that_decodes_nothing_are_filtered_here() -> None:
    def named(number: int, name: str) -> Dict[str, Any]:
        return study(number, **{"00100010": {"vr": "PN", "Value": [{"Alphabetic": name}]}})

    rows = [named(1, "Smith^Al"), named(2, "Smith Al"), named(3, "Smith^Alice"), named(4, "SMITH^AL")]
    query = Query.studies(PatientName="Smith^Al")
    with ScriptedServer(paging(rows)) as server:
        found = searcher(server, Quirk.RAW_QUERY_VALUES, page_size=2).search(query)
        assert numbers_of(found) == [1, 4]
        assert asked_of(server)[0] == "PatientName=Smith?Al&includefield=PatientName&limit=2"
        assert len(server.requests) == 3
        paged = searcher(server, Quirk.RAW_QUERY_VALUES).search(replace(query, offset=1, limit=1))
        assert numbers_of(paged) == [4]


def test_a_search_without_filters_is_paged_by_such_a_server_itself() -> None:
    with ScriptedServer(paging(studies(*range(9)))) as server:
        assert numbers_of(searcher(server, Quirk.RAW_QUERY_VALUES).search(Query.studies(offset=4, limit=2))) == [4, 5]
    assert asked_of(server) == ["limit=2&offset=4"]


def test_a_page_that_is_filtered_away_altogether_is_not_the_end() -> None:
    rows = [study(number, **{"00100020": {"vr": "LO", "Value": [value]}}) for number, value in enumerate("xxxxa")]
    with ScriptedServer(paging(rows)) as server:
        found = searcher(server, Quirk.RAW_QUERY_VALUES, page_size=2).search(Query.studies(PatientID="a"))
        assert numbers_of(found) == [4]


def test_of_a_server_that_answers_with_everything_only_what_matches_is_taken() -> None:
    rows = [study(number, **{"00100020": {"vr": "LO", "Value": [value]}}) for number, value in enumerate("abcab")]
    with ScriptedServer(lambda _: json_reply(rows)) as server:
        found = searcher(server, Quirk.MATCHING_IGNORED, page_size=2).search(Query.studies(PatientID="a"))
        assert numbers_of(found) == [0, 3]
        assert asked_of(server)[0] == "PatientID=a&includefield=PatientID&limit=2"


def test_fuzzy_matching_that_the_server_does_not_know_is_told() -> None:
    warnings: List[str] = []
    with ScriptedServer([json_reply([])]) as server:
        found = searcher(server, Quirk.FUZZY_IGNORED).search(Query.studies(fuzzymatching=True), warnings.append)
        assert list(found) == []
    assert warnings == ["names are matched as they are written: this server knows no fuzzy matching"]
    assert asked_of(server) == ["limit=3"]


# --- answers that are none ------------------------------------------------------------------------------------------


def test_a_web_page_is_not_a_search_result() -> None:
    page = Reply(b"<html><title>Sign in</title></html>", headers={"Content-Type": "text/html"})
    with ScriptedServer([page]) as server, pytest.raises(NotDICOMweb, match="could not search studies"):
        list(searcher(server).search(Query.studies()))


@pytest.mark.parametrize("body", [b'{"a": 1}', b"[1, 2]", b"[[]]", b'"text"', b"[{}", b"null"])
def test_json_that_is_no_list_of_results_is_refused(body: bytes) -> None:
    with ScriptedServer([Reply(body)]) as server, pytest.raises(MalformedJSON, match="Scripted: could not search"):
        list(searcher(server).search(Query.studies()))


def test_an_endless_page_is_refused() -> None:
    endless = Reply(itertools.chain([b"["], itertools.repeat(b" " * 65536)), framing=Framing.CHUNKED)
    with ScriptedServer([endless]) as server, pytest.raises(LimitExceeded, match="larger than 1,048,576 bytes"):
        list(searcher(server, document_limit=1).search(Query.studies()))


def test_memory_does_not_grow_with_the_pages() -> None:
    filler = {"00081030": {"vr": "LO", "Value": ["x" * 2000]}}

    def answer(request: Request) -> Reply:
        start = int(parse_qs(request.query).get("offset", ["0"])[0])
        return json_reply([study(number, **filler) for number in range(start, min(start + 100, 4000))])

    with ScriptedServer(answer) as server:
        server.requests = _Forgetful()
        results = searcher(server, page_size=100).search(Query.studies())
        next(results)
        tracemalloc.start()
        try:
            count = sum(1 for _ in results)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert count == 3999
    assert peak < 4_000_000  # 8 MB of pages passed by


def test_a_row_costs_a_handful_of_calls() -> None:
    """What a search adds to the decoding of its JSON; Testing/benchmarks/search_rows.py has it in seconds."""
    calls = 0

    def count(frame: Any, event: str, argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    with ScriptedServer([json_reply(studies(*range(2000))), json_reply([])]) as server:
        results = searcher(server, page_size=2000).search(Query.studies())
        sys.setprofile(count)
        try:
            assert sum(1 for _ in results) == 2000
        finally:
            sys.setprofile(None)
    assert calls < 9 * 2000


class _Forgetful(List[Request]):
    def append(self, request: Request) -> None:
        pass


# --- pages that break -----------------------------------------------------------------------------------------------


def patient(server: ScriptedServer) -> QidoRS:
    """One that asks again."""
    session = Session(Node("Scripted", server.url, page_size=3), wait=lambda seconds: None)
    return QidoRS(session, attempts=3)


CUT = replace(json_reply(studies(4, 5, 6)), cut_after=40)


@pytest.mark.parametrize("framing", [Framing.LENGTH, Framing.CLOSE])
def test_a_page_that_breaks_is_asked_for_again_and_no_result_comes_twice(framing: Framing) -> None:
    cut = replace(CUT, framing=framing)
    pages = [json_reply(studies(1, 2, 3)), cut, cut, json_reply(studies(4, 5)), json_reply([])]
    with ScriptedServer(pages) as server:
        assert numbers_of(patient(server).search(Query.studies())) == [1, 2, 3, 4, 5]


def test_a_page_that_breaks_again_and_again_is_an_error_after_the_results_before_it() -> None:
    with ScriptedServer([json_reply(studies(1, 2, 3)), CUT, CUT, CUT]) as server:
        results = patient(server).search(Query.studies())
        assert numbers_of(itertools.islice(results, 3)) == [1, 2, 3]
        with pytest.raises(ConnectionLost, match="Scripted: could not search studies"):
            next(results)


def test_a_whole_page_that_is_wrong_is_not_asked_for_again() -> None:
    with ScriptedServer([Reply(b"[{", headers={"Content-Type": "application/dicom+json"})]) as server:
        with pytest.raises(MalformedJSON):
            next(patient(server).search(Query.studies()))


def test_a_row_tells_the_study_in_which_it_was_searched_for() -> None:
    """A server need not say it, and without it nobody could retrieve what the row is about."""
    rows = [
        {SERIES: {"vr": "UI", "Value": ["1.2.1.1"]}},
        {SERIES: {"vr": "UI", "Value": ["1.2.1.2"]}, STUDY: {"vr": "UI"}},
        {SERIES: {"vr": "UI", "Value": ["1.2.1.3"]}, STUDY: {"vr": "UI", "Value": ["1.2.9"]}},
    ]
    with ScriptedServer(paging(rows)) as server:
        found = list(searcher(server).search(Query.series("1.2.1")))
    assert [each.study_instance_uid for each in found] == ["1.2.1", "1.2.1", "1.2.9"]
