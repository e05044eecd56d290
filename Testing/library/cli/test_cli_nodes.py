"""``nodes`` on the command line."""

from __future__ import annotations

import json
import os

import pytest
from DICOMWebNodesLib.dicomweb.check import Check
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer

URL = "http://localhost:8042/dicom-web"


def listed(cli):
    return {node["name"]: node for node in cli("nodes", "list", "--json").json}


def test_the_list_starts_with_the_public_demo(cli):
    outcome = cli("nodes", "list")
    assert outcome.code == 0
    assert outcome.lines[0].split() == ["Name", "Service", "URL", "Notes"]
    assert "Orthanc public demo" in outcome.lines[2]
    assert outcome.lines[2].endswith("predefined")


def test_an_added_node_is_listed_and_normalised(cli):
    outcome = cli("nodes", "add", "Lab", URL + "/")
    assert outcome.out == f"Added 'Lab': {URL}\n"
    assert "nodes test 'Lab'" in outcome.err
    assert listed(cli)["Lab"]["url"] == URL


def test_the_address_of_a_study_is_added_with_a_hint_of_the_root(cli):
    outcome = cli("nodes", "add", "Lab", f"{URL}/studies/1.2.3")
    assert outcome.code == 0
    assert f"in front of /studies: {URL} (to change it: " in outcome.err
    assert listed(cli)["Lab"]["url"] == f"{URL}/studies/1.2.3"
    assert "warning" not in cli("nodes", "edit", "Lab", "--page-size", "50").err, "it has been said"
    assert "usually at http://localhost:8042/dicom-web" in cli("nodes", "edit", "Lab", "--url", URL[:-10]).err
    assert "warning" not in cli("nodes", "edit", "Lab", "--url", URL).err


def test_every_field_of_a_node_can_be_given(cli, tmp_path):
    ca_file = tmp_path / "ca.pem"
    options = {
        "--service-type": "qido-rs",
        "--retrieve-with": "orthanc public demo",
        "--profile": "generic",
        "--page-size": "50",
        "--document-limit": "2048",
        "--transfer-syntax": "1.2.840.10008.1.2.1",
        "--header": "X-Site: Ulm",
        "--connect-timeout": "2.5",
        "--read-timeout": "300",
        "--proxy": "http://proxy:3128",
        "--ca-file": str(ca_file),
        "--client-certificate": "/client.pem",
        "--client-key": "/client.key",
    }
    outcome = cli("nodes", "add", "Lab", URL, *(part for pair in options.items() for part in pair), "--no-verify")
    assert outcome.code == 0, outcome.err
    node = listed(cli)["Lab"]
    assert node.pop("uid")
    assert node == {
        "name": "Lab",
        "url": URL,
        "service_type": "QIDO-RS",
        "retrieve_partner": "orthanc-demo",
        "profile": "generic",
        "page_size": 50,
        "document_limit": 2048,
        "transfer_syntax": "1.2.840.10008.1.2.1",
        "headers": [{"name": "X-Site", "value": "Ulm"}],
        "connect_timeout": 2.5,
        "read_timeout": 300.0,
        "proxy": "http://proxy:3128",
        "tls": {
            "verify": False,
            "ca_file": str(ca_file),
            "client_certificate": os.path.abspath("/client.pem"),
            "client_key": os.path.abspath("/client.key"),
        },
        "predefined": False,
    }
    assert "retrieves with Orthanc public demo, any certificate" in cli("nodes", "list").out


def test_an_edit_changes_what_is_named_and_nothing_else(cli):
    cli("nodes", "add", "Lab", URL, "--header", "X-Site: Ulm", "--header", "X-Floor: 2", "--page-size", "50")
    outcome = cli("nodes", "edit", "lab", "--name", "Laboratory", "--header", "X-Site:", "--no-verify")
    assert outcome.out == f"Changed 'Laboratory': {URL}\n"
    node = listed(cli)["Laboratory"]
    assert (node["page_size"], node["headers"]) == (50, [{"name": "X-Floor", "value": "2"}])
    assert node["tls"]["verify"] is False


