"""Searches against servers that page, cap, warn and truncate."""

from __future__ import annotations

import itertools
import logging
from typing import Any, Dict, List, Optional
from urllib.parse import parse_qs

import pytest
from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
from DICOMWebNodesLib.dicomweb.query import Query
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.errors import ServerError
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

from .searches import ADDITIONAL, INSTANCE, SERIES, STUDY, asked_of, numbers_of, paging, searcher, studies, study


def test_a_cap_that_the_server_tells_is_kept_to_from_then_on() -> None:
    rows = studies(*range(250))

    def capped(request: Request) -> Reply:
        start = int(parse_qs(request.query).get("offset", ["0"])[0])
        page = rows[start : start + 100]
        return json_reply(page, **({"Warning": ADDITIONAL} if start + 100 < 250 else {}))

    with ScriptedServer(capped) as server:
        search = searcher(server, page_size=1000)
        assert len(list(search.search(Query.studies()))) == 250
        assert [parse_qs(query)["limit"][0] for query in asked_of(server)] == ["1000", "100", "100", "100"]


# --- one page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (Query.studies(), "/dicom-web/studies"),
        (Query.series("1.2"), "/dicom-web/studies/1.2/series"),
        (Query.series(), "/dicom-web/series"),
        (Query.instances("1.2", "3.4"), "/dicom-web/studies/1.2/series/3.4/instances"),
        (Query.instances("1.2"), "/dicom-web/studies/1.2/instances"),
        (Query.instances(), "/dicom-web/instances"),
    ],
)
def test_each_level_is_asked_at_its_path(query: Query, path: str) -> None:
    with ScriptedServer([json_reply([])]) as server:
        assert list(searcher(server).search(query)) == []
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("GET", path, "limit=3")
    assert request.headers["accept"] == "application/dicom+json"


@pytest.mark.parametrize("nothing", [Reply(status=204), json_reply([]), Reply(b"")])
def test_nothing_found_has_several_forms(nothing: Reply) -> None:
    with ScriptedServer([nothing]) as server:
        assert list(searcher(server).search(Query.studies())) == []


def test_nothing_is_asked_before_a_result_is_wanted() -> None:
    with ScriptedServer([]) as server:
        searcher(server).search(Query.studies())


# --- pages ----------------------------------------------------------------------------------------------------------


def test_pages_are_asked_for_until_one_is_empty() -> None:
    with ScriptedServer(paging(studies(*range(7)))) as server:
        assert numbers_of(searcher(server).search(Query.studies())) == list(range(7))
    assert asked_of(server) == ["limit=3", "limit=3&offset=3", "limit=3&offset=6", "limit=3&offset=7"]


def test_a_server_that_caps_below_what_is_asked_gives_everything_nevertheless() -> None:
    with ScriptedServer(paging(studies(*range(5)), cap=2)) as server:
        assert numbers_of(searcher(server).search(Query.studies())) == list(range(5))
    assert asked_of(server) == ["limit=3", "limit=3&offset=2", "limit=3&offset=4", "limit=3&offset=5"]


def test_the_next_page_is_asked_for_when_it_is_needed() -> None:
    with ScriptedServer(paging(studies(*range(7)))) as server:
        results = searcher(server).search(Query.studies())
        assert numbers_of(itertools.islice(results, 3)) == [0, 1, 2]
        assert len(server.requests) == 1


def test_the_node_s_page_size_comes_before_the_provider_s() -> None:
    with ScriptedServer(paging([])) as server:
        node = Node("Scripted", server.url, page_size=17)
        list(QidoRS(Session(node)).search(Query.studies()))
    assert asked_of(server) == ["limit=17"]


COUNTED = 250


@pytest.mark.parametrize(
    ("there", "cap", "page_size", "asked"),
    [
        (COUNTED, 10**9, None, ["limit=251"]),
        # The account of the server is wrong: it has fewer, or more.
        (COUNTED - 1, 10**9, None, ["limit=251", "limit=251&offset=249"]),
        (COUNTED + 1, 10**9, None, ["limit=251", "limit=251&offset=251"]),
        # It gives fewer at once, so that a page with room in it says nothing.
        (COUNTED, 125, None, ["limit=251", "limit=251&offset=125", "limit=251&offset=250"]),
        # Somebody knows how much may be asked for at once.
        (COUNTED, 10**9, 200, ["limit=200", "limit=200&offset=200", "limit=200&offset=250"]),
    ],
    ids=["right", "too many", "too few", "capped", "page size of the node"],
)
def test_what_is_counted_is_asked_for_at_once_and_the_account_is_not_believed_blindly(
    there: int, cap: int, page_size: Optional[int], asked: List[str]
) -> None:
    with ScriptedServer(paging(studies(*range(there)), cap=cap)) as server:
        searching = QidoRS(Session(Node("Scripted", server.url, page_size=page_size)))
        assert numbers_of(searching.search(Query.studies(), counted=COUNTED)) == list(range(there))
    assert asked_of(server) == asked


def test_a_limit_ends_the_search_without_another_request() -> None:
    with ScriptedServer(paging(studies(*range(7)))) as server:
        assert numbers_of(searcher(server).search(Query.studies(limit=5))) == [0, 1, 2, 3, 4]
    assert asked_of(server) == ["limit=3", "limit=2&offset=3"]


def test_a_limit_holds_although_the_server_ignores_it() -> None:
    with ScriptedServer(paging(studies(*range(7)), obeys=["offset"])) as server:
        assert numbers_of(searcher(server).search(Query.studies(limit=5))) == [0, 1, 2, 3, 4]
    assert len(server.requests) == 1


