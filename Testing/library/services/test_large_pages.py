"""Pages that become larger in the course of a long search, and what servers make of that."""

from __future__ import annotations

from typing import Callable, List
from urllib.parse import parse_qs

import pytest
from DICOMWebNodesLib.dicomweb.page_size import LARGE_PAGE, QUICK, PageSize
from DICOMWebNodesLib.dicomweb.profile import Profile
from DICOMWebNodesLib.dicomweb.query import Query
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

from .searches import asked_of, numbers_of, paging, searcher, studies

ALL = 2_500
ROWS = studies(*range(ALL))
USUAL = Profile.page_size


def limits_of(server: ScriptedServer) -> List[int]:
    return [int(parse_qs(query)["limit"][0]) for query in asked_of(server)]


def find_all(answer: Callable[[Request], Reply], page_size: int = USUAL) -> List[int]:
    """The limits that a server was asked with, of which all has come, each once."""
    with ScriptedServer(answer) as server:
        found = numbers_of(searcher(server, page_size=page_size).search(Query.studies()))
        assert sorted(found) == list(range(ALL))
        return limits_of(server)


def test_who_has_given_a_thousand_is_asked_for_a_thousand_at_once() -> None:
    assert find_all(paging(ROWS)) == [USUAL] * 10 + [LARGE_PAGE] * 2 + [USUAL]


def test_a_page_size_that_is_known_to_suit_a_server_stays() -> None:
    assert set(find_all(paging(ROWS), page_size=250)) == {250}


def test_who_gives_fewer_than_a_large_page_is_asked_for_one_once() -> None:
    limits = find_all(paging(ROWS, cap=USUAL))
    assert limits.count(LARGE_PAGE) == 1
    assert limits[10] == LARGE_PAGE


@pytest.mark.parametrize("status", [400, 413, 500])
def test_who_refuses_a_large_page_or_fails_at_it_gives_the_others(status: int) -> None:
    obliging = paging(ROWS)

    def answer(request: Request) -> Reply:
        return Reply(status=status) if f"limit={LARGE_PAGE}" in request.query else obliging(request)

    limits = find_all(answer)
    assert limits[-1] == USUAL
    assert len({limit for limit in limits[12:] if limit != USUAL}) <= 1


def test_who_takes_the_offset_for_the_number_of_a_page_gives_all() -> None:
    def answer(request: Request) -> Reply:
        asked = {name: int(values[0]) for name, values in parse_qs(request.query).items()}
        first = asked.get("offset", 0) // asked["limit"] * asked["limit"]
        return json_reply(ROWS[first : first + asked["limit"]])

    assert LARGE_PAGE in find_all(answer)


def test_who_takes_long_for_a_page_is_not_asked_for_a_large_one() -> None:
    slow, quick = PageSize(USUAL, may_grow=True), PageSize(USUAL, may_grow=True)
    for _ in range(LARGE_PAGE // USUAL):
        slow.note(USUAL, USUAL, 1.1 * QUICK)
        quick.note(USUAL, USUAL, 0.9 * QUICK)
    assert (slow.at(LARGE_PAGE), quick.at(LARGE_PAGE)) == (USUAL, LARGE_PAGE)
    assert quick.at(LARGE_PAGE + USUAL) == USUAL
