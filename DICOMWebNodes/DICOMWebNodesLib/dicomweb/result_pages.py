"""The results of a search, page after page, from servers that count their pages in ways of their own
(PS3.18 sections 8.3.4.4 and 10.6)."""

from __future__ import annotations

import re
import time
from typing import Callable, Iterator, List, Mapping, Optional, Tuple

from ..errors import ConnectionLost, DICOMWebNodesError, MalformedJSON, ProtocolError, ResponseError, TimedOut
from ..errors.server_words import excerpt
from ..text import Text
from .asking import Asking
from .dicom_json import Attributes, objects
from .identity import UID_TAGS, Row, identity, in_place
from .matching import Matching
from .media_types import DICOM_JSON
from .names import MANY
from .page_size import LARGE_PAGE, PageSize
from .profile import Profile
from .resource import Level
from .seen import Seen
from .session import Session

OnWarning = Callable[[str], None]

_WARNING = re.compile(r'\b299\s+\S+\s+(?:"((?:[^"\\]|\\.)*)"|([^"]+)$)')  # RFC 7234 section 5.5, and PS3.18's own form
_MORE = re.compile(r"additional|more|exceed|truncat|limit", re.IGNORECASE)
# Rows that every server gives at once, when it finds fault with a larger limit.
_MODEST_PAGE = 100


class ResultPages:
    """One node's. ``attempts``: how often a page is asked for whose answer breaks while it is read; ``clock`` in
    seconds."""

    def __init__(self, session: Session, *, attempts: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._session = session
        self._attempts = attempts
        self._clock = clock

    def results(
        self,
        asking: Asking,
        offset: int,
        wanted: Optional[int],
        warn: OnWarning,
        on_page: Callable[[], None] = lambda: None,
        counted: int = 0,
    ) -> Iterator[Attributes]:
        """The distinct results of a query that the server understands, from ``offset`` on; ``wanted`` of them, or all.

        ``warn``, ``on_page``, ``counted`` and what is raised: as :meth:`.qido_rs.QidoRS.search` says.
        """
        query, findings = asking.query, self._session.findings
        matches = Matching(asking.compared_here) if asking.compared_here else None
        page_size = self._page_size(counted)
        tag = UID_TAGS[query.level]
        seen = Seen()
        more = ""
        while wanted is None or len(seen) < wanted:
            page = page_size.at(offset)
            page = min(page, findings.page_cap or page)
            limit = page if wanted is None else min(page, wanted - len(seen))
            began = self._clock()
            try:
                rows, claim = self._page(asking, limit, offset, warn)
            except (ResponseError, ConnectionLost, TimedOut):
                if limit <= page_size.usual:
                    raise
                page_size.grow_no_more()
                continue
            page_size.note(limit, len(rows), self._clock() - began)
            if claim and _MODEST_PAGE <= len(rows) < limit:
                findings.note_page_cap(len(rows))
            fresh = _fresh(rows, tag, seen)
            if not fresh:
                # The end: an empty page, or the same again from a server that ignores the offset. In the second
                # case as many rows as were asked for are probably not all; in both the server's word counts.
                if claim or more or len(rows) == limit:
                    warn(_truncated(len(seen), query.level, claim or more))
                return
            offset += len(rows)
            more = claim
            # All that it has, in a page with room for more: there is no use in asking for an empty one.
            is_all = 0 < counted <= len(seen) == len(rows) < limit and not claim
            # A page that is kept while the next one is decoded makes decoding half as fast again.
            del rows
            yield from map(Attributes, fresh if matches is None else filter(matches, fresh))
            if is_all:
                return
            del fresh
            on_page()

    def _page_size(self, counted: int) -> PageSize:
        chosen, usual = self._session.node.page_size, self._session.profile.page_size
        if chosen or usual != Profile.page_size:
            return PageSize(chosen or usual, may_grow=False)
        return PageSize(max(usual, min(counted + 1, LARGE_PAGE)), may_grow=True)

    def _page(self, asking: Asking, limit: int, offset: int, warn: OnWarning) -> Tuple[List[Row], str]:
        """The rows of a page, and the server's words for results that it has and this page does not.

        A limit that the server finds too large is made smaller, and remembered.
        """
        try:
            return self._one_page(asking, limit, offset, warn)
        except ResponseError as error:
            if error.status != 400 or limit <= _MODEST_PAGE:
                raise
            try:
                page = self._one_page(asking, _MODEST_PAGE, offset, warn)
            except ResponseError:
                raise error from None
            self._session.findings.note_page_cap(_MODEST_PAGE)
            return page

    def _one_page(self, asking: Asking, limit: int, offset: int, warn: OnWarning) -> Tuple[List[Row], str]:
        """Nobody has heard of a row before its whole page is here, so that it can be asked for again."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._read_page(asking, limit, offset, warn)
            except _Broken as broken:
                if attempt >= self._attempts or not self._session.may_ask_again(attempt):
                    raise broken.error from broken.error.__cause__

    def _read_page(self, asking: Asking, limit: int, offset: int, warn: OnWarning) -> Tuple[List[Row], str]:
        query = asking.query
        asked = Text("search {level}", level=MANY[query.level])
        parameters = asking.query_string(limit, offset)
        with self._session.request("GET", query.path, asked=asked, accept=DICOM_JSON, query=parameters) as response:
            try:
                rows = list(in_place(objects(response.json()), query.within))
            except (ConnectionLost, TimedOut) as error:
                raise _Broken(error) from error
            except ProtocolError as error:
                told = error.about(node=self._session.node.name, asked=asked)
                if isinstance(error, MalformedJSON) and not response.has_an_end:
                    raise _Broken(told) from error  # it may have been cut
                raise told from None
            more = ""
            for text in _warnings(response.headers):
                if _MORE.search(text):
                    more = text
                else:
                    warn(Text("the server warns: {said}", said=text))
        return rows, more


class _Broken(Exception):
    """An answer has begun, and ended with ``error``."""

    def __init__(self, error: DICOMWebNodesError) -> None:
        super().__init__(error)
        self.error = error


def _fresh(rows: List[Row], tag: str, seen: Seen) -> List[Row]:
    """The rows that were not seen yet, which they are now."""
    return [row for row in rows if seen.add(identity(row, tag))]


def _warnings(headers: Mapping[str, str]) -> Iterator[str]:
    """The texts of the Warning header field with code 299."""
    for quoted, plain in _WARNING.findall(headers.get("Warning", "")):
        yield excerpt(quoted or plain, 200)


def _truncated(count: int, level: Level, said: str) -> str:
    names = {"count": count, "level": MANY[level]}
    if said:
        return Text(
            "only {count} {level} came: the server has more, but no further page of them (“{said}”); narrow the search",
            said=said,
            **names,
        )
    return Text(
        "only {count} {level} came: the server may have more, but no further page of them; narrow the search", **names
    )
