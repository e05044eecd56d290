"""The fuzzer itself: every corpus is read, a planted fault is found, kept and found again."""

import random
import time

import pytest
from DICOMWebNodesLib.errors import MalformedJSON
from fuzz import run
from fuzz.mutations import LARGEST, mutated


class Planted:
    """Breaks at what it is told to; everything else is an error that is allowed."""

    def __init__(self, fault):
        self.fault = fault

    def check(self, data, rng):
        if b"9" in data:
            self.fault()
        raise MalformedJSON("as it should be")


@pytest.mark.parametrize("name", run.target_names())
def test_every_file_of_a_corpus_and_a_hundred_mutations_of_them_break_no_rule(name):
    target = run.load(name)
    seeds = run.corpus(name)
    mutate = getattr(target, "mutated", mutated)
    rng = random.Random(1)
    assert seeds
    for data in [*seeds, *(mutate(seeds, rng) for _ in range(100))]:
        assert run.broken_rule(target, data, rng) is None


def test_a_foreign_exception_is_found_and_its_input_is_kept(tmp_path, capsys):
    assert not run.fuzz("planted", Planted(lambda: {}["x"]), [b"12345678"], 1, 10, keep=tmp_path)
    assert "KeyError" in capsys.readouterr().out
    (kept,) = tmp_path.iterdir()
    assert b"9" in kept.read_bytes()


def test_the_same_seed_finds_the_same_input(tmp_path):
    for folder in ("first", "second"):
        run.fuzz("planted", Planted(lambda: {}["x"]), [b"12345678"], 1, 10, keep=tmp_path / folder)
    (first,), (second,) = ((tmp_path / folder).iterdir() for folder in ("first", "second"))
    assert (first.name, first.read_bytes()) == (second.name, second.read_bytes())


def test_an_input_that_was_kept_is_tried_again_with_its_target(tmp_path, capsys):
    kept = tmp_path / "multipart-7-1234"
    kept.write_bytes(b"--b--")
    assert run.main(["--replay", str(kept), "multipart"]) == 0
    assert capsys.readouterr().out == "multipart: nothing found\n"


def test_the_time_may_come_before_the_names(capsys):
    assert run.main(["0.1", "node_document", "--seed", "7"]) == 0
    assert capsys.readouterr().out.startswith("seed 7, 0 s for each target\nnode_document: ")


def test_allowed_errors_are_no_finding_and_the_time_is_kept(tmp_path, capsys):
    started = time.monotonic()
    assert run.fuzz("planted", Planted(lambda: None), [b"12345678"], 1, 0.2, keep=tmp_path)
    assert time.monotonic() - started < 10
    assert "nothing found" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_mutations_differ_and_are_not_endless():
    rng = random.Random(1)
    found = {mutated([b"a1" * 200, b"b2" * 200], rng) for _ in range(500)}
    assert len(found) > 400
    assert all(len(data) <= LARGEST for data in found)
