"""What makes a connection secure changes in the middle of a transfer, at the server's end and at ours."""

from __future__ import annotations

import datetime
import random
import ssl

import pytest
import trustme
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import TLSFailed
from DICOMWebNodesLib.nodes.tls import TLS
from fakes.connection_faults import closed_keep_alive
from fakes.faults import Faults
from fakes.origin_server import OriginServer
from faults.property import (
    assert_accounted_for,
    assert_the_next_run_fetches_exactly_what_is_missing,
    origin_files_in,
    retrieve,
)

STUDY = Resource("1.2.3")
AUTHORITY, ANOTHER = trustme.CA(), trustme.CA()
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
CERTIFICATES = {
    "expired": lambda: AUTHORITY.issue_cert("127.0.0.1", not_after=LONG_AGO),
    "of another host": lambda: AUTHORITY.issue_cert("archive.example.org"),
    "of an unknown authority": lambda: ANOTHER.issue_cert("127.0.0.1"),
}
CA_FILES = {
    "of another authority": lambda path: ANOTHER.cert_pem.write_to_path(path),
    "without a certificate": lambda path: path.write_text("moved to the other disk"),
    "gone": lambda path: path.unlink(),
}


@pytest.fixture(scope="module")
def origin_files(tmp_path_factory):
    series = {Resource(*STUDY.uids, f"1.2.3.{number}"): [5_000] * 5 for number in (1, 2)}
    return origin_files_in(tmp_path_factory.mktemp("origin"), series)


@pytest.fixture
def ca_file(tmp_path):
    path = tmp_path / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(path)
    return path


def context_of(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def each_on_a_connection_of_its_own(then=lambda: None):
    """A server that closes its connections; ``then`` is called with each request."""
    closes = Faults(1, [closed_keep_alive], anywhere=True)

    def fault(request, response):
        then()
        return closes(request, response)

    return fault


def calls_at(number, call):
    """``call()`` at the call with this number, and never again."""
    left = iter(range(number, -1, -1))
    return lambda: call() if next(left, -1) == 0 else None


def assert_it_ended_by_tls(summary, output, origin_files):
    arrived = assert_accounted_for(summary, output, origin_files)
    assert arrived < set(origin_files)
    assert {failure.code for failure in summary.failed} == {TLSFailed.code}
    assert_the_next_run_fetches_exactly_what_is_missing(output, origin_files, arrived, [STUDY])


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("turns", CERTIFICATES)
def test_a_certificate_that_is_another_at_a_random_connection_ends_it_and_nothing_is_lost(
    turns, seed, origin_files, ca_file, tmp_path
):
    good, bad = context_of(AUTHORITY.issue_cert("127.0.0.1")), context_of(CERTIFICATES[turns]())
    shown = [good]
    at_random = calls_at(random.Random(seed).randrange(10), lambda: shown.append(bad))

    def shows(connection, name, context):
        at_random()
        connection.context = shown[-1]

    good.sni_callback = shows
    fault = each_on_a_connection_of_its_own()
    options = {"tls": TLS(ca_file=str(ca_file)), "profile": "static-dicomweb", "connections": 1}
    with OriginServer(origin_files.values(), fault=fault, tls=good) as server:
        summary = retrieve(server, tmp_path / "output", [STUDY], **options)
    assert_it_ended_by_tls(summary, tmp_path / "output", origin_files)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("turns", CA_FILES)
def test_a_ca_file_that_is_another_at_a_random_request_ends_it_and_nothing_is_lost(
    turns, seed, origin_files, ca_file, tmp_path
):
    at_random = calls_at(random.Random(seed).randrange(10), lambda: CA_FILES[turns](ca_file))
    options = {"tls": TLS(ca_file=str(ca_file)), "profile": "static-dicomweb", "connections": 1}
    fault = each_on_a_connection_of_its_own(then=at_random)
    tls = context_of(AUTHORITY.issue_cert("127.0.0.1"))
    with OriginServer(origin_files.values(), fault=fault, tls=tls) as server:
        summary = retrieve(server, tmp_path / "output", [STUDY], **options)
    assert_it_ended_by_tls(summary, tmp_path / "output", origin_files)


def test_a_ca_file_that_is_replaced_by_one_that_is_as_good_is_read_anew(origin_files, ca_file, tmp_path):
    """The authority's next certificate, before the server has one of it."""
    good = context_of(AUTHORITY.issue_cert("127.0.0.1"))
    new = context_of(ANOTHER.issue_cert("127.0.0.1"))
    shown = [good]

    def trust_both():
        both = ca_file.with_name("both.pem")
        both.write_bytes(AUTHORITY.cert_pem.bytes() + ANOTHER.cert_pem.bytes())
        both.replace(ca_file)

    def shows(connection, name, context):
        connection.context = shown[-1]

    good.sni_callback = shows
    options = {"tls": TLS(ca_file=str(ca_file)), "profile": "static-dicomweb", "connections": 1}
    ours, theirs = calls_at(3, trust_both), calls_at(7, lambda: shown.append(new))
    fault = each_on_a_connection_of_its_own(then=lambda: (ours(), theirs()))
    with OriginServer(origin_files.values(), fault=fault, tls=good) as server:
        summary = retrieve(server, tmp_path / "output", [STUDY], **options)
    assert shown[-1] is new
    assert summary.complete
    assert assert_accounted_for(summary, tmp_path / "output", origin_files) == set(origin_files)
