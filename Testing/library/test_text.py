"""Sentences that are English where they are read, and can be shown in another language."""

import copy
import json
import pickle

import pytest
from DICOMWebNodesLib.errors import InvalidNode, NotFound, TruncatedMultipart
from DICOMWebNodesLib.text import Text, from_wire, listed, to_wire, translated

GERMAN = {
    "there is no node '{name}'": "es gibt keinen Knoten '{name}'",
    "{path} cannot be imported: {cause}": "{cause}, daher wird {path} nicht importiert",
    "it is empty": "sie ist leer",
    "{count:,} bytes, {value!r}": "{value!r}: {count:,} Bytes",
    "{words} and {last}": "{words} und {last}",
    "{words}, {word}": "{words}, {word}",
    "could not {asked}: {said}": "{asked} ging nicht: {said}",
    "{node}: {said}": "{node}: {said}",
    "{cause}. {next_step}": "{cause}. {next_step}",
    "search": "suchen",
    "Try again.": "Noch einmal.",
}


def in_german(text):
    return translated(text, GERMAN.get)


def test_it_is_a_str_that_reads_as_english():
    text = Text("there is no node '{name}'", name="PACS")
    assert text == "there is no node 'PACS'"
    assert json.dumps({"cause": text}) == '{"cause": "there is no node \'PACS\'"}'


def test_it_is_shown_in_the_language_of_whoever_shows_it():
    assert in_german(Text("there is no node '{name}'", name="PACS")) == "es gibt keinen Knoten 'PACS'"


def test_a_text_in_a_text_is_translated_with_it():
    text = Text("{path} cannot be imported: {cause}", path="a.json", cause=Text("it is empty"))
    assert in_german(text) == "sie ist leer, daher wird a.json nicht importiert"


def test_a_value_that_reads_like_a_sentence_of_ours_stays_as_it_is():
    assert in_german(Text("there is no node '{name}'", name="it is empty")) == "es gibt keinen Knoten 'it is empty'"


def test_numbers_and_quoted_values_are_written_as_the_template_says():
    text = Text("{count:,} bytes, {value!r}", count=12345, value="a'b")
    assert text == '12,345 bytes, "a\'b"'
    assert in_german(text) == '"a\'b": 12,345 Bytes'


def test_a_list_is_put_together_in_words():
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert in_german(listed(["a", "b", "c"])) == "a, b und c"


def test_what_no_catalogue_has_stays_english():
    assert in_german(Text("{what} is new", what="this")) == "this is new"


@pytest.mark.parametrize(
    "hostile", ["{name}", "{0}", "{}", "{name.__class__}", "{name!r:>9999999}", "}{", "{{", "%s", "{path!x}"]
)
def test_braces_in_a_value_are_no_format(hostile):
    text = Text("there is no node '{name}'", name=hostile)
    assert text == f"there is no node '{hostile}'"
    assert in_german(text) == f"es gibt keinen Knoten '{hostile}'"
    assert (
        in_german(from_wire(str(text), json.loads(json.dumps(to_wire(text))))) == f"es gibt keinen Knoten '{hostile}'"
    )


def test_a_template_looks_into_nothing():
    """Not even one of a catalogue: there are names in it, no attributes and no positions."""
    text = Text("there is no node '{name}'", name="PACS")
    assert translated(text, lambda template: "{name.__class__} {name[0]} {name:>9}") == (
        "{name.__class__} {name[0]} {name:>9}"
    )


def test_a_translation_that_asks_for_what_is_not_there_is_not_shown():
    text = Text("there is no node '{name}'", name="PACS")
    assert translated(text, lambda template: "es fehlt {knoten}") == text


@pytest.mark.parametrize(
    "wire",
    [None, 1, "text", [], [1], ["a", []], ["a", {}, 3], ["{a}", {}], {"a": 1}, ["{a}", {"a": [1]}], ["{a}", {"a": []}]],
    ids=str,
)
def test_what_is_no_text_on_the_wire_leaves_the_english_sentence(wire):
    assert translated(from_wire("it is empty.", wire), lambda template: None) == "it is empty."


def test_texts_in_texts_are_read_to_a_limited_depth():
    wire = ["{a}", {"a": "x"}]
    for _ in range(10_000):
        wire = ["{a}", {"a": wire}]
    assert from_wire("x", wire) == "x"


def test_it_survives_copying_and_pickling():
    text = Text("{path} cannot be imported: {cause}", path="a.json", cause=Text("it is empty"))
    for same in (copy.deepcopy(text), copy.copy(text), pickle.loads(pickle.dumps(text))):
        assert same == text
        assert in_german(same) == in_german(text)


def test_an_error_keeps_what_it_is_made_of():
    error = NotFound(Text("there is no node '{name}'", name="PACS"), status=404, node="A", asked="search")
    error.next_step = "Try again."
    assert str(error) == "A: could not search: there is no node 'PACS'. Try again."
    assert in_german(error.in_full) == "A: suchen ging nicht: es gibt keinen Knoten 'PACS'. Noch einmal."


def test_the_fields_of_an_error_are_the_same_json_as_before():
    error = InvalidNode(Text("there is no node '{name}'", name="PACS"), field="name")
    assert json.loads(json.dumps(error.as_dict())) == {
        "code": "invalid-node",
        "cause": "there is no node 'PACS'",
        "node": "",
        "asked": "",
        "next_step": "",
        "detail": "",
        "field": "name",
    }


def test_the_cause_of_an_error_is_a_template_without_values_and_never_filled():
    """A server's words can become a cause; they are looked up as they stand."""
    error = TruncatedMultipart("{cause}. {next_step}", whole_parts=0)
    assert in_german(error.cause) == "{cause}. {next_step}"
