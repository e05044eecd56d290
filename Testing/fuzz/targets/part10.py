"""The reader of an instance's identity: however much has come, it is the same identity or none yet. And whether it came
to its end is the same in one piece, in many, and on the disk."""

from __future__ import annotations

import io
import random
from typing import Optional

from DICOMWebNodesLib.dicomweb.part10 import Identity, ends_with_a_value, read_identity
from DICOMWebNodesLib.dicomweb.uid import is_uid
from DICOMWebNodesLib.dicomweb.whole_file import WholeFile, is_whole_file
from DICOMWebNodesLib.errors import MalformedInstance

_REFUSED = Identity("", "", "")
_DEFLATED = b"1.2.840.10008.1.2.1.99"


def check(data: bytes, rng: random.Random) -> None:
    identity = _identity(data)
    for _ in range(5):
        beginning = _identity(data[: rng.randrange(len(data) + 1)])
        # what is deflated can turn out to be damaged behind the identity
        assert beginning in (None, identity) or (identity is _REFUSED and _DEFLATED in data)
    whole = _identity(data, whole=True)
    assert whole is not None
    assert identity in (None, whole)
    if whole is not _REFUSED:
        assert is_uid(whole.sop_instance_uid)
        assert is_uid(whole.transfer_syntax_uid)
        assert all(uid == "" or is_uid(uid) for uid in (whole.study_instance_uid, whole.series_instance_uid))
    whole_file = WholeFile()
    whole_file.feed(data)
    assert is_whole_file(io.BytesIO(data)) == whole_file.ends_here
    ends_with_a_value(data)


def _identity(data: bytes, *, whole: bool = False) -> Optional[Identity]:
    try:
        return read_identity(data, whole=whole)
    except MalformedInstance:
        return _REFUSED
