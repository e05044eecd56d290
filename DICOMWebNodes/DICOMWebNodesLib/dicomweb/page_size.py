"""How many rows of a search are asked for at once (``limit``, PS3.18 section 8.3.4.4)."""

from __future__ import annotations

# Rows that are asked for at once where they are known to be there, or where so many have come already.
LARGE_PAGE = 1000
# Seconds that a usual page takes of a server which a large one does not keep busy for long.
QUICK = 0.5


class PageSize:
    """Of one search: ``usual`` rows a page; with ``may_grow`` :data:`LARGE_PAGE`, once so many have come quickly.

    A far server is asked a tenth as often, and one that goes through all results each time does a tenth of the work.
    A large page begins where pages of that size do, because some servers take ``offset`` for the number of a page. One
    that fails, or comes short of its size, is the last of them: whoever gives fewer than were asked for may do so each
    time.
    """

    def __init__(self, usual: int, *, may_grow: bool) -> None:
        self.usual = usual
        self._may_grow = may_grow
        self._pages = 0
        self._seconds = 0.0

    def at(self, offset: int) -> int:
        """Of the page that begins there."""
        is_boundary = offset > 0 and offset % LARGE_PAGE == 0
        is_quick = self._seconds <= QUICK * self._pages
        return LARGE_PAGE if self._may_grow and is_boundary and is_quick else self.usual

    def note(self, limit: int, rows: int, seconds: float) -> None:
        """``rows`` came of a page of ``limit``, in so many seconds."""
        self._pages += 1
        self._seconds += seconds
        if rows < limit:
            self.grow_no_more()

    def grow_no_more(self) -> None:
        self._may_grow = False
