"""What went wrong in words: of much of it a part, which leaves room for the rest of the window."""

from __future__ import annotations

from DICOMWebNodesLib.errors import ConnectionRefused, TimedOut
from DICOMWebNodesUI.error_bar import ErrorBar
from DICOMWebNodesUI.fonts import metrics


def test_of_what_became_of_hundreds_of_nodes_the_first_lines_are_shown_and_all_are_in_the_details():
    bar = ErrorBar()
    told = [f"Node {number}: it is here already" for number in range(500)]
    bar.show_text("\n".join(told))
    assert bar.ui.message.text.splitlines() == [*told[:8], "and 492 more"]
    bar.ui.detailsButton.click()
    assert bar.ui.details.plainText.splitlines() == told


def test_a_message_that_begins_with_a_url_keeps_it_as_it_is():
    bar = ErrorBar()
    bar.show_text("http://127.0.0.1:9: could not open the manifest")
    assert bar.ui.message.text.startswith("http://")


def test_a_few_lines_are_all_shown():
    bar = ErrorBar()
    bar.show_text("\n".join("abcdefghi"), "more of it")
    assert bar.ui.message.text.splitlines() == ["A", *"bcdefghi"]
    assert bar.ui.details.plainText == "more of it"


def test_of_very_many_nodes_that_failed_some_are_named():
    bar = ErrorBar()
    bar.show_errors([ConnectionRefused("nothing listens there", node=f"Node {number}") for number in range(50)])
    assert len(bar.ui.message.text.splitlines()) == 9
    assert "Node 49" in bar.ui.details.plainText


def test_its_buttons_go_below_each_other_where_there_is_no_room_beside():
    bar = ErrorBar()
    bar.show_error(TimedOut("no answer came", node="Lab"), "Continue the search")
    assert bar.minimumSizeHint.width() <= metrics(bar).averageCharWidth() * 45
