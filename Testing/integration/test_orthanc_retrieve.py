"""Retrieving from a real Orthanc: the very bytes that it holds, whatever kind of instance."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Dict, Iterable, List, Sequence

import pydicom
import pytest
from DICOMWebNodesLib.dicomweb.session import Session
from DICOMWebNodesLib.dicomweb.wado_rs import WadoRS
from DICOMWebNodesLib.errors import NoPicture
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.pictures.cache import PreviewCache
from DICOMWebNodesLib.transfer.events import InstanceStored, Summary
from DICOMWebNodesLib.workspace import Query, Resource, Workspace
from orthanc import Orthanc
from PIL import Image

NOWHERE = Resource("1.2.3.4.5")


def retrieve(workspace: Workspace, node: Node, wanted: Sequence[Resource], output: Path) -> Summary:
    return workspace.retrieve(node, wanted, output)


def on_disk(output: Path) -> Dict[str, bytes]:
    """By ``study/series/instance``, as the folders are named."""
    return {
        file.relative_to(output).with_suffix("").as_posix(): file.read_bytes()
        for file in output.rglob("*")
        if file.is_file()
    }


def contents(held: Dict[Resource, Path], within: Iterable[Resource]) -> Dict[str, bytes]:
    """What there should be on disk of these resources."""
    names = tuple(str(resource) for resource in within)
    return {str(one): path.read_bytes() for one, path in held.items() if str(one).startswith(names)}


def test_everything_that_pydicom_ships_arrives_byte_for_byte(
    workspace: Workspace, node: Node, held: Dict[Resource, Path], studies: List[Resource], tmp_path: Path
) -> None:
    summary = retrieve(workspace, node, studies, tmp_path / "out")
    assert summary.complete, summary.failed
    assert summary.stored == len(held)
    assert on_disk(tmp_path / "out") == contents(held, studies)


def test_that_was_of_every_kind(held: Dict[Resource, Path]) -> None:
    headers = [pydicom.dcmread(path, stop_before_pixels=True, force=True) for path in held.values()]
    syntaxes = {header.file_meta.TransferSyntaxUID.name for header in headers}
    assert {"JPEG Baseline (Process 1)", "JPEG 2000 Image Compression", "RLE Lossless"} <= syntaxes
    assert {"Explicit VR Big Endian", "Deflated Explicit VR Little Endian"} <= syntaxes
    assert {"SEG", "RTDOSE", "ECG", "SR"} <= {header.get("Modality") for header in headers}
    assert any(int(header.get("NumberOfFrames") or 1) > 1 for header in headers)
    assert any(not str(header.get("PatientName")).isascii() for header in headers)


@pytest.mark.parametrize("level", ["series", "instance"])
def test_a_part_of_a_study_comes_alone(
    workspace: Workspace,
    node: Node,
    held: Dict[Resource, Path],
    by_name: Dict[str, Resource],
    tmp_path: Path,
    level: str,
) -> None:
    instance = by_name["6293"]  # of a study with two series of several instances
    wanted = instance.parent if level == "series" else instance
    assert retrieve(workspace, node, [wanted], tmp_path / "out").complete
    expected = contents(held, [wanted])
    assert on_disk(tmp_path / "out") == expected
    assert 0 < len(expected) < len(contents(held, [Resource(instance.study_instance_uid)]))


def test_what_is_there_is_not_fetched_again_and_what_is_missing_is(
    workspace: Workspace, node: Node, by_name: Dict[str, Resource], tmp_path: Path
) -> None:
    study = Resource(by_name["6293"].study_instance_uid)
    paths: List[Path] = []

    def listen(event: object) -> None:
        if isinstance(event, InstanceStored) and not event.already:
            paths.append(event.path)

    first = workspace.retrieve(node, [study], tmp_path, listener=listen)
    removed = paths[0]
    removed.unlink()
    paths.clear()
    second = workspace.retrieve(node, [study], tmp_path, listener=listen)
    assert (second.stored, second.already_there) == (1, first.stored - 1)
    assert paths == [removed]


def test_a_study_that_does_not_exist_is_named_and_holds_nothing_up(
    workspace: Workspace, node: Node, by_name: Dict[str, Resource], tmp_path: Path
) -> None:
    summary = retrieve(workspace, node, [NOWHERE, by_name["CT_small.dcm"]], tmp_path / "out")
    assert summary.stored == 1
    assert [failure.resource for failure in summary.failed] == [NOWHERE]
    assert summary.failed[0].code == "not-found"


def test_the_real_mr_series_arrives_byte_for_byte(
    workspace: Workspace, empty_orthanc: Orthanc, mr_t1: List[Path], tmp_path: Path
) -> None:
    empty_orthanc.add(mr_t1)
    (study,) = workspace.search(empty_orthanc.dicomweb_url, Query.studies())
    summary = workspace.retrieve(empty_orthanc.dicomweb_url, [Resource(study.study_instance_uid)], tmp_path)
    assert (summary.complete, summary.stored) == (True, len(mr_t1))
    assert sorted(on_disk(tmp_path).values()) == sorted(file.read_bytes() for file in mr_t1)


def test_metadata_has_names_in_every_script(
    workspace: Workspace, node: Node, held: Dict[Resource, Path], by_name: Dict[str, Resource]
) -> None:
    for name, resource in by_name.items():
        if name.startswith("chr") and name != "chrH32.dcm":  # Orthanc 1.10 does not decode ISO 2022 IR 13
            (attributes,) = workspace.metadata(node, resource)
            expected = pydicom.dcmread(held[resource]).PatientName
            found = attributes.person_name("PatientName")
            assert (found.alphabetic, found.ideographic) == (expected.alphabetic, expected.ideographic), name


def test_an_instance_is_rendered_as_an_image(node: Node, by_name: Dict[str, Resource]) -> None:
    picture = WadoRS(Session(node)).rendered(by_name["CT_small.dcm"])
    assert picture.content_type in ("image/jpeg", "image/png")
    assert Image.open(io.BytesIO(picture.content)).size == (128, 128)


def test_frames_and_bulk_data_are_the_pixels(
    node: Node, held: Dict[Resource, Path], by_name: Dict[str, Resource]
) -> None:
    resource = by_name["CT_small.dcm"]
    with WadoRS(Session(node)).frames(resource, [1]) as events:
        pixels = b"".join(bytes(event.data) for event in events if hasattr(event, "data"))
    assert pixels == pydicom.dcmread(held[resource]).PixelData


def test_wado_uri_gives_the_same_bytes(
    workspace: Workspace, orthanc: Orthanc, held: Dict[Resource, Path], by_name: Dict[str, Resource], tmp_path: Path
) -> None:
    wado = Node(name="WADO-URI", url=orthanc.wado_uri_url, service_type=ServiceType.WADO_URI, profile="orthanc")
    names = ("CT_small.dcm", "JPEG2000-embedded-sequence-delimiter.dcm", "rtdose_rle.dcm")
    wanted = [by_name[name] for name in names]
    summary = retrieve(workspace, wado, wanted, tmp_path / "out")
    assert summary.complete, summary.failed
    assert on_disk(tmp_path / "out") == contents(held, wanted)


def test_a_search_node_retrieves_through_its_partner(
    workspace: Workspace, orthanc: Orthanc, held: Dict[Resource, Path], by_name: Dict[str, Resource], tmp_path: Path
) -> None:
    wado = Node(name="WADO-URI", url=orthanc.wado_uri_url, service_type=ServiceType.WADO_URI, profile="orthanc")
    qido = Node(name="QIDO-RS", url=orthanc.dicomweb_url, service_type=ServiceType.QIDO_RS, retrieve_partner=wado.uid)
    workspace.nodes.add(wado)
    workspace.nodes.add(qido)
    study = Resource(by_name["6293"].study_instance_uid)
    summary = workspace.retrieve("QIDO-RS", [study], tmp_path / "out")
    assert summary.complete, summary.failed
    assert on_disk(tmp_path / "out") == contents(held, [study])


@pytest.mark.parametrize("name", ["CT_small.dcm", "examples_ybr_color.dcm", "examples_palette.dcm"])
def test_orthanc_has_no_thumbnails_and_so_the_middle_is_rendered(
    node: Node, by_name: Dict[str, Resource], name: str, tmp_path: Path
) -> None:
    """Small, whatever it was: Orthanc letters it into the viewport that it is asked for."""
    with Workspace(previews=PreviewCache(tmp_path)) as workspace:
        picture = workspace.thumbnail(node, by_name[name].parent)
        assert workspace.thumbnail(node, by_name[name].parent) == picture
    assert picture.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(picture.content)).size == (256, 256)


def test_what_orthanc_does_not_render_is_named(node: Node, by_name: Dict[str, Resource]) -> None:
    with Workspace() as workspace, pytest.raises(NoPicture, match="a structured report"):
        workspace.thumbnail(node, by_name["test-SR.dcm"].parent)
