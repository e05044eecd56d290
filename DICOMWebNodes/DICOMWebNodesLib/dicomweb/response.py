"""One HTTP answer: its status, its header, and its body as it arrives."""

from __future__ import annotations

import email.utils
import time
from typing import Any, Callable, Iterator, Mapping, Optional

import requests

from ..errors import ConnectionLost, DICOMWebNodesError, LimitExceeded, MalformedJSON, NotDICOMweb, TimedOut
from ..errors.server_words import excerpt
from ..text import Text
from .content_coding import decoded
from .json_text import json_value

# What one read may bring, in bytes: small ones cost more calls, and large ones are filled by fast connections only.
CHUNK = 256 * 1024
LARGEST_CHUNK = 1024 * 1024
# Bytes per second; a server that drips is as good as one that has stopped, but no read time-out ever ends it.
SLOWEST = 16
_MOST_DIGITS = 19  # of a length; a longer one is too large whatever follows


def _keep_memory_of_reads() -> None:
    """Let the allocator keep what a read has taken, for the next one.

    glibc gives blocks of that size back to the system until a larger one has been let go (mallopt(3),
    M_MMAP_THRESHOLD), and asks for them again: a page fault for every 4 KB, which costs more than to receive them. No
    page of the block that is let go here is ever touched.
    """
    bytes(2 * LARGEST_CHUNK)


_keep_memory_of_reads()


