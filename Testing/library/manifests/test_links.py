"""Links of hospitals: Weasis's commands, and addresses of DICOMweb resources."""

from __future__ import annotations

import base64
import gzip
from urllib.parse import quote, quote_plus

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import InvalidManifest, InvalidUID, InvalidURL
from DICOMWebNodesLib.manifests.addresses import part_of_url
from DICOMWebNodesLib.manifests.links import is_weasis_link, read_link
from DICOMWebNodesLib.nodes.service_type import ServiceType
from library.manifests.manifest_texts import FULL_XML, TOKEN


def link(command, encode=quote_plus, scheme="weasis://"):
    return scheme + encode(command)


MANIFEST = "https://host.example.org/manifest?studyUID=1.2&gzip"


@pytest.mark.parametrize("encode", [quote_plus, quote])
@pytest.mark.parametrize("scheme", ["weasis://", "weasis://?", "weasis-4.1://", "WEASIS://"])
@pytest.mark.parametrize("option", ["-w", "--wado", "--wado="])
def test_the_address_of_a_manifest(encode, scheme, option):
    command = f'$dicom:get {option}{"" if option.endswith("=") else " "}"{MANIFEST}"'
    assert is_weasis_link(link(command, encode, scheme))
    assert read_link(link(command, encode, scheme)).addresses == (MANIFEST,)


def test_several_commands_and_configuration():
    found = read_link(
        link(f'$weasis:config pro="weasis.aet X" $dicom:get -w {MANIFEST} -w https://b.example.org/m.xml')
    )
    assert found.addresses == (MANIFEST, "https://b.example.org/m.xml")


def test_a_manifest_inside_of_the_link():
    data = base64.b64encode(gzip.compress(FULL_XML.encode())).decode()
    (document,) = read_link(link(f'$dicom:get -i "{data}"')).documents
    assert gzip.decompress(document).decode() == FULL_XML


def rs(options):
    (part,) = read_link(link(f'$dicom:rs --url "https://pacs.example.org/rs/" {options}')).named.parts
    return part


def test_dicomweb_with_a_token():
    part = rs(f'-r "studyUID=1.2.1" -H "Authorization: Bearer {TOKEN}" --accept-ext "transfer-syntax=*"')
    assert part.url == "https://pacs.example.org/rs"
    assert part.resources == (Resource("1.2.1"),)
    assert part.headers == (("Authorization", f"Bearer {TOKEN}"),)
    assert TOKEN not in repr(part)


def test_the_form_of_dcm4chee_of_a_token():
    assert rs(f'-r "studyUID=1.2" --query-header "Authorization: &access_token={TOKEN}"').headers == (
        ("Authorization", f"Bearer {TOKEN}"),
    )


@pytest.mark.parametrize(
    ("request_", "resources", "matching"),
    [
        ("studyUID=1.2&studyUID=1.3", (Resource("1.2"), Resource("1.3")), ()),
        ("studyUID=1.2&seriesUID=1.2.1", (Resource("1.2", "1.2.1"),), ()),
        ("studyUID=1.2&seriesUID=1.2.1&objectUID=1.2.1.7", (Resource("1.2", "1.2.1", "1.2.1.7"),), ()),
        ("seriesUID=1.2.1", (), ((("SeriesInstanceUID", "1.2.1"),),)),
        ("patientID=97026728", (), ((("PatientID", "97026728"),),)),
        ("requestType=STUDY&accessionNumber=3224252", (), ((("AccessionNumber", "3224252"),),)),
        ("requestType=STUDY&studyUID=1.2", (Resource("1.2"),), ()),
    ],
)
def test_what_is_asked_for(request_, resources, matching):
    part = rs(f'-r "{request_}"')
    assert (part.resources, part.matching) == (resources, matching)


@pytest.mark.parametrize("option", ['-l "/data/ct"', '-r "file:///data/ct"', '-r "/data/ct"', r'-r "C:\\data\\ct"'])
def test_files_of_this_computer_are_named_with_what_to_do_and_not_opened(option):
    found = read_link(link(f"$dicom:get {option} -w https://host.example.org/m.xml"))
    assert found.addresses == ("https://host.example.org/m.xml",)
    assert found.named.parts == ()
    (remark,) = found.named.remarks
    assert "files of this computer" in remark
    assert "data" in remark
    assert "Import DICOM files" in remark


def test_of_many_files_of_this_computer_some_are_named():
    (remark,) = read_link(link("$dicom:get " + " ".join(f"-l /data/{number}" for number in range(9)))).named.remarks
    assert "/data/2 and 6 more" in remark


def test_an_archive_is_named_with_what_to_do_and_without_its_token():
    (remark,) = read_link(link(f"$dicom:get -p -z https://host.example.org/study.zip?token={TOKEN}")).named.remarks[1:]
    assert "https://host.example.org/study.zip." in remark
    assert TOKEN not in remark


def test_files_on_the_web_are_of_one_part_a_server():
    files = (
        f"-r https://a.example.org/x/1.dcm?key={TOKEN} -r https://a.example.org/2.dcm -r https://b.example.org/3.dcm"
    )
    first, second = read_link(link(f"$dicom:get {files}")).named.parts
    assert (first.url, first.service_type) == ("https://a.example.org", ServiceType.WADO_URI)
    assert first.unidentified == (f"x/1.dcm?key={TOKEN}", "2.dcm")
    assert first.counted() == (0, 0, 2)
    assert second.unidentified == ("3.dcm",)
    assert TOKEN not in repr(first)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("weasis://", "no command"),
        (link("$weasis:config cdb"), "no command"),
        (link('$dicom:get -w "https://host'), "quote without its end"),
        (link("$dicom:get -w"), "options that are not known"),
        (link("$dicom:get -w--"), "options that are not known"),
        (link("$dicom:get -i !!!"), "not Base64"),
        (link('$dicom:rs -u https://host/rs -r "limit=3"'), "does not say which studies"),
        (link('$dicom:rs -u https://host/rs -r "studyUID=1.2" -H "Host: evil"'), "cannot be sent"),
    ],
)
def test_what_cannot_be_followed_says_why(text, why):
    with pytest.raises(InvalidManifest, match=why):
        read_link(text)


def test_errors_do_not_quote_what_may_be_a_token():
    with pytest.raises(InvalidManifest) as raised:
        read_link(link(f"$dicom:rs -u https://host/rs -r studyUID=1.2 -H {TOKEN} --unknown"))
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "base", "resource"),
    [
        ("https://host/rs/studies/1.2", "https://host/rs", "1.2"),
        ("https://host:8443/a/b/studies/1.2/series/1.3/", "https://host:8443/a/b", "1.2/1.3"),
        ("http://host/studies/1.2/series/1.3/instances/1.4/rendered", "http://host", "1.2/1.3/1.4"),
        ("https://host/rs/studies/1.2?token=x#y", "https://host/rs", "1.2"),
    ],
)
def test_an_address_of_a_resource(url, base, resource):
    part = part_of_url(url)
    assert (part.url, str(part.resources[0])) == (base, resource)


def test_an_address_of_something_else():
    with pytest.raises(InvalidURL):
        part_of_url("https://host/rs/patients/1")
    with pytest.raises(InvalidUID):
        part_of_url("https://host/rs/studies/x")
