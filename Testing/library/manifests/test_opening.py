"""Opening manifests and retrieving what they name, from servers that check what they are sent."""

from __future__ import annotations

import gzip
from dataclasses import replace
from urllib.parse import quote_plus

import pytest
from DICOMWebNodesLib.dicomweb.resource import Resource
from DICOMWebNodesLib.errors import (
    InvalidManifest,
    LimitExceeded,
    MalformedAttribute,
    MalformedInstance,
    NotFound,
    RedirectRefused,
    StoreUnavailable,
)
from DICOMWebNodesLib.manifests.target import described
from DICOMWebNodesLib.nodes.service_type import ServiceType
from fakes.careless_lists import careless_list
from fakes.origin_server import Dialect, OriginServer
from fakes.part10_files import part10
from fakes.scripted_server import Reply, ScriptedServer
from library.manifests.manifest_texts import rest, uri
from library.manifests.opening import SERIES, STUDY, TWO, retrieve, saved

SECRET = "secret-123"


def test_a_manifest_of_wado_uri_brings_what_it_names_and_no_more(workspace, server, tmp_path):
    path = saved(tmp_path, uri(TWO, base=server.wado_uri_url))
    (target,) = workspace.open_manifest(str(path)).targets
    assert not target.is_known
    summary, found = retrieve(workspace, target, tmp_path / "out")
    assert summary.complete, summary.failed
    assert found == [f"{SERIES}.1", f"{SERIES}.2"]


def test_a_manifest_of_dicomweb_brings_single_instances_too(workspace, server, tmp_path):
    inside = f'<Study StudyInstanceUID="{STUDY}"><Series SeriesInstanceUID="{SERIES}">{TWO}</Series></Study>'
    (target,) = workspace.open_manifest(str(saved(tmp_path, rest(inside, base=server.url)))).targets
    summary, found = retrieve(workspace, target, tmp_path / "out")
    assert summary.complete
    assert found == [f"{SERIES}.1", f"{SERIES}.2"]


def test_an_address_of_a_study_is_opened_without_asking_the_server(workspace, server, tmp_path):
    (target,) = workspace.open_manifest(f"{server.url}/studies/{STUDY}").targets
    assert server.exchanges == []
    _, found = retrieve(workspace, target, tmp_path / "out")
    assert len(found) == 3


def test_a_link_to_a_compressed_manifest_on_a_server(workspace, server, tmp_path):
    manifest = gzip.compress(rest(f'<Study StudyInstanceUID="{STUDY}"/>', base=server.url))
    with ScriptedServer([Reply(manifest)]) as other:
        link = "weasis://" + quote_plus(f'$dicom:get -w "{other.url}/weasis-pacs-connector/manifest?studyUID=1&gzip"')
        (target,) = workspace.open_manifest(link).targets
        assert other.requests[0].path.endswith("/weasis-pacs-connector/manifest")
        assert other.requests[0].query == "studyUID=1&gzip"
    assert target.part.resources == (Resource(STUDY),)


def test_what_names_only_a_patient_is_searched_for_when_it_is_wanted(workspace, server):
    link = "weasis://" + quote_plus(f"$dicom:rs -u {server.url} -r seriesUID={SERIES}")
    (target,) = workspace.open_manifest(link).targets
    assert server.exchanges == []
    assert workspace.resources_of(target) == (Resource(STUDY, SERIES),)
    nothing = replace(target, part=replace(target.part, matching=((("SeriesInstanceUID", "9.9"),),)))
    with pytest.raises(NotFound, match="none of what the manifest asks for"):
        workspace.resources_of(nothing)


def careless(tmp_path, *studies):
    """A server with studies of a patient, of which it lists 1.2.2 with what is no UID."""
    files = [tmp_path / f"{study}.dcm" for study in studies]
    for file, study in zip(files, studies):
        file.write_bytes(part10(study, f"{study}.1", f"{study}.1.1", PatientID="P7"))
    return OriginServer(files, dialect=Dialect(behaviours=(careless_list("0020000D", "1.2.2", "1.2.x"),)))


def of_patient(workspace, server):
    link = "weasis://" + quote_plus(f"$dicom:rs -u {server.url} -r patientID=P7")
    (target,) = workspace.open_manifest(link).targets
    return target


def test_what_a_server_lists_with_a_uid_that_is_none_is_named_and_the_rest_comes(workspace, tmp_path):
    remarks = []
    with careless(tmp_path, "1.2.1", "1.2.2") as server:
        found = workspace.resources_of(of_patient(workspace, server), on_warning=remarks.append)
    assert found == (Resource("1.2.1"),)
    assert [remark.partition(" (")[0] for remark in remarks] == [
        "the server lists a study that cannot be asked for: StudyInstanceUID"
    ]


def test_a_patient_of_whom_a_server_lists_nothing_else_is_not_said_to_be_unknown(workspace, tmp_path):
    with careless(tmp_path, "1.2.2") as server, pytest.raises(MalformedAttribute, match="cannot be asked for"):
        workspace.resources_of(of_patient(workspace, server))


# --- what cannot be opened --------------------------------------------------------------------------------------------


def test_a_manifest_that_is_too_large_is_not_read_to_its_end(workspace):
    def endless(request):
        return Reply((b" " * 65536 for _ in range(1000)), framing=Reply().framing.CHUNKED)

    with ScriptedServer(endless) as server, pytest.raises(LimitExceeded):
        workspace.open_manifest(f"{server.url}/m.xml")


