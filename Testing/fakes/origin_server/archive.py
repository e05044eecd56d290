"""The instances that the server holds: an index of DICOM files, which stay as they are."""

from __future__ import annotations

import hashlib
import re
import threading
import warnings
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, Mapping

import pydicom
from pydicom.errors import InvalidDicomError
from pydicom.uid import DeflatedExplicitVRLittleEndian

from .attributes import Attributes, to_json
from .messages import Refusal

_UID = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))*")
_CHUNK = 1 << 20
_DEFERRED = 64 * 1024


def is_uid(text: str) -> bool:
    """PS3.5 section 9.1."""
    return len(text) <= 64 and _UID.fullmatch(text) is not None


class NotAnInstance(Exception):
    """A file that cannot be served; ``failure_reason`` is the code of PS3.18 table I.2-2."""

    def __init__(self, why: str, failure_reason: int, sop_class_uid: str = "", sop_instance_uid: str = "") -> None:
        super().__init__(why)
        self.failure_reason = failure_reason
        self.sop_class_uid = sop_class_uid
        self.sop_instance_uid = sop_instance_uid


@dataclass(frozen=True)
class Instance:
    """One stored instance; ``url`` is where WADO-RS gives it."""

    path: Path
    size: int
    study_instance_uid: str
    series_instance_uid: str
    sop_instance_uid: str
    sop_class_uid: str
    transfer_syntax_uid: str
    url: str

    def chunks(self) -> Iterator[bytes]:
        """The file, byte for byte."""
        with self.path.open("rb") as file:
            yield from iter(lambda: file.read(_CHUNK), b"")

    def read(self) -> pydicom.Dataset:
        """The whole data set, freshly parsed."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # real files have small faults; what matters here is that they parse
            return pydicom.dcmread(self.path)

    @cached_property
    def attributes(self) -> Attributes:
        """Everything but bulk data, as DICOM JSON; long values stay on disk."""
        deflated = self.transfer_syntax_uid == DeflatedExplicitVRLittleEndian  # its values have no place in the file
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(self.path, defer_size=None if deflated else _DEFERRED)
            return to_json(dataset, f"{self.url}/bulkdata")


class Archive:
    """Instances by study, series and SOP Instance UID, in the order in which they came. Safe between threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._instances: Dict[str, Instance] = {}
        self._studies: Dict[str, Dict[str, List[Instance]]] = {}
        self._lock = threading.Lock()
        self.refused: Dict[Path, str] = {}

    def add_all(self, files: Iterable[Path]) -> None:
        """Add what can be served; the rest is in :attr:`refused` with the reason."""
        for file in files:
            self._add_or_note(file)

    def add(self, file: Path) -> Instance:
        """Index one file. The same bytes again are no change; other bytes under a known UID are refused."""
        instance = self.identify(file)
        with self._lock:
            known = self._instances.setdefault(instance.sop_instance_uid, instance)
            if known is instance:
                study = self._studies.setdefault(instance.study_instance_uid, {})
                study.setdefault(instance.series_instance_uid, []).append(instance)
        if known is not instance and _digest(known.path) != _digest(file):
            why = f"another instance has its SOP Instance UID: {known.path.name}"
            raise NotAnInstance(why, 0x0111, instance.sop_class_uid, instance.sop_instance_uid)
        return known

    def _add_or_note(self, file: Path) -> None:
        try:
            self.add(file)
        except NotAnInstance as problem:
            self.refused[file] = str(problem)

    def select(self, study: str = "", series: str = "", instance: str = "") -> List[Instance]:
        """The instances of a resource; 400 for what is no UID, 404 for what is not there."""
        for uid in (study, series, instance):
            if uid and not is_uid(uid):
                raise Refusal(400, f"not a UID: {uid!r}")
        with self._lock:
            found = self._in_series(study, series) if series else self._in_study(study)
        found = [one for one in found if not instance or one.sop_instance_uid == instance]
        if not found:
            raise Refusal(404, f"there is no such resource: {'/'.join(filter(None, (study, series, instance)))}")
        return found

    def all(self) -> List[Instance]:
        with self._lock:
            return list(self._instances.values())

    def by_series(self) -> Dict[str, Dict[str, List[Instance]]]:
        """A copy of the index: study, series, instances."""
        with self._lock:
            return {study: {uid: list(series) for uid, series in held.items()} for study, held in self._studies.items()}

    def _in_study(self, study: str) -> List[Instance]:
        return [instance for series in self._studies.get(study, {}).values() for instance in series]

    def _in_series(self, study: str, series: str) -> List[Instance]:
        return list(self._studies.get(study, {}).get(series, ()))

    def identify(self, file: Path) -> Instance:
        try:
            stat = file.stat()
            header = _header(file, stat.st_size, stat.st_mtime_ns)
        except (InvalidDicomError, OSError, EOFError, ValueError, KeyError, NotImplementedError) as problem:
            raise NotAnInstance(f"not a DICOM file (PS3.10): {problem}", 0xC000) from None
        uids = {name: str(header.get(keyword, "")) for name, keyword in _IDENTITY.items()}
        meta = header.file_meta
        self._check(uids, meta)
        url = "{}/studies/{study_instance_uid}/series/{series_instance_uid}/instances/{sop_instance_uid}"
        return Instance(
            path=file,
            size=stat.st_size,
            transfer_syntax_uid=str(meta.TransferSyntaxUID),
            url=url.format(self.url, **uids),
            **uids,
        )

    def _check(self, uids: Mapping[str, str], meta: pydicom.Dataset) -> None:
        identity = (uids["sop_class_uid"], uids["sop_instance_uid"])
        for name, uid in uids.items():
            if not is_uid(uid):
                raise NotAnInstance(f"{name} is not a UID: {uid!r}", 0xA900, *identity)
        if "TransferSyntaxUID" not in meta:
            raise NotAnInstance("the file meta information has no transfer syntax", 0xC000, *identity)
        if meta.get("MediaStorageSOPInstanceUID") != uids["sop_instance_uid"]:
            raise NotAnInstance("the file meta information names another instance", 0xA900, *identity)


_IDENTITY = {
    "study_instance_uid": "StudyInstanceUID",
    "series_instance_uid": "SeriesInstanceUID",
    "sop_instance_uid": "SOPInstanceUID",
    "sop_class_uid": "SOPClassUID",
}


@lru_cache(maxsize=4096)
def _header(file: Path, size: int, changed: int) -> pydicom.Dataset:
    """What identifies the instance in a file that is as it was then: many servers of one run hold the same files."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(file, stop_before_pixels=True, specific_tags=list(_IDENTITY.values()))


def _digest(file: Path) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()
