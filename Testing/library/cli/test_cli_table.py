from __future__ import annotations

import unicodedata

import pytest
from DICOMWebNodesLib.cli.console import printable
from DICOMWebNodesLib.cli.table import Column, counted, in_bytes, table
from hypothesis import given
from hypothesis import strategies as st

NAME = Column("Name", 10)
COUNT = Column("Instances", right=True)
UID = Column("UID")


def test_columns_line_up_and_numbers_stand_at_the_right():
    rows = [("Ada", "7", "1.2.3"), ("Grace", "1200", "1.2.840")]
    assert list(table((NAME, COUNT, UID), rows)) == [
        "Name   Instances  UID",
        "-----  ---------  -------",
        "Ada            7  1.2.3",
        "Grace       1200  1.2.840",
    ]


def test_long_texts_are_cut_and_uids_are_not():
    *_, line = table((NAME, UID), [("a name that is long", "1." + "2" * 62)])
    assert line == "a name th…  1." + "2" * 62


def test_asian_names_and_accents_take_the_width_they_take():
    lines = list(table((NAME, UID), [("山田^太郎", "1.2"), ("Lie\u0300ge", "1.3"), ("Ada", "1.4")]))
    assert lines[2] == "山田^太郎  1.2"
    assert lines[3] == "Lie\u0300ge      1.3"
    assert lines[4] == "Ada        1.4"


def test_a_wide_character_that_does_not_fit_is_cut_as_a_whole():
    *_, line = table((Column("Name", 5), UID), [("山田太郎", "1")])
    assert line == "山田…  1"


def test_a_narrow_terminal_narrows_what_may_be_cut():
    row = ("x" * 40, "y" * 40, "1.2.840")
    columns = (Column("Name", 40), Column("Text", 40), UID)
    assert len(list(table(columns, [row], 60))[-1]) == 60
    assert list(table(columns, [row], 10))[::2] == [
        "Name      Text      UID",
        "xxxxxxx…  yyyyyyy…  1.2.840",
    ]


def test_rows_come_as_they_are_asked_for():
    def rows():
        for number in range(100):
            yield (str(number), "1")
        pytest.fail("more rows than were needed")

    lines = table((NAME, UID), rows())
    assert [next(lines) for _ in range(50)][2] == "0     1"


def test_a_later_row_that_is_longer_than_the_first_ones_is_whole_where_it_must_be():
    rows = [("a", "1")] * 100 + [("much longer than the others", "1.2.840")]
    *_, line = table((NAME, UID), rows)
    assert line.endswith("  1.2.840")


def test_a_server_can_neither_end_a_line_nor_move_the_cursor():
    *_, line = table((NAME, UID), [("a\x1b[1A\nb\tc\x9b2J\u202e", "1.2")])
    assert line == "a[1A b c2J  1.2"


@given(st.text())
def test_whatever_a_server_sends_is_one_harmless_line(text):
    line = printable(text)
    assert not [character for character in line if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")]
    line.encode("utf-8")


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (524_288, "524 kB"),
        (1_500_000, "1.5 MB"),
        (999_600, "1 MB"),
        (12_345_678, "12.3 MB"),
        (2_147_483_648, "2.15 GB"),
        (5e15, "5000 TB"),
    ],
)
def test_bytes_in_words(size, text):
    assert in_bytes(size) == text


def test_counts_in_words():
    assert [counted(1, "study", "studies"), counted(2, "study", "studies")] == ["1 study", "2 studies"]
    assert counted(0, "node") == "0 nodes"
