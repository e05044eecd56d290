"""How files get into Slicer's DICOM database: by CTK's indexer, in the background."""

import time
from typing import Any, Callable, List, Sequence

from .slices import Later

_REST = 20
"""How many times as long as it took to start the indexer it is not started again: at each start it reads the list of
all files of the database, in the main thread."""


class Indexing:
    """Brings files into the database where they lie, batch after batch, in the background, with one indexer.

    ``makeIndexer``: ``ctk.ctkDICOMIndexer``; ``clock`` in seconds.
    """

    def __init__(
        self, makeIndexer: Callable[[], Any], later: Later, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._makeIndexer = makeIndexer
        self._later = later
        self._clock = clock
        self._indexer: Any = None
        self._database: Any = None
        self._databaseFile = ""
        self._files: List[str] = []  # that the indexer has not been given yet, for that database
        self._startAt = 0.0  # not before, unless somebody waits for the end
        self._waiting: List[Callable[[], None]] = []

    def add(self, database: Any, files: Sequence[str]) -> None:
        """The indexer gets them at once while it is at work or has rested, else with what is added until then."""
        if database is not self._database or database.databaseFilename != self._databaseFile:
            self._give()
            self._database, self._databaseFile = database, database.databaseFilename
        isFirst = not self._files
        self._files += files
        rest = self._startAt - self._clock()
        if rest <= 0 or self._waiting or self._isImporting:
            self._give()
        elif isFirst:
            self._later(int(1000 * rest) + 1, self._give)

    def whenIdle(self, done: Callable[[], None]) -> None:
        """Call ``done`` as soon as everything that was added has been looked at."""
        self._give()
        if self._isImporting:
            self._waiting.append(done)
        else:
            done()

    @property
    def _isImporting(self) -> bool:
        return self._indexer is not None and bool(self._indexer.importing)

    def _give(self) -> None:
        """Files of a database that was closed meanwhile, or is another one now, are not put into that one."""
        files, self._files = self._files, []
        if not files or not self._database.isOpen or self._database.databaseFilename != self._databaseFile:
            return
        if self._indexer is None:
            self._indexer = self._makeIndexer()
            self._indexer.backgroundImportEnabled = True
            self._indexer.indexingComplete.connect(self._onComplete)
        isStart, before = not self._isImporting, self._clock()
        self._indexer.addListOfFiles(self._database, files, False)
        if isStart:
            now = self._clock()
            self._startAt = now + _REST * (now - before)

    def _onComplete(self, *counts: int) -> None:
        """The indexer has come to its end, and may have been started again before this is heard."""
        if not self._isImporting:
            waiting, self._waiting = self._waiting, []
            for done in waiting:
                done()
