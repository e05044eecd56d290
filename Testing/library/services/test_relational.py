"""Searches across studies and series, put together from searches within one."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.dicomweb.dicom_json import Attributes
from DICOMWebNodesLib.dicomweb.findings import Offer
from DICOMWebNodesLib.dicomweb.query import Query
from DICOMWebNodesLib.dicomweb.relational import offer_of, put_together

TAGS = {"studies": "0020000D", "series": "0020000E", "instances": "00080018"}


def row(level, uid):
    return Attributes({TAGS[level]: {"vr": "UI", "Value": [uid]}, "00080005": {"vr": "CS", "Value": [level]}})


def unwarned(text):
    raise AssertionError(text)


class Server:
    """Two studies of two series of two instances; it notes what it is asked."""

    def __init__(self):
        self.asked = []

    def search(self, query):
        self.asked.append((query.path, dict(query.matching), query.includefield, query.limit))
        within = query.within.uids[-1] if query.within else "1"
        return iter([row(query.level.value, f"{within}.{number}") for number in (1, 2)])


def uids(rows, tag):
    return [each.raw[tag]["Value"][0] for each in rows]


@pytest.mark.parametrize(
    ("query", "offer"),
    [
        (Query.studies(), Offer.SEARCH_STUDIES),
        (Query.series(), Offer.SEARCH_ALL_SERIES),
        (Query.series("1.2"), Offer.SEARCH_SERIES),
        (Query.instances(), Offer.SEARCH_ALL_INSTANCES),
        (Query.instances("1.2"), Offer.SEARCH_STUDY_INSTANCES),
        (Query.instances("1.2", "1.3"), Offer.SEARCH_INSTANCES),
    ],
)
def test_every_search_has_a_name(query, offer):
    assert offer_of(query) is offer


def test_all_series_are_the_series_of_each_study_with_what_the_study_says():
    server = Server()
    rows = list(put_together(Query.series(), server.search, unwarned))
    assert uids(rows, TAGS["series"]) == ["1.1.1", "1.1.2", "1.2.1", "1.2.2"]
    assert uids(rows, TAGS["studies"]) == ["1.1", "1.1", "1.2", "1.2"]
    assert uids(rows, "00080005") == ["series"] * 4  # the row's own, not the study's


def test_all_instances_go_through_studies_and_series():
    server = Server()
    rows = list(put_together(Query.instances(), server.search, unwarned))
    assert len(rows) == 8
    assert [path for path, *_ in server.asked][:3] == [
        "studies",
        "studies/1.1/series",
        "studies/1.1/series/1.1.1/instances",
    ]


def test_the_instances_of_a_study_go_through_its_series_only():
    server = Server()
    rows = list(put_together(Query.instances("1.7"), server.search, unwarned))
    assert uids(rows, TAGS["instances"]) == ["1.7.1.1", "1.7.1.2", "1.7.2.1", "1.7.2.2"]
    assert server.asked[0][0] == "studies/1.7/series"


def test_each_attribute_is_asked_for_where_it_belongs():
    server = Server()
    query = Query.instances(
        PatientName="Doe*", Modality="CT", InstanceNumber=3, includefield=("StudyDescription", "Rows"), limit=9
    )
    next(put_together(query, server.search, unwarned))
    assert server.asked == [
        ("studies", {"PatientName": "Doe*"}, ("StudyDescription",), None),
        ("studies/1.1/series", {"Modality": "CT"}, (), None),
        ("studies/1.1/series/1.1.1/instances", {"InstanceNumber": "3"}, ("Rows",), None),
    ]


def test_it_does_not_hurry_ahead():
    server = Server()
    found = put_together(Query.series(), server.search, unwarned)
    next(found)
    assert len(server.asked) == 2


@pytest.mark.parametrize("written", ["../../outside", "", {}], ids=["path", "empty", "object"])
@pytest.mark.parametrize(("level", "lost"), [("studies", "1.1"), ("series", "1.2.1")])
def test_what_has_no_uid_is_named_and_the_rest_is_looked_through(level, lost, written):
    class Careless(Server):
        def search(self, query):
            for found in super().search(query):
                yield row(level, written) if uids([found], TAGS[query.level.value]) == [lost] else found

    told = []
    rows = list(put_together(Query.instances(), Careless().search, told.append))
    assert uids(rows, TAGS["instances"]) == [
        uid
        for uid in uids(put_together(Query.instances(), Server().search, unwarned), TAGS["instances"])
        if not uid.startswith(f"{lost}.")
    ]
    (text,) = told
    assert text.startswith(f"the server lists a {'study' if level == 'studies' else 'series'} that cannot be asked for")
