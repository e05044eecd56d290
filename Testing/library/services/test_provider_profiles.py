from __future__ import annotations

import json

import pytest
from DICOMWebNodesLib.auth.template import templates
from DICOMWebNodesLib.dicomweb.matching_key import tags_of
from DICOMWebNodesLib.dicomweb.profile import Profile, Quirk, profile_for, profile_of, profiles
from DICOMWebNodesLib.dicomweb.resource import Level
from DICOMWebNodesLib.errors import InvalidNode
from DICOMWebNodesLib.nodes.node import Node

GOOGLE = "https://healthcare.googleapis.com/v1/projects/p"
GOOD = {"title": "Some server"}


def written(folder, **fields):
    (folder / "some.json").write_text(json.dumps({**GOOD, **fields}))
    return profiles(folder)


@pytest.mark.parametrize("name", list(profiles()))
def test_every_profile_that_comes_with_the_extension_can_be_shown_and_recognises_its_example(name):
    profile = profiles()[name]
    assert profile.name == name
    assert profile.title
    assert profile.help.endswith(".")
    assert profile.link.startswith("https://")
    assert profile_for(Node("Example", profile.form.example)) is profile


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.name)
def test_every_authentication_that_a_profile_suggests_can_be_chosen(profile):
    assert not profile.authentication or profile.authentication in templates()


def test_every_server_of_the_field_has_a_profile():
    assert set(profiles()) == {
        "aws-healthimaging",
        "azure",
        "dcm4chee",
        "generic",
        "google",
        "healthlake-proxy",
        "kaapana",
        "orthanc",
        "static-dicomweb",
    }


@pytest.mark.parametrize("profile", profiles().values(), ids=lambda profile: profile.name)
def test_every_attribute_that_a_server_compares_has_a_tag(profile):
    assert all(profile.compares(keyword) and tags_of(keyword) for keyword in profile.matches)


def test_a_server_that_says_what_it_compares_compares_nothing_else():
    azure = profiles()["azure"]
    assert azure.compares("PatientID")
    assert azure.compares("00100020")
    assert not azure.compares("SeriesNumber")
    assert profiles()["generic"].compares("SeriesNumber")


def test_every_quirk_is_that_of_some_server():
    assert {quirk for profile in profiles().values() for quirk in profile.quirks} == set(Quirk)


def test_the_generic_profile_keeps_to_the_standard():
    generic = profiles()["generic"]
    assert generic.quirks == frozenset()
    assert generic.retrieve_levels == tuple(Level)


@pytest.mark.parametrize(
    ("name", "largest"), [("google", 5000), ("azure", 200), ("aws-healthimaging", 1000), ("dcm4chee", 1000)]
)
def test_no_page_is_larger_than_the_server_allows(name, largest):
    assert profiles()[name].page_size == largest


@pytest.mark.parametrize(
    ("name", "levels"),
    [("healthlake-proxy", (Level.SERIES, Level.INSTANCE)), ("aws-healthimaging", (Level.INSTANCE,))],
)
def test_what_cannot_be_retrieved_as_a_whole_is_not_asked_for(name, levels):
    assert profiles()[name].retrieve_levels == levels


def test_orthanc_has_the_quirks_that_were_seen():
    assert profiles()["orthanc"].has(Quirk.RAW_QUERY_VALUES)
    assert profiles()["orthanc"].has(Quirk.MODALITIES_COMMA)
    assert not profiles()["generic"].has(Quirk.RAW_QUERY_VALUES)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://localhost:8042/dicom-web", "orthanc"),
        ("https://orthanc.uclouvain.be/demo/dicom-web", "orthanc"),
        ("https://Research.example.org/Orthanc/dicom-web", "orthanc"),
        ("https://research.example.org/pacs/dicom-web", "orthanc"),
        ("https://kaapana.example.org/dicom-web-filter", "kaapana"),
        ("https://host/dcm4chee-arc/aets/DCM4CHEE/rs", "dcm4chee"),
        ("http://localhost:8080/dcm4chee-arc/aets/AS_RECEIVED/rs", "dcm4chee"),
        (f"{GOOGLE}/locations/l/datasets/d/dicomStores/s/dicomWeb", "google"),
        (f"{GOOGLE}/locations/l/datasets/d/dicomStores/s", "generic"),
        ("http://10.1.2.3:8080/aetitle", "healthlake-proxy"),
        (f"https://dicom-medical-imaging.eu-west-1.amazonaws.com/datastore/{'0' * 32}", "aws-healthimaging"),
        ("https://hospital-radiology.dicom.azurehealthcareapis.com/v2", "azure"),
        ("https://azurehealthcareapis.com.example.org/v2", "generic"),
        ("https://d33do7qe4w26qo.cloudfront.net/dicomweb", "static-dicomweb"),
        ("http://host:18042/rs", "generic"),
        ("http://host", "generic"),
    ],
)
def test_a_profile_is_recognised_from_the_url(url, name):
    assert profile_for(Node("x", url)).name == name


