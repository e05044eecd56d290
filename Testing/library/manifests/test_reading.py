"""Weasis's manifests in all their forms, and what is not believed of them."""

from __future__ import annotations

import gzip
import json

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import InvalidManifest
from DICOMWebNodesLib.manifests.manifest import Patient
from DICOMWebNodesLib.manifests.reading import read_manifest
from DICOMWebNodesLib.manifests.tree import MOST_PLAIN_BYTES
from DICOMWebNodesLib.nodes.service_type import ServiceType
from library.manifests.manifest_texts import FULL_JSON, FULL_XML, LOGIN, OLD_XML, rest, uri

INSTANCES = (Resource("1.2.1", "1.2.1.1", "1.2.1.1.1"), Resource("1.2.1", "1.2.1.1", "1.2.1.1.2"))


def only_part(content):
    (part,) = read_manifest(content).parts
    return part


def test_a_wado_uri_manifest():
    part = only_part(FULL_XML.encode())
    assert part.url == "https://pacs.example.org/wado"
    assert part.service_type is ServiceType.WADO_URI
    assert part.patients == (Patient("DOE^JOHN", "P1"),)
    assert part.resources == INSTANCES
    assert part.counted() == (1, 1, 2)
    assert part.addressing.parameters == "session=42&custodianOID=1.2"
    assert part.headers == (("X-Time", "23424324"), ("Authorization", f"Basic {LOGIN}"))


def test_what_it_says_and_what_is_not_obeyed_is_told():
    assert read_manifest(FULL_XML.encode()).remarks == (
        "It says: Warning: One study is offline",
        "It wants to replace attributes of the instances; they are kept as the server has them.",
    )


def test_nothing_secret_is_in_its_repr():
    shown = repr(read_manifest(FULL_XML.encode()))
    assert LOGIN not in shown
    assert "23424324" not in shown
    assert "session" not in shown


def test_xml_and_json_say_the_same():
    assert only_part(FULL_JSON.encode()).resources == only_part(FULL_XML.encode()).resources
    assert only_part(FULL_JSON.encode()).patients == only_part(FULL_XML.encode()).patients


@pytest.mark.parametrize("text", [FULL_XML, FULL_JSON, OLD_XML])
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n "])
def test_compressed_or_not_with_or_without_a_byte_order_mark(text, before):
    content = text.encode() if text.startswith("<?xml") and before == b"\n " else before + text.encode()
    assert read_manifest(gzip.compress(content)) == read_manifest(content)


def test_the_older_version_with_one_server():
    part = only_part(OLD_XML.encode())
    assert part.addressing.only_object
    assert part.resources == INSTANCES[:1]


@pytest.mark.parametrize(
    ("inside", "resources", "counts"),
    [
        ('<Study StudyInstanceUID="1.2.1"/>', (Resource("1.2.1"),), (1, 0, 0)),
        (
            '<Study StudyInstanceUID="1.2.1"><Series SeriesInstanceUID="1.2.1.1"/></Study>',
            (Resource("1.2.1", "1.2.1.1"),),
            (1, 1, 0),
        ),
    ],
)
def test_a_dicomweb_manifest_may_end_at_any_level(inside, resources, counts):
    part = only_part(rest(inside))
    assert part.service_type is ServiceType.DICOMWEB
    assert (part.resources, part.counted()) == (resources, counts)


def test_a_manifest_of_a_patient_has_to_be_searched_for():
    part = only_part(rest(""))
    assert part.resources == ()
    assert part.matching == ((("PatientID", "P1"),),)


def test_several_servers_are_several_parts():
    two = rest('<Study StudyInstanceUID="1.2.1"/>').replace(
        b"</arcQuery>",
        b'</arcQuery><arcQuery baseUrl="http://other.example.org/rs" queryMode="DICOM_WEB"><Patient PatientID="P2"'
        b' PatientName=""><Study StudyInstanceUID="1.2.9"/></Patient></arcQuery>',
    )
    assert [part.url for part in read_manifest(two).parts] == [
        "https://pacs.example.org/rs",
        "http://other.example.org/rs",
    ]


def test_files_are_below_the_servers_address():
    content = uri(
        '<Instance SOPInstanceUID="1.2.3" DirectDownloadFile="a/1.dcm"/>'
        '<Instance SOPInstanceUID="1.2.4" DirectDownloadFile="/b/2.dcm?token=x%2By"/>',
        base="https://pacs.example.org/files/",
    )
    files = only_part(content).addressing.files
    assert sorted(files.values()) == ["a/1.dcm", "b/2.dcm?token=x%2By"]


