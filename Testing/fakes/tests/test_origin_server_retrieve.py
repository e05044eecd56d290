"""WADO-RS of the origin server: the bytes of the files and their metadata, in the forms that were asked for."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Dict

import numpy
import pydicom
import pytest
from fakes.origin_server import Dialect, OriginServer
from fakes.origin_server.archive import Instance
from fakes.raw_client import ask

EXPLICIT = "1.2.840.10008.1.2.1"
MULTIPART = 'multipart/related; type="application/dicom"'
AS_STORED = f"{MULTIPART}; transfer-syntax=*"
SINGLE_AS_STORED = "application/dicom; transfer-syntax=*"


@pytest.fixture(scope="session")
def study(server: OriginServer) -> Dict[str, Instance]:
    """The instances of the study with the most series, by their URL."""
    studies = server.archive.by_series()
    uid = max(studies, key=lambda one: len(studies[one]))
    return {instance.url: instance for series in studies[uid].values() for instance in series}


def test_a_study_comes_as_its_files_byte_for_byte_each_with_its_place(
    server: OriginServer, study: Dict[str, Instance]
) -> None:
    one = next(iter(study.values()))
    answer = ask(f"{server.url}/studies/{one.study_instance_uid}", AS_STORED)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith('multipart/related; type="application/dicom"; boundary=')
    assert answer.parts == {url: instance.path.read_bytes() for url, instance in study.items()}


def test_a_series_comes_with_its_own_instances_only(server: OriginServer, study: Dict[str, Instance]) -> None:
    one = next(iter(study.values()))
    path = f"/studies/{one.study_instance_uid}/series/{one.series_instance_uid}"
    in_series = {url for url, instance in study.items() if instance.series_instance_uid == one.series_instance_uid}
    assert set(ask(server.url + path, AS_STORED).parts) == in_series
    assert len(in_series) < len(study)


def test_every_instance_comes_in_both_forms_as_it_is_stored(instances: Dict[str, Instance]) -> None:
    for instance in instances.values():
        content = instance.path.read_bytes()
        single = ask(instance.url, SINGLE_AS_STORED)
        assert single.content == content
        assert single.headers["Content-Type"] == f"application/dicom; transfer-syntax={instance.transfer_syntax_uid}"
        multipart = ask(instance.url, AS_STORED)
        assert list(multipart.parts.values()) == [content]


@pytest.mark.parametrize("name", ["J2K_pixelrep_mismatch.dcm", "SC_rgb_jpeg_gdcm.dcm", "ExplVR_BigEnd.dcm"])
def test_what_cannot_be_given_in_an_acceptable_transfer_syntax_is_not_acceptable(
    instances: Dict[str, Instance], name: str
) -> None:
    assert ask(instances[name].url, MULTIPART).status == 406
    assert ask(instances[name].url, f"{MULTIPART}, {AS_STORED}").status == 200


@pytest.mark.filterwarnings("ignore:Expected explicit VR")  # a fault of one of the files
def test_without_a_transfer_syntax_explicit_little_endian_is_meant(instances: Dict[str, Instance]) -> None:
    for name in ("MR_small.dcm", "rtdose_rle.dcm", "image_dfl.dcm", "SC_rgb_jpeg.dcm"):
        instance = instances[name]
        answer = ask(instance.url, "application/dicom")
        lossy = instance.transfer_syntax_uid == "1.2.840.10008.1.2.4.50"  # there is nothing better to give
        expected = instance.transfer_syntax_uid if lossy else EXPLICIT
        given = pydicom.dcmread(io.BytesIO(answer.content))
        assert given.file_meta.TransferSyntaxUID == expected
        assert answer.headers["Content-Type"] == f"application/dicom; transfer-syntax={expected}"
        if not lossy:
            numpy.testing.assert_array_equal(given.pixel_array, pydicom.dcmread(instance.path).pixel_array)


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("multipart/related", 400),
        ("multipart/related; type=application/dicom", 400),
        ("application/dicom; transfer-syntax=1.2.3", 400),
        ("application/dicom; transfer-syntax=1.2.840.10008.1.2", 406),
        ("application/dicom; transfer-syntax=1.2.840.10008.1.2.2", 406),
        ("application/dicom; q=2", 400),
        ("image/jpeg", 406),
        ("application/dicom+json", 406),
        ('multipart/related; type="application/dicom+json"', 406),
        ("*/*", 200),
        ("application/*", 200),
        ("image/jpeg, application/dicom; q=0.001", 200),
        ("application/dicom; q=0", 406),
    ],
)
def test_accept_is_read_to_the_letter(instances: Dict[str, Instance], accept: str, status: int) -> None:
    assert ask(instances["CT_small.dcm"].url, accept).status == status


def test_a_single_part_is_for_a_single_instance(server: OriginServer, study: Dict[str, Instance]) -> None:
    one = next(iter(study.values()))
    assert ask(f"{server.url}/studies/{one.study_instance_uid}", SINGLE_AS_STORED).status == 406


def test_some_instances_that_cannot_be_given_make_the_content_partial(
    instances: Dict[str, Instance], tmp_path: Path
) -> None:
    ct = instances["CT_small.dcm"]
    compressed = pydicom.dcmread(instances["693_J2KI.dcm"].path)
    compressed.StudyInstanceUID = ct.study_instance_uid
    compressed.save_as(tmp_path / "compressed.dcm")
    with OriginServer([ct.path, tmp_path / "compressed.dcm"]) as mixed:
        study = f"{mixed.url}/studies/{ct.study_instance_uid}"
        answer = ask(study, f"{MULTIPART}; transfer-syntax={EXPLICIT}")
        assert answer.status == 206
        assert "1 of 2 instances" in answer.headers["Warning"]
        assert list(answer.parts.values()) == [ct.path.read_bytes()]
        assert len(ask(study, AS_STORED).parts) == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/studies/1.2.3.4", 404),
        ("/studies/1.2.3.4/metadata", 404),
        ("/studies/not-a-uid", 400),
        ("/studies/1.02", 400),
        ("/studies/" + "1." * 40 + "1", 400),
        ("/studies/../studies", 404),
        ("/patients", 404),
        ("", 404),
    ],
)
def test_what_is_not_there_is_not_found_and_what_is_no_uid_is_a_bad_request(
    server: OriginServer, path: str, status: int
) -> None:
    assert ask(server.url + path, "*/*").status == status


def test_metadata_has_everything_but_the_pixels_which_it_refers_to(instances: Dict[str, Instance]) -> None:
    instance = instances["CT_small.dcm"]
    answer = ask(f"{instance.url}/metadata", "application/dicom+json")
    (found,) = answer.json
    stored = pydicom.dcmread(instance.path)
    assert found["00280010"] == {"vr": "US", "Value": [128]}
    assert found["00280030"]["Value"] == [float(value) for value in stored.PixelSpacing]
    assert found["7FE00010"] == {"vr": "OW", "BulkDataURI": f"{instance.url}/bulkdata/7FE00010"}
    assert ask(found["7FE00010"]["BulkDataURI"], "application/octet-stream").content == stored.PixelData


def test_short_binary_values_stand_in_the_metadata_itself(instances: Dict[str, Instance]) -> None:
    stored = pydicom.dcmread(instances["CT_small.dcm"].path)
    (found,) = ask(f"{instances['CT_small.dcm'].url}/metadata", "application/dicom+json").json
    inline = {tag: attribute["InlineBinary"] for tag, attribute in found.items() if "InlineBinary" in attribute}
    assert inline
    for tag, text in inline.items():
        assert base64.b64decode(text) == stored[int(tag, 16)].value


def test_bulk_data_inside_a_sequence_can_be_had(instances: Dict[str, Instance]) -> None:
    instance = instances["waveform_ecg.dcm"]
    (found,) = ask(f"{instance.url}/metadata", "application/dicom+json").json
    uri = found["54000100"]["Value"][0]["54001010"]["BulkDataURI"]
    assert uri == f"{instance.url}/bulkdata/54000100.0.54001010"
    stored = pydicom.dcmread(instance.path).WaveformSequence[0].WaveformData
    assert list(ask(uri, 'multipart/related; type="application/octet-stream"').content.split(stored)) != [stored]
    assert ask(uri, "application/octet-stream").content == stored
    assert ask(f"{instance.url}/bulkdata/54000100.7.54001010", "*/*").status == 404


def test_metadata_of_a_study_is_one_list_and_xml_one_part_for_each(
    server: OriginServer, study: Dict[str, Instance]
) -> None:
    one = next(iter(study.values()))
    url = f"{server.url}/studies/{one.study_instance_uid}/metadata"
    assert {row["00080018"]["Value"][0] for row in ask(url, "application/dicom+json").json} == {
        instance.sop_instance_uid for instance in study.values()
    }
    assert ask(url, 'multipart/related; type="application/dicom+xml"').content.count(b"<NativeDicomModel") == len(study)


def test_a_dialect_may_give_instances_at_some_levels_only(server: OriginServer) -> None:
    files = [instance.path for instance in server.archive.all()][:3]
    with OriginServer(files, dialect=Dialect(retrieve_levels=("instances",))) as other:
        one = other.archive.all()[0]
        assert ask(f"{other.url}/studies/{one.study_instance_uid}", AS_STORED).status == 404
        assert ask(one.url, AS_STORED).status == 200


def test_a_dialect_may_send_without_announcing_the_length(server: OriginServer) -> None:
    files = [instance.path for instance in server.archive.all()][:3]
    with OriginServer(files, dialect=Dialect(announces_length=False)) as other:
        one = other.archive.all()[0]
        answer = ask(one.url, SINGLE_AS_STORED)
        assert answer.headers["Transfer-Encoding"] == "chunked"
        assert answer.content == one.path.read_bytes()