@pytest.mark.parametrize(
    ("name", "parts", "url"),
    [
        (
            "google",
            {"project": "p-1", "location": "us", "dataset": "radiology", "store": "ct"},
            "https://healthcare.googleapis.com/v1/projects/p-1/locations/us/datasets/radiology/dicomStores/ct/dicomWeb",
        ),
        ("orthanc", {"host": "localhost:8042"}, "http://localhost:8042/dicom-web"),
        (
            "orthanc",
            {"host": "orthanc.uclouvain.be", "scheme": "https", "path": "demo/dicom-web"},
            "https://orthanc.uclouvain.be/demo/dicom-web",
        ),
        (
            "dcm4chee",
            {"host": "[2001:db8::1]:8443", "aet": "DCM4CHEE"},
            "https://[2001:db8::1]:8443/dcm4chee-arc/aets/DCM4CHEE/rs",
        ),
        ("healthlake-proxy", {"host": "10.1.2.3:8080"}, "http://10.1.2.3:8080/aetitle"),
        (
            "aws-healthimaging",
            {"region": "us-gov-west-1", "datastore": "0" * 32},
            f"https://dicom-medical-imaging.us-gov-west-1.amazonaws.com/datastore/{'0' * 32}",
        ),
        (
            "azure",
            {"workspace": "hospital", "service": "first-floor"},
            "https://hospital-first-floor.dicom.azurehealthcareapis.com/v2",
        ),
        ("kaapana", {"host": "kaapana.example.org"}, "https://kaapana.example.org/dicom-web-filter"),
        ("static-dicomweb", {"host": "localhost:5000"}, "http://localhost:5000/dicomweb"),
        ("generic", {"url": "https://pacs.example.org/rs/"}, "https://pacs.example.org/rs"),
    ],
)
def test_a_url_is_made_of_its_parts_recognised_and_taken_apart_again(name, parts, url):
    profile = profiles()[name]
    assert profile.url_from(parts) == url
    assert profile_of(url) is profile
    found = profile.parts_of(url)
    assert {**found, **parts, "url": ""} == {**found, "url": ""}
    assert profile.url_from(found) == url


def test_the_profile_that_a_node_names_wins():
    assert profile_for(Node("x", "http://localhost:8042/dicom-web", profile="generic")).name == "generic"


def test_a_profile_that_there_is_not_is_an_error_that_names_those_there_are():
    with pytest.raises(
        InvalidNode, match=r"x: there is no provider profile 'ortank'.*generic, google, healthlake-proxy"
    ) as caught:
        profile_for(Node("x", "http://localhost/", profile="ortank"))
    assert caught.value.field == "profile"


def test_a_profile_needs_a_title_only(tmp_path):
    assert written(tmp_path)["some"] == Profile("some", "Some server")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"quirks": ["raw-query-values", "moody"]}, "unknown quirk 'moody'"),
        ({"retrieve_levels": ["patients"]}, "unknown level 'patients'"),
        ({"unsearchable": ["/patients"]}, "unknown offer 'search /patients'"),
        ({"requests_per_second": -1}, "takes no requests"),
        ({"burst": 0}, "takes no requests"),
        ({"matches": "PatientID"}, "'matches' is 'PatientID'"),
        ({"pagesize": 7}, "unknown field 'pagesize'"),
        ({"page_size": "7"}, "'page_size' is '7'"),
        ({"page_size": True}, "'page_size' is True"),
        ({"page_size": 0}, "a page of 0 rows"),
        ({"recognised_by": [1]}, "'recognised_by' holds something else than text"),
        ({"title": ""}, "no title"),
        ({"parts": ["host"]}, "'parts' holds something else than objects"),
        ({"url": "https://{host}"}, "does not have the parts , each once"),
        ({"parts": [{"name": "host"}]}, "its URL '' does not have the parts host"),
        ({"url": "https://{host}/{host}", "parts": [{"name": "host"}]}, "each once"),
        ({"url": "https://{x}", "parts": [{"name": "x"}]}, "a part of its URL is wrong"),
        ({"url": "https://{host}", "parts": [{"name": "host", "pattern": "("}]}, "a part of its URL is wrong"),
        ({"url": "https://{host}", "parts": [{"name": "host", "example": "?"}]}, "Host '' is not a host name"),
    ],
)
def test_a_mistake_in_a_profile_is_named_with_its_file(tmp_path, fields, message):
    with pytest.raises(InvalidNode) as caught:
        written(tmp_path, **fields)
    assert message in str(caught.value)
    assert "some.json" in str(caught.value)


@pytest.mark.parametrize("content", ["{", "[]", '"x"', ""])
def test_a_profile_that_is_no_json_object_is_named(tmp_path, content):
    (tmp_path / "some.json").write_text(content)
    with pytest.raises(InvalidNode, match=r"some\.json"):
        profiles(tmp_path)
