"""Nodes whose URL is made from its parts."""

from __future__ import annotations

import pytest

GOOGLE = {"project": "p-1", "location": "us", "dataset": "radiology", "store": "ct"}


def settings(**parts):
    return [word for name, value in parts.items() for word in ("--set", f"{name}={value}")]


def added(cli, *options):
    outcome = cli("nodes", "add", "Lab", *options)
    assert outcome.code == 0, outcome.err
    return next(node for node in cli("nodes", "list", "--json").json if node["name"] == "Lab")


def test_all_providers_are_listed_with_their_parts(cli):
    outcome = cli("nodes", "providers")
    assert outcome.code == 0
    (line,) = (line for line in outcome.lines if line.startswith("google "))
    assert "project, location, dataset, store, [version]" in line
    assert line.endswith("google-cloud-healthcare")


def test_the_parts_of_one_provider_are_explained(cli):
    outcome = cli("nodes", "providers", "dcm4chee")
    assert "URL: {scheme}://{host}/dcm4chee-arc/aets/{aet}/rs" in outcome.lines
    assert any(line.split() == ["scheme", "Scheme", "https", "https"] for line in outcome.lines)
    assert outcome.lines[-1].endswith("auth templates keycloak")


def test_a_url_is_made_from_the_parts_of_the_provider(cli):
    node = added(cli, "--provider", "google", *settings(**GOOGLE))
    assert node["url"] == (
        "https://healthcare.googleapis.com/v1/projects/p-1/locations/us/datasets/radiology/dicomStores/ct/dicomWeb"
    )


def test_the_other_options_of_a_node_go_with_a_provider(cli):
    node = added(cli, "--provider", "kaapana", "--set", "host=kaapana.example.org", "--read-timeout", "300")
    assert (node["url"], node["read_timeout"]) == ("https://kaapana.example.org/dicom-web-filter", 300.0)


def test_the_next_step_is_the_authentication_that_such_a_server_takes(cli):
    outcome = cli("nodes", "add", "Lab", "--provider", "orthanc", "--set", "host=localhost:8042")
    assert "auth add basic" in outcome.err
    assert "nodes edit 'Lab' --authentication METHOD" in outcome.err
    open_server = cli("nodes", "add", "Files", "--provider", "static-dicomweb", "--set", "host=localhost:5000")
    assert "auth add" not in open_server.err


@pytest.mark.parametrize(
    ("options", "profile"),
    [
        (["--provider", "orthanc", "--set", "host=localhost:8042"], None),
        (["--provider", "orthanc", "--set", "host=pacs.example.org", "--set", "path=rest"], "orthanc"),
        (["--provider", "generic", "--set", "url=https://pacs.example.org/dicom-web"], "generic"),
        (["--provider", "static-dicomweb", "--set", "host=files.example.org"], "static-dicomweb"),
        (["--provider", "static-dicomweb", "--set", "host=files.example.org", "--profile", "generic"], "generic"),
    ],
)
def test_a_provider_that_the_url_does_not_tell_is_kept_with_the_node(cli, options, profile):
    assert added(cli, *options).get("profile") == profile


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "there is neither a URL nor a provider. Give the URL, or --provider"),
        (["http://here", "--provider", "google"], "there is both a URL and a provider"),
        (["http://here", "--set", "host=here"], "--set is for the parts of a provider's URL. Add --provider."),
        (["--provider", "googel"], "there is no provider profile 'googel'. Choose one of aws-healthimaging"),
        (["--provider", "kaapana", "--set", "host"], "--set is 'host', not NAME=VALUE"),
        (["--provider", "kaapana", *settings(host="h", port="1")], "there is no part 'port' in this URL. It has host"),
        (["--provider", "kaapana", *settings(host="h:0")], "is not a number from 1 to 65535"),
        (
            ["--provider", "google", *settings(**{**GOOGLE, "project": "", "projekt": "p-1234"})],
            "there is no part 'projekt' in this URL. It has project, location, dataset, store, version.",
        ),
        (
            ["--provider", "google", *settings(**{**GOOGLE, "project": "P", "store": ""})],
            "project: Project 'P' is not the ID or the number of a project; store: DICOM store is missing. "
            "Add --set project=...; 'nodes providers google' explains.",
        ),
    ],
)
def test_what_is_wrong_with_the_parts_is_told_and_nothing_is_added(cli, options, message):
    outcome = cli("nodes", "add", "Lab", *options)
    assert outcome.code == 2
    assert message in outcome.err
    assert not cli.nodes_file.exists()


def test_a_provider_that_there_is_not_cannot_be_shown(cli):
    outcome = cli("nodes", "providers", "googel")
    assert outcome.code == 2
    assert "there is no provider profile 'googel'" in outcome.err
