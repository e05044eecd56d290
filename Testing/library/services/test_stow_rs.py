"""Stores: what is sent, and how every file is accounted for whatever the server does."""

from __future__ import annotations

import json
import os
import re
import struct
import tracemalloc
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, List, Optional, Set

import pytest
from DICOMWebNodesLib.dicomweb.profile import Profile
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.store_outcome import StoreOutcome, StoreStatus, StoreSummary
from DICOMWebNodesLib.dicomweb.stow_rs import StowRS
from DICOMWebNodesLib.errors import (
    Cancelled,
    ConnectionLost,
    ConnectionRefused,
    Forbidden,
    InvalidUID,
    NotDICOMweb,
    ResponseError,
    ServerError,
    Unauthorized,
)
from DICOMWebNodesLib.nodes.node import Node, ServiceType
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

STUDY, SERIES, CT = "1.2.1", "1.2.1.1", "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"


def element(group: int, number: int, vr: str, value: bytes) -> bytes:
    padded = value + (b" " if vr != "UI" else b"\0") * (len(value) % 2)
    return struct.pack("<HH2sH", group, number, vr.encode(), len(padded)) + padded


def instance(uid: str, study: str = STUDY, sop_class: str = CT) -> bytes:
    meta = b"".join(
        element(2, number, "UI", text.encode()) for number, text in ((2, sop_class), (3, uid), (16, EXPLICIT))
    )
    attributes = ((8, 0x16, sop_class), (8, 0x18, uid), (0x20, 0xD, study), (0x20, 0xE, f"{study}.1"))
    data = b"".join(element(group, number, "UI", text.encode()) for group, number, text in attributes)
    length = element(2, 0, "UL", struct.pack("<I", len(meta)))
    return bytes(128) + b"DICM" + length + meta + data + element(0x20, 0x4000, "LT", b"the rest of it " * 10)


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., List[Path]]:
    """Files with the instances 1.2.1.1.N, for each number."""

    def files(*numbers: int, **options: str) -> List[Path]:
        paths = [tmp_path / f"{number}.dcm" for number in numbers]
        for path, number in zip(paths, numbers):
            path.write_bytes(instance(f"{SERIES}.{number}", **options))
        return paths

    return files


def uids_in(request: Request) -> List[str]:
    """The instances of a request in their order, by what their data sets say."""
    found = re.findall(rb"\x08\x00\x18\x00UI..([0-9.]+)", request.body, re.DOTALL)
    return [uid.decode() for uid in found]


def numbers_in(request: Request) -> List[int]:
    return [int(uid.rpartition(".")[2]) for uid in uids_in(request)]


def account(
    stored: Iterable[str] = (), failed: Optional[Dict[str, int]] = None, warned: Optional[Dict[str, int]] = None
) -> Dict[str, Any]:
    def entry(uid: str, tag: str = "", code: int = 0) -> Dict[str, Any]:
        reason = {tag: {"vr": "US", "Value": [code]}} if tag else {}
        return {"00081155": {"vr": "UI", "Value": [uid]}, **reason}

    references = [*map(entry, stored), *(entry(uid, "00081196", code) for uid, code in (warned or {}).items())]
    failures = [entry(uid, "00081197", code) for uid, code in (failed or {}).items()]
    return {"00081199": {"vr": "SQ", "Value": references}, "00081198": {"vr": "SQ", "Value": failures}}


def accepts_all(request: Request) -> Reply:
    return json_reply(account(uids_in(request)))


def store(server: ScriptedServer, files: Iterable[Path], **options: Any) -> StoreSummary:
    """At a node that stores, and nothing else."""
    return _store(Node("Scripted", server.url, ServiceType.STOW_RS), files, **options)


def store_and_search(server: ScriptedServer, files: Iterable[Path], **options: Any) -> StoreSummary:
    return _store(Node("Scripted", server.url), files, **options)


def _store(node: Node, files: Iterable[Path], **options: Any) -> StoreSummary:
    session = Session(node, profile=Profile("scripted", "Scripted"), wait=lambda seconds: None)
    return StowRS(session).store(files, **options)


class Outcomes(List[StoreOutcome]):
    """Listens to a store."""

    def __call__(self, outcome: StoreOutcome) -> None:
        self.append(outcome)

    def by_name(self) -> Dict[str, StoreStatus]:
        return {outcome.path.name: outcome.status for outcome in self}


# --- what is sent ----------------------------------------------------------------------------------------------------


