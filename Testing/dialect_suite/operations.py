"""What a client does: each operation proves its result and says in a few words how the server let it be done."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, List

from DICOMWebNodesLib.dicomweb.asking import Asking
from DICOMWebNodesLib.dicomweb.profile import profile_for
from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import ResponseError
from DICOMWebNodesLib.nodes.service_type import ServiceType
from DICOMWebNodesLib.workspace import Query

from .bench import Bench
from .collection import ROOT, write_instance

YES = "✓"
NO = "not offered"

Operation = Callable[[Bench], str]


# --- search -----------------------------------------------------------------------------------------------------------


def search_studies(bench: Bench) -> str:
    assert _found(bench, Query.studies(), Level.STUDY) == bench.collection.studies()
    return YES


def search_series_of_a_study(bench: Bench) -> str:
    study = bench.collection.study
    expected = sorted({each.series_instance_uid for each in bench.collection.within(study)})
    assert _found(bench, Query.series(*study.uids), Level.SERIES) == expected
    return YES


def search_instances_of_a_series(bench: Bench) -> str:
    series = bench.collection.series
    expected = sorted(each.sop_instance_uid for each in bench.collection.within(series))
    assert _found(bench, Query.instances(*series.uids), Level.INSTANCE) == expected
    return YES


def search_all_series(bench: Bench) -> str:
    expected = sorted({each.series_instance_uid for each in bench.collection.files})
    assert _found(bench, Query.series(), Level.SERIES) == expected
    of_smith = _found(bench, Query.series(PatientName="Smith^Anna", SeriesNumber="2"), Level.SERIES)
    assert of_smith == [f"{ROOT}.1.2"]
    return YES if bench.recorder.answered("/series") else "study by study"


def search_all_instances(bench: Bench) -> str:
    expected = sorted(each.sop_instance_uid for each in bench.collection.files)
    assert _found(bench, Query.instances(), Level.INSTANCE) == expected
    of_study = sorted(each.sop_instance_uid for each in bench.collection.within(bench.collection.study))
    assert _found(bench, Query.instances(*bench.collection.study.uids), Level.INSTANCE) == of_study
    return YES if bench.recorder.answered("/instances") else "series by series"


def search_with_wildcards(bench: Bench) -> str:
    smiths = Query.studies(PatientName="Smith^*")
    assert _found(bench, smiths, Level.STUDY) == [f"{ROOT}.1", f"{ROOT}.5"]
    assert _found(bench, Query.studies(StudyDescription="Study ?", PatientID="P3"), Level.STUDY) == [f"{ROOT}.4"]
    return "compared here" if Asking(smiths, profile_for(bench.node)).compared_here else YES


def search_with_ranges_and_lists(bench: Bench) -> str:
    assert _found(bench, Query.studies(StudyDate="20240104-"), Level.STUDY) == [f"{ROOT}.4", f"{ROOT}.5"]
    assert _found(bench, Query.studies(StudyDate="-20240102"), Level.STUDY) == [f"{ROOT}.1", f"{ROOT}.2"]
    found = _found(bench, Query.studies(ModalitiesInStudy=["PT", "MR"]), Level.STUDY)
    assert found == [f"{ROOT}.2", f"{ROOT}.3", f"{ROOT}.5"]
    uids = [f"{ROOT}.{number}" for number in (1, 3)]
    assert _found(bench, Query.studies(StudyInstanceUID=uids), Level.STUDY) == uids
    return YES


def _found(bench: Bench, query: Query, level: Level) -> List[str]:
    """The UIDs, each of which has come once, whatever the server says of caps."""
    unheard: List[str] = []
    rows = list(bench.workspace.search(bench.node, query, unheard.append))
    uids = [_uid(row, level) for row in rows]
    assert len(uids) == len(set(uids)), uids
    assert not any("only" in warning for warning in unheard), unheard
    return sorted(uids)


def _uid(row: Any, level: Level) -> str:
    name = {
        Level.STUDY: "study_instance_uid",
        Level.SERIES: "series_instance_uid",
        Level.INSTANCE: "sop_instance_uid",
    }[level]
    return str(getattr(row, name))


# --- retrieve ---------------------------------------------------------------------------------------------------------


def retrieve_a_study(bench: Bench) -> str:
    return _retrieved(bench, bench.collection.study)


def retrieve_a_series(bench: Bench) -> str:
    return _retrieved(bench, bench.collection.series)


def retrieve_an_instance(bench: Bench) -> str:
    return _retrieved(bench, bench.collection.instance)


def retrieve_without_a_search(bench: Bench) -> str:
    """A study of a node of type WADO-RS, without one that searches for it."""
    unsearched = replace(bench.node, service_type=ServiceType.WADO_RS)
    return _retrieved(replace(bench, node=unsearched), bench.collection.study)


def _retrieved(bench: Bench, resource: Resource) -> str:
    """Everything of it is there, byte for byte."""
    output = bench.folder / f"retrieved-{resource.level.value}"
    summary = bench.workspace.retrieve(bench.node, [resource], output)
    assert summary.complete, summary
    expected = bench.collection.within(resource)
    assert summary.stored == len(expected)
    for each, path in expected.items():
        study, series, instance = each.uids
        assert (output / study / series / f"{instance}.dcm").read_bytes() == path.read_bytes()
    return _unit_of(bench, resource)


def _unit_of(bench: Bench, resource: Resource) -> str:
    """What was retrieved at once: what came with instances in it, from the largest to the smallest."""
    units = {
        "whole": "/studies/*",
        "by series": "/studies/*/series/*",
        "by instance": "/studies/*/series/*/instances/*",
    }
    if resource.level is not Level.STUDY:
        del units["whole"]
    came = [
        name for name, path in units.items() if any("json" not in each.accept for each in bench.recorder.answered(path))
    ]
    return {Level.STUDY: came[-1], Level.SERIES: came[-1].replace("by series", YES), Level.INSTANCE: YES}[
        resource.level
    ]


# --- everything else --------------------------------------------------------------------------------------------------


def read_metadata(bench: Bench) -> str:
    """Of a study, which some servers give series by series or instance by instance only."""
    study = bench.collection.study
    found = {
        Resource(study.study_instance_uid, each.series_instance_uid, each.sop_instance_uid)
        for each in bench.workspace.metadata(bench.node, study)
    }
    assert found == set(bench.collection.within(study))
    if bench.recorder.answered("/studies/*/metadata"):
        return YES
    return "by series" if bench.recorder.answered("/studies/*/series/*/metadata") else "by instance"


def show_a_picture(bench: Bench) -> str:
    image = bench.workspace.thumbnail(bench.node, bench.collection.series)
    assert image.content_type.startswith("image/"), image
    assert image.content
    endings = {each.resource.rpartition("/")[2] for each in bench.recorder.asked() if each.status < 400}
    return "/thumbnail" if "thumbnail" in endings else "/rendered" if "rendered" in endings else "made here"


def store_and_store_again(bench: Bench) -> str:
    """New instances are stored, and what is there already is told apart from a failure."""
    numbers = range(1, 4)
    files = [write_instance(bench.folder, (f"{ROOT}.9", f"{ROOT}.9.1", f"{ROOT}.9.1.{each}")) for each in numbers]
    try:
        first = bench.workspace.store(bench.node, files[:2])
    except ResponseError as refusal:
        if refusal.status not in (404, 405, 501):
            raise
        return NO
    assert (first.stored, first.failed, first.unconfirmed) == (2, 0, 0), first
    second = bench.workspace.store(bench.node, files)
    assert second.complete, second
    assert second.stored + second.already_there == 3
    return YES


def test_the_node(bench: Bench) -> str:
    """The check says what works, and nothing of it has changed the server."""
    before = _found(bench, Query.studies(), Level.STUDY)
    checks = bench.workspace.test(bench.node)
    assert not [check for check in checks if check.ok is False], checks
    assert _found(bench, Query.studies(), Level.STUDY) == before
    return YES


OPERATIONS: Dict[str, Operation] = {
    "Search studies, past the server's cap": search_studies,
    "Search the series of a study": search_series_of_a_study,
    "Search the instances of a series": search_instances_of_a_series,
    "Search all series": search_all_series,
    "Search all instances": search_all_instances,
    "Wildcards": search_with_wildcards,
    "Date ranges, lists of modalities and UIDs": search_with_ranges_and_lists,
    "Metadata of a study": read_metadata,
    "Retrieve a study": retrieve_a_study,
    "Retrieve a series": retrieve_a_series,
    "Retrieve an instance": retrieve_an_instance,
    "Retrieve a study without a search": retrieve_without_a_search,
    "Pictures": show_a_picture,
    "Store, and what is there already": store_and_store_again,
    "Test": test_the_node,
}