def test_an_empty_value_puts_a_field_back(cli):
    cli("nodes", "add", "Lab", URL, "--page-size", "50", "--proxy", "http://proxy:3128", "--profile", "generic")
    cli("nodes", "edit", "Lab", "--document-limit", "1024")
    cli(
        "nodes",
        "edit",
        "Lab",
        "--document-limit",
        "",
        "--page-size",
        "",
        "--proxy",
        "",
        "--profile",
        "",
        "--transfer-syntax",
        "",
    )
    assert set(listed(cli)["Lab"]) == {"name", "url", "service_type", "uid", "predefined"}


def test_a_node_can_be_given_another_place(cli):
    for name in "ABC":
        cli("nodes", "add", name, URL)
    assert cli("nodes", "edit", "C", "--position", "1").code == 0
    assert list(listed(cli))[:3] == ["C", "A", "B"]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["add", "Lab", "localhost:8042"], "'localhost:8042' is not an http or https URL"),
        (["add", "Lab", "http://ada:hunter2@host/"], "choose an authentication for the node"),
        (["add", " ", URL], "a node needs a name"),
        (["add", "Orthanc public demo", URL], "there is a node named 'Orthanc public demo' already"),
        (["add", "Lab", URL, "--service-type", "ftp"], "'ftp' is not a service type"),
        (["add", "Lab", URL, "--profile", "ortank"], "no provider profile 'ortank'"),
        (["add", "Lab", URL, "--page-size", "many"], "--page-size is 'many'"),
        (["add", "Lab", URL, "--document-limit", "2GB"], "--document-limit is '2GB'"),
        (["add", "Lab", URL, "--read-timeout", "0"], "read_timeout is 0.0 seconds"),
        (["add", "Lab", URL, "--read-timeout", "soon"], "'soon' is not a number of seconds"),
        (["add", "Lab", URL, "--retrieve-with", "x"], "there is no node 'x'"),
        (["add", "Lab", URL, "--retrieve-with", "orthanc-demo"], "Only a QIDO-RS node has one"),
        (["add", "Lab", URL, "--header", "X-Site Ulm"], "a header is written as 'NAME: VALUE'"),
        (["add", "Lab", URL, "--header", "Host: x"], "'Host' cannot be configured"),
        (["edit", "Nowhere", "--name", "x"], "there is no node 'Nowhere'"),
        (["edit", "orthanc-demo", "--name", "x"], "is predefined and cannot be changed"),
        (["edit", "Here", "--position", "0"], "--position is 0"),
        (["remove", "Nowhere"], "there is no node 'Nowhere'"),
        (["remove", "orthanc-demo"], "Duplicate it and change the copy"),
        (["duplicate", "Here", "here"], "there is a node named 'here' already"),
    ],
)
def test_wrong_input_is_refused_and_changes_nothing(cli, argv, message):
    cli("nodes", "add", "Here", URL)
    before = cli.nodes_file.read_bytes()
    outcome = cli("nodes", *argv)
    assert outcome.code == 2
    assert message in outcome.err
    assert "hunter2" not in outcome.err
    assert cli.nodes_file.read_bytes() == before


def test_a_secret_header_is_refused_as_an_argument_and_not_repeated(cli):
    outcome = cli("nodes", "add", "Lab", URL, "--header", "X-Api-Key: hunter2")
    assert outcome.code == 2
    assert "arguments are no place for secrets" in outcome.err
    assert "hunter2" not in outcome.err
    assert not cli.nodes_file.exists()


def test_several_nodes_are_removed_by_name_and_uid(cli):
    cli("nodes", "add", "A", URL)
    cli("nodes", "add", "B", URL)
    outcome = cli("nodes", "remove", "a", listed(cli)["B"]["uid"])
    assert outcome.out == "Removed 'A'\nRemoved 'B'\n"
    assert list(listed(cli)) == ["Orthanc public demo"]


