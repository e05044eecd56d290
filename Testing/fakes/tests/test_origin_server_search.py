"""QIDO-RS of the origin server: what it finds, and what it refuses."""

from __future__ import annotations

from typing import Dict, List

import pytest
from fakes.origin_server import Dialect, OriginServer
from fakes.origin_server.archive import Instance
from fakes.raw_client import ask

JSON = "application/dicom+json"
STUDY_UID, SERIES_UID, SOP_UID, PATIENT_NAME = "0020000D", "0020000E", "00080018", "00100010"
CT_SMALL_STUDY = "1.3.6.1.4.1.5962.1.2.1.20040119072730.12322"


def rows(server: OriginServer, path: str) -> List[dict]:
    answer = ask(server.url + path, JSON)
    assert answer.status in (200, 204), answer.content
    return answer.json if answer.status == 200 else []


def values(found: List[dict], tag: str) -> List[str]:
    return [row[tag]["Value"][0] for row in found]


def test_every_level_and_every_form_of_the_path_finds_everything_below_it(
    server: OriginServer, instances: Dict[str, Instance]
) -> None:
    studies = {one.study_instance_uid for one in instances.values()}
    series = {one.series_instance_uid for one in instances.values()}
    one = instances["rtdose_rle.dcm"]
    study_path = f"/studies/{one.study_instance_uid}"
    assert set(values(rows(server, "/studies"), STUDY_UID)) == studies
    assert set(values(rows(server, "/series"), SERIES_UID)) == series
    assert len(rows(server, "/instances")) == len(instances)
    assert values(rows(server, f"{study_path}/series"), SERIES_UID) == [one.series_instance_uid]
    assert values(rows(server, f"{study_path}/instances"), SOP_UID) == [one.sop_instance_uid]
    in_series = f"{study_path}/series/{one.series_instance_uid}/instances"
    assert values(rows(server, in_series), SOP_UID) == [one.sop_instance_uid]


def test_rows_have_the_attributes_of_their_level_and_of_the_levels_that_the_path_leaves_open(
    server: OriginServer,
) -> None:
    within = rows(server, f"/studies/{CT_SMALL_STUDY}/series")[0]
    across = rows(server, f"/series?StudyInstanceUID={CT_SMALL_STUDY}")[0]
    assert PATIENT_NAME not in within
    assert across[PATIENT_NAME] == {"vr": "PN", "Value": [{"Alphabetic": "CompressedSamples^CT1"}]}
    assert across["00201209"] == {"vr": "IS", "Value": [1]}
    assert across["00201208"] == {"vr": "IS", "Value": [1]}
    assert across["00081190"]["Value"][0].startswith(f"{server.url}/studies/{CT_SMALL_STUDY}/series/")


def test_a_name_in_another_script_comes_as_utf_8_with_its_three_groups(server: OriginServer) -> None:
    found = rows(server, "/studies?PatientName=Yamada%5ETarou")
    assert found[0][PATIENT_NAME]["Value"] == [
        {"Alphabetic": "Yamada^Tarou", "Ideographic": "山田^太郎", "Phonetic": "やまだ^たろう"}
    ]
    assert found[0]["00080005"] == {"vr": "CS", "Value": ["ISO_IR 192"]}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("PatientName=CompressedSamples%5ECT1", 1),
        ("PatientName=compressedsamples%5Ect1", 1),
        ("PatientName=CompressedSamples%5E?T1", 1),
        ("PatientName=CompressedSamples", 0),
        ("PatientName=samples&fuzzymatching=true", 0),
        ("PatientName=ct1%20compressed&fuzzymatching=true", 1),
        ("PatientName=%E5%B1%B1%E7%94%B0*", 2),
        ("PatientID=1CT1", 1),
        ("PatientID=1ct1", 0),
        ("StudyDate=20040119", 1),
        ("StudyDate=20040101-20040131", 1),
        ("StudyDate=20040120-20040131", 0),
        ("StudyDate=-19970101", 1),
        ("StudyDate=19970424&StudyTime=1404", 1),  # stored as 1997.04.24 and 14:04:38
        ("StudyTime=0727&StudyDate=20040119", 1),
        ("StudyTime=072730-0728&StudyDate=20040119", 1),
        (f"StudyInstanceUID={CT_SMALL_STUDY},1.2.3", 1),
        ("ModalitiesInStudy=SEG", 1),
        ("0020000D=" + CT_SMALL_STUDY, 1),
    ],
)
def test_matching_follows_the_value_representation(server: OriginServer, query: str, count: int) -> None:
    assert len(rows(server, f"/studies?{query}")) == count


@pytest.mark.parametrize("query", ["PatientName=*", "PatientName=", "PatientName=*&PatientID=", ""])
def test_universal_matching_leaves_nothing_out(server: OriginServer, query: str) -> None:
    assert set(values(rows(server, f"/studies?{query}"), STUDY_UID)) == set(server.archive.by_series())


def test_instances_match_by_numbers_and_inside_sequences(server: OriginServer) -> None:
    assert values(rows(server, "/instances?Rows=128&Columns=128&Modality=CT"), PATIENT_NAME)
    inside = "/instances?ReferencedSeriesSequence.SeriesInstanceUID="
    assert len(rows(server, inside + "1.2.3")) == 0
    assert len(rows(server, "/instances?NumberOfFrames=15")) == 1


