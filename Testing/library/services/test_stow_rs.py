"""What a store sends, in which batches, and what it costs."""

from __future__ import annotations

import json
import os
import re
import tracemalloc
from pathlib import Path
from typing import Callable, Iterable, List

import pytest
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.store_outcome import StoreSummary
from DICOMWebNodesLib.dicomweb.stow_rs import StowRS
from DICOMWebNodesLib.errors import InvalidUID
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

from .stores import (
    SERIES,
    STUDY,
    Outcomes,
    accepts_all,
    account,
    instance,
    numbers_in,
    store,
    uids_in,
)

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