def test_a_manifest_does_not_lead_from_the_web_into_files(workspace):
    with pytest.raises(InvalidManifest, match="not on a web server"):
        workspace.open_manifest("weasis://" + quote_plus('$dicom:get -w "file:///etc/passwd"'))


def test_a_redirect_to_a_file_is_refused(workspace):
    with ScriptedServer([Reply(status=302, headers={"Location": "file:///etc/passwd"})]) as server:
        with pytest.raises(RedirectRefused):
            workspace.open_manifest(f"{server.url}/m.xml")


def test_an_error_names_the_host_and_not_the_query(workspace):
    with ScriptedServer([Reply(status=404)]) as server, pytest.raises(NotFound) as raised:
        workspace.open_manifest(f"{server.url}/m.xml?token={SECRET}")
    assert SECRET not in str(raised.value)
    assert server.url.rpartition("/")[0] in str(raised.value)


def test_a_file_that_is_not_there(workspace, tmp_path):
    with pytest.raises(StoreUnavailable, match="cannot read"):
        workspace.open_manifest(str(tmp_path / "none.xml"))


def test_a_manifest_chosen_by_its_file_address(workspace, tmp_path):
    path = saved(tmp_path, rest(f'<Study StudyInstanceUID="{STUDY}"/>'), "a b.xml")
    (target,) = workspace.open_manifest(path.as_uri()).targets
    assert target.node.service_type is ServiceType.DICOMWEB


def test_files_below_the_servers_address_are_fetched_with_its_parameters(workspace, tmp_path):
    instance = part10(STUDY, SERIES, f"{SERIES}.1")
    with ScriptedServer([Reply(instance, headers={"Content-Type": "application/dicom"})]) as server:
        content = uri(
            f'<Instance SOPInstanceUID="{SERIES}.1" DirectDownloadFile="a/1.dcm?v=2"/>',
            base=f"{server.url}/files/",
            attributes='additionnalParameters="&amp;session=4711"',
        )
        (target,) = workspace.open_manifest(str(saved(tmp_path, content))).targets
        summary, _ = retrieve(workspace, target, tmp_path / "out")
        assert summary.complete, summary.failed
        assert server.requests[0].path.endswith("/files/a/1.dcm")
        assert server.requests[0].query == "v=2&session=4711"


def test_a_server_that_wants_the_slash_as_it_is_gets_it(workspace, tmp_path):
    """As Orthanc does, whose WADO-URI cannot be told by its address."""
    instance = {f"{SERIES}.{number}": part10(STUDY, SERIES, f"{SERIES}.{number}") for number in (1, 2)}

    def answer(request):
        if "contentType=application/dicom" not in request.query:
            return Reply(status=400)
        wanted = request.query.partition("objectUID=")[2].partition("&")[0]
        return Reply(instance[wanted], headers={"Content-Type": "application/dicom"})

    with ScriptedServer(answer) as server:
        (target,) = workspace.open_manifest(str(saved(tmp_path, uri(TWO, base=f"{server.url}/wado")))).targets
        summary, found = retrieve(workspace, target, tmp_path / "out")
        assert summary.complete, summary.failed
        assert found == [f"{SERIES}.1", f"{SERIES}.2"]


# --- single files on the web ------------------------------------------------------------------------------------------


def weasis(command):
    return "weasis://" + quote_plus(command)


def dicom(content):
    return Reply(content, headers={"Content-Type": "application/dicom"})


def test_files_on_the_web_come_as_the_instances_that_they_say_they_are(workspace, files, tmp_path):
    first, second, _ = [path.read_bytes() for path in files]
    with ScriptedServer([dicom(first), dicom(second), dicom(first), dicom(second)]) as server:
        link = weasis(f"$dicom:get -r {server.url}/a.dcm?key={SECRET} -r {server.url}/b.dcm")
        (target,) = workspace.open_manifest(link).targets
        assert server.requests == []
        assert described(target)["instances"] == 2
        assert SECRET not in str(described(target))
        summary, found = retrieve(workspace, workspace.identified(target), tmp_path / "out", connections=1)
        assert {request.path.rpartition("/")[2] for request in server.requests} == {"a.dcm", "b.dcm"}
        assert {request.query for request in server.requests if "a.dcm" in request.path} == {f"key={SECRET}"}
    assert (summary.complete, found) == (True, [f"{SERIES}.1", f"{SERIES}.2"])


@pytest.mark.parametrize("content", [b"GIF89a" * 100, b"", b"x" * 200])
def test_a_file_on_the_web_that_is_no_instance_is_named_without_its_token(workspace, content):
    with ScriptedServer([dicom(content)]) as server:
        (target,) = workspace.open_manifest(weasis(f"$dicom:get -r {server.url}/a.dcm?key={SECRET}")).targets
        with pytest.raises(MalformedInstance) as raised:
            workspace.identified(target)
    assert SECRET not in str(raised.value)


def test_a_link_to_files_of_this_computer_says_what_to_do(workspace, tmp_path):
    with pytest.raises(InvalidManifest, match=r"nothing to fetch from a server.*Import DICOM files"):
        workspace.open_manifest(weasis(f"$dicom:get -l {tmp_path}"))
