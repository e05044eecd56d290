"""A base URL that was copied from somewhere else is taken, with a word about what is probably meant."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.dicomweb.profile import profiles
from DICOMWebNodesLib.dicomweb.url_hint import hint_about
from DICOMWebNodesLib.nodes.predefined import predefined_nodes
from DICOMWebNodesLib.nodes.url import normalise_base_url


@pytest.mark.parametrize(
    "path",
    [
        "studies",
        "studies/",
        "studies/1.2.840",
        "studies/1.2/series",
        "studies/1.2/series/3.4/instances/5.6/frames/1",
        "studies/1.2/metadata",
        "series",
        "instances",
        "series/1.2/instances",
    ],
)
def test_the_address_of_a_resource_tells_the_root_of_its_service(path):
    hint = hint_about(normalise_base_url(f"https://pacs.example.org/studies/rs/{path}"))
    assert hint is not None
    assert hint.endswith("in front of /studies: https://pacs.example.org/studies/rs")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8042",
        "https://orthanc.example.org",
        "http://localhost:8042/studies",
        "http://localhost:8042/app/explorer.html",
        "http://localhost:8042/ui/app/index.html",
    ],
)
def test_orthanc_without_its_plugins_path_is_told_where_dicomweb_is(url):
    host = "/".join(url.split("/")[:3])
    assert hint_about(normalise_base_url(url)).endswith(f"usually at {host}/dicom-web")


@pytest.mark.parametrize(
    "url",
    [
        "https://pacs.example.org",
        "https://pacs.example.org/studies/dicom-web",
        "http://localhost:8042/dicom-web",
        "http://localhost:8042/orthanc/dw",
        "https://pacs.example.org/my-studies",
        "https://pacs.example.org/wado",
    ],
)
def test_what_may_well_be_a_service_is_not_commented(url):
    assert hint_about(url) is None


def test_no_url_that_this_module_makes_is_commented():
    assert [node.url for node in predefined_nodes() if hint_about(node.url)] == []
    assert [name for name, profile in profiles().items() if hint_about(normalise_base_url(profile.form.example))] == []


GOOGLE = "https://healthcare.googleapis.com/v1/projects/p/locations/l/datasets/d/dicomStores/s"


def test_on_a_providers_own_host_another_url_than_the_usual_one_is_told():
    hint = hint_about(GOOGLE)
    assert hint.startswith("This is not the usual URL of Google Cloud Healthcare, which looks like https://healthcare")
    assert hint_about(f"{GOOGLE}/dicomWeb") is None
    assert hint_about("https://healthcare.googleapis.com.example.org/dicom") is None
