"""Who a DICOM file says it is: compared with pydicom on real files, then on every way to be cut or damaged."""

import io
import random
import struct
import warnings
import zlib
from pathlib import Path

import pydicom
import pydicom.data
import pytest
from DICOMWebNodesLib.dicomweb.part10 import HEAD_LIMIT, Identity, read_identity
from DICOMWebNodesLib.dicomweb.part10_layouts import IdentityReader
from DICOMWebNodesLib.errors import MalformedInstance
from hypothesis import given
from hypothesis import strategies as st
from pydicom.errors import InvalidDicomError

IMPLICIT, EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"


def identity_by_pydicom(file):
    """None where pydicom takes it for no DICOM file, or where it is without the UIDs that make it an instance."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            data = pydicom.dcmread(io.BytesIO(file), stop_before_pixels=True)
        except InvalidDicomError:
            return None
    meta = data.file_meta
    instance = data.get("SOPInstanceUID") or meta.get("MediaStorageSOPInstanceUID")
    uids = (instance, meta.get("TransferSyntaxUID"))
    if not all(uids):
        return None
    texts = (meta.get("MediaStorageSOPClassUID"), *uids, data.get("StudyInstanceUID"), data.get("SeriesInstanceUID"))
    return Identity(*(str(text or "") for text in texts))


def identity_or_none(file, **options):
    try:
        return read_identity(file, **options)
    except MalformedInstance:
        return None


def shipped_with_pydicom():
    """Of the package itself: asking pydicom for them by name would download more."""
    root = Path(pydicom.data.__file__).parent
    files = (path for folder in ("test_files", "charset_files") for path in (root / folder).rglob("*"))
    return sorted(path for path in files if path.is_file() and path.suffix != ".py")


@pytest.mark.parametrize("path", shipped_with_pydicom(), ids=lambda path: path.name)
def test_every_file_that_pydicom_ships_is_read_as_pydicom_reads_it(path):
    file = path.read_bytes()
    assert identity_or_none(file, whole=True) == identity_by_pydicom(file)


def test_pydicom_ships_enough_files_for_this_to_mean_something():
    known = [identity_or_none(path.read_bytes(), whole=True) for path in shipped_with_pydicom()]
    assert sum(identity is not None for identity in known) > 100


def test_every_instance_of_a_clinical_series_is_read_as_pydicom_reads_it(mr_t1):
    files = [path.read_bytes() for path in mr_t1]
    assert len(files) > 100
    for file in files:
        assert read_identity(file[:4096]) == identity_by_pydicom(file)


# --- many files -----------------------------------------------------------------------------------------------------


def outcome(read, file, **options):
    try:
        return read(file, **options)
    except MalformedInstance as error:
        return str(error)


def test_a_reader_of_many_files_says_of_each_what_is_said_of_it_alone():
    reader = IdentityReader()
    files = [path.read_bytes() for path in shipped_with_pydicom()]
    for file in files + files[::-1]:
        assert outcome(reader.read, file, whole=True) == outcome(read_identity, file, whole=True)


def test_a_reader_that_has_seen_a_file_sees_every_damage_to_the_next_one():
    """Bytes that change, are missing or too many, anywhere up to the series: it is never taken for another instance."""
    random_numbers = random.Random(10)
    good = next(file for path in shipped_with_pydicom() if path.name == "CT_small.dcm" for file in [path.read_bytes()])
    reader = IdentityReader()
    assert reader.read(good) == reader.read(good) == read_identity(good)
    end = good.index(b"\x20\x00\x0e\x00") + 80
    for _ in range(5000):
        at = random_numbers.randrange(128, end)
        changed = bytes(random_numbers.randrange(256) for _ in range(random_numbers.randrange(4)))
        file = good[:at] + changed + good[at + random_numbers.randrange(4) :]
        file = file[: random_numbers.choice([len(file), at, at + 8])]
        assert outcome(reader.read, file) == outcome(read_identity, file)


# --- a file made of elements ----------------------------------------------------------------------------------------

LONG = {b"OB", b"OW", b"SQ", b"UN", b"UT"}
UNDEFINED = 0xFFFFFFFF


def element(tag, vr, value, syntax=EXPLICIT, length=None):
    order = ">" if syntax == BIG_ENDIAN else "<"
    length = len(value) if length is None else length
    head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
    if syntax == IMPLICIT:
        return head + struct.pack(order + "I", length) + value
    if vr in LONG:
        return head + vr + b"\0\0" + struct.pack(order + "I", length) + value
    return head + vr + struct.pack(order + "H", length) + value


def item(value, syntax=EXPLICIT, length=None):
    order = ">" if syntax == BIG_ENDIAN else "<"
    return struct.pack(order + "HHI", 0xFFFE, 0xE000, len(value) if length is None else length) + value


def delimiter(of, syntax=EXPLICIT):
    return struct.pack((">" if syntax == BIG_ENDIAN else "<") + "HHI", 0xFFFE, of, 0)


def meta(syntax, instance=b"1.2.3\0"):
    return (
        bytes(128)
        + b"DICM"
        + element(0x00020002, b"UI", b"1.9\0")
        + element(0x00020003, b"UI", instance)
        + element(0x00020010, b"UI", syntax.encode())
    )


def data_set(between=b"", syntax=EXPLICIT, instance=b"1.2.3\0"):
    return (
        element(0x00080016, b"UI", b"1.9\0", syntax)
        + (element(0x00080018, b"UI", instance, syntax) if instance else b"")
        + between
        + element(0x0020000D, b"UI", b"1.2 ", syntax)
        + element(0x0020000E, b"UI", b"1.2.1\0", syntax)
        + element(0x7FE00010, b"OW", bytes(range(256)), syntax)
    )


def nested(syntax, vr=b"SQ"):
    """A sequence of undefined length in which a data set with the UIDs of another instance is hidden."""
    inside = IMPLICIT if vr == b"UN" else syntax
    foreign = element(0x0020000D, b"UI", b"6.6.6\0", inside) + element(0x0020000E, b"UI", b"6.6.6\0", inside)
    undefined = item(foreign, inside, UNDEFINED) + delimiter(0xE00D, inside) + item(foreign, inside)
    deeper = element(0x00081199, vr, undefined, inside, UNDEFINED) + delimiter(0xE0DD, inside) + foreign
    whole = item(deeper, inside, UNDEFINED) + delimiter(0xE00D, inside) + item(foreign, inside)
    return element(0x00081115, vr, whole, syntax, UNDEFINED) + delimiter(0xE0DD, inside)


EXPECTED = Identity("1.9", "1.2.3", EXPLICIT, "1.2", "1.2.1")

FILES = {
    "explicit": (EXPLICIT, data_set(nested(EXPLICIT))),
    "explicit, sequence as UN": (EXPLICIT, data_set(nested(EXPLICIT, b"UN"))),
    "implicit": (IMPLICIT, data_set(nested(IMPLICIT), IMPLICIT)),
    "big endian": (BIG_ENDIAN, data_set(nested(BIG_ENDIAN), BIG_ENDIAN)),
    "says explicit and is implicit": (EXPLICIT, data_set(nested(IMPLICIT), IMPLICIT)),
    "says implicit and is explicit": (IMPLICIT, data_set(nested(EXPLICIT), EXPLICIT)),
    "unknown transfer syntax": ("1.2.3.4", data_set(nested(EXPLICIT))),
    "deflated": (DEFLATED, zlib.compress(data_set(nested(EXPLICIT)))[2:-4]),
    "defined length sequence": (EXPLICIT, data_set(element(0x00081115, b"SQ", item(data_set())))),
    "long private element": (EXPLICIT, data_set(element(0x00091010, b"OB", bytes(70_000)))),
}


@pytest.mark.parametrize(("syntax", "data"), FILES.values(), ids=FILES.keys())
def test_each_encoding_is_read_and_what_is_nested_is_not_mistaken_for_the_instance(syntax, data):
    expected = Identity("1.9", "1.2.3", syntax, "1.2", "1.2.1")
    assert read_identity(meta(syntax) + data) == expected
    assert read_identity(memoryview(meta(syntax) + data)) == expected


@pytest.mark.parametrize(("syntax", "data"), FILES.values(), ids=FILES.keys())
def test_however_much_of_the_file_has_come_the_identity_is_the_same_or_not_known_yet(syntax, data):
    file = meta(syntax) + data
    expected = read_identity(file)
    known = [read_identity(file[:size]) for size in range(min(len(file), 3000))]
    first = next((at for at, identity in enumerate(known) if identity is not None), len(known))
    assert set(known[:first]) <= {None}
    assert set(known[first:]) <= {expected}


@given(st.sampled_from(shipped_with_pydicom()), st.randoms(use_true_random=False))
def test_any_beginning_of_a_real_file_gives_its_identity_or_asks_for_more(path, rng):
    file = path.read_bytes()
    expected = identity_or_none(file, whole=True)
    size = rng.randrange(min(len(file), 5000) + 1)
    part = identity_or_none(file[:size])
    assert part is None or part == expected


def test_the_identity_is_known_before_the_pixels_have_come():
    file = meta(EXPLICIT) + data_set()
    assert read_identity(file[: -256 - 12]) == EXPECTED


def test_the_data_set_counts_where_an_anonymised_file_kept_the_old_uid_in_its_meta_information():
    identity = read_identity(meta(EXPLICIT, b"9.9.9\0") + data_set())
    assert identity.sop_instance_uid == "1.2.3"


@pytest.mark.parametrize("missing", [b"", b"\0\0", b"    "])
def test_the_meta_information_counts_where_the_data_set_has_no_uid(missing):
    assert read_identity(meta(EXPLICIT) + data_set(instance=missing)) == EXPECTED


def test_a_data_set_without_study_and_series_is_known_when_later_elements_come_or_the_file_ends():
    file = meta(EXPLICIT) + element(0x00080018, b"UI", b"1.2.3\0")
    known = Identity("1.9", "1.2.3", EXPLICIT)
    assert read_identity(file) is None
    assert read_identity(file, whole=True) == known
    assert read_identity(file + element(0x00280010, b"US", b"\1\0")) == known


def test_behind_the_limit_what_is_known_is_given():
    file = meta(EXPLICIT) + data_set(element(0x00091010, b"OB", bytes(HEAD_LIMIT)))
    assert read_identity(file[: HEAD_LIMIT - 1]) is None
    assert read_identity(file[:HEAD_LIMIT]) == Identity("1.9", "1.2.3", EXPLICIT)


def test_a_data_set_that_inflates_to_more_than_the_limit_is_not_inflated_further():
    data = data_set(element(0x00091010, b"OB", bytes(50 * HEAD_LIMIT)))
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    file = meta(DEFLATED) + compressor.compress(data) + compressor.flush()
    assert read_identity(file) == Identity("1.9", "1.2.3", DEFLATED)


# --- what is no instance --------------------------------------------------------------------------------------------

NO_INSTANCE = {
    "nothing": (b"", "“DICM” does not stand"),
    "a page": (b"<html>" * 100, "“DICM” does not stand"),
    "only a preamble": (bytes(128), "“DICM” does not stand"),
    "no preamble": (b"DICM" + bytes(500), "“DICM” does not stand"),
    "no meta information": (bytes(128) + b"DICM" + data_set(), "Transfer Syntax UID is ''"),
    "no instance UID": (meta(EXPLICIT, b"") + data_set(instance=b""), "SOP Instance UID is ''"),
    "a path for a UID": (meta(EXPLICIT) + data_set(instance=b"../../x\0"), "SOP Instance UID is '../../x'"),
    "a UID of many bytes": (meta(EXPLICIT) + data_set(instance=b"1" * 2000), "longer than a kilobyte"),
    "damaged deflate": (meta(DEFLATED) + b"\xff" * 100, "deflated data set is damaged"),
}


@pytest.mark.parametrize(("file", "reason"), NO_INSTANCE.values(), ids=NO_INSTANCE.keys())
def test_what_is_no_instance_is_refused_with_the_reason(file, reason):
    with pytest.raises(MalformedInstance) as refused:
        read_identity(file, whole=True)
    assert reason in str(refused.value)


def test_what_is_no_dicom_file_is_refused_as_soon_as_its_132_bytes_are_there():
    assert read_identity(b"<html>" * 20) is None
    with pytest.raises(MalformedInstance):
        read_identity(b"<html>" * 22)


def test_sequences_nested_sixty_thousand_deep_are_stepped_over():
    deep = b"".join(
        element(0x00081115, b"SQ", b"", EXPLICIT, UNDEFINED) + item(b"", EXPLICIT, UNDEFINED) for _ in range(30_000)
    )
    ends = (delimiter(0xE00D) + delimiter(0xE0DD)) * 30_000
    assert read_identity(meta(EXPLICIT) + data_set(deep + ends), whole=True) == EXPECTED


@given(st.binary(max_size=300), st.sampled_from([IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED]), st.booleans())
def test_any_bytes_behind_the_meta_information_raise_nothing_foreign(junk, syntax, whole):
    identity = identity_or_none(meta(syntax) + junk, whole=whole)
    assert identity is None or identity.transfer_syntax_uid == syntax


@given(st.sampled_from(sorted(FILES)), st.integers(0, 2**32))
def test_any_damage_to_a_file_raises_nothing_foreign(name, seed):
    rng = random.Random(seed)
    syntax, data = FILES[name]
    file = bytearray((meta(syntax) + data)[:2000])
    for _ in range(rng.randrange(1, 8)):
        file[rng.randrange(132, len(file))] = rng.choice([0, 1, 0xFF, 0xFE, rng.randrange(256)])
    identity_or_none(bytes(file))
    identity_or_none(bytes(file), whole=True)