def test_pages_follow_each_other_and_say_how_much_is_left(server: OriginServer) -> None:
    everything = values(rows(server, "/instances"), SOP_UID)
    first = ask(f"{server.url}/instances?limit=50", JSON)
    last = ask(f"{server.url}/instances?limit=50&offset=100", JSON)
    beyond = ask(f"{server.url}/instances?limit=50&offset=500", JSON)
    assert values(first.json, SOP_UID) == everything[:50]
    assert f"{len(everything) - 50} additional results" in first.headers["Warning"]
    assert first.headers["Warning"].startswith("299 ")
    assert values(last.json, SOP_UID) == everything[100:]
    assert "Warning" not in last.headers
    assert (beyond.status, beyond.content) == (204, b"")


def test_includefield_adds_attributes_but_none_of_a_level_below(server: OriginServer) -> None:
    path = f"/studies?StudyInstanceUID={CT_SMALL_STUDY}"
    assert "00101010" not in rows(server, path)[0]
    found = rows(server, f"{path}&includefield=PatientAge,00101030&includefield=Rows")[0]
    assert found["00101010"] == {"vr": "AS", "Value": ["000Y"]}
    assert "00101030" in found
    assert "00280010" not in found
    assert "00280010" not in rows(server, f"{path}&includefield=all")[0]


def test_xml_is_a_part_for_each_row(server: OriginServer) -> None:
    answer = ask(f"{server.url}/studies?PatientID=1CT1", 'multipart/related; type="application/dicom+xml"')
    assert answer.headers["Content-Type"].startswith('multipart/related; type="application/dicom+xml"')
    assert b"<FamilyName>CompressedSamples</FamilyName>" in answer.content


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/studies?limit=-1", "limit is an unsigned integer"),
        ("/studies?limit=1.5", "limit is an unsigned integer"),
        ("/studies?offset=", "offset is an unsigned integer"),
        ("/studies?fuzzymatching=yes", "fuzzymatching is true or false"),
        ("/studies?PatientsName=A", "neither a parameter of searches nor an attribute"),
        ("/studies?00100011=A", "neither a parameter of searches nor an attribute"),
        ("/studies?includefield=Nothing", "neither a parameter of searches nor an attribute"),
        ("/studies?includefield=all&includefield=PatientAge", "includefield=all together with others"),
        ("/studies?PatientID=1&PatientID=2", "given twice"),
        ("/studies?SOPInstanceUID=1.2", "no attribute of studies"),
        ("/studies/1.2/series?Rows=4", "no attribute of series"),
        ("/studies?StudyInstanceUID=1.02", "not a UID"),
        ("/studies?StudyInstanceUID=1.2*", "not a UID"),
        ("/studies/12..3/series", "not a UID"),
        ("/studies?StudyDate=2004-01-19", "neither a DA nor a range"),
        ("/studies?StudyDate=20040230x", "neither a DA nor a range"),
        ("/studies?StudyDate=-", "neither a DA nor a range"),
        ("/studies?StudyTime=25", "neither a TM nor a range"),
        ("/instances?Rows=many", "not a number"),
        ("/studies?ModalitiesInStudy=CT%5CMR", "several values"),
        ("/studies?PatientName=A%0AB", "control characters"),
        ("/studies?PatientName=A^B", "must be percent-encoded"),
        ("/studies?PatientName=%zz", "must be percent-encoded"),
        ("/studies?PatientName=%FF", "not UTF-8"),
        ("/studies?PatientName", "without a value"),
    ],
)
def test_what_the_standard_forbids_is_refused_with_the_reason(server: OriginServer, path: str, reason: str) -> None:
    answer = ask(server.url + path, JSON)
    assert answer.status == 400
    assert reason in answer.content.decode()


def test_a_plus_sign_is_no_space(server: OriginServer) -> None:
    assert rows(server, "/studies?PatientName=ct1+compressed&fuzzymatching=true") == []


def test_an_option_that_is_not_supported_is_said_so(server: OriginServer) -> None:
    answer = ask(f"{server.url}/studies?multiplevaluematching=true", JSON)
    assert "multiplevaluematching parameter is not supported" in answer.headers["Warning"]


def test_only_what_is_acceptable_is_sent(server: OriginServer) -> None:
    assert ask(f"{server.url}/studies", "text/html").status == 406
    assert ask(f"{server.url}/studies", "application/dicom+json; q=0").status == 406
    assert ask(f"{server.url}/studies", "text/html, */*; q=0.1").content_type == JSON
    assert ask(f"{server.url}/studies", "application/dicom+json; charset=").status == 400
    assert ask(f"{server.url}/studies?accept=text/html", JSON).status == 406


def test_a_dialect_caps_its_pages_and_answers_an_empty_search_with_an_empty_list(server: OriginServer) -> None:
    files = [instance.path for instance in server.archive.all()]
    with OriginServer(files, dialect=Dialect(max_results=10, empty_search_status=200)) as capped:
        page = ask(f"{capped.url}/instances?limit=100", JSON)
        assert len(page.json) == 10
        assert "additional results" in page.headers["Warning"]
        empty = ask(f"{capped.url}/studies?PatientID=nobody", JSON)
        assert (empty.status, empty.json) == (200, [])