def test_a_file_is_sent_as_it_is_in_one_part(make: Callable[..., List[Path]]) -> None:
    (path,) = make(1)
    with ScriptedServer(accepts_all) as server:
        summary = store(server, [path])
    (request,) = server.requests
    content_type = re.fullmatch(
        r'multipart/related; type="application/dicom"; boundary=(\w+)', request.headers["content-type"]
    )
    assert content_type is not None
    boundary = content_type.group(1).encode()
    head = b"--%b\r\nContent-Type: application/dicom\r\n\r\n" % boundary
    assert request.body == head + path.read_bytes() + b"\r\n--%b--\r\n" % boundary
    assert (request.method, request.path) == ("POST", "/dicom-web/studies")
    assert request.headers["accept"] == "application/dicom+json"
    assert request.headers["content-length"] == str(request.length)
    assert (summary.stored, summary.complete, summary.bytes) == (1, True, path.stat().st_size)


def test_instances_go_into_the_study_that_is_named(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer(accepts_all) as server:
        store(server, make(1), study_instance_uid=STUDY)
    assert server.requests[0].path == f"/dicom-web/studies/{STUDY}"


def test_a_study_that_is_no_uid_is_refused(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer([]) as server, pytest.raises(InvalidUID):
        store(server, make(1), study_instance_uid="../studies")


def test_instances_of_another_study_are_not_sent(make: Callable[..., List[Path]], tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(instance("7.7", study="7"))
    outcomes = Outcomes()
    with ScriptedServer(accepts_all) as server:
        summary = store(server, [other, *make(1)], study_instance_uid=STUDY, on_outcome=outcomes)
    assert [numbers_in(request) for request in server.requests] == [[1]]
    assert (summary.stored, summary.failed) == (1, 1)
    assert outcomes[0].reason == "it belongs to another study, 7"
    assert outcomes[0].sop_instance_uid == "7.7"


def test_files_that_are_no_dicom_are_told_and_not_sent(make: Callable[..., List[Path]], tmp_path: Path) -> None:
    readme, empty, index = tmp_path / "README", tmp_path / "empty", tmp_path / "DICOMDIR"
    readme.write_bytes(b"text " * 100)
    empty.write_bytes(b"")
    index.write_bytes(instance("9.9", sop_class="1.2.840.10008.1.3.10"))
    outcomes = Outcomes()
    with ScriptedServer(accepts_all) as server:
        summary = store(server, [readme, empty, *make(1), index], on_outcome=outcomes)
    assert len(server.requests) == 1
    assert (summary.stored, summary.not_dicom, summary.complete) == (1, 3, True)
    reasons = {outcome.path.name: outcome.reason for outcome in outcomes}
    assert reasons["README"] == reasons["empty"] == "it is not a DICOM file (PS3.10)"
    assert reasons["DICOMDIR"] == "it is a DICOMDIR, an index of instances"


def test_damaged_and_unreadable_files_fail_with_the_reason(make: Callable[..., List[Path]], tmp_path: Path) -> None:
    cut, missing, folder = tmp_path / "cut", tmp_path / "missing", tmp_path / "folder"
    cut.write_bytes(instance("1.2")[:200])
    folder.mkdir()
    outcomes = Outcomes()
    with ScriptedServer(accepts_all) as server:
        summary = store(server, [cut, missing, folder, *make(1)], on_outcome=outcomes)
    assert (summary.stored, summary.failed, summary.complete) == (1, 3, False)
    reasons = [failure.reason for failure in summary.failures]
    assert "UID" in reasons[0]
    assert reasons[1] == "it cannot be read: No such file or directory"
    assert reasons[2] == "it cannot be read: Is a directory"


def test_nothing_is_sent_when_there_is_nothing_to_send() -> None:
    with ScriptedServer([]) as server:
        assert store(server, []) == StoreSummary()


# --- batches --------------------------------------------------------------------------------------------------------


def test_a_server_is_tried_with_one_instance_and_then_given_twice_as_many(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer(accepts_all) as server:
        summary = store(server, make(*range(12)))
    assert [len(uids_in(request)) for request in server.requests] == [1, 2, 4, 5]
    assert summary.stored == 12


def test_a_batch_holds_no_more_bytes_than_it_may_but_always_one_file(make: Callable[..., List[Path]]) -> None:
    files = make(*range(7))
    size = files[0].stat().st_size
    with ScriptedServer(accepts_all) as server:
        store(server, files, batch_bytes=2 * size)
        assert [len(uids_in(request)) for request in server.requests] == [1, 2, 2, 2]
        store(server, files[:2], batch_bytes=size // 2)
        assert [len(uids_in(request)) for request in server.requests[4:]] == [1, 1]


def test_copies_of_one_instance_go_into_different_requests(make: Callable[..., List[Path]], tmp_path: Path) -> None:
    copies = [tmp_path / f"copy{number}" for number in range(3)]
    for copy in copies:
        copy.write_bytes(instance(f"{SERIES}.5"))
    with ScriptedServer(accepts_all) as server:
        summary = store(server, [*make(1), *copies])
    assert [numbers_in(request) for request in server.requests] == [[1], [5], [5], [5]]
    assert summary.stored == 4


def test_files_are_taken_as_they_come(make: Callable[..., List[Path]]) -> None:
    files = make(*range(4))
    taken: List[int] = []

    def endless() -> Iterable[Path]:
        for number, file in enumerate(files):
            taken.append(number)
            yield file

    taken_at_request: List[int] = []

    def answer(request: Request) -> Reply:
        taken_at_request.append(len(taken))
        return accepts_all(request)

    with ScriptedServer(answer) as server:
        store(server, endless())
    assert taken_at_request == [2, 4, 4]  # one file ahead shows that a batch is full


def test_a_request_that_is_too_large_is_divided_and_the_next_ones_are_smaller(make: Callable[..., List[Path]]) -> None:
    files = make(*range(12))
    limit = 3 * files[0].stat().st_size

    def answer(request: Request) -> Reply:
        return Reply(status=413) if request.length > limit else accepts_all(request)

    with ScriptedServer(answer) as server:
        summary = store(server, files)
    assert summary.stored == 12
    assert [len(uids_in(request)) for request in server.requests] == [1, 2, 4, 2, 2, 2, 2, 1]


def test_a_server_that_refuses_everything_is_sent_each_instance_once(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer(lambda request: Reply(b"no", 400)) as server:
        summary = store(server, make(*range(9)))
    assert [numbers_in(request) for request in server.requests] == [[number] for number in range(9)]
    assert (summary.failed, summary.stored) == (9, 0)


# --- the account -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 202, 400, 409])
def test_the_account_counts_and_not_the_status(make: Callable[..., List[Path]], status: int) -> None:
    def answer(request: Request) -> Reply:
        uids = uids_in(request)
        return json_reply(
            account(
                [uid for uid in uids if uid.endswith(".1")],
                {uid: 0x0110 for uid in uids if uid.endswith(".2")},
                {uid: 0xB000 for uid in uids if uid.endswith(".3")},
            ),
            status,
        )

    outcomes = Outcomes()
    with ScriptedServer(answer) as server:
        summary = store(server, make(1, 2, 3), on_outcome=outcomes)
    assert outcomes.by_name() == {
        "1.dcm": StoreStatus.STORED,
        "2.dcm": StoreStatus.FAILED,
        "3.dcm": StoreStatus.STORED_WITH_WARNING,
    }
    assert outcomes[1].reason == "the server could not process it (reason 0110H)"
    assert outcomes[1].code == 0x0110
    assert outcomes[2].reason == "the server changed attributes of it (reason B000H)"
    assert summary.failures == (outcomes[1],)
    assert not summary.complete
    assert len(server.requests) == 2


@pytest.mark.parametrize("code", [0x0111, 45070])
def test_a_duplicate_is_there_already(make: Callable[..., List[Path]], code: int) -> None:
    (path,) = make(1)
    with ScriptedServer([json_reply(account(failed={f"{SERIES}.1": code}), 409)]) as server:
        summary = store(server, [path])
    assert (summary.already_there, summary.failed, summary.complete) == (1, 0, True)
    assert summary.bytes == path.stat().st_size


def test_an_account_in_xml_is_read(make: Callable[..., List[Path]]) -> None:
    xml = (
        '<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM"><DicomAttribute tag="00081199"'
        ' vr="SQ"><Item number="1"><DicomAttribute tag="00081155" vr="UI"><Value number="1">1.2.1.1.1</Value>'
        "</DicomAttribute></Item></DicomAttribute></NativeDicomModel>"
    )
    with ScriptedServer([Reply(xml.encode(), headers={"Content-Type": "application/dicom+xml"})]) as server:
        assert store(server, make(1)).stored == 1


def test_good_instances_are_found_in_a_batch_that_is_refused_without_account(make: Callable[..., List[Path]]) -> None:
    bad = {9, 10, 14}
    at_the_server: Set[int] = set()

    def answer(request: Request) -> Reply:
        numbers = set(numbers_in(request))
        if numbers & bad:
            return Reply(b'{"message": "one of them is bad"}', 400, {"Content-Type": "text/plain"})
        at_the_server.update(numbers)
        return accepts_all(request)

    with ScriptedServer(answer) as server:
        summary = store(server, make(*range(15)))
    assert at_the_server == set(range(15)) - bad
    assert (summary.stored, summary.failed) == (12, 3)
    assert {failure.path.name for failure in summary.failures} == {"9.dcm", "10.dcm", "14.dcm"}
    assert summary.failures[0].reason == "the server answered 400 Bad Request (“one of them is bad”)"


def test_what_an_error_leaves_open_is_sent_again(make: Callable[..., List[Path]]) -> None:
    """As Orthanc, which stops at the first bad instance and answers 400 with an account of those before it."""

    def answer(request: Request) -> Reply:
        uids = uids_in(request)
        bad = next((index for index, uid in enumerate(uids) if uid.endswith(".4")), None)
        return json_reply(account(uids[:bad]), 200 if bad is None else 400)

    with ScriptedServer(answer) as server:
        summary = store(server, make(*range(7)))
    assert [numbers_in(request) for request in server.requests] == [[0], [1, 2], [3, 4, 5, 6], [4, 5, 6], [4], [5, 6]]
    assert (summary.stored, summary.failed) == (6, 1)
    assert summary.failures[0].reason == "the server answered 400 Bad Request"


def test_instances_that_the_server_could_not_identify_have_its_reason(make: Callable[..., List[Path]]) -> None:
    content = {"0008119A": {"vr": "SQ", "Value": [{"00081197": {"vr": "US", "Value": [0xC000]}}]}}
    with ScriptedServer([json_reply(content, 409)]) as server:
        summary = store(server, make(1))
    assert (summary.failures[0].reason, summary.failures[0].code) == (
        "the server does not understand the data set (reason C000H)",
        0xC000,
    )


# --- success without account ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", [b"", b"{}", b'{"00081199": {"vr": "SQ"}, "00081198": {"vr": "SQ"}}', b"OK"])
def test_a_success_without_account_is_not_believed(make: Callable[..., List[Path]], empty: bytes) -> None:
    with ScriptedServer([Reply(empty)]) as server:
        summary = store(server, make(1))
    assert (summary.unconfirmed, summary.stored, summary.complete) == (1, 0, False)
    assert summary.failures[0].status is StoreStatus.UNCONFIRMED
    assert "the server answered 200 OK" in summary.failures[0].reason
    assert summary.failures[0].reason.endswith("and did not say what it stored")


def test_a_success_without_account_is_looked_up_where_the_node_can_be_searched(
    make: Callable[..., List[Path]],
) -> None:
    def answer(request: Request) -> Reply:
        if request.method == "POST":
            return Reply()
        return json_reply([] if "offset" in request.query else [{"00080018": {"vr": "UI", "Value": [f"{SERIES}.1"]}}])

    outcomes = Outcomes()
    with ScriptedServer(answer) as server:
        store_and_search(server, make(1, 2), on_outcome=outcomes)
    assert outcomes.by_name() == {"1.dcm": StoreStatus.STORED, "2.dcm": StoreStatus.UNCONFIRMED}
    assert server.requests[1].path == f"/dicom-web/studies/{STUDY}/series/{SERIES}/instances"
    assert server.requests[1].query == f"SOPInstanceUID={SERIES}.1&limit=100"


def test_a_look_up_that_fails_confirms_nothing(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer(lambda request: Reply(status=200 if request.method == "POST" else 404)) as server:
        summary = store_and_search(server, make(1))
    assert summary.unconfirmed == 1


# --- the service fails ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Unauthorized), (403, Forbidden), (404, ResponseError), (415, ResponseError), (507, ServerError)],
)
def test_a_service_that_fails_ends_the_store(make: Callable[..., List[Path]], status: int, error: type) -> None:
    outcomes = Outcomes()
    with ScriptedServer([accepts_all, Reply(status=status)]) as server, pytest.raises(error) as caught:
        store(server, make(1, 2, 3), on_outcome=outcomes)
    assert str(caught.value).startswith(f"Scripted: could not store 2 instances: the server answered {status}")
    assert outcomes.by_name() == {"1.dcm": StoreStatus.STORED}


def test_a_web_page_is_no_account(make: Callable[..., List[Path]]) -> None:
    page = Reply(b"<html><title>Sign in</title></html>", headers={"Content-Type": "text/html"})
    with ScriptedServer([page]) as server, pytest.raises(NotDICOMweb, match="Sign in"):
        store(server, make(1))


def test_a_busy_server_is_sent_the_same_again(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer([Reply(status=503, headers={"Retry-After": "1"}), accepts_all]) as server:
        assert store(server, make(1)).stored == 1
    assert server.requests[0].body == server.requests[1].body
    assert [numbers_in(request) for request in server.requests] == [[1], [1]]


def test_a_lost_connection_is_tried_again(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer([accepts_all, Reply(silent=True), accepts_all]) as server:
        assert store(server, make(1, 2)).stored == 2


def test_an_instance_that_kills_the_connection_fails_and_the_others_arrive(make: Callable[..., List[Path]]) -> None:
    def answer(request: Request) -> Reply:
        if request.method == "GET":
            return json_reply([])
        return Reply(silent=True) if 4 in numbers_in(request) else accepts_all(request)

    with ScriptedServer(answer) as server:
        summary = store_and_search(server, make(*range(7)))
    assert (summary.stored, summary.failed) == (6, 1)
    assert "closed the connection" in summary.failures[0].reason


@pytest.mark.parametrize(
    ("ask", "search"),
    [(store, Reply()), (store_and_search, Reply(status=404))],
    ids=["no search", "a search that fails"],
)
def test_an_instance_whose_answer_is_lost_may_have_arrived_where_nothing_can_tell(
    make: Callable[..., List[Path]], ask: Callable[..., StoreSummary], search: Reply
) -> None:
    def answer(request: Request) -> Reply:
        if request.method == "GET":
            return search
        return Reply(silent=True) if 1 in numbers_in(request) else accepts_all(request)

    with ScriptedServer(answer) as server:
        summary = ask(server, make(1, 2))
    assert (summary.stored, summary.unconfirmed, summary.failed) == (1, 1, 0)
    assert "closed the connection" in summary.failures[0].reason


def test_of_a_batch_whose_answer_is_lost_only_what_did_not_arrive_is_sent_again(
    make: Callable[..., List[Path]],
) -> None:
    at_the_server: List[str] = []

    def answer(request: Request) -> Reply:
        if request.method == "GET":
            return json_reply(
                [] if "offset" in request.query else [{"00080018": {"Value": [u]}} for u in at_the_server]
            )
        arrived = uids_in(request)[:2]
        at_the_server.extend(arrived)
        return json_reply(account(arrived)) if len(uids_in(request)) < 3 else Reply(silent=True)

    with ScriptedServer(answer) as server:
        summary = store_and_search(server, make(*range(7)))
    sent = [numbers_in(request) for request in server.requests if request.method == "POST"]
    assert sent == [[0], [1, 2], [3, 4, 5, 6], [5, 6]]
    assert (summary.stored, summary.complete) == (7, True)


def test_what_was_under_way_when_the_store_was_cancelled_is_unknown(make: Callable[..., List[Path]]) -> None:
    files, outcomes = make(1, 2), Outcomes()

    with ScriptedServer(lambda request: cancel(request)) as server:
        session = Session(Node("Scripted", server.url), wait=lambda seconds: None)

        def cancel(request: Request) -> Reply:
            if numbers_in(request) == [1]:
                return accepts_all(request)
            session.abort()
            return Reply(silent=True)

        with pytest.raises(Cancelled):
            StowRS(session).store(files, on_outcome=outcomes)
    assert outcomes.by_name() == {"1.dcm": StoreStatus.STORED, "2.dcm": StoreStatus.UNCONFIRMED}


def test_an_instance_that_arrived_although_the_answer_was_lost_is_found(make: Callable[..., List[Path]]) -> None:
    def answer(request: Request) -> Reply:
        if request.method == "POST":
            return Reply(silent=True)
        return json_reply([] if "offset" in request.query else [{"00080018": {"vr": "UI", "Value": [f"{SERIES}.1"]}}])

    with ScriptedServer(answer) as server:
        assert store_and_search(server, make(1)).stored == 1


def test_a_gateway_that_gives_up_is_sent_less(make: Callable[..., List[Path]]) -> None:
    def answer(request: Request) -> Reply:
        return Reply(status=504) if len(uids_in(request)) > 2 else accepts_all(request)

    with ScriptedServer(answer) as server:
        assert store(server, make(*range(9))).stored == 9


@pytest.mark.parametrize(("reply", "error"), [(Reply(silent=True), ConnectionLost), (Reply(status=502), ServerError)])
def test_a_connection_that_is_always_lost_ends_the_store(
    make: Callable[..., List[Path]], reply: Reply, error: type
) -> None:
    with ScriptedServer(lambda request: reply) as server, pytest.raises(error):
        store(server, make(*range(40)))
    assert len(server.requests) < 50


def test_a_server_that_is_gone_ends_the_store(make: Callable[..., List[Path]]) -> None:
    with ScriptedServer([]) as server:
        url = server.url
    with pytest.raises(ConnectionRefused, match="nothing listens"):
        StowRS(Session(Node("Gone", url))).store(make(1))


# --- files that change, progress, memory ------------------------------------------------------------------------------


def test_a_file_that_changes_while_others_are_sent_fails_alone(make: Callable[..., List[Path]]) -> None:
    files = make(*range(4))

    def answer(request: Request) -> Reply:
        if numbers_in(request) == [0]:
            files[1].write_bytes(b"something else, after it was recognised")
        return accepts_all(request)

    with ScriptedServer(answer) as server:
        summary = store(server, files)
    assert (summary.stored, summary.failed) == (3, 1)
    assert summary.failures[0].reason == f"{files[1]} changed while it was sent"


def test_progress_grows_to_the_size_of_all_files(make: Callable[..., List[Path]]) -> None:
    files = make(*range(5))
    told: List[int] = []
    with ScriptedServer(accepts_all) as server:
        store(server, files, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == sum(file.stat().st_size for file in files)


def test_a_summary_accounts_for_every_file_in_json(make: Callable[..., List[Path]], tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("hello")
    with ScriptedServer([json_reply(account(failed={f"{SERIES}.1": 0xA700}), 409)]) as server:
        summary = store(server, [*make(1), note])
    assert json.loads(json.dumps(summary.as_dict())) == {
        "complete": False,
        "stored": 0,
        "stored_with_warning": 0,
        "already_there": 0,
        "unconfirmed": 0,
        "failed": 1,
        "not_dicom": 1,
        "bytes": 0,
        "failures": [
            {
                "path": str(tmp_path / "1.dcm"),
                "status": "failed",
                "reason": "the server is out of resources (reason A700H)",
                "code": 0xA700,
                "study_instance_uid": STUDY,
                "series_instance_uid": SERIES,
                "sop_instance_uid": f"{SERIES}.1",
            }
        ],
    }


def test_a_request_body_is_never_in_memory(tmp_path: Path) -> None:
    huge = tmp_path / "huge.dcm"
    huge.write_bytes(instance(f"{SERIES}.1"))
    os.truncate(huge, 256 << 20)  # sparse: no disk is needed either
    with ScriptedServer(accepts_all, keep=4096) as server:
        tracemalloc.start()
        try:
            summary = store(server, [huge])
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert summary.stored == 1
    assert server.requests[0].length > 256 << 20
    assert peak < 8 << 20


def test_a_server_that_refuses_before_it_has_read_is_heard(tmp_path: Path) -> None:
    huge = tmp_path / "huge.dcm"
    huge.write_bytes(instance(f"{SERIES}.1"))
    os.truncate(huge, 64 << 20)
    with ScriptedServer([Reply(status=413, early=True)]) as server:
        summary = store(server, [huge])
    assert summary.failed == 1
    assert summary.failures[0].reason.startswith("the server answered 413 ")  # Pythons differ in the words for it


def test_secrets_that_a_server_echoes_are_not_in_the_reason(make: Callable[..., List[Path]]) -> None:
    def echo(request: Request) -> Reply:
        return Reply(f"no store with {request.headers['x-api-key']}".encode(), 400)

    with ScriptedServer(echo) as server:
        node = Node("Scripted", server.url, ServiceType.STOW_RS, headers=(("X-Api-Key", "hush-hush"),))
        summary = StowRS(Session(node)).store(make(1))
    assert "no store with ***" in summary.failures[0].reason
    assert "hush" not in repr(summary)
