"""Searches against a scripted server."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, List, Sequence
from urllib.parse import parse_qs

from DICOMWebNodesLib.dicomweb.profile import Profile, Quirk
from DICOMWebNodesLib.dicomweb.qido_rs import QidoRS
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.nodes.node import Node
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

STUDY, SERIES, INSTANCE = "0020000D", "0020000E", "00080018"


def study(number: int, **more: Any) -> Dict[str, Any]:
    return {STUDY: {"vr": "UI", "Value": [f"1.2.{number}"]}, **more}


def studies(*numbers: int) -> List[Dict[str, Any]]:
    return [study(number) for number in numbers]


def searcher(server: ScriptedServer, *quirks: Quirk, page_size: int = 3, **fields: Any) -> QidoRS:
    profile = Profile("scripted", "Scripted", frozenset(quirks), page_size)
    return QidoRS(Session(Node("Scripted", server.url, **fields), profile=profile, wait=lambda seconds: None))


def numbers_of(results: Iterable[Any]) -> List[int]:
    return [int(each.raw[STUDY]["Value"][0].rpartition(".")[2]) for each in results]


def asked_of(server: ScriptedServer) -> List[str]:
    return [request.query for request in server.requests]


def paging(
    rows: Sequence[Any], *, cap: int = 10**9, obeys: Sequence[str] = ("limit", "offset")
) -> Callable[..., Reply]:
    """A server with ``rows`` that gives at most ``cap`` of them at once."""

    def answer(request: Request) -> Reply:
        asked = {name: int(values[0]) for name, values in parse_qs(request.query).items() if name in obeys}
        start = asked.get("offset", 0)
        return json_reply(rows[start : start + min(cap, asked.get("limit", cap))])

    return answer


ADDITIONAL = '299 pacs:8080 "There are 4 additional results that can be requested"'
