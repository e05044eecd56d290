"""Whose sign-in a manifest uses, and where it goes."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.auth.credentials import BasicAuth
from DICOMWebNodesLib.errors import PlainHTTPRefused
from DICOMWebNodesLib.manifests.target import described
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.workspace import Workspace
from fakes.origin_server import OriginServer
from fakes.part10_files import part10
from fakes.scripted_server import Reply, ScriptedServer
from library.manifests.manifest_texts import LOGIN, TOKEN, rest, uri
from library.manifests.opening import SERIES, STUDY, TWO, retrieve, saved

SECRET = "secret-123"


def test_the_login_of_a_manifest_goes_to_its_server(workspace, files, tmp_path):
    with OriginServer(files, authorized=lambda given: given == f"Basic {LOGIN}") as server:
        content = uri(TWO, base=server.wado_uri_url, attributes=f'webLogin="{LOGIN}"')
        (target,) = workspace.open_manifest(str(saved(tmp_path, content))).targets
        summary, _ = retrieve(workspace, target, tmp_path / "out")
        assert summary.complete, summary.failed


def test_the_login_of_a_manifest_goes_nowhere_else(workspace, tmp_path):
    """Not even where its server redirects to."""
    instance = part10(STUDY, SERIES, f"{SERIES}.1")
    with ScriptedServer([Reply(instance, headers={"Content-Type": "application/dicom"})]) as elsewhere:
        with ScriptedServer([Reply(status=302, headers={"Location": f"{elsewhere.url}/x"})]) as server:
            content = uri(
                f'<Instance SOPInstanceUID="{SERIES}.1"/>', base=f"{server.url}/wado", attributes=f'webLogin="{LOGIN}"'
            ).replace(b"<Patient", b'<httpTag key="X-Ticket" value="ticket-99"/><Patient')
            (target,) = workspace.open_manifest(str(saved(tmp_path, content))).targets
            retrieve(workspace, target, tmp_path / "out")
            assert server.requests[0].headers["authorization"] == f"Basic {LOGIN}"
        assert "authorization" not in elsewhere.requests[0].headers
        assert "x-ticket" not in elsewhere.requests[0].headers


@pytest.mark.parametrize(
    "url", ["https://other.example.org/rs", "https://pacs.example.org/rs2", "http://pacs.example.org/rs"]
)
def test_what_a_manifest_brings_goes_to_no_node_of_another_address(workspace, nodes, tmp_path, url):
    nodes.add(Node("Mine", url))
    path = saved(tmp_path, rest(f'<Study StudyInstanceUID="{STUDY}"/>', attributes=f'webLogin="{LOGIN}"'))
    (target,) = workspace.open_manifest(str(path)).targets
    assert not target.is_known
    assert target.node.url == "https://pacs.example.org/rs"
    assert nodes.get("Mine").headers == ()


def test_a_known_node_uses_its_own_sign_in(nodes, files, tmp_path):
    with OriginServer(files, authorized=lambda given: given == "Basic dTpwdw==") as server:
        nodes.add(Node("Lab", server.url, authentication="method"))
        workspace = Workspace(nodes, lambda node: BasicAuth("u", "pw") if node.authentication else None)
        content = rest(f'<Study StudyInstanceUID="{STUDY}"/>', server.url, f'webLogin="{LOGIN}"')
        opened = workspace.open_manifest(str(saved(tmp_path, content)))
        (target,) = opened.targets
        assert (target.is_known, target.node.name) == (True, "Lab")
        assert opened.remarks == ("Its own sign-in is not used: the node “Lab” has one.",)
        _, found = retrieve(workspace, target, tmp_path / "out")
        assert len(found) == 3
        workspace.close()


def test_a_manifest_on_the_server_of_a_node_is_fetched_with_its_sign_in(nodes):
    with ScriptedServer([Reply(rest(f'<Study StudyInstanceUID="{STUDY}"/>'))]) as server:
        nodes.add(Node("Lab", f"{server.url}/rs", authentication="method"))
        with Workspace(nodes, lambda node: BasicAuth("u", "pw") if node.authentication else None) as workspace:
            workspace.open_manifest(f"{server.url}/manifest.xml")
        assert server.requests[0].headers["authorization"] == "Basic dTpwdw=="


def test_a_sign_in_is_not_sent_where_everybody_can_read_it():
    from DICOMWebNodesLib.manifests.reading import read_manifest
    from DICOMWebNodesLib.manifests.target import target_of

    exposed = rest(f'<Study StudyInstanceUID="{STUDY}"/>', "http://pacs.example.org/rs", f'webLogin="{LOGIN}"')
    target = target_of(read_manifest(exposed).parts[0], ())
    assert described(target)["exposes_secrets"]
    with pytest.raises(PlainHTTPRefused, match="plain http"):
        target.check_plain_http(False)
    target.check_plain_http(True)
    assert target.allowed(True).node.allow_plain_http_credential


def test_what_a_person_is_shown_has_no_secret(workspace, tmp_path):
    content = uri(TWO, attributes=f'webLogin="{LOGIN}" additionnalParameters="&amp;token={TOKEN}"')
    (target,) = workspace.open_manifest(str(saved(tmp_path, content))).targets
    for shown in (str(described(target)), repr(target)):
        assert LOGIN not in shown
        assert TOKEN not in shown


def test_a_server_that_repeats_a_token_is_not_quoted_with_it(workspace, tmp_path):
    def refuse(request):
        return Reply(f"no right for {request.query} {request.headers['authorization']}".encode(), status=403)

    with ScriptedServer(refuse) as server:
        content = uri(
            TWO,
            base=f"{server.url}/wado",
            attributes=f'webLogin="{LOGIN}" additionnalParameters="&amp;ticket={SECRET}"',
        )
        (target,) = workspace.open_manifest(str(saved(tmp_path, content))).targets
        summary, _ = retrieve(workspace, target, tmp_path / "out")
        assert SECRET in server.requests[0].query
        told = str(summary.as_dict())
        assert "403" in told
        assert SECRET not in told
        assert LOGIN not in told


def test_nothing_of_it_is_kept(workspace, nodes, server, tmp_path):
    content = rest(f'<Study StudyInstanceUID="{STUDY}"/>', server.url, f'webLogin="{LOGIN}"')
    (target,) = workspace.open_manifest(str(saved(tmp_path, content))).targets
    retrieve(workspace, target, tmp_path / "out")
    assert nodes.nodes() == ()
    for path in (tmp_path / "settings").rglob("*"):
        assert LOGIN.encode() not in path.read_bytes()
