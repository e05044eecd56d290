"""Sentences keep what they are made of on their way through the pipe."""

import json

from DICOMWebNodesLib.errors import NodeNotFound
from DICOMWebNodesLib.text import Text, translated
from DICOMWebNodesLib.worker.client import Client
from DICOMWebNodesLib.worker.outbox import Outbox
from DICOMWebNodesLib.worker.protocol import MESSAGE_LIMIT, error_line, result_lines
from DICOMWebNodesLib.worker.texts import restored, texts_in

GERMAN = {"{path} is not there": "{path} ist nicht da", "it failed: {cause}": "es misslang: {cause}"}


def in_german(text):
    return translated(text, GERMAN.get)


def missing(path="a"):
    return Text("{path} is not there", path=path)


def sent(value):
    return restored(json.loads(json.dumps(value)), json.loads(json.dumps(texts_in(value))))


def test_a_sentence_is_found_wherever_it_is_in_a_value():
    value = {"skipped": [["one", missing()], ["two", "plain"]], "told": missing("b"), "count": 2}
    there = sent(value)
    assert there == value
    assert in_german(there["skipped"][0][1]) == "a ist nicht da"
    assert in_german(there["told"]) == "b ist nicht da"


def test_a_sentence_alone_is_found_too():
    assert in_german(sent(missing())) == "a ist nicht da"


def test_what_has_no_values_needs_no_place_in_a_message():
    assert texts_in({"told": Text("it is empty"), "rows": [1, None, "x"]}) == []
    assert "texts" not in json.loads(result_lines(1, {"told": Text("it is empty")}))


def test_places_that_there_are_not_are_passed_over():
    assert restored({"a": ["x"]}, [[["a", 7], ["t"]], [["b"], ["t"]], [[[]], ["t"]], 3, [1, 2]]) == {"a": ["x"]}
    assert restored("x", "texts") == "x"


def test_an_error_has_its_fields_as_before_and_its_texts_beside_them():
    error = NodeNotFound(Text("it failed: {cause}", cause=missing()), asked=missing("b"))
    message = json.loads(error_line(3, error))
    assert message["error"]["data"] == error.as_dict()
    there = restored(message["error"]["data"], message["texts"])
    assert in_german(there["cause"]) == "es misslang: a ist nicht da"
    assert in_german(there["asked"]) == "b ist nicht da"


def test_texts_that_are_too_long_are_left_out_and_the_sentence_is_cut():
    line = error_line(3, NodeNotFound(Text("it failed: {cause}", cause="y" * 10_000_000)))
    assert len(line) < MESSAGE_LIMIT
    assert json.loads(line)["error"]["data"]["cause"].startswith("it failed: yyy")


def test_items_in_pages_have_their_texts_with_them():
    """In the middle of a page too, and each page its own."""
    lines = []
    outbox = Outbox(1, lines.append, clock=lambda: 0.0)
    for number in range(2000):
        outbox.add("items", ["plain" * 10, missing(str(number))] if number % 3 == 0 else {"n": number})
    outbox.flush()
    assert len(lines) > 2
    heard = Heard()
    for line in lines:
        heard.client_hears(line)
    assert len(heard.items) == 2000
    assert [in_german(item[1]) for item in heard.items[::3]] == [f"{n} ist nicht da" for n in range(0, 2000, 3)]


def test_of_items_that_go_together_but_for_their_length_each_keeps_its_texts():
    lines, heard = [], Heard()
    outbox = Outbox(1, lines.append, clock=lambda: 0.0)
    for length in (1, 20_000, 30_000):
        outbox.add("items", ["x" * length, missing(str(length))])
    outbox.flush()
    assert len(lines) == 3
    for line in lines:
        heard.client_hears(line)
    assert [in_german(item[1]) for item in heard.items] == [f"{n} ist nicht da" for n in (1, 20_000, 30_000)]


class Heard:
    """A client with one job under way, and what the job was told."""

    def __init__(self):
        self.items = []
        self.listener = None
        self.client = Client(self._start)
        self.job = self.client.call("search", {}, told=lambda name, items: self.items.extend(items))

    def _start(self, listener):
        self.listener = listener
        return self

    def write(self, data):
        pass

    def stop(self):
        pass

    def client_hears(self, line):
        self.listener.received(line)
        self.client.process()
