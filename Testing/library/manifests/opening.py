"""A study that manifests here name, and what is done with one that is opened."""

from __future__ import annotations

STUDY, SERIES = "1.2.1", "1.2.1.1"
TWO = f'<Instance SOPInstanceUID="{SERIES}.1"/><Instance SOPInstanceUID="{SERIES}.2"/>'


def saved(tmp_path, content, name="manifest.xml"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def retrieve(workspace, target, folder, **options):
    resources = workspace.resources_of(target)
    summary = workspace.retrieve(target.node, resources, folder, addressing=target.part.addressing, **options)
    return summary, sorted(path.stem for path in folder.rglob("*.dcm"))
