"""One line instead of many when the tests of the widgets cannot run here."""

import pytest
import standin


def test_the_widgets_can_be_tested_here():
    if standin.missing():
        pytest.skip(standin.missing())