def test_an_offset_is_the_server_s_business() -> None:
    with ScriptedServer(paging(studies(*range(7)))) as server:
        assert numbers_of(searcher(server).search(Query.studies(offset=4, limit=2))) == [4, 5]
    assert asked_of(server) == ["limit=2&offset=4"]


def test_pages_that_shift_bring_each_study_once() -> None:
    pages = [studies(1, 2, 3), studies(3, 4, 5), []]
    with ScriptedServer([json_reply(page) for page in pages]) as server:
        assert numbers_of(searcher(server).search(Query.studies())) == [1, 2, 3, 4, 5]


def test_series_and_instances_are_told_apart_by_their_own_uids() -> None:
    series = [study(1, **{SERIES: {"vr": "UI", "Value": [f"3.{each}"]}}) for each in (1, 2, 1)]
    instances = [{**series[0], INSTANCE: {"vr": "UI", "Value": [f"4.{each}"]}} for each in (1, 1, 2)]
    with ScriptedServer([json_reply(series), json_reply([]), json_reply(instances), json_reply([])]) as server:
        found = [each.raw[SERIES]["Value"][0] for each in searcher(server).search(Query.series("1.2.1"))]
        assert found == ["3.1", "3.2"]
        found = [each.raw[INSTANCE]["Value"][0] for each in searcher(server).search(Query.instances("1.2.1"))]
        assert found == ["4.1", "4.2"]


@pytest.mark.parametrize("uid", [{}, {STUDY: {"vr": "UI"}}, {STUDY: {"Value": [None]}}, {STUDY: {"Value": [{}]}}])
def test_results_without_a_uid_are_not_dropped(uid: Dict[str, Any]) -> None:
    rows = [{**uid, "00100020": {"vr": "LO", "Value": [each]}} for each in ("a", "b")]
    with ScriptedServer([json_reply(rows), json_reply(rows)]) as server:
        assert len(list(searcher(server).search(Query.studies()))) == 2


# --- truncation -----------------------------------------------------------------------------------------------------


def test_a_truncated_page_that_can_be_paged_needs_no_warning() -> None:
    warnings: List[str] = []
    script = [json_reply(studies(1, 2, 3), Warning=ADDITIONAL), json_reply(studies(4)), json_reply([])]
    with ScriptedServer(script) as server:
        found = numbers_of(searcher(server).search(Query.studies(), warnings.append))
    assert (found, warnings) == ([1, 2, 3, 4], [])


@pytest.mark.parametrize("last", [studies(1, 2), []])
def test_a_truncated_result_that_cannot_be_paged_is_told(last: List[Any]) -> None:
    warnings: List[str] = []
    with ScriptedServer([json_reply(studies(1, 2), Warning=ADDITIONAL), json_reply(last)]) as server:
        assert numbers_of(searcher(server).search(Query.studies(), warnings.append)) == [1, 2]
    (warning,) = warnings
    assert warning.startswith("only 2 studies came: the server has more")
    assert "“There are 4 additional results that can be requested”" in warning


def test_a_server_that_ignores_the_offset_does_not_loop_and_is_told_when_its_page_is_full() -> None:
    warnings: List[str] = []
    with ScriptedServer(paging(studies(*range(9)), obeys=["limit"])) as server:
        assert numbers_of(searcher(server).search(Query.studies(), warnings.append)) == [0, 1, 2]
    assert len(server.requests) == 2
    assert warnings == ["only 3 studies came: the server may have more, but no further page of them; narrow the search"]


@pytest.mark.parametrize("count", [2, 5])
def test_a_server_that_ignores_all_paging_and_gives_everything_is_believed(count: int) -> None:
    warnings: List[str] = []
    server_of_files = paging(studies(*range(count)), obeys=[])
    with ScriptedServer(server_of_files) as server:
        assert numbers_of(searcher(server).search(Query.studies(), warnings.append)) == list(range(count))
    assert warnings == []


@pytest.mark.parametrize(
    "header",
    [
        '299 pacs:8080 "fuzzymatching is not supported"',
        "299 http://pacs/rs: fuzzymatching is not supported",
        '199 a "b", 299 - "fuzzymatching is not supported" "Tue, 15 Nov 1994 08:12:31 GMT"',
        '299 - "fuzzymatching is <b>not</b>\u009b supported"',
    ],
)
def test_other_warnings_of_the_server_are_passed_on_once(header: str) -> None:
    warnings: List[str] = []
    with ScriptedServer([json_reply(studies(1), Warning=header), json_reply([], Warning=header)]) as server:
        list(searcher(server).search(Query.studies(), warnings.append))
    assert warnings == ["the server warns: fuzzymatching is not supported"]


def test_a_warning_that_nobody_listens_to_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), ScriptedServer([json_reply([], Warning=ADDITIONAL)]) as server:
        list(searcher(server).search(Query.studies()))
    assert "Scripted: only 0 studies came" in caplog.text


def test_an_error_on_a_later_page_comes_after_the_results_before_it() -> None:
    with ScriptedServer([json_reply(studies(1, 2, 3)), Reply(b"offset too large", 500)]) as server:
        results = searcher(server).search(Query.studies())
        assert numbers_of(itertools.islice(results, 3)) == [1, 2, 3]
        with pytest.raises(ServerError, match="Scripted: could not search studies: the server answered 500"):
            next(results)