def test_without_a_server_whole_addresses_name_it():
    content = uri(
        '<Instance SOPInstanceUID="1.2.3" DirectDownloadFile="https://files.example.org:8443/a/1.dcm"/>', base=""
    )
    part = only_part(content)
    assert part.url == "https://files.example.org:8443"
    assert list(part.addressing.files.values()) == ["a/1.dcm"]


@pytest.mark.parametrize(
    "file",
    [
        "@evil.example.org/1.dcm",  # behind "https://pacs.example.org" it would be another host
        ".evil.example.org/1.dcm",
        ":81/1.dcm",
        "/../../admin",
        "https://evil.example.org/1.dcm",
        "/a b",
        "/a?x=<y>",
    ],
)
def test_a_file_elsewhere_is_refused(file):
    content = uri(
        f'<Instance SOPInstanceUID="1.2.3" DirectDownloadFile="{file}"/>'.replace("<y>", "&lt;y&gt;"),
        base="https://pacs.example.org",
    )
    with pytest.raises(InvalidManifest):
        read_manifest(content)


ENTITIES = """<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<manifest><arcQuery baseUrl="&b;"/></manifest>"""
FILE_ENTITY = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><manifest><arcQuery baseUrl="&f;"/></manifest>'


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (ENTITIES.encode(), "document type"),
        (FILE_ENTITY.encode(), "document type"),
        (b"<manifest>", "not well-formed"),
        (b"<html></html>", "its root is"),
        (b'{"manifest": []}', "no manifest"),
        (b"{", "not JSON"),
        (b"\x1f\x8b damaged", "gzip"),
        (gzip.compress(FULL_XML.encode(), mtime=0)[:-20], "gzip"),
        (b"<manifest/>", "nothing to fetch"),
        (rest('<Study StudyInstanceUID="1.2/../../etc"/>'), "StudyInstanceUID|UID"),
        (rest('<Study StudyInstanceUID="1.2.1"/>', base="file:///etc"), "not an http or https URL"),
        (rest('<Study StudyInstanceUID="1.2.1"/>', base="https://u:p@host/rs"), "user name or password"),
        (rest('<Study StudyInstanceUID="1.2.1"/>', attributes='webLogin="a b"'), "not Base64"),
        (uri('<Instance SOPInstanceUID="1.2.3"/>', attributes='additionnalParameters="&amp;a=b#c"'), "no query"),
        (uri('<Instance SOPInstanceUID="1.2.3"/>', attributes='additionnalParameters="x y"'), "no query"),
        (uri(""), "nothing to fetch"),
    ],
)
def test_what_is_no_manifest_says_why(content, why):
    with pytest.raises(InvalidManifest, match=why):
        read_manifest(content)


def test_a_small_file_that_unpacks_without_end_is_stopped():
    bomb = gzip.compress(b"<manifest>" + b" " * (MOST_PLAIN_BYTES + 1))
    assert len(bomb) < 100_000
    with pytest.raises(InvalidManifest, match="unpacks to more than"):
        read_manifest(bomb)


def test_json_that_is_nested_without_end_is_stopped():
    deep = '{"manifest":' + '{"arcQuery":' * 100 + "{}" + "}" * 101
    with pytest.raises(InvalidManifest, match="nested"):
        read_manifest(deep.encode())
    with pytest.raises(InvalidManifest, match=r"not JSON|nested"):
        read_manifest(('{"manifest":' + "[" * 100_000).encode())


def test_a_header_that_cannot_be_sent_is_left_out_and_told():
    content = rest('<Study StudyInstanceUID="1.2.1"/>').replace(
        b"<Patient", b'<httpTag key="Host" value="evil"/><httpTag key="X" value="a&#10;b"/><Patient', 1
    )
    manifest = read_manifest(content)
    assert manifest.parts[0].headers == ()
    assert len([remark for remark in manifest.remarks if "is not sent" in remark]) == 2


def test_texts_of_strangers_are_one_line_without_tricks():
    content = json.loads(FULL_JSON)
    content["manifest"]["arcQuery"][0]["Patient"][0]["PatientName"] = "DOE\u202e^\x1b[31m\nJOHN" + "x" * 1000
    (patient,) = only_part(json.dumps(content).encode()).patients
    assert patient.name.isprintable()
    assert len(patient.name) == 300
