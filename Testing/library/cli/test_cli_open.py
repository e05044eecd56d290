"""``open``: shown first, fetched after a yes, and nothing secret on the way."""

from __future__ import annotations

from urllib.parse import quote_plus

import pytest
from DICOMWebNodesLib.cli.main import main
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.store import NodeStore
from fakes.careless_lists import careless_list
from fakes.origin_server import Dialect, OriginServer
from fakes.part10_files import part10
from library.cli.conftest import Terminal
from library.manifests.manifest_texts import FULL_XML, LOGIN, TOKEN, rest

STUDY, SERIES = "1.2.1", "1.2.1.1"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "1.dcm"
    path.write_bytes(part10(STUDY, SERIES, f"{SERIES}.1"))
    with OriginServer([path]) as server:
        yield server


class Ran:
    def __init__(self, tmp_path):
        self.environ = {"DICOMWEBNODES_HOME": str(tmp_path / "settings")}
        self.nodes = NodeStore(tmp_path / "settings" / "nodes.json")

    def __call__(self, *argv, stdin="", terminal=False):
        import io

        stream = Terminal if terminal else io.StringIO
        self.out, self.err = io.StringIO(), io.StringIO()
        argv = [str(each) for each in argv]
        return main(argv, stdin=stream(stdin), stdout=self.out, stderr=self.err, environ=self.environ)


@pytest.fixture
def run(tmp_path):
    return Ran(tmp_path)


def test_without_a_folder_it_only_shows(run, tmp_path):
    path = tmp_path / "m.xml"
    path.write_text(FULL_XML)
    assert run("open", path) == 0
    assert run.out.getvalue().splitlines() == [
        "https://pacs.example.org/wado (WADO-URI, no node of yours)",
        "  patient DOE^JOHN, P1, as it says",
        "  1 study, 1 series, 2 instances",
        "  it brings X-Time, Authorization for this server",
    ]
    assert "One study is offline" in run.err.getvalue()
    assert LOGIN not in run.out.getvalue() + run.err.getvalue()


def test_the_same_as_json(run, tmp_path):
    path = tmp_path / "m.xml"
    path.write_text(FULL_XML)
    assert run("open", path, "--json") == 0
    assert '"header_names"' in run.out.getvalue()
    assert LOGIN not in run.out.getvalue()


def test_a_manifest_that_is_not_there_has_the_status_of_any_other_file(run, tmp_path):
    assert run("open", tmp_path / "nowhere") == 1
    assert f"cannot read {tmp_path / 'nowhere'}" in run.err.getvalue()


def test_nothing_to_open_is_not_the_folder_where_the_command_runs(run):
    assert run("open", "") == 2
    assert "there is no manifest or link" in run.err.getvalue()


@pytest.mark.parametrize(("answer", "code", "files"), [("y\n", 0, 1), ("n\n", 130, 0), ("", 130, 0)])
def test_it_asks_before_anything_is_fetched(run, server, tmp_path, answer, code, files):
    before = len(server.exchanges)
    url = f"{server.url}/studies/{STUDY}"
    assert run("open", url, "--output", tmp_path / "out", stdin=answer, terminal=True) == code
    assert len(list(tmp_path.glob("out/**/*.dcm"))) == files
    assert (len(server.exchanges) > before) == bool(files)
    assert server.url.rpartition("/")[0] in run.err.getvalue()


def test_without_a_terminal_somebody_has_to_say_yes_before(run, server, tmp_path):
    url = f"{server.url}/studies/{STUDY}"
    assert run("open", url, "--output", tmp_path / "out") == 2
    assert "Add --yes" in run.err.getvalue()
    assert run("open", url, "--output", tmp_path / "out", "--yes") == 0


def test_a_link_with_a_token_comes_by_standard_input(run, server, tmp_path):
    link = "weasis://" + quote_plus(
        f'$dicom:rs -u {server.url} -r "studyUID={STUDY}" -H "Authorization: Bearer {TOKEN}"'
    )
    assert run("open", "-", "--output", tmp_path / "out", "--yes", stdin=link + "\n") == 0
    assert server.exchanges[-1].request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in run.out.getvalue() + run.err.getvalue()
    kept = [path.read_bytes() for path in (tmp_path / "settings").rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in content for content in kept)


def test_what_the_server_lists_with_a_uid_that_is_none_is_told_and_the_rest_is_fetched(run, tmp_path):
    files = [tmp_path / "1.dcm", tmp_path / "2.dcm"]
    for file, study in zip(files, ("1.2.1", "1.2.2")):
        file.write_bytes(part10(study, f"{study}.1", f"{study}.1.1", PatientID="P7"))
    behaviour = careless_list("0020000D", "1.2.2", "1.2.x")
    with OriginServer(files, dialect=Dialect(behaviours=(behaviour,))) as server:
        link = "weasis://" + quote_plus(f"$dicom:rs -u {server.url} -r patientID=P7")
        assert run("open", link, "--output", tmp_path / "out", "--yes") == 3
    assert len(list(tmp_path.glob("out/**/*.dcm"))) == 1
    assert "lists a study that cannot be asked for" in run.err.getvalue()


def test_a_node_of_ones_own_is_named(run, server, tmp_path):
    run.nodes.add(Node("Lab", server.url))
    path = tmp_path / "m.xml"
    path.write_bytes(rest(f'<Study StudyInstanceUID="{STUDY}"/>', server.url))
    assert run("open", path) == 0
    assert "your node “Lab”" in run.out.getvalue()


def test_a_sign_in_over_plain_http_is_refused_before_anything_is_sent(run, tmp_path):
    path = tmp_path / "m.xml"
    path.write_bytes(rest(f'<Study StudyInstanceUID="{STUDY}"/>', "http://pacs.example.org", f'webLogin="{LOGIN}"'))
    assert run("open", path, "--output", tmp_path / "out", "--yes") == 4
    assert "plain http" in run.err.getvalue()


def test_what_is_no_manifest_says_so(run, tmp_path):
    path = tmp_path / "m.xml"
    path.write_text("<html/>")
    assert run("open", path) == 2
    assert "its root is “html”" in run.err.getvalue()
