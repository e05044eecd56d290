"""Every file of a store is accounted for by what the server says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, List, Set

import pytest
from DICOMWebNodesLib.dicomweb.store_outcome import StoreStatus
from fakes.scripted_server import Reply, Request, ScriptedServer, json_reply

from .stores import (
    SERIES,
    STUDY,
    Outcomes,
    accepts_all,
    account,
    numbers_in,
    store,
    store_and_search,
    uids_in,
)

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
