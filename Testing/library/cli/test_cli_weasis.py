"""Files of Weasis on the command line."""

from __future__ import annotations

import base64
import json

import pytest
from DICOMWebNodesLib.auth.file_secrets import FileSecrets

METHOD = "68c845fc-93c5-11eb-b2f8-0f5db063091d"
URL = "https://pacs.example.org/rs"
HEADERS = base64.b64encode(b"X-Site:Ulm\nX-Api-Key:hunter2").decode()
NODES = f"""<?xml version="1.0" encoding="UTF-8"?><nodes>
<node description="Lab" type="WEB" usageType="BOTH" tsuid="NONE" url="{URL}" webtype="DICOMWEB" auth="{METHOD}"
 headers="{HEADERS}"></node>
<node description="Modality" type="DICOM" aeTitle="CT" hostname="ct" port="104"></node>
</nodes>"""
METHODS = f"""<?xml version="1.0" encoding="UTF-8"?><methods><method uid="{METHOD}" code="refresh-me">
<provider name="Hospital" auth="https://login.example.org/auth" token="https://login.example.org/token" revoke=""
 openid="true"></provider>
<registration id="viewer" secret="hunter3" scope="openid" audience="" grantType="code"></registration>
</method></methods>"""


@pytest.fixture
def nodes_file(tmp_path):
    (tmp_path / "dicomWebNodes.xml").write_text(NODES)
    return str(tmp_path / "dicomWebNodes.xml")


@pytest.fixture
def methods_file(tmp_path):
    (tmp_path / "authenticationNodes.xml").write_text(METHODS)
    return str(tmp_path / "authenticationNodes.xml")


@pytest.fixture
def secrets(cli):
    cli.secrets = FileSecrets(cli.nodes_file.parent / "secrets" / "secrets.json")
    cli.secrets.create()
    return cli.secrets


def lab(cli):
    return next(node for node in cli("nodes", "list", "--json").json if node["name"] == "Lab")


def everything_kept(cli):
    return "".join(path.read_text() for path in cli.nodes_file.parent.rglob("*") if path.is_file())


def test_both_files_are_imported_without_secrets_and_what_is_left_out_is_told(cli, secrets, nodes_file, methods_file):
    outcome = cli("nodes", "import", nodes_file, methods_file)
    assert outcome.code == 0, outcome.err
    assert outcome.lines == [
        "Added the method 'Hospital'",
        f"Added 'Lab': {URL}",
        "Skipped 'Modality': it is of type 'DICOM', which is not DICOMweb",
    ]
    assert outcome.err.splitlines() == [
        "left out: the client secret of 'Hospital'; 'auth login' asks for it",
        "1 node added, 1 skipped",
        "left out: the header 'X-Api-Key' of 'Lab'; give it with: nodes edit 'Lab' --header-env X-Api-Key=VARIABLE",
        "left out: the authentication of 'Lab'; give it with: nodes edit 'Lab' --authentication METHOD",
    ]
    assert lab(cli)["headers"] == [{"name": "X-Site", "value": "Ulm"}]
    assert not {"authentication", "secret_headers"} & set(lab(cli))
    for secret in ("hunter2", "hunter3", "refresh-me"):
        assert secret not in everything_kept(cli)


def test_newer_weasis_keeps_the_values_of_headers_elsewhere_and_so_they_are_asked_for(cli, tmp_path):
    node = {"id": "user.node.1", "type": "WEB", "description": "Lab", "url": URL, "headers": {"X-Api-Key": ""}}
    (tmp_path / "dicomWebNodes.json").write_text(json.dumps({"nodes": [node]}))
    outcome = cli("nodes", "import", str(tmp_path / "dicomWebNodes.json"))
    assert outcome.lines == [f"Added 'Lab': {URL}"]
    assert "nodes edit 'Lab' --header-env X-Api-Key=VARIABLE" in outcome.err
    assert not {"headers", "secret_headers"} & set(lab(cli))


def test_with_secrets_a_node_signs_in_as_it_did_in_weasis(cli, secrets, nodes_file, methods_file):
    outcome = cli("nodes", "import", "--with-secrets", nodes_file, methods_file)
    assert outcome.code == 0, outcome.err
    assert outcome.err == "1 node added, 1 skipped\n"
    assert lab(cli)["authentication"] == METHOD
    assert lab(cli)["secret_headers"] == ["X-Api-Key"]
    (method,) = cli("auth", "list", "--json").json
    assert (method["name"], method["uid"]) == ("Hospital", METHOD)
    kept = secrets.path.read_text()
    assert "hunter2" in kept
    assert "hunter3" in kept
    assert "hunter" not in cli.nodes_file.read_text() + (cli.nodes_file.parent / "auth.json").read_text()
    assert "refresh-me" not in everything_kept(cli)


def test_a_method_that_is_not_here_is_warned_of_and_not_referred_to(cli, secrets, nodes_file):
    outcome = cli("nodes", "import", "--with-secrets", nodes_file)
    assert "'Lab' signs in with a method that is not here: import authenticationNodes.xml too" in outcome.err
    assert "authentication" not in lab(cli)


