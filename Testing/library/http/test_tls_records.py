"""What TLS has brought is read in one go, record after record."""

import io
import ssl

import pytest
from DICOMWebNodesLib.dicomweb.tls_records import RECORD, TLSRecords, many_records

PATIENCE = 30.0


class Connection(io.RawIOBase):
    """Its own socket: gives one record at a read, or raises it; ``here``: how many of them have arrived."""

    def __init__(self, *records, here=100):
        self._records = list(records)
        self.here = here
        self.timeout = PATIENCE

    def gettimeout(self):
        return self.timeout

    def settimeout(self, seconds):
        self.timeout = seconds

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.here:
            assert self.timeout == 0, "it would wait"
            raise ssl.SSLWantReadError
        self.here -= 1
        record = self._records.pop(0)
        if isinstance(record, Exception):
            raise record
        assert len(record) <= len(buffer)
        buffer[: len(record)] = record
        return len(record)


def reader_of(*records, **options):
    connection = Connection(*records, **options)
    return TLSRecords(connection, connection)


def full(letter):
    return letter * RECORD


def test_all_records_that_are_there_come_at_once():
    reader = reader_of(full(b"a"), b"small", full(b"b"), b"end", here=4)
    assert reader.read(100_000) == full(b"a") + b"small" + full(b"b") + b"end"


def test_a_record_that_has_not_arrived_is_not_waited_for():
    connection = Connection(full(b"a"), full(b"b"), here=1)
    reader = TLSRecords(connection, connection)
    assert reader.read(100_000) == full(b"a")
    connection.here = 1
    assert reader.read(100_000) == full(b"b")


@pytest.mark.parametrize(("room", "records"), [(RECORD + 10, 1), (2 * RECORD, 2), (2 * RECORD + 10, 2)])
def test_a_record_for_which_there_is_no_room_waits(room, records):
    reader = reader_of(*[full(b"a")] * 4)
    assert [len(reader.read(room)), len(reader.read(room))] == [records * RECORD] * 2


def test_the_end_of_the_connection_comes_after_what_came_before():
    reader = reader_of(full(b"a"), b"", b"")
    assert [reader.read(100_000), reader.read(100_000)] == [full(b"a"), b""]


def test_an_error_after_a_record_is_raised_by_the_next_read():
    reader = reader_of(full(b"a"), ConnectionResetError("reset"))
    assert reader.read(100_000) == full(b"a")
    with pytest.raises(ConnectionResetError):
        reader.read(100_000)


@pytest.mark.parametrize(
    "after", [b"", ConnectionResetError(), ssl.SSLWantReadError()], ids=["end", "error", "nothing yet"]
)
def test_the_first_byte_of_the_next_read_is_waited_for_as_before(after):
    connection = Connection(full(b"a"), after)
    TLSRecords(connection, connection).read(100_000)
    assert connection.timeout == PATIENCE


def test_it_is_closed_with_what_it_reads_from():
    connection = Connection()
    with TLSRecords(connection, connection) as reader:
        pass
    assert reader.closed
    assert connection.closed


def test_a_connection_without_tls_is_read_as_it_is():
    raw = io.BytesIO()
    assert many_records(raw, object()) is raw
