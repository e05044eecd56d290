"""Searching a real Orthanc at three levels: what it finds is what is in the files."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Callable, Dict, List, Set

import pydicom
import pytest
from DICOMWebNodesLib.nodes.node import Node
from DICOMWebNodesLib.workspace import Query, Resource, Workspace

DOE_PETER = "98890234"
OLD_DATES = {"1.2.840.113619.2.21.848.246800003.0.1952805748.3"}  # its study date is 1997.04.24, as in ACR-NEMA


@pytest.fixture(scope="session")
def headers(held: Dict[Resource, Path]) -> Dict[Resource, pydicom.Dataset]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # small faults of real files
        return {one: pydicom.dcmread(path, stop_before_pixels=True) for one, path in held.items()}


def studies_with(headers: Dict[Resource, pydicom.Dataset], holds: Callable[[pydicom.Dataset], bool]) -> Set[str]:
    return {one.study_instance_uid for one, header in headers.items() if holds(header)}


def found(workspace: Workspace, node: Node, query: Query) -> List[str]:
    return [row.study_instance_uid for row in workspace.search(node, query)]


def test_every_study_is_found_once_however_small_the_pages(
    workspace: Workspace, node: Node, studies: List[Resource]
) -> None:
    expected = sorted(study.study_instance_uid for study in studies)
    for page_size in (1, 7, 1000):
        assert sorted(found(workspace, replace(node, page_size=page_size), Query.studies())) == expected


def test_series_and_instances_of_a_study_are_its_own(
    workspace: Workspace, node: Node, held: Dict[Resource, Path], by_name: Dict[str, Resource]
) -> None:
    one = by_name["6293"]
    of_study = [each for each in held if each.study_instance_uid == one.study_instance_uid]
    series = {row.series_instance_uid for row in workspace.search(node, Query.series(one.study_instance_uid))}
    assert series == {each.series_instance_uid for each in of_study}
    query = Query.instances(one.study_instance_uid, one.series_instance_uid)
    instances = {row.sop_instance_uid for row in workspace.search(node, query)}
    assert instances == {
        each.sop_instance_uid for each in of_study if each.series_instance_uid == one.series_instance_uid
    }


def test_series_and_instances_are_found_across_the_whole_server(
    workspace: Workspace, node: Node, held: Dict[Resource, Path]
) -> None:
    series = [row.series_instance_uid for row in workspace.search(node, Query.series())]
    assert sorted(series) == sorted({one.series_instance_uid for one in held})
    instances = [row.sop_instance_uid for row in workspace.search(node, Query.instances())]
    assert sorted(instances) == sorted(one.sop_instance_uid for one in held)


@pytest.mark.parametrize("name", ["Doe^*", "doe^peter", "*^Peter", "Doe^P?ter", "Doe^Peter"])
def test_names_match_with_wildcards_and_without_regard_to_case(
    workspace: Workspace, node: Node, headers: Dict[Resource, pydicom.Dataset], name: str
) -> None:
    pattern = name.lower().replace("?", "e")
    start, _, end = pattern.partition("*")

    def holds(header: pydicom.Dataset) -> bool:
        text = str(header.get("PatientName", "")).lower()
        return text == pattern if "*" not in pattern else text.startswith(start) and text.endswith(end)

    assert set(found(workspace, node, Query.studies(PatientName=name))) == studies_with(headers, holds) != set()


@pytest.mark.parametrize(
    "file", ["chrFren.dcm", "chrGerm.dcm", "chrGreek.dcm", "chrRuss.dcm", "chrArab.dcm", "chrHbrw.dcm"]
)
def test_a_name_in_another_script_is_found_by_that_name(
    workspace: Workspace, node: Node, headers: Dict[Resource, pydicom.Dataset], by_name: Dict[str, Resource], file: str
) -> None:
    name = str(headers[by_name[file]].PatientName)
    assert not name.isascii()
    rows = list(workspace.search(node, Query.studies(PatientName=name)))
    assert [row.study_instance_uid for row in rows] == [by_name[file].study_instance_uid]
    assert str(rows[0].person_name("PatientName")) == name


@pytest.mark.parametrize(
    ("dates", "first", "last"),
    [
        ("20030505", "20030505", "20030505"),
        ("2003-05-05", "20030505", "20030505"),
        ("20030101-20041231", "20030101", "20041231"),
        ("-19991231", "", "19991231"),
        ("20190101-", "20190101", "9"),
    ],
)
def test_dates_match_by_day_and_by_range(
    workspace: Workspace, node: Node, headers: Dict[Resource, pydicom.Dataset], dates: str, first: str, last: str
) -> None:
    def holds(header: pydicom.Dataset) -> bool:
        date = str(header.get("StudyDate", ""))
        return date.isdigit() and first <= date <= last

    expected = studies_with(headers, holds)
    assert set(found(workspace, node, Query.studies(StudyDate=dates))) - OLD_DATES == expected != set()


def test_any_of_several_modalities_matches(
    workspace: Workspace, node: Node, headers: Dict[Resource, pydicom.Dataset]
) -> None:
    expected = studies_with(headers, lambda header: header.get("Modality") in ("SEG", "ECG"))
    assert set(found(workspace, node, Query.studies(ModalitiesInStudy=["SEG", "ECG"]))) == expected
    assert len(expected) > 1


def test_a_list_of_uids_finds_each_of_them(workspace: Workspace, node: Node, studies: List[Resource]) -> None:
    wanted = [study.study_instance_uid for study in studies[:5]]
    assert set(found(workspace, node, Query.studies(StudyInstanceUID=wanted))) == set(wanted)


def test_a_limit_and_an_offset_cut_out_the_same_rows(workspace: Workspace, node: Node) -> None:
    everything = found(workspace, node, Query.studies())
    assert found(workspace, node, Query(Query.studies().level, limit=5, offset=3)) == everything[3:8]


def test_attributes_that_are_asked_for_come_along(
    workspace: Workspace, node: Node, headers: Dict[Resource, pydicom.Dataset], by_name: Dict[str, Resource]
) -> None:
    one = by_name["6293"]
    query = Query.studies(StudyInstanceUID=one.study_instance_uid, includefield=("StudyDescription",))
    (row,) = workspace.search(node, query)
    assert row.text("StudyDescription") == headers[one].get("StudyDescription", "")
    assert row.text("PatientID") == DOE_PETER
    assert row.integer("NumberOfStudyRelatedInstances") == sum(
        each.study_instance_uid == one.study_instance_uid for each in headers
    )


def test_nothing_is_an_answer_too(workspace: Workspace, node: Node) -> None:
    assert found(workspace, node, Query.studies(PatientID="nobody has this")) == []
