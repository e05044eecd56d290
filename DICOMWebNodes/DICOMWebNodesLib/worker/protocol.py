"""JSON-RPC 2.0, one message a line, UTF-8: bytes in, values out; no stream is read or written here.

::

    > {"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1}}
    < {"jsonrpc": "2.0", "id": 1, "result": {"protocol": 1, "version": "0.1.0", ...}}
    > {"jsonrpc": "2.0", "id": 2, "method": "search", "params": {"node": "Orthanc", "matching": {"PatientID": "7"}}}
    < {"jsonrpc": "2.0", "method": "items", "params": {"job": 2, "items": ["{\\"0020000D\\": ...}", ...]}}
    < {"jsonrpc": "2.0", "id": 2, "result": {"count": 1}}
    > {"jsonrpc": "2.0", "id": 3, "method": "retrieve", "params": {...}}
    < {"jsonrpc": "2.0", "id": 3, "error": {"code": -32000, "message": "...", "data": {"code": "not-found", ...}}}

A request's id is the name of its job: notifications carry it, and cancel, pause, resume and prioritise take it (with a
``resource``, "study[/series]": that part of a retrieve alone, while the others go on). A parameter that may be long is
sent before the request, in pages ("list", with a ``name`` and ``items``), and stands in its ``lists`` with that name.
What may be long comes as notifications in pages, before the result; any other result that is too long for a message
comes as "pieces" of its JSON before one that is null and has ``in_pieces``. "ping" is answered at once with null,
whatever the jobs do: whether the process is still there. An error of the library has code -32000 and
``errors.DICOMWebNodesError.as_dict()`` as its data.
Sentences are English; ``texts`` beside a result, an error, or the items of a notification says what they are made of
(:mod:`.texts`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Mapping, NoReturn, Optional, Sequence, Tuple, Union

from ..errors import DICOMWebNodesError
from .texts import Texts, texts_in

VERSION = 1
"""Of the protocol. Another number in ``hello`` is refused."""
MESSAGE_LIMIT = 1_000_000  # bytes of one line
TEXTS_LIMIT = 64_000  # characters of what belongs to one item, result or error; more is English only
PIECES = "pieces"
"""The notification with pieces of a result, as text."""
_PIECE = 256 * 1024  # characters, each of which may need two in the text of the message
PAGE_BYTES = 32 * 1024  # of items in one notification: a few dozen rows, which a window can show at once

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
LIBRARY_ERROR = -32000

JobId = Union[int, str]


class ProtocolViolation(Exception):
    """A message that cannot be obeyed; ``code`` is JSON-RPC's, ``id`` None when it cannot be known."""

    def __init__(self, code: int, message: str, id: Optional[JobId] = None) -> None:
        super().__init__(message)
        self.code = code
        self.id = id


@dataclass(frozen=True)
class Request:
    """``id`` is None for a notification, which is never answered."""

    method: str
    params: Mapping[str, Any] = field(default_factory=dict)
    id: Optional[JobId] = None


