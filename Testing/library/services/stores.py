"""What the tests of STOW-RS share: instances, what a server says of them, and a store with somebody who listens."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional

from DICOMWebNodesLib.dicomweb.profile import Profile
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.store_outcome import StoreOutcome, StoreStatus, StoreSummary
from DICOMWebNodesLib.dicomweb.stow_rs import StowRS
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
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
