"""QIDO-RS, the Studies Service's search transaction (PS3.18 section 10.6)."""

from __future__ import annotations

import itertools
import logging
from typing import Callable, Iterator, Optional, Set

from ..errors import NotDICOMweb, ResponseError
from ..text import Text
from .asking import Asking, alternatives
from .dicom_json import Attributes
from .identity import UID_TAGS, identity
from .profile import Quirk
from .query import Query
from .relational import RELATIONAL, offer_of, put_together
from .resource import Level
from .result_pages import OnWarning, ResultPages
from .seen import Seen
from .session import Session

# With these a server says that it has no such search, or fails for want of it.
_NOT_OFFERED = frozenset({400, 403, 404, 405, 500, 501})
_LOG = logging.getLogger(__name__)


class QidoRS:
    """Searches one node. ``session`` does the HTTP. ``attempts``: how often a page is asked for whose answer breaks
    while it is read; before its answer begins the session repeats it by itself."""

    def __init__(self, session: Session, *, attempts: int = 1) -> None:
        self._session = session
        self._pages = ResultPages(session, attempts=attempts)

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
        return _part(put_together(query, lambda part: self._asked(part, warn), warn), query)

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
            results = self._pages.results(askings[0], query.offset, query.limit, warn, on_page, counted)
            return itertools.islice(results, query.limit)
        # Rows that are left out here were counted by the server, so that only here they can be counted off.
        everything = _distinct((self._pages.results(each, 0, None, warn) for each in askings), query.level)
        return _part(everything, query)

    def _log(self, text: str) -> None:
        _LOG.warning("%s: %s", self._session.node.name, text)


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
