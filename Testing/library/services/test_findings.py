"""What was found out about a server stays with its URL, on this computer, and never stands in the way."""

import json

import pytest
from DICOMWebNodesLib.dicomweb.findings import Findings, Offer
from DICOMWebNodesLib.dicomweb.findings_store import FILE_NAME, FindingsStore
from DICOMWebNodesLib.dicomweb.resource import Level

URL = "https://pacs.example.org/rs"


@pytest.fixture
def path(tmp_path):
    return tmp_path / FILE_NAME


def test_nothing_is_known_at_first():
    findings = Findings()
    assert findings.known(Offer.THUMBNAIL) is None
    assert findings.has(Offer.THUMBNAIL)
    assert not findings.has(Offer.THUMBNAIL, assumed=False)
    assert findings.page_cap is None


def test_what_is_noted_is_there_after_the_program_was_closed(path):
    FindingsStore(path).of(URL).note(Offer.RETRIEVE_STUDY, False)
    FindingsStore(path).of(URL).note_page_cap(200)
    findings = FindingsStore(path).of(URL)
    assert findings.known(Offer.RETRIEVE_STUDY) is False
    assert findings.page_cap == 200


def test_another_url_is_another_server(path):
    store = FindingsStore(path)
    store.of(URL).note(Offer.STORE, True)
    assert store.of(URL + "2").known(Offer.STORE) is None


def test_everything_that_talks_to_a_server_shares_its_notes(path):
    store = FindingsStore(path)
    assert store.of(URL) is store.of(URL)


def test_what_another_program_found_is_seen_the_next_time(path):
    ours, theirs = FindingsStore(path), FindingsStore(path)
    findings = ours.of(URL)
    theirs.of(URL).note(Offer.RETRIEVE_SERIES, False)
    theirs.of(URL).note_page_cap(200)
    assert ours.of(URL) is findings
    assert findings.known(Offer.RETRIEVE_SERIES) is False
    assert findings.page_cap == 200
    assert theirs.of(URL + "/other").offers == {}


def test_what_is_noted_here_is_not_taken_for_anothers(path):
    store = FindingsStore(path)
    store.of(URL).note(Offer.STORE, True)
    store.of(URL).note(Offer.THUMBNAIL, False)
    assert store.of(URL).offers == {Offer.STORE: True, Offer.THUMBNAIL: False}


def test_the_file_is_written_only_when_there_is_something_new(path):
    findings = FindingsStore(path).of(URL)
    findings.note(Offer.STORE, True)
    path.unlink()
    findings.note(Offer.STORE, True)
    assert not path.exists()


def test_the_servers_that_were_noted_longest_ago_make_room(path):
    store = FindingsStore(path)
    for number in range(203):
        store.of(f"{URL}/{number}").note(Offer.STORE, True)
    urls = [each["url"] for each in json.loads(path.read_text())["servers"]]
    assert len(urls) == 200
    assert urls[0] == f"{URL}/3"


@pytest.mark.parametrize("content", ["{", "[]", '{"format": "DICOMWebNodes servers", "version": 1, "servers": [7]}'])
def test_a_damaged_file_is_set_aside_and_the_notes_begin_anew(path, content):
    path.write_text(content)
    FindingsStore(path).of(URL).note(Offer.STORE, True)
    assert FindingsStore(path).of(URL).known(Offer.STORE) is True


def test_notes_of_another_version_are_left_out(path):
    entry = {"url": URL, "offers": {"fly": True, "store": "yes", "thumbnail": False}, "page_cap": -1}
    path.write_text(json.dumps({"format": "DICOMWebNodes servers", "version": 2, "servers": [entry], "more": 1}))
    findings = FindingsStore(path).of(URL)
    assert findings.offers == {Offer.THUMBNAIL: False}
    assert findings.page_cap is None
    findings.note(Offer.STORE, True)
    assert json.loads(path.read_text())["more"] == 1


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_memory(tmp_path):
    (tmp_path / "file").write_text("")
    findings = FindingsStore(tmp_path / "file" / FILE_NAME).of(URL)
    findings.note(Offer.STORE, True)
    assert findings.known(Offer.STORE) is True


def test_every_level_has_an_offer_to_retrieve_it():
    assert {Offer.retrieve(level) for level in Level} == {
        Offer.RETRIEVE_STUDY,
        Offer.RETRIEVE_SERIES,
        Offer.RETRIEVE_INSTANCE,
    }
