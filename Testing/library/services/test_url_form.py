"""URLs that a person fills in part by part."""

from __future__ import annotations

import pytest
from DICOMWebNodesLib.dicomweb.url_form import ANY_URL, Part, URLForm
from DICOMWebNodesLib.errors import InvalidNode, InvalidURL
from hypothesis import given
from hypothesis import strategies as st

FORM = URLForm(
    "{scheme}://{host}/aets/{aet}/rs",
    (
        Part("host", "Host", "pacs.example.org", r"[\w.-]+(:[0-9]+)?", "a host"),
        Part("scheme", "Scheme", "https", "https?", "http or https", default="https"),
        Part("aet", "AE title", "ARCHIVE", r"\w{1,16}", "an AE title"),
    ),
)


def test_a_part_that_is_not_given_is_its_default():
    assert FORM.url_from({"host": "here", "aet": "A"}) == "https://here/aets/A/rs"
    assert FORM.url_from({"host": " here ", "aet": "A", "scheme": " "}) == "https://here/aets/A/rs"


def test_the_example_is_a_url_of_the_form():
    assert FORM.example == "https://pacs.example.org/aets/ARCHIVE/rs"


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"aet": "A"}, "host", "Host is missing. It looks like 'pacs.example.org'."),
        ({"host": "here"}, "aet", "AE title is missing. It looks like 'ARCHIVE'."),
        ({"host": "here", "aet": "A/B"}, "aet", "AE title 'A/B' is not an AE title."),
        ({"host": "here", "aet": "A", "scheme": "ftp"}, "scheme", "Scheme 'ftp' is not http or https."),
        ({"host": "here", "aet": "A", "port": "1"}, "port", "there is no part 'port' in this URL. It has host, scheme"),
        ({"host": "here:99999", "aet": "A"}, "host", "is not a number from 1 to 65535. Check what follows the colon."),
        ({"host": "-", "aet": "A"}, "host", "has no valid host name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(values, field, message):
    with pytest.raises(InvalidNode) as caught:
        FORM.url_from(values)
    assert caught.value.field == field
    assert message in str(caught.value)


def test_all_that_is_wrong_is_told_at_once():
    problems = FORM.problems({"scheme": "ftp", "aet": "A"})
    assert {name: problem.field for name, problem in problems.items()} == {"host": "host", "scheme": "scheme"}
    assert FORM.problems({"host": "here", "aet": "A"}) == {}


def test_a_password_or_a_token_in_the_wrong_place_is_not_repeated():
    for pasted in ("ada:hunter2@here", "here?token=hunter2"):
        with pytest.raises(InvalidNode) as caught:
            FORM.url_from({"host": pasted, "aet": "A"})
        assert "hunter2" not in str(caught.value)
        assert "here" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://here/aets/A/rs/studies",
        "https://here/aets//rs",
        "https://here/AETS/A/rs",
        "https://here/aets/A%2FB/rs",
        "https://here/aets/%41/rs",
        "https://here",
    ],
)
def test_a_url_of_another_form_is_not_taken_apart(url):
    with pytest.raises(InvalidNode, match="does not have the parts host, scheme, aet") as caught:
        FORM.parts_of(url)
    assert caught.value.field == "url"


def test_what_is_no_url_is_not_taken_apart():
    with pytest.raises(InvalidURL):
        FORM.parts_of("here")


@given(
    host=st.from_regex(r"[a-z][a-z0-9]{0,20}(\.[a-z]{2,5})?(:[1-9][0-9]{3})?", fullmatch=True),
    scheme=st.sampled_from(["http", "https"]),
    aet=st.from_regex(r"\w{1,16}", fullmatch=True),
)
def test_parts_come_back_out_of_the_url_that_they_made(host, scheme, aet):
    parts = {"host": host, "scheme": scheme, "aet": aet}
    assert dict(FORM.parts_of(FORM.url_from(parts))) == parts


def test_letters_beyond_ascii_are_escaped_in_the_url_and_not_in_the_part():
    url = FORM.url_from({"host": "here", "aet": "Ulm_Süd"})
    assert url == "https://here/aets/Ulm_S%C3%BCd/rs"
    assert FORM.parts_of(url)["aet"] == "Ulm_Süd"


def test_a_url_of_a_server_of_which_nothing_is_known_is_its_own_only_part():
    assert ANY_URL.url_from({"url": "https://Here/rs/"}) == "https://here/rs"
    assert dict(ANY_URL.parts_of("https://here/a%20b")) == {"url": "https://here/a%20b"}
    for wrong in ("here", "https://here/rs?token=hunter2"):
        with pytest.raises(InvalidNode) as caught:
            ANY_URL.url_from({"url": wrong})
        assert caught.value.field == "url"
        assert "hunter2" not in str(caught.value)