class Response:
    """The answer of the origin server; bodies are streamed, and read only once.

    ``patience``: over how many seconds a body has to come at :data:`SLOWEST` at least. ``document_limit``: bytes of a
    body that is read as a whole; a larger one is refused before it fills the memory.

    ``translate`` turns whatever the transport raises into an error of this library, with node and request filled
    in; ``complete`` is true when the whole body was read, so that the connection may serve again.
    """

    def __init__(
        self,
        answer: requests.Response,
        translate: Callable[[BaseException], DICOMWebNodesError],
        *,
        node: str,
        asked: str,
        document_limit: int,
        patience: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._answer = answer
        self._document_limit = document_limit
        self._patience = patience
        self._clock = clock
        self._translate = translate
        self._node = node
        self._asked = asked
        self.complete = False

    @property
    def status(self) -> int:
        return self._answer.status_code

    @property
    def reason(self) -> str:
        """The server's own words (RFC 9112 section 4), which may repeat what it was sent."""
        return self._answer.reason or ""

    @property
    def url(self) -> str:
        """Where the answer came from; another address than was asked after a redirect."""
        return self._answer.url

    @property
    def headers(self) -> Mapping[str, str]:
        return self._answer.headers

    @property
    def content_type(self) -> str:
        """The header field as it came; see :func:`media_types.parse_media_type`."""
        return self._answer.headers.get("Content-Type", "")

    @property
    def media_type(self) -> str:
        """Only "type/subtype", in lower case."""
        return self.content_type.partition(";")[0].strip().lower()

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives, at most :data:`LARGEST_CHUNK` bytes each, content coding undone.

        Raises :class:`~..errors.ConnectionLost` when it ends before its declared length,
        :class:`~..errors.TimedOut` when nothing, or next to nothing, comes for the node's read time-out.
        """
        try:
            yield from decoded(self._paced_pieces(), self._answer.headers.get("Content-Encoding", ""))
        except GeneratorExit:
            raise
        except Exception as error:
            raise self._translate(error) from error
        self.complete = True

    def _paced_pieces(self) -> Iterator[bytes]:
        """As they come, judged before anything is decoded: compressed bytes may come for ever and make nothing."""
        since, arrived, total = self._clock(), 0, 0
        for piece in self._encoded_pieces():
            arrived += len(piece)
            total += len(piece)
            now = self._clock()
            if now - since >= self._patience:
                if arrived < SLOWEST * self._patience:
                    raise TimedOut(
                        Text("only {arrived} bytes came in {seconds} s", arrived=arrived, seconds=f"{now - since:.0f}")
                    )
                since, arrived = now, 0
            yield piece
            since += self._clock() - now  # a reader that is paused is not the server's fault
        if total < self._announced and not self._is_chunked:  # urllib3 1 does not mind
            host = self.url_origin.partition("://")[2]
            raise ConnectionLost(Text("{host} closed the connection after {count:,} bytes", host=host, count=total))

    def _encoded_pieces(self) -> Iterator[bytes]:
        raw = self._answer.raw
        read_once = getattr(raw, "read1", None)  # urllib3 2: what is there, without waiting for a full chunk
        if read_once is None:
            yield from raw.stream(CHUNK, decode_content=False)
            return
        size = CHUNK
        chunk = read_once(size, decode_content=False)
        while chunk:
            yield chunk
            if len(chunk) == size < LARGEST_CHUNK:
                size *= 2
            chunk = read_once(size, decode_content=False)

    def read(self, limit: Optional[int] = None) -> bytes:
        """The whole body, of ``limit`` bytes at most (:class:`~..errors.LimitExceeded`); None: the node's limit."""
        limit = self._document_limit if limit is None else limit
        if self._announced > limit:
            raise self._too_large(limit)
        content = bytearray()
        for chunk in self.chunks():
            content += chunk
            if len(content) > limit:
                raise self._too_large(limit)
        return bytes(content)

    def _too_large(self, limit: int) -> LimitExceeded:
        is_the_nodes = limit == self._document_limit
        return LimitExceeded(
            Text("the answer is larger than {limit:,} bytes", limit=limit),
            node=self._node,
            asked=self._asked,
            next_step="Ask for less, or raise the node's document limit." if is_the_nodes else "",
        )

    def json(self, limit: Optional[int] = None) -> Any:
        """The body as JSON; an empty body (204) is an empty list.

        Raises :class:`~..errors.NotDICOMweb` for a web page, :class:`~..errors.MalformedJSON` for anything else.
        """
        content = self.read(limit)
        if not content.strip():
            return []
        if self.media_type in ("text/html", "application/xhtml+xml") or content.lstrip()[:1] == b"<":
            raise self.not_dicomweb(content)
        try:
            return json_value(content)
        except (ValueError, RecursionError) as error:
            shown = excerpt(content.decode("utf-8", "replace"), 80)
            raise MalformedJSON(
                Text("the answer is not JSON ({reason}): “{shown}”", reason=_reason(error), shown=shown),
                node=self._node,
                asked=self._asked,
            ) from error

    def not_dicomweb(self, content: bytes = b"") -> NotDICOMweb:
        """The error for a success whose content no DICOMweb service sends."""
        shown = excerpt(content[:20_000].decode("utf-8", "replace"), 120)
        media_type = self.media_type or Text("content without a type")
        told = Text("{origin} answered {media_type}, not DICOMweb", origin=self.url_origin, media_type=media_type)
        return NotDICOMweb(
            Text("{told}: “{shown}”", told=told, shown=shown) if shown else told,
            node=self._node,
            asked=self._asked,
        )

    @property
    def has_an_end(self) -> bool:
        """Whether HTTP tells where the body ends; otherwise a broken connection looks like its end."""
        return "Content-Length" in self.headers or self._is_chunked

    @property
    def _announced(self) -> int:
        """Bytes, as the header says; 0 when it does not. Python reads no number of thousands of digits."""
        length = self.headers.get("Content-Length", "")
        return int(length[:_MOST_DIGITS]) if length.isdecimal() else 0

    @property
    def _is_chunked(self) -> bool:
        return "chunked" in self.headers.get("Transfer-Encoding", "").lower()

    @property
    def url_origin(self) -> str:
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://{rest.partition('/')[0]}"

    def retry_after(self) -> Optional[float]:
        """Seconds that the server asks to wait (RFC 9110 section 10.2.3), from a number or a date."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isdecimal():
            return float(value)
        return seconds_between(self.headers.get("Date", ""), value)

    def close(self) -> None:
        """Give the connection back when the body was read to its end, and end it otherwise."""
        if self.complete:
            self._answer.raw.release_conn()
        else:
            self._answer.close()


def seconds_between(now: str, then: str) -> Optional[float]:
    """Between two HTTP dates of the same server: neither side's clock has to be right."""
    try:
        start, end = (email.utils.parsedate_to_datetime(text) for text in (now, then))
        return max(0.0, (end - start).total_seconds())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _reason(error: Exception) -> str:
    return Text("nested too deeply") if isinstance(error, RecursionError) else str(error)
