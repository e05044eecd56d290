"""What the Extensions Index, GitHub and people who cite read: present, and in agreement with each other."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from DICOMWebNodesLib import __version__

ROOT = Path(__file__).resolve().parents[2]
CMAKE = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
ENTRY = json.loads((ROOT / "DICOMWebNodes.json").read_text(encoding="utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def of_cmake(name):
    return re.search(rf'set\(EXTENSION_{name} "(.*)"\)', CMAKE).group(1)


# Slicer's schema of entries, by name: what a field is, and which have to be there.
SCHEMA = (
    "https://raw.githubusercontent.com/Slicer/Slicer/main/Schemas/slicer-extension-catalog-entry-schema-v1.0.2.json#"
)
REQUIRED = {"$schema", "category", "scm_url"}
FIELDS = {
    **dict.fromkeys(("$schema", "category", "scm_url", "scm_revision", "scm_type"), str),
    **dict.fromkeys(("build_subdirectory", "dicom_support_rule"), str),
    **{"build_dependencies": list, "enabled": bool, "tier": int},
}


def test_the_entry_of_the_extensions_index_is_as_its_schema_says():
    assert REQUIRED <= set(ENTRY) <= set(FIELDS)
    assert {name: type(value) for name, value in ENTRY.items()} == {name: FIELDS[name] for name in ENTRY}
    assert ENTRY["$schema"] == SCHEMA
    assert 1 <= ENTRY["tier"] <= 5


def test_the_entry_is_as_the_index_checks_it_beyond_the_schema():
    assert ENTRY["category"] == "Informatics"  # one of those that it knows
    assert ENTRY["scm_url"].startswith("https://")
    extension = re.search(r"project\((\w+)\)", CMAKE).group(1)
    assert (ROOT / f"{extension}.json").is_file()
    assert not extension.lower().startswith("slicer")
    assert ENTRY["scm_url"].endswith(f"/Slicer{extension}.git")
    assert b"\r" not in (ROOT / "DICOMWebNodes.json").read_bytes()


def test_the_description_is_one_or_two_sentences():
    assert 1 <= len(re.findall(r"\.(?: |$)", of_cmake("DESCRIPTION"))) <= 2


def test_the_readme_has_what_the_index_asks_of_a_homepage():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.startswith("# DICOMWebNodes\n")
    assert "**DICOMWeb Nodes**" in readme  # the module
    for section in ("Install", "Five minutes", "What is sent where", "Licence", "How to cite"):
        assert f"\n## {section}\n" in readme
    assert len(re.findall(r"!\[[^]]+\]\(Screenshots/", readme)) >= 1


def test_nothing_that_is_kept_in_the_repository_is_large():
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if tracked.returncode:
        pytest.skip("this is no clone: what git keeps is not part of the project as it is here")
    files = [ROOT / name.decode() for name in tracked.stdout.split(b"\0") if name]
    assert [path for path in files if path.is_file() and path.stat().st_size > 300_000] == []


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