def test_a_predefined_node_can_be_duplicated(cli):
    assert cli("nodes", "duplicate", "orthanc-demo").out.startswith("Added 'Orthanc public demo copy'")
    assert cli("nodes", "duplicate", "orthanc-demo", "Mine").code == 0
    assert list(listed(cli)) == ["Orthanc public demo copy", "Mine", "Orthanc public demo"]


def test_an_export_is_imported_elsewhere_with_new_names_where_they_are_taken(cli, tmp_path):
    cli("nodes", "add", "Lab", URL)
    path = tmp_path / "mail.json"
    assert cli("nodes", "export", "--output", str(path)).err == f"1 node written to {path}\n"
    cli("nodes", "edit", "Lab", "--page-size", "7")
    outcome = cli("nodes", "import", str(path))
    assert outcome.out == f"Added 'Lab (2)': {URL} (in the file 'Lab', a name that is taken)\n"
    again = cli("nodes", "import", str(path))
    assert again.out == "Skipped 'Lab': it is here already, as 'Lab (2)'\n"
    assert again.err == "0 nodes added, 1 skipped\n"


def test_an_import_says_that_the_sign_in_of_a_node_was_left_out(cli, tmp_path):
    node = {"uid": "1", "name": "Lab", "url": URL, "authentication": "a" * 32, "secret_headers": ["X-Api-Key"]}
    path = tmp_path / "mail.json"
    path.write_text(json.dumps({"format": "DICOMWebNodes", "version": 1, "nodes": [node]}))
    told = cli("nodes", "import", str(path)).err
    assert "left out: the authentication of 'Lab'; give it with: nodes edit 'Lab' --authentication METHOD\n" in told
    assert "left out: the header 'X-Api-Key' of 'Lab'" in told
    (listed,) = (each for each in cli("nodes", "list", "--json").json if each["name"] == "Lab")
    assert not listed.get("authentication")


def test_an_export_to_standard_output_is_json_without_secrets_and_says_what_is_left_out(cli):
    secret = {"uid": "1", "name": "Lab", "url": URL, "headers": [{"name": "X-Api-Key", "value": "hunter2"}]}
    cli.nodes_file.parent.mkdir()
    cli.nodes_file.write_text(json.dumps({"format": "DICOMWebNodes", "version": 1, "nodes": [secret]}))
    outcome = cli("nodes", "export", "Lab", "orthanc-demo")
    assert [node["name"] for node in outcome.json["nodes"]] == ["Lab", "Orthanc public demo"]
    assert "hunter2" not in outcome.out
    assert outcome.err == "left out: the header 'X-Api-Key' of 'Lab'\n"
    assert "hunter2" in cli("nodes", "export", "Lab", "--with-secrets").out
    assert "hunter2" not in cli("nodes", "list", "--json").out + cli("nodes", "list").out


def test_what_is_no_export_cannot_be_imported(cli, tmp_path):
    (tmp_path / "x.json").write_text("{}")
    assert "x.json cannot be imported" in cli("nodes", "import", str(tmp_path / "x.json")).err
    assert "there is no file" in cli("nodes", "import", str(tmp_path / "nowhere.json")).err


def test_a_damaged_file_is_reported_once_and_kept(cli):
    cli.nodes_file.parent.mkdir()
    cli.nodes_file.write_text("{damaged")
    outcome = cli("nodes", "list")
    assert outcome.code == 0
    assert "warning: The file of nodes was damaged: it is not JSON" in outcome.err
    (aside,) = cli.nodes_file.parent.glob("nodes.json.damaged-*")
    assert str(aside) in outcome.err
    assert aside.read_text() == "{damaged"
    assert cli("nodes", "list").err == ""


