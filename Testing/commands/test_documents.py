"""What the README and docs/ say is done as it stands there, against a server that plays the one they name."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Mapping

import documents
import pytest
from DICOMWebNodesLib.auth.template import template
from DICOMWebNodesLib.cohort.table import CohortFile
from DICOMWebNodesLib.dicomweb.profile import profiles
from DICOMWebNodesLib.errors.manual import MANUAL, SECTIONS
from fakes.authorization_server.authority import DEVICE_GRANT
from fakes.authorization_server.model import Client
from fakes.authorization_server.server import AuthorizationServer
from fakes.origin_server import OriginServer

SECONDS = 600  # a busy machine needs some for each of twenty commands; none is waited for in vain
KINDS = {
    *("sh", "sh person", "sh tests", "python", "python library", "python slicer", "csv", "json provider"),
    "text",  # what no test here can run: Slicer itself
}
COMMAND = "python -m DICOMWebNodesLib "
FOLLOW = "import sys, urllib.request as u\nu.build_opener(u.ProxyHandler({})).open(sys.argv[1]).read()\n"
SHORT = ("generic", "kaapana", "static-dicomweb")  # providers that share a few lines
NEEDS_A_CLUSTER = "scheduler.example.org"


def every(*kinds):
    found = [block for document in documents.DOCUMENTS for kind in kinds for block in documents.blocks(document, kind)]
    return pytest.mark.parametrize("block", found, ids=str)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with OriginServer(documents.served(tmp_path_factory.mktemp("served"))) as server:
        yield server


class Desk:
    """A folder in which somebody types what the documents say. ``names``: what stands for which server."""

    def __init__(self, folder: Path, names: Mapping[str, str]) -> None:
        self.folder = folder
        self._names = names
        programs = folder / "programs"
        programs.mkdir()
        (programs / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        (programs / "python").chmod(0o755)
        (programs / "browser.py").write_text(FOLLOW)
        package = documents.ROOT / "DICOMWebNodes"
        self._environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "BROWSER": f"{shlex.quote(sys.executable)} {shlex.quote(str(programs / 'browser.py'))} %s",
            "PYTHONPATH": str(package),
            "DICOMWEBNODES_HOME": str(folder / "settings"),
        }

    def run(self, *command: str, code: str) -> subprocess.CompletedProcess:
        for name, url in self._names.items():
            code = code.replace(name, url)
        return subprocess.run(
            command,
            input=code,
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )


@pytest.fixture
def desk(tmp_path, server):
    desk = Desk(tmp_path, {documents.SERVER: server.url})
    done = desk.run("sh", "-e", code=f"{COMMAND}nodes add Lab {documents.SERVER}")
    assert done.returncode == 0, done.stderr
    return desk


@pytest.fixture
def provider():
    """With a person at it who enters the code of every device."""
    client = Client(documents.CLIENT_ID, grants=frozenset({"authorization_code", "refresh_token", DEVICE_GRANT}))
    with AuthorizationServer(client, path=f"/realms/{documents.REALM}") as provider:
        provider.authority.device_interval = 0.1
        provider.authority.says_yes_to_devices = True
        yield provider
    assert not provider.unexpected


def test_every_block_of_code_is_of_a_kind_that_is_tested():
    kinds = {block.kind for document in documents.DOCUMENTS for block in documents.blocks(document)}
    assert kinds <= KINDS


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize("document", documents.DOCUMENTS, ids=lambda path: path.name)
def test_every_command_runs(document, tmp_path, server, provider):
    """All of a document one after another, as its reader does, where there is no keyring with secrets in a file."""
    realms = provider.issuer.removesuffix(f"/realms/{documents.REALM}")
    desk = Desk(tmp_path, {documents.SERVER: server.url, documents.PROVIDER: realms})
    for number, block in enumerate(documents.blocks(document, "csv")):
        (tmp_path / ("cohort.csv" if not number else f"{number}.csv")).write_text(block.code)
    desk.run("sh", code=f"{COMMAND}auth secrets --file")
    if document != documents.README:
        desk.run("sh", code=f"{COMMAND}nodes add Lab {documents.SERVER}")
    for block in documents.blocks(document, "sh", "sh person"):
        done = desk.run("bash", "-e", "-o", "pipefail", code=block.code)
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        if block.kind == "sh person":
            assert done.stdout.count("Signed in as ada@example.org") == block.code.count(" login ")
            assert done.stdout.count("the token is revoked") == block.code.count(" logout ")
    signed_in = any(block.kind == "sh person" for block in documents.blocks(document))
    assert provider.authority.granted == (["authorization_code", DEVICE_GRANT] if signed_in else [])


@every("sh tests")
def test_a_command_of_the_developers_is_a_file_that_is_there(block):
    for line in block.code.splitlines():
        _, path, *_ = line.split()
        assert (documents.ROOT / path).is_file()


@every("python")
def test_every_script_runs(block, desk, tmp_path):
    compile(block.code, str(block), "exec")
    if NEEDS_A_CLUSTER in block.code:
        return  # Testing/integration/test_dask_cluster.py has a cluster
    (tmp_path / "cohort.csv").write_text(f"patient_id\n{documents.PATIENT_ID}\n")
    script = tmp_path / "script.py"
    script.write_text(block.code)
    done = desk.run(sys.executable, str(script), code="")
    assert done.returncode == 0, done.stderr
    assert "complete" in done.stdout
    assert len(list((tmp_path / "data").rglob("*.dcm"))) == 2


@pytest.mark.parametrize("document", documents.DOCUMENTS, ids=lambda path: path.name)
def test_every_example_of_the_library_runs(document, desk):
    """One after another, each as a program of its own."""
    desk.run("sh", code=f"{COMMAND}auth secrets --file")
    for block in documents.blocks(document, "python library"):
        done = desk.run(sys.executable, "-", code=block.code)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        assert done.stdout or "1 found" in done.stderr, block
    if any(block.kind == "python library" for block in documents.blocks(document)):
        assert len(list((desk.folder / "data").rglob("*.dcm"))) == 2


@every("csv")
def test_every_cohort_is_one(block, tmp_path):
    path = tmp_path / "cohort.csv"
    path.write_text(block.code)
    assert CohortFile(path).check(lambda node: None) >= 1


@every("json provider")
def test_the_example_of_a_provider_is_one(block, tmp_path):
    (tmp_path / "example.json").write_text(block.code)
    profile = profiles(tmp_path)["example"]
    assert profile.form.example.startswith("https://pacs.example.org/")
    assert json.loads(block.code)["title"] == profile.title


@pytest.mark.parametrize(
    "profile", [each for each in profiles().values() if each.name not in SHORT], ids=lambda each: each.name
)
def test_a_providers_section_names_the_fields_as_its_forms_do(profile):
    """Those that have to be filled in; ``nodes add`` is there too."""
    (section,) = (each for each in documents.sections(documents.README) if f"--provider {profile.name} " in each)
    wanted = [profile.title, *(part.label for part in profile.form.parts if not part.default)]
    if profile.authentication:
        method = template(profile.authentication)
        wanted += [method.title, *(each.label for each in method.questions if each.required and not each.default)]
    assert [words for words in wanted if words.lower() not in section.lower()] == []


@pytest.mark.parametrize("document", documents.DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(document):
    for link in documents.links(document):
        if link.startswith(("http:", "https:")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in documents.anchors(target), link


@pytest.mark.parametrize("kind", SECTIONS, ids=lambda kind: kind.code)
def test_every_error_that_links_to_a_section_finds_it(kind):
    assert SECTIONS[kind] in documents.anchors(documents.README)
    assert MANUAL.endswith("/SlicerDICOMWebNodes")
