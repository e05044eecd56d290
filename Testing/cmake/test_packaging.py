"""What the Extensions Index, GitHub and people who cite read: present, and in agreement with each other."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from DICOMWebNodesLib import __version__

ROOT = Path(__file__).resolve().parents[2]
CMAKE = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
ENTRY = json.loads((ROOT / "DICOMWebNodes.json").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def of_cmake(name):
    return re.search(rf'set\(EXTENSION_{name} "(.*)"\)', CMAKE).group(1)


def test_the_entry_of_the_extensions_index_has_what_its_schema_asks_for():
    assert set(ENTRY) == {
        *("$schema", "build_dependencies", "build_subdirectory", "category", "scm_revision", "scm_url", "tier"),
    }
    assert ENTRY["scm_url"].endswith("/SlicerDICOMWebNodes.git")
    assert re.search(r"project\((\w+)\)", CMAKE).group(1) == "DICOMWebNodes"


def test_the_entry_agrees_with_cmake():
    assert (of_cmake("DEPENDS"), ENTRY["build_dependencies"]) == ("NA", [])
    repository = ENTRY["scm_url"].removesuffix(".git")
    assert of_cmake("HOMEPAGE").startswith(repository)
    for url in (of_cmake("ICONURL"), *of_cmake("SCREENSHOTURLS").split()):
        raw = repository.replace("github.com", "raw.githubusercontent.com") + f"/{ENTRY['scm_revision']}/"
        assert url.startswith(raw)
        assert (ROOT / url.removeprefix(raw)).is_file(), url


def test_the_modules_icon_is_that_of_the_extension():
    icon = ROOT / "DICOMWebNodes" / "Resources" / "Icons" / "DICOMWebNodes.png"
    assert icon.read_bytes() == (ROOT / "DICOMWebNodes.png").read_bytes()


def test_the_version_is_the_same_everywhere():
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_named_and_there():
    assert "Apache License" in (ROOT / "LICENSE.txt").read_text(encoding="utf-8")
    assert "Apache" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_runs_files_that_are_there(workflow):
    text = workflow.read_text(encoding="utf-8")
    named = re.findall(r"Testing/[\w/]+\.(?:py|txt)", text)
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_yaml_with_jobs_and_few_rights(workflow):
    yaml = pytest.importorskip("yaml", reason="PyYAML is not here: 'pip install pyyaml' brings it")
    content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert content["permissions"] == {"contents": "read"}
    for job in content["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert all("uses" in step or "run" in step for step in job["steps"])