class Lines:
    """Cuts a stream of bytes into lines, whatever the sizes of its pieces."""

    def __init__(self, limit: int = MESSAGE_LIMIT) -> None:
        self._limit = limit
        self._pieces: List[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[Optional[bytes]]:
        """The lines that are complete now; None for one that was longer than the limit and was not kept."""
        first, *others = data.split(b"\n")
        self._add(first)
        for piece in others:
            yield self._take()
            self._add(piece)

    def _add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._limit:
            self._pieces.clear()
        elif piece:
            self._pieces.append(piece)

    def _take(self) -> Optional[bytes]:
        line = b"".join(self._pieces) if self._size <= self._limit else None
        self._pieces, self._size = [], 0
        return line


# --- reading ------------------------------------------------------------------------------------------------------


def parse_message(line: bytes) -> Dict[str, Any]:
    """One JSON-RPC message as an object. Raises ProtocolViolation."""
    try:
        message = json.loads(line.decode("utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise ProtocolViolation(PARSE_ERROR, f"the line is not UTF-8 (byte {error.start})") from error
    except (ValueError, RecursionError) as error:
        raise ProtocolViolation(PARSE_ERROR, "the line is not JSON") from error
    if not isinstance(message, dict):
        raise ProtocolViolation(INVALID_REQUEST, "a message is a JSON object; batches are not taken")
    if message.get("jsonrpc") != "2.0":
        raise ProtocolViolation(INVALID_REQUEST, 'the message has no "jsonrpc": "2.0"', _id_of(message))
    return message


def parse_request(line: bytes) -> Request:
    """A request or notification. Raises ProtocolViolation."""
    message = parse_message(line)
    id = _id_of(message)
    if "id" in message and id is None:
        raise ProtocolViolation(INVALID_REQUEST, "an id is a number or text")
    method, params = message.get("method"), message.get("params", {})
    if not isinstance(method, str):
        raise ProtocolViolation(INVALID_REQUEST, "the message names no method", id)
    if not isinstance(params, dict):
        raise ProtocolViolation(INVALID_PARAMS, "params are given by name, as an object", id)
    return Request(method, params, id)


def _id_of(message: Mapping[str, Any]) -> Optional[JobId]:
    id = message.get("id")
    return id if isinstance(id, (int, str)) and not isinstance(id, bool) and len(str(id)) <= 100 else None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


# --- writing ------------------------------------------------------------------------------------------------------


def encoded(value: Any) -> str:
    """JSON in ASCII: a lone surrogate in a file name is no reason to fail. Raises ValueError for NaN."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def request_line(request: Request) -> bytes:
    id = {} if request.id is None else {"id": request.id}
    return _line({"jsonrpc": "2.0", **id, "method": request.method, "params": dict(request.params)})


def result_lines(id: JobId, result: Any) -> bytes:
    """The answer; what is too long for a message comes as pieces of its JSON before it, which says that they came."""
    beside = _beside(result)
    line = _line({"jsonrpc": "2.0", "id": id, "result": result, **beside})
    if len(line) <= MESSAGE_LIMIT:
        return line
    text = encoded(result)
    pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
    lines = (notification_line(PIECES, id, "items", encoded([piece])) for piece in pieces)
    return b"".join((*lines, _line({"jsonrpc": "2.0", "id": id, "result": None, "in_pieces": True, **beside})))


def violation_line(violation: ProtocolViolation) -> bytes:
    error = {"code": violation.code, "message": str(violation)}
    return _line({"jsonrpc": "2.0", "id": violation.id, "error": error})


def error_line(id: JobId, error: DICOMWebNodesError) -> bytes:
    """The error with its fields; what a server sent is cut short when it is very long."""
    fields = error.as_dict()
    data = {name: _shortened(value) for name, value in fields.items()}
    message = {"code": LIBRARY_ERROR, "message": _shortened(str(error)), "data": data}
    return _line({"jsonrpc": "2.0", "id": id, "error": message, **_beside(fields)})


def notification_line(method: str, job: JobId, name: str, value: str, texts: Texts = ()) -> bytes:
    """``value`` is JSON already."""
    beside = f',"texts":{encoded(texts)}' if texts else ""
    params = f'{{"job":{encoded(job)},"{name}":{value}{beside}}}'
    return f'{{"jsonrpc":"2.0","method":"{method}","params":{params}}}\n'.encode()


def passable_texts(value: Any) -> Texts:
    """As :func:`.texts.texts_in`; none where they are too many."""
    found = texts_in(value)
    return found if found and len(encoded(found)) <= TEXTS_LIMIT else ()


def _beside(value: Any) -> Dict[str, Texts]:
    texts = passable_texts(value)
    return {"texts": texts} if texts else {}


def pages(items: Sequence[str], limit: int = PAGE_BYTES) -> Iterator[Tuple[str, int]]:
    """JSON arrays of the items, which are JSON already; each as long as the limit allows, one item at least.

    With the number of items in each.
    """
    page: List[str] = []
    size = 0
    for item in items:
        if page and size + len(item) > limit:
            yield f"[{','.join(page)}]", len(page)
            page, size = [], 0
        page.append(item)
        size += len(item) + 1
    if page:
        yield f"[{','.join(page)}]", len(page)


def _line(message: Mapping[str, Any]) -> bytes:
    return encoded(message).encode("ascii") + b"\n"


def _shortened(value: Any, limit: int = 16_000) -> Any:
    return f"{value[:limit]} ..." if isinstance(value, str) and len(value) > limit else value
