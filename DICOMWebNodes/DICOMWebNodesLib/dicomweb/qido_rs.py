"""QIDO-RS, the Studies Service's search transaction (PS3.18 section 10.6)."""

from __future__ import annotations

import itertools
import logging
import re
from typing import Callable, Iterator, List, Mapping, Optional, Set, Tuple

from ..errors import (
    ConnectionLost,
    DICOMWebNodesError,
    MalformedJSON,
    NotDICOMweb,
    ProtocolError,
    ResponseError,
    TimedOut,
)
from ..errors.server_words import excerpt
from ..text import Text
from .asking import Asking, alternatives
from .dicom_json import Attributes
from .identity import UID_TAGS, identity, in_place
from .matching import Matching
from .media_types import DICOM_JSON
from .names import MANY
from .profile import Profile, Quirk
from .query import Query
from .relational import RELATIONAL, offer_of, put_together
from .resource import Level
from .seen import Seen
from .session import Session

OnWarning = Callable[[str], None]

_WARNING = re.compile(r'\b299\s+\S+\s+(?:"((?:[^"\\]|\\.)*)"|([^"]+)$)')  # RFC 7234 section 5.5, and PS3.18's own form
_MORE = re.compile(r"additional|more|exceed|truncat|limit", re.IGNORECASE)
# With these a server says that it has no such search, or fails for want of it.
_NOT_OFFERED = frozenset({400, 403, 404, 405, 500, 501})
# Rows that every server gives at once, when it finds fault with a larger limit.
_MODEST_PAGE = 100
# Rows that are asked for at once where they are known to be there.
_LARGE_PAGE = 1000
_LOG = logging.getLogger(__name__)


