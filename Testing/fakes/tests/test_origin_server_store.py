"""STOW-RS of the origin server: what it keeps, and the account that it gives."""

from __future__ import annotations

import xml.etree.ElementTree as XML
from typing import Dict, Iterator, List, Sequence

import pytest
from fakes.origin_server import Dialect, OriginServer
from fakes.origin_server.archive import Instance
from fakes.raw_client import Answer, ask

JSON = "application/dicom+json"
BOUNDARY = "somewhere-between"
CONTENT_TYPE = f'multipart/related; type="application/dicom"; boundary={BOUNDARY}'
FAILED, STORED, OTHERS, REASON, RETRIEVE_URL = "00081198", "00081199", "0008119A", "00081197", "00081190"


@pytest.fixture
def empty() -> Iterator[OriginServer]:
    with OriginServer() as server:
        yield server


@pytest.fixture(scope="session")
def ct(instances: Dict[str, Instance]) -> bytes:
    return instances["CT_small.dcm"].path.read_bytes()


def body(parts: Sequence[bytes], head: str = "Content-Type: application/dicom\r\n") -> bytes:
    whole = b"".join(f"--{BOUNDARY}\r\n{head}\r\n".encode() + part + b"\r\n" for part in parts)
    return whole + f"--{BOUNDARY}--\r\n".encode()


def store(server: OriginServer, parts: Sequence[bytes], study: str = "", accept: str = JSON) -> Answer:
    path = f"/studies/{study}" if study else "/studies"
    return ask(server.url + path, accept, "POST", {"Content-Type": CONTENT_TYPE}, body(parts))


def stored_uids(answer: Answer) -> List[str]:
    return [item["00081155"]["Value"][0] for item in answer.json.get(STORED, {}).get("Value", ())]


def reasons(answer: Answer, sequence: str) -> List[int]:
    return [item[REASON]["Value"][0] for item in answer.json.get(sequence, {}).get("Value", ())]


def test_what_is_stored_can_be_retrieved_byte_for_byte(empty: OriginServer, ct: bytes) -> None:
    answer = store(empty, [ct])
    assert answer.status == 200
    (item,) = answer.json[STORED]["Value"]
    assert ask(item[RETRIEVE_URL]["Value"][0], "application/dicom; transfer-syntax=*").content == ct
    assert ask(answer.json[RETRIEVE_URL]["Value"][0] + "/metadata", JSON).status == 200


def test_the_same_instance_again_is_no_failure(empty: OriginServer, ct: bytes) -> None:
    first, second = store(empty, [ct]), store(empty, [ct])
    assert (first.status, second.status) == (200, 200)
    assert stored_uids(first) == stored_uids(second)
    assert len(empty.archive.all()) == 1


def test_another_instance_under_a_known_uid_is_refused_and_changes_nothing(empty: OriginServer, ct: bytes) -> None:
    store(empty, [ct])
    answer = store(empty, [ct[:-2] + b"\1\1"])
    assert answer.status == 409
    assert reasons(answer, FAILED) == [0x0111]
    assert empty.archive.all()[0].path.read_bytes() == ct


def test_good_and_bad_together_are_accepted_with_an_account_of_each(
    empty: OriginServer, instances: Dict[str, Instance], ct: bytes
) -> None:
    mr = instances["MR_small.dcm"].path.read_bytes()
    other_name = ct.replace(
        b"1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322", b"1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12399", 1
    )
    answer = store(empty, [mr, b"garbage", other_name])
    assert answer.status == 202
    assert stored_uids(answer) == [instances["MR_small.dcm"].sop_instance_uid]
    assert reasons(answer, FAILED) == [0xA900]
    assert reasons(answer, OTHERS) == [0xC000]


def test_nothing_that_can_be_stored_is_a_conflict(empty: OriginServer) -> None:
    answer = store(empty, [b"garbage", b""])
    assert answer.status == 409
    assert reasons(answer, OTHERS) == [0xC000, 0xC000]


def test_an_instance_of_another_study_is_refused(empty: OriginServer, ct: bytes) -> None:
    answer = store(empty, [ct], study="1.2.3")
    assert answer.status == 409
    assert reasons(answer, FAILED) == [0xA900]
    assert empty.archive.all() == []


def test_the_account_comes_as_xml_when_that_is_what_is_accepted(empty: OriginServer, ct: bytes) -> None:
    answer = store(empty, [ct], accept="application/dicom+xml")
    assert answer.content_type == "application/dicom+xml"
    namespace = {"n": "http://dicom.nema.org/PS3.19/models/NativeDICOM"}
    uids = XML.fromstring(answer.content).findall(".//n:DicomAttribute[@tag='00081155']/n:Value", namespace)
    assert [uid.text for uid in uids] == [empty.archive.all()[0].sop_instance_uid]


def test_a_client_that_accepts_neither_stores_nothing(empty: OriginServer, ct: bytes) -> None:
    assert store(empty, [ct], accept="text/html").status == 406
    assert empty.archive.all() == []


@pytest.mark.parametrize(
    ("content_type", "content", "status"),
    [
        ("application/dicom", b"", 415),
        ("application/json", b"", 415),
        ("", b"", 400),
        (f"multipart/related; boundary={BOUNDARY}", body([b"x"]), 415),
        ('multipart/related; type="application/dicom"', body([b"x"]), 400),
        (CONTENT_TYPE, b"no boundary here", 400),
        (CONTENT_TYPE, body([b"x"])[:-4], 400),
        (CONTENT_TYPE, body([]), 400),
        (CONTENT_TYPE, body([b"x"], head=""), 400),
        (CONTENT_TYPE, body([b"x"], head="Content-Type: text/plain\r\n"), 400),
        (CONTENT_TYPE, body([b"x"], head="Content-Type application/dicom\r\n"), 400),
    ],
)
def test_a_request_that_is_not_well_formed_stores_nothing(
    empty: OriginServer, content_type: str, content: bytes, status: int
) -> None:
    answer = ask(f"{empty.url}/studies", JSON, "POST", {"Content-Type": content_type}, content)
    assert answer.status == status


def test_the_body_may_be_chunked(empty: OriginServer, ct: bytes) -> None:
    content = body([ct])
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (content[:7], content[7:])) + b"0\r\n\r\n"
    headers = {"Content-Type": CONTENT_TYPE, "Transfer-Encoding": "chunked"}
    answer = ask(f"{empty.url}/studies", JSON, "POST", headers, chunks, announce_length=False)
    assert answer.status == 200
    assert len(empty.archive.all()) == 1


def test_a_dialect_may_give_its_account_in_xml(ct: bytes) -> None:
    with OriginServer(dialect=Dialect(store_response_type="application/dicom+xml")) as server:
        assert store(server, [ct], accept="*/*").content_type == "application/dicom+xml"
        assert store(server, [ct], accept=JSON).content_type == JSON