def test_methods_that_are_here_are_skipped_and_names_that_are_taken_give_way(cli, methods_file, tmp_path):
    cli("nodes", "import", methods_file)
    again = cli("nodes", "import", methods_file)
    assert again.out == "Skipped the method 'Hospital': it is here already, as 'Hospital'\n"
    other = tmp_path / "other.xml"
    other.write_text(METHODS.replace(METHOD, "another"))
    assert cli("nodes", "import", str(other)).out == "Added the method 'Hospital (2)'\n"


def test_secrets_are_refused_where_nothing_would_keep_them(cli, nodes_file):
    outcome = cli("nodes", "import", "--with-secrets", nodes_file)
    assert outcome.code == 4
    assert "there is no place that keeps secrets" in outcome.err
    assert not cli.nodes_file.exists()


def test_our_own_form_is_not_imported_with_secrets(cli, secrets, tmp_path):
    cli("nodes", "add", "Lab", URL)
    cli("nodes", "export", "-o", str(tmp_path / "own.json"))
    before = cli.nodes_file.read_bytes()
    outcome = cli("nodes", "import", "--with-secrets", str(tmp_path / "own.json"))
    assert outcome.code == 2
    assert "is not a file of Weasis. Import it without --with-secrets." in outcome.err
    assert cli.nodes_file.read_bytes() == before


def test_of_several_files_none_is_imported_when_one_is_wrong(cli, nodes_file, tmp_path):
    (tmp_path / "wrong.xml").write_text("<!DOCTYPE nodes SYSTEM 'file:///etc/hostname'><nodes/>")
    outcome = cli("nodes", "import", nodes_file, str(tmp_path / "wrong.xml"))
    assert outcome.code == 1
    assert "wrong.xml cannot be imported: it has a document type" in outcome.err
    assert not cli.nodes_file.exists()


def test_an_export_for_weasis_is_imported_again_and_has_no_secrets(cli, secrets, nodes_file, methods_file, tmp_path):
    cli("nodes", "import", "--with-secrets", nodes_file, methods_file)
    outcome = cli("nodes", "export", "--format", "weasis", "--output", str(tmp_path / "out.xml"))
    assert outcome.err == f"1 node written to {tmp_path / 'out.xml'}\nleft out: the header 'X-Api-Key' of 'Lab'\n"
    methods = cli("nodes", "export", "Lab", "--format", "weasis-authentication")
    assert methods.err == "left out: the client secret of 'Hospital'\n"
    assert "hunter" not in (tmp_path / "out.xml").read_text() + methods.out
    assert base64.b64encode(b"X-Site:Ulm").decode() in (tmp_path / "out.xml").read_text()
    assert f'uid="{METHOD}"' in methods.out
    assert cli("nodes", "import", str(tmp_path / "out.xml")).out == "Skipped 'Lab': it is here already, as 'Lab'\n"


def test_the_export_is_newer_weasiss_json_where_the_file_is_called_so(cli, secrets, nodes_file, methods_file, tmp_path):
    cli("nodes", "import", "--with-secrets", nodes_file, methods_file)
    nodes, methods = tmp_path / "dicomWebNodes.json", tmp_path / "authentication.json"
    cli("nodes", "export", "--format", "weasis", "--output", str(nodes))
    cli("nodes", "export", "Lab", "--format", "weasis-authentication", "--output", str(methods))
    (node,) = json.loads(nodes.read_text())["nodes"]
    assert (node["url"], node["webType"], node["authMethod"], node["headers"]) == (
        URL,
        "DICOMWEB",
        METHOD,
        {"X-Site": "Ulm"},
    )
    assert "tsuid" not in node
    (method,) = json.loads(methods.read_text())["methods"]
    assert method["uid"] == METHOD
    assert method["registration"] == {"clientId": "viewer", "scope": "openid", "grantType": "code"}
    assert "hunter" not in nodes.read_text() + methods.read_text()
    assert cli("nodes", "import", str(nodes)).out == "Skipped 'Lab': it is here already, as 'Lab'\n"
    assert "it is here already" in cli("nodes", "import", str(methods)).out


def test_a_method_that_weasis_does_not_know_is_left_out_with_the_reason(cli):
    cli("auth", "add", "basic", "--name", "Password", "--set", "user_name=ada", typed="hunter2", terminal=True)
    cli("nodes", "add", "Lab", URL, "--authentication", "Password")
    outcome = cli("nodes", "export", "--format", "weasis-authentication")
    assert outcome.code == 0
    assert outcome.err == "left out: the method 'Password': Weasis knows OAuth 2.0 only, not 'basic'\n"
    assert "<methods" in outcome.out
    assert "ada" not in outcome.out


def test_a_file_for_weasis_is_never_written_with_secrets(cli):
    outcome = cli("nodes", "export", "--format", "weasis", "--with-secrets")
    assert outcome.code == 2
    assert "a file for Weasis is written without secrets" in outcome.err


def test_json_is_told_from_xml_by_its_content(cli, tmp_path):
    cli("nodes", "add", "Lab", URL)
    path = tmp_path / "nodes.xml"
    path.write_text(json.dumps(cli("nodes", "export").json))
    assert cli("nodes", "import", str(path)).out == "Skipped 'Lab': it is here already, as 'Lab'\n"
