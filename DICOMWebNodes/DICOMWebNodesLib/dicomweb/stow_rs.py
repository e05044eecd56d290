"""STOW-RS, the Studies Service's store transaction (PS3.18 section 10.5)."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path
from typing import Callable, FrozenSet, Iterable, Iterator, Optional, Tuple

from ..errors import Cancelled, ConnectionLost, MalformedInstance, TimedOut
from ..text import Text
from .multipart_encoder import make_boundary
from .session import Session
from .store_batches import MOST_INSTANCES, Appetite, Batch, NotAnInstance, StorableFile, batches, storable_file
from .store_books import OnOutcome, OnProgress, StoreBooks
from .store_confirmation import found_by_search
from .store_exchange import Answer, Reception, StoreExchange
from .store_outcome import StoreOutcome, StoreStatus, StoreSummary
from .store_reason import ALREADY_THERE, UNSPECIFIC, reason_in_words
from .store_response import StoreResponse
from .store_steering import Steered, Steering, Unsteered
from .uid import checked_uid

BATCH_BYTES = 128 * 1024 * 1024
_FROM_BEFORE = Text("it had arrived before")


class StowRS:
    """Stores files on one node. ``session`` does the HTTP; ``boundary`` makes the delimiter of a request's parts."""

    def __init__(self, session: Session, *, boundary: Callable[[], str] = make_boundary) -> None:
        self._session = session
        self._boundary = boundary

    def store(
        self,
        files: Iterable[Path],
        *,
        study_instance_uid: str = "",
        batch_bytes: int = BATCH_BYTES,
        on_outcome: Optional[OnOutcome] = None,
        on_progress: Optional[OnProgress] = None,
        steering: Optional[Steering] = None,
        resumed: bool = False,
    ) -> StoreSummary:
        """Send the files, streamed from disk, and account for every one by what the server says of it.

        ``files`` may be as many as there are: the names of one request are held. ``batch_bytes``: of files in one
        request at most, if it is not a single one. Instances of another study than ``study_instance_uid`` fail
        without being sent. ``on_outcome`` is told of each file as soon as its outcome is known, ``on_progress``
        how many bytes of files are done with or on their way. ``steering`` holds back or cancels single series, from
        other threads: what it says of one whose files are on their way with others' holds from the next request on.
        ``resumed``: an earlier store of these files has ended without a word on the first of them, which may have
        arrived; they are looked for by a search, where the node has one, before they are sent.

        A request that the server refuses without naming instances is divided until the good ones are stored.
        Raises :class:`~..errors.ConnectionFailed`, :class:`~..errors.ResponseError`,
        :class:`~..errors.NotDICOMweb` or :class:`~..errors.Cancelled` when it is the service that fails, not an
        instance; what was told until then holds, and to store the same files again does no harm. A request whose
        answer is lost is sent again only for what a search does not find at the server.
        """
        study = checked_uid(study_instance_uid, "study_instance_uid") if study_instance_uid else ""
        books = StoreBooks(on_outcome, on_progress)
        appetite = Appetite(batch_bytes)
        steered = Steered(steering or Unsteered(), books)
        exchange = StoreExchange(self._session, study, self._boundary)
        delivery = _Delivery(self._session, exchange, appetite, books, steered)
        waiting: Iterable[StorableFile] = _storable(files, study, books)
        if resumed:
            waiting = delivery.not_there(waiting)
        while True:
            for batch in batches(steered.sendable(waiting), appetite):
                delivery.deliver(batch)
            waiting = steered.released()
            if not waiting:
                return books.summary()


def _storable(files: Iterable[Path], study: str, books: StoreBooks) -> Iterator[StorableFile]:
    """The files that are worth sending; the others are entered in the books at once."""
    for path in map(Path, files):
        try:
            file = storable_file(path)
        except NotAnInstance as error:  # noqa: PERF203  (one bad file must not end the others)
            books.enter(StoreOutcome(path, StoreStatus.NOT_DICOM, error.args[0]))
        except MalformedInstance as error:
            books.enter(StoreOutcome(path, StoreStatus.FAILED, error.cause))
        except OSError as error:
            books.enter(
                StoreOutcome(
                    path, StoreStatus.FAILED, Text("it cannot be read: {reason}", reason=error.strerror or error)
                )
            )
        else:
            other = file.identity.study_instance_uid
            if study and other and other != study:
                books.enter_file(file, StoreStatus.FAILED, Text("it belongs to another study, {study}", study=other))
            else:
                yield file