class QidoRS:
    """Searches one node. ``session`` does the HTTP. ``attempts``: how often a page is asked for whose answer breaks
    while it is read; before its answer begins the session repeats it by itself."""

    def __init__(self, session: Session, *, attempts: int = 1) -> None:
        self._session = session
        self._attempts = attempts

    def search(
        self,
        query: Query,
        on_warning: Optional[OnWarning] = None,
        on_page: Callable[[], None] = lambda: None,
        *,
        counted: int = 0,
    ) -> Iterator[Attributes]:
        """The results, page after page, each study, series or instance once; ask for one and the next page is
        requested when it is needed. In memory are one page and eight bytes of each UID that came.

        ``on_warning`` is told, in words for people, when results are missing that the server does not give, and
        what else the server warns of; without it, the log is. ``on_page`` is called when all rows of a page were taken
        and the next one is about to be asked for. ``counted``: so many results the server has by its own account;
        a page has room for all of them where nobody says how large one may be. Raises
        :class:`~..errors.ResponseError`, :class:`~..errors.ConnectionFailed` and :class:`~..errors.ProtocolError`
        while it is iterated.
        """
        warn = _each_once(on_warning or self._log)
        profile, findings = self._session.profile, self._session.findings
        if query.fuzzymatching and profile.has(Quirk.FUZZY_IGNORED):
            warn(Text("names are matched as they are written: this server knows no fuzzy matching"))
        offer = offer_of(query)
        if not findings.has(offer, assumed=offer not in profile.unsearchable):
            yield from self._put_together(query, warn)
            return
        rows = self._asked(query, warn, on_page, counted)
        try:
            first = next(rows, None)
        except (ResponseError, NotDICOMweb) as error:
            refused = not isinstance(error, ResponseError) or error.status in _NOT_OFFERED
            if offer not in RELATIONAL or not refused:
                raise
            rows = self._put_together(query, warn)
            try:
                first = next(rows, None)
            except ResponseError:
                raise error from None
            findings.note(offer, False)
        if first is not None:
            yield first
            yield from rows

    def _put_together(self, query: Query, warn: OnWarning) -> Iterator[Attributes]:
        if query.level is Level.SERIES:
            warn(Text("series are looked for study by study, because this server knows no other way"))
        else:
            warn(Text("instances are looked for series by series, because this server knows no other way"))
        return _part(put_together(query, lambda part: self._asked(part, warn)), query)

    def _asked(
        self, query: Query, warn: OnWarning, on_page: Callable[[], None] = lambda: None, counted: int = 0
    ) -> Iterator[Attributes]:
        """The results of a search that the server offers."""
        askings = [Asking(each, self._session.profile) for each in alternatives(query, self._session.profile)]
        for name in dict.fromkeys(name for asking in askings for name in asking.left_out):
            warn(
                Text(
                    "{name} is compared here, because this server cannot: it has to send all that may match", name=name
                )
            )
        if len(askings) == 1 and askings[0].compared_here is None:
            results = self._results(askings[0], query.offset, query.limit, warn, on_page, counted)
            return itertools.islice(results, query.limit)
        # Rows that are left out here were counted by the server, so that only here they can be counted off.
        everything = _distinct((self._results(each, 0, None, warn) for each in askings), query.level)
        return _part(everything, query)

    def _results(
        self,
        asking: Asking,
        offset: int,
        wanted: Optional[int],
        warn: OnWarning,
        on_page: Callable[[], None] = lambda: None,
        counted: int = 0,
    ) -> Iterator[Attributes]:
        """The distinct results of a query that the server understands, from ``offset`` on."""
        query, findings = asking.query, self._session.findings
        matches = Matching(asking.compared_here) if asking.compared_here else None
        page_size = self._page_size(counted)
        tag = UID_TAGS[query.level]
        seen = Seen()
        more = ""
        while wanted is None or len(seen) < wanted:
            page = min(page_size, findings.page_cap or page_size)
            limit = page if wanted is None else min(page, wanted - len(seen))
            rows, claim = self._page(asking, limit, offset, warn)
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
            yield from fresh if matches is None else (row for row in fresh if matches(row.raw))
            if is_all:
                return
            del fresh
            on_page()

    def _page_size(self, counted: int) -> int:
        chosen, usual = self._session.node.page_size, self._session.profile.page_size
        if chosen or usual != Profile.page_size:
            return chosen or usual
        return max(usual, min(counted + 1, _LARGE_PAGE))

    def _page(self, asking: Asking, limit: int, offset: int, warn: OnWarning) -> Tuple[List[Attributes], str]:
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

    def _one_page(self, asking: Asking, limit: int, offset: int, warn: OnWarning) -> Tuple[List[Attributes], str]:
        """Nobody has heard of a row before its whole page is here, so that it can be asked for again."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._read_page(asking, limit, offset, warn)
            except _Broken as broken:
                if attempt >= self._attempts or not self._session.may_ask_again(attempt):
                    raise broken.error from broken.error.__cause__

    def _read_page(self, asking: Asking, limit: int, offset: int, warn: OnWarning) -> Tuple[List[Attributes], str]:
        query = asking.query
        asked = Text("search {level}", level=MANY[query.level])
        parameters = asking.query_string(limit, offset)
        with self._session.request("GET", query.path, asked=asked, accept=DICOM_JSON, query=parameters) as response:
            try:
                rows = list(in_place(Attributes.each(response.json()), query.within))
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

    def _log(self, text: str) -> None:
        _LOG.warning("%s: %s", self._session.node.name, text)


class _Broken(Exception):
    """An answer has begun, and ended with ``error``."""

    def __init__(self, error: DICOMWebNodesError) -> None:
        super().__init__(error)
        self.error = error


def _fresh(rows: List[Attributes], tag: str, seen: Seen) -> List[Attributes]:
    """The rows that were not seen yet, which they are now."""
    return [row for row in rows if seen.add(identity(row.raw, tag))]


def _part(results: Iterator[Attributes], query: Query) -> Iterator[Attributes]:
    """Those that the query's offset and limit leave."""
    return itertools.islice(results, query.offset, None if query.limit is None else query.offset + query.limit)


def _distinct(searches: Iterator[Iterator[Attributes]], level: Level) -> Iterator[Attributes]:
    """The results of several searches, each once; it does not hurry ahead."""
    seen = Seen()
    tag = UID_TAGS[level]
    return (each for each in itertools.chain.from_iterable(searches) if seen.add(identity(each.raw, tag)))


def _each_once(tell: OnWarning) -> OnWarning:
    told: Set[str] = set()

    def warn(text: str) -> None:
        if text not in told:
            told.add(text)
            tell(text)

    return warn


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
