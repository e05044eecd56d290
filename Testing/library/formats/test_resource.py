import pytest
from DICOMWebNodesLib.dicomweb.resource import Level, Resource
from DICOMWebNodesLib.errors import InvalidUID, InvalidURL
from hypothesis import given
from hypothesis import strategies as st

STUDY = Resource("1.2")
SERIES = Resource("1.2", "3.4")
INSTANCE = Resource("1.2", "3.4", "5.6")

UIDS = st.from_regex(r"[0-9]{1,9}(\.[0-9]{1,9}){0,5}", fullmatch=True)
RESOURCES = st.lists(UIDS, min_size=1, max_size=3).map(lambda uids: Resource(*uids))


@pytest.mark.parametrize(
    ("resource", "level", "path", "text", "uids"),
    [
        (STUDY, Level.STUDY, "studies/1.2", "1.2", ("1.2",)),
        (SERIES, Level.SERIES, "studies/1.2/series/3.4", "1.2/3.4", ("1.2", "3.4")),
        (INSTANCE, Level.INSTANCE, "studies/1.2/series/3.4/instances/5.6", "1.2/3.4/5.6", ("1.2", "3.4", "5.6")),
    ],
)
def test_a_resource_knows_its_level_path_text_and_uids(resource, level, path, text, uids):
    assert (resource.level, resource.path, str(resource), resource.uids) == (level, path, text, uids)


@given(RESOURCES)
def test_text_and_url_lead_back_to_the_resource(resource):
    assert Resource.parse(str(resource)) == resource
    assert Resource.from_url(f"https://host:8443/studies/rs/{resource.path}?x=y") == resource


def test_parents_lead_up_to_the_study():
    assert INSTANCE.parent == SERIES
    assert SERIES.parent == STUDY
    assert STUDY.parent == STUDY


def test_a_resource_contains_itself_and_what_is_below_it():
    assert STUDY.contains(STUDY)
    assert STUDY.contains(INSTANCE)
    assert SERIES.contains(INSTANCE)
    assert not SERIES.contains(STUDY)
    assert not SERIES.contains(Resource("1.2", "3.40", "5.6"))
    assert not STUDY.contains(Resource("1.20"))


def test_resources_sort_study_by_study():
    assert sorted([INSTANCE, Resource("1.3"), STUDY, SERIES]) == [STUDY, SERIES, INSTANCE, Resource("1.3")]


@pytest.mark.parametrize(
    ("uids", "field"),
    [
        (("",), "study_instance_uid"),
        (("1.2", "x"), "series_instance_uid"),
        (("1.2", "3.4", "../5"), "sop_instance_uid"),
        (("1.2", "", "5.6"), "series_instance_uid"),
    ],
)
def test_a_wrong_uid_is_refused_by_its_field(uids, field):
    with pytest.raises(InvalidUID) as refused:
        Resource(*uids)
    assert refused.value.field == field


@pytest.mark.parametrize("text", ["", "/", "1.2/", "1.2//5.6", "1.2/3.4/5.6/", "1.2/3.4/5.6/7.8", "1.2/..", " 1.2"])
def test_a_text_with_an_empty_or_a_fourth_uid_is_refused(text):
    with pytest.raises(InvalidUID):
        Resource.parse(text)


@pytest.mark.parametrize(
    ("url", "resource"),
    [
        ("https://host/dicom-web/studies/1.2", STUDY),
        ("https://host/dicom-web/studies/1.2/", STUDY),
        ("https://host/dicom-web/studies/1.2/metadata", STUDY),
        ("https://host/studies/9/studies/1.2/series/3.4#top", SERIES),
        ("studies/1.2/series/3.4/instances/5.6/frames/1?accept=image/png", INSTANCE),
    ],
)
def test_a_url_is_read_whatever_stands_around_the_uids(url, resource):
    assert Resource.from_url(url) == resource


@pytest.mark.parametrize("url", ["", "https://host/dicom-web", "https://host/dicom-web/studies", "http://[/studies/1"])
def test_a_url_without_a_study_is_refused(url):
    with pytest.raises(InvalidURL):
        Resource.from_url(url)


@pytest.mark.parametrize("url", ["https://h/studies/x", "https://h/studies/1.2/series/", "https://h/studies//series/3"])
def test_a_url_with_a_wrong_uid_is_not_taken_for_the_study_above(url):
    with pytest.raises(InvalidUID):
        Resource.from_url(url)


def test_a_refused_url_shows_neither_its_query_nor_its_password():
    with pytest.raises(InvalidURL) as refused:
        Resource.from_url("https://me:secret@host/x?token=secret")
    assert "secret" not in str(refused.value)