class _Delivery:
    """Sends batches, and again what a server did not account for, in smaller and smaller parts."""

    def __init__(
        self, session: Session, exchange: StoreExchange, appetite: Appetite, books: StoreBooks, steered: Steered
    ) -> None:
        self._session = session
        self._exchange = exchange
        self._appetite = appetite
        self._books = books
        self._steered = steered

    def not_there(self, files: Iterable[StorableFile]) -> Iterator[StorableFile]:
        """Without those among the first that the server has: no more than one request's were ever on their way."""
        left = iter(files)
        first = list(itertools.islice(left, MOST_INSTANCES))
        there = self._found_of(first)
        self._enter_all([file for file in first if file.uid in there], StoreStatus.ALREADY_THERE, _FROM_BEFORE)
        yield from (file for file in first if file.uid not in there)
        yield from left

    def deliver(self, batch: Batch) -> None:
        waiting = [(batch, False)]
        while waiting:
            batch, is_repeated = waiting.pop()
            batch = list(self._steered.sendable(batch))  # it was put together before the last request ended
            answer = self._sent(batch) if batch else None
            if answer is None:
                continue
            rest = self._enter(batch, answer.account)
            missing = StoreStatus.FAILED
            if rest and answer.reception is not Reception.REFUSED:
                rest, missing = self._enter_what_is_found(rest, answer)
            if answer.reception is Reception.ACCEPTED or not rest:
                self._appetite.accepted()
                self._enter_all(rest, missing, answer.said, answer.code)
            elif len(rest) < len(batch) or (answer.dropped and not is_repeated):
                waiting.append((rest, len(rest) == len(batch)))
            else:
                self._appetite.refused(batch, too_large=answer.too_large)
                if len(batch) == 1:
                    self._enter_all(batch, missing, answer.said, answer.code)
                else:
                    middle = len(batch) // 2
                    waiting += ((batch[middle:], False), (batch[:middle], False))
            self._books.on_its_way()

    def _sent(self, batch: Batch) -> Optional[Answer]:
        """None: nothing of it was wanted any more; whether it arrived is not known."""
        is_unwanted = self._steered.watch(batch)

        def on_its_way(size: int) -> None:
            if is_unwanted():
                raise Cancelled("it was cancelled")
            self._books.on_its_way(size)

        try:
            with self._session.while_wanted(is_unwanted), self._unknown_when_it_ends(batch):
                return self._exchange.send(batch, on_its_way)
        except Cancelled:
            if self._steered.is_over or not is_unwanted():
                raise
            return None

    def _enter(self, batch: Batch, account: StoreResponse) -> Batch:
        """Enter what the server accounts for, and give the rest."""
        rest = []
        doubtful = [file for file in batch if file.uid in account.failed and account.failed[file.uid] in UNSPECIFIC]
        there = self._found_of(doubtful)
        for file in batch:
            if file.uid in account.failed:
                code = account.failed[file.uid]
                already = code in ALREADY_THERE or file.uid in there
                status = StoreStatus.ALREADY_THERE if already else StoreStatus.FAILED
                self._books.enter_file(file, status, reason_in_words(code), code)
            elif file.uid in account.stored:
                code = account.stored[file.uid]
                status = StoreStatus.STORED_WITH_WARNING if code else StoreStatus.STORED
                self._books.enter_file(file, status, reason_in_words(code) if code else "", code)
            else:
                rest.append(file)
        return rest

    def _enter_what_is_found(self, batch: Batch, answer: Answer) -> Tuple[Batch, StoreStatus]:
        """Enter what a search finds at the server, which has not said it; give the rest, and what that means for it."""
        with self._unknown_when_it_ends(batch):
            found = found_by_search(self._session, batch)
        there = found or frozenset()
        self._enter_all([file for file in batch if file.uid in there], StoreStatus.STORED)
        is_missing = answer.reception is Reception.LOST and found is not None
        rest = [file for file in batch if file.uid not in there]
        if answer.reception is Reception.LOST and not is_missing:
            self._books.perhaps_there.update(file.uid for file in rest)
        return rest, StoreStatus.FAILED if is_missing else StoreStatus.UNCONFIRMED

    def _enter_all(self, files: Batch, status: StoreStatus, reason: str = "", code: Optional[int] = None) -> None:
        for file in files:
            self._books.enter_file(file, status, reason, code)

    @contextlib.contextmanager
    def _unknown_when_it_ends(self, batch: Batch) -> Iterator[None]:
        """Whether what was under way arrived, nobody knows when the store ends here."""
        try:
            yield
        except (Cancelled, ConnectionLost, TimedOut) as error:
            self._enter_all(batch, StoreStatus.UNCONFIRMED, error.cause)
            raise

    def _found_of(self, files: Batch) -> FrozenSet[str]:
        return (found_by_search(self._session, files) if files else None) or frozenset()
