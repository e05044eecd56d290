"""QIDO-RS, the Studies Service's search transaction (PS3.18 section 10.6)."""

from __future__ import annotations

import itertools
import logging
import re
from typing import Callable, Iterator, List, Mapping, Optional, Set, Tuple

from ..errors import ProtocolError
from ..explain import excerpt
from .dicom_json import Attributes
from .identity import UID_TAGS, identity
from .matching import Matching
from .media_types import DICOM_JSON
from .profile import Quirk
from .query import Query
from .resource import Level
from .response import DOCUMENT_LIMIT
from .session import Session

OnWarning = Callable[[str], None]

_WARNING = re.compile(r'\b299\s+\S+\s+(?:"((?:[^"\\]|\\.)*)"|([^"]+)$)')  # RFC 7234 section 5.5, and PS3.18's own form
_MORE = re.compile(r"additional|more|exceed|truncat|limit", re.IGNORECASE)
_LOG = logging.getLogger(__name__)


class QidoRS:
    """Searches one node. ``session`` does the HTTP; ``page_limit``: bytes of one page that are taken at most."""

    def __init__(self, session: Session, *, page_limit: int = DOCUMENT_LIMIT) -> None:
        self._session = session
        self._page_limit = page_limit

    def search(self, query: Query, on_warning: Optional[OnWarning] = None) -> Iterator[Attributes]:
        """The results, page after page, each study, series or instance once; ask for one and the next page is
        requested when it is needed. In memory are one page and the UIDs that came.

        ``on_warning`` is told, in words for people, when results are missing that the server does not give, and
        what else the server warns of; without it, the log is. Raises :class:`~..errors.ResponseError`,
        :class:`~..errors.ConnectionFailed` and :class:`~..errors.ProtocolError` while it is iterated.
        """
        warn = _each_once(on_warning or self._log)
        profile = self._session.profile
        if query.fuzzymatching and profile.has(Quirk.FUZZY_IGNORED):
            warn("names are matched as they are written: this server knows no fuzzy matching")
        alternatives = query.alternatives(profile)
        if len(alternatives) == 1 and not query.is_filtered_here(profile):
            found = self._results(query, query.offset, query.limit, warn)
            yield from itertools.islice(found, query.limit)
        else:
            # Rows that are left out here were counted by the server, so that only here they can be counted off.
            everything = _distinct((self._results(each, 0, None, warn) for each in alternatives), query.level)
            end = None if query.limit is None else query.offset + query.limit
            yield from itertools.islice(everything, query.offset, end)

    def _results(self, query: Query, offset: int, wanted: Optional[int], warn: OnWarning) -> Iterator[Attributes]:
        """The distinct results of a query that the server understands, from ``offset`` on."""
        profile = self._session.profile
        matches = Matching(query) if query.is_filtered_here(profile) else None
        page_size = self._session.node.page_size or profile.page_size
        tag = UID_TAGS[query.level]
        seen: Set[str] = set()
        more = ""
        while wanted is None or len(seen) < wanted:
            limit = page_size if wanted is None else min(page_size, wanted - len(seen))
            rows, claim = self._page(query, limit, offset, warn)
            fresh = _fresh(rows, tag, seen)
            if not fresh:
                # The end: an empty page, or the same again from a server that ignores the offset. In the second
                # case as many rows as were asked for are probably not all; in both the server's word counts.
                if claim or more or len(rows) == limit:
                    warn(_truncated(len(seen), query.level, claim or more))
                return
            offset += len(rows)
            more = claim
            # A page that is kept while the next one is decoded makes decoding half as fast again.
            del rows
            yield from fresh if matches is None else (row for row in fresh if matches(row.raw))
            del fresh

    def _page(self, query: Query, limit: int, offset: int, warn: OnWarning) -> Tuple[List[Attributes], str]:
        """The rows of a page, and the server's words for results that it has and this page does not."""
        asked = f"search {query.level.value}"
        parameters = query.to_query_string(self._session.profile, limit, offset)
        with self._session.request("GET", query.path, asked=asked, accept=DICOM_JSON, query=parameters) as response:
            try:
                rows = list(Attributes.each(response.json(self._page_limit)))
            except ProtocolError as error:
                raise error.about(node=self._session.node.name, asked=asked) from None
            more = ""
            for text in _warnings(response.headers):
                if _MORE.search(text):
                    more = text
                else:
                    warn(f"the server warns: {text}")
        return rows, more

    def _log(self, text: str) -> None:
        _LOG.warning("%s: %s", self._session.node.name, text)


def _fresh(rows: List[Attributes], tag: str, seen: Set[str]) -> List[Attributes]:
    """The rows that were not seen yet, which they are now."""
    fresh = []
    for row in rows:
        uid = identity(row.raw, tag)
        if uid not in seen:
            seen.add(uid)
            fresh.append(row)
    return fresh


def _distinct(searches: Iterator[Iterator[Attributes]], level: Level) -> Iterator[Attributes]:
    """The results of several searches, each once; it does not hurry ahead."""
    seen: Set[str] = set()
    for each in itertools.chain.from_iterable(searches):
        uid = identity(each.raw, UID_TAGS[level])
        if uid not in seen:
            seen.add(uid)
            yield each


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
    quoted = f" (“{said}”)" if said else ""
    verb = "has" if said else "may have"
    missing = f"the server {verb} more, but no further page of them{quoted}"
    return f"only {count} {level.value} came: {missing}; narrow the search"
