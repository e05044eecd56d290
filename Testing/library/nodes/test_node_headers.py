from __future__ import annotations

import pytest
from DICOMWebNodesLib.errors import InvalidHeader
from DICOMWebNodesLib.nodes.headers import checked_headers, is_secret_name
from hypothesis import given
from hypothesis import strategies as st


def test_headers_keep_their_order_and_lose_surrounding_whitespace():
    assert checked_headers([("X-Site", " Ulm\t"), ("Accept-Language", "de, en;q=0.5")]) == (
        ("X-Site", "Ulm"),
        ("Accept-Language", "de, en;q=0.5"),
    )


def test_characters_of_latin_1_pass():
    assert checked_headers([("X-City", "Liège")]) == (("X-City", "Liège"),)


@pytest.mark.parametrize("value", ["a\r\nInjected: 1", "a\nb", "a\rb", "a\0b", "a\x1b[2J", "a\x7f", "Łódź"])
def test_a_value_that_http_does_not_carry_is_refused_with_what_is_wrong_in_it(value):
    with pytest.raises(InvalidHeader, match=r"'X-City' has the character .* at position") as caught:
        checked_headers([("X-City", value)])
    assert caught.value.field == "headers"


@pytest.mark.parametrize(
    "name", ["Authorization", "X-Api-Key", "apikey", "X-Auth-Token", "Cookie", "Client-Secret", "X-Password"]
)
def test_some_headers_look_secret(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["Authorization", "Autorization"])
def test_no_value_is_quoted_because_a_secret_may_stand_under_any_name(name):
    with pytest.raises(InvalidHeader) as caught:
        checked_headers([(name, "hunter2\r\n")])
    assert name in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("name", ["X-Site", "Accept-Language", "User-Agent", "Prefer"])
def test_ordinary_headers_do_not_look_secret(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize("fields", [[("X" * 9999, "1")] * 2, [("X" * 9999, "\n")], [("X" * 9999 + ":", "")]])
def test_a_name_without_an_end_is_shortened(fields):
    with pytest.raises(InvalidHeader, match=f"{'X' * 79}…") as caught:
        checked_headers(fields)
    assert len(str(caught.value)) < 400


def test_a_value_that_slipped_into_the_name_is_not_quoted():
    with pytest.raises(InvalidHeader, match=r"'Authorization' is followed by ':'") as caught:
        checked_headers([("Authorization: Bearer abc", "")])
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize("name", ["", " X", "X Y", "Größe", "X\n", "(x)", None, 7])
def test_a_name_that_is_no_token_is_refused(name):
    with pytest.raises(InvalidHeader):
        checked_headers([(name, "value")])


@pytest.mark.parametrize("name", ["Connection", "TE", "transfer-encoding", "Upgrade", "Keep-Alive", "Trailer"])
def test_headers_of_a_single_connection_are_refused_with_the_reason(name):
    with pytest.raises(InvalidHeader, match="belongs to a single connection"):
        checked_headers([(name, "x")])


@pytest.mark.parametrize("name", ["Host", "content-length"])
def test_headers_that_the_request_decides_are_refused(name):
    with pytest.raises(InvalidHeader, match="cannot be configured"):
        checked_headers([(name, "1")])


def test_a_header_given_twice_is_refused_whatever_its_case():
    with pytest.raises(InvalidHeader, match="'x-site' is given twice"):
        checked_headers([("X-Site", "a"), ("x-site", "b")])


@given(st.text(min_size=1), st.text())
def test_whatever_passes_can_be_sent_and_nothing_else_is_raised(name, value):
    try:
        checked = checked_headers([(name, value)])
    except InvalidHeader:
        return
    line = "{}: {}".format(*checked[0]).encode("latin-1")
    assert not {b"\r", b"\n", b"\0"} & {line[index : index + 1] for index in range(len(line))}
