"""JSON as servers write it."""

from __future__ import annotations

import json

import pytest
from DICOMWebNodesLib.dicomweb.json_text import json_value
from DICOMWebNodesLib.errors.server_words import words_of


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (rb'"M\udcfcller"', "M\N{REPLACEMENT CHARACTER}ller"),
        (rb'"M\uDCFCller"', "M\N{REPLACEMENT CHARACTER}ller"),
        (b'"M\xed\xb3\xbcller"', "M\N{REPLACEMENT CHARACTER}ller"),
        (rb'"cut short \ud83d"', "cut short \N{REPLACEMENT CHARACTER}"),
        (rb'"\ud83d\ude00"', "\N{GRINNING FACE}"),
        (rb'"no escape: \\ud83d"', r"no escape: \ud83d"),
        ('"Müller"'.encode(), "Müller"),
    ],
)
def test_half_a_character_is_replaced_and_a_whole_one_is_not(content, text):
    assert json_value(content) == text
    assert json_value(b'{"00100010": {"Value": [%b, 1.5, null, NaN]}}' % content)["00100010"]["Value"][:2] == [
        text,
        1.5,
    ]


@pytest.mark.parametrize("content", [b"", b"[", rb'"\ud83d', b"\xff"])
def test_what_is_not_json_is_a_value_error(content):
    with pytest.raises(ValueError):
        json_value(content)


def test_the_servers_words_have_no_half_characters_either():
    assert words_of(json.dumps({"message": "M\udcfcller"})) == "M ller"
