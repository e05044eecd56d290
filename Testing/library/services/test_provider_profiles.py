from __future__ import annotations

import json

import pytest
from DICOMWebNodesLib.dicomweb.profile import GENERIC, Profile, Quirk, profile_for, profiles
from DICOMWebNodesLib.errors import InvalidNode
from DICOMWebNodesLib.nodes.node import Node

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
    example = Node("Example", profile.example.replace("HOST", "host.example.org"))
    assert profile_for(example) is profile


def test_the_generic_profile_keeps_to_the_standard():
    generic = profiles()[GENERIC]
    assert generic.quirks == frozenset()
    assert generic.retrieve_levels == Profile("", "").retrieve_levels
    assert len(generic.retrieve_levels) == 3


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
        ("https://kaapana.example.org/dicom-web-filter", "generic"),
        ("https://host/dcm4chee-arc/aets/DCM4CHEE/rs", "generic"),
        ("http://host:18042/rs", "generic"),
    ],
)
def test_a_profile_is_recognised_from_the_url(url, name):
    assert profile_for(Node("x", url)).name == name


def test_the_profile_that_a_node_names_wins():
    assert profile_for(Node("x", "http://localhost:8042/dicom-web", profile="generic")).name == "generic"


def test_a_profile_that_there_is_not_is_an_error_that_names_those_there_are():
    with pytest.raises(InvalidNode, match=r"x: there is no provider profile 'ortank'.*generic, orthanc") as caught:
        profile_for(Node("x", "http://localhost/", profile="ortank"))
    assert caught.value.field == "profile"


def test_a_profile_needs_a_title_only(tmp_path):
    assert written(tmp_path)["some"] == Profile("some", "Some server")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"quirks": ["raw-query-values", "moody"]}, "unknown quirk 'moody'"),
        ({"retrieve_levels": ["patients"]}, "unknown level 'patients'"),
        ({"pagesize": 7}, "unknown field 'pagesize'"),
        ({"page_size": "7"}, "'page_size' is '7'"),
        ({"page_size": True}, "'page_size' is True"),
        ({"page_size": 0}, "a page of 0 rows"),
        ({"recognised_by": [1]}, "'recognised_by' holds something else than text"),
        ({"title": ""}, "no title"),
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