def test_a_node_of_a_newer_version_is_reported_in_the_list(cli):
    future = {"uid": "1", "name": "Future\x1b[2J", "url": "quic://host"}
    cli.nodes_file.parent.mkdir()
    cli.nodes_file.write_text(json.dumps({"format": "DICOMWebNodes", "version": 2, "nodes": [future]}))
    outcome = cli("nodes", "list")
    assert "warning: the node 'Future[2J'" in outcome.err
    assert "has a control character inside" in outcome.err


def test_a_test_has_a_line_for_each_service_and_fails_when_one_does(cli):
    checks = (
        Check(ServiceType.QIDO_RS, True, "studies can be searched"),
        Check(ServiceType.WADO_RS, None, "answers, but there is nothing to try it with"),
        Check(ServiceType.STOW_RS, False, "403 \x1b[2Jforbidden"),
    )
    outcome = cli("nodes", "test", "orthanc-demo", test=lambda node: checks)
    assert outcome.code == 1
    assert outcome.lines == [
        "QIDO-RS   ok       studies can be searched",
        "WADO-RS   -        answers, but there is nothing to try it with",
        "STOW-RS   failed   403 [2Jforbidden",
    ]
    assert cli("nodes", "test", "orthanc-demo", test=lambda node: checks[:2]).code == 0
    assert cli("nodes", "test", "orthanc-demo", "--json", test=lambda node: checks).json[2]["ok"] is False


@pytest.mark.parametrize(
    ("codes", "code"), [(["unauthorized"] * 2, 4), (["timed-out", ""], 5), (["timed-out", "unauthorized"], 1)]
)
def test_a_test_that_fails_for_one_reason_has_the_exit_status_of_that_reason(cli, codes, code):
    services = (ServiceType.QIDO_RS, ServiceType.WADO_RS)
    checks = [Check(service, not error, "", code=error) for service, error in zip(services, codes)]
    assert cli("nodes", "test", "orthanc-demo", test=lambda node: checks).code == code


def test_a_long_line_of_a_test_is_folded_beside_its_service_on_a_terminal(cli):
    checks = (Check(ServiceType.QIDO_RS, True, "all series and all instances " * 6),)
    lines = cli("nodes", "test", "orthanc-demo", terminal=True, test=lambda node: checks).lines
    assert lines[0].startswith("QIDO-RS   ok       all series")
    assert len(lines) > 1
    assert all(line.startswith(" " * 19 + "a") or line.startswith(" " * 19 + "s") for line in lines[1:]), lines
    assert max(map(len, lines)) <= 80


def test_an_authentication_is_named_and_a_yes_to_plain_http_remembered(cli):
    outcome = cli("nodes", "add", "Lab", URL, "--authentication", "Nobody")
    assert outcome.code == 2
    assert "there is no authentication method 'Nobody'" in outcome.err
    cli("nodes", "add", "Lab", "http://pacs.example.org/rs", "--allow-plain-http")
    assert listed(cli)["Lab"]["allow_plain_http_credential"] is True
    cli.environ["TOKEN"] = "abcdef"
    assert cli("nodes", "test", "Lab", "--token-env", "TOKEN", test=lambda node: ()).code == 0
    cli("nodes", "edit", "Lab", "--forbid-plain-http")
    assert cli("nodes", "test", "Lab", "--token-env", "TOKEN", test=lambda node: ()).code == 4


def test_what_a_test_found_out_is_listed_until_the_url_changes(cli):
    with OriginServer() as server:
        cli("nodes", "add", "Lab", server.url)
        assert "found" not in listed(cli)["Lab"]
        outcome = cli("nodes", "test", "Lab", test=lambda node: Workspace(cli.workspace.nodes).test(node))
        assert outcome.code == 0, outcome.err
        assert listed(cli)["Lab"]["found"]["offers"] == {"search /studies": True, "store": True}
        cli("nodes", "edit", "Lab", "--url", f"{server.url}/elsewhere")
        assert "found" not in listed(cli)["Lab"]
